import csv
from pathlib import Path

import numpy as np
import pyarrow.parquet as pq

from benchmarks.linkage.city import make_city
from benchmarks.linkage.rates import PROFILES
from benchmarks.linkage.real import generate_real


def market_list(path: Path) -> int:
    """An invented market list in the columns real ones have, with one row twice."""
    city = make_city(PROFILES["desk"], 300, np.random.default_rng(1))
    columns = [city[name] for name in ("name", "code", "person", "address", "founded")]
    lines = [*zip(*columns, strict=True)]
    with path.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream)
        writer.writerow(("企业名称", "统一社会信用代码", "法定代表人", "住所", "成立日期"))
        writer.writerows([*lines, lines[0]])
    return len(lines) + 1


def read(path: Path) -> list[list[str]]:
    with path.open(encoding="utf-8-sig", newline="") as stream:
        return list(csv.reader(stream))


def test_a_given_market_list_stays_as_it_is_and_its_damaged_lists_are_known(tmp_path: Path) -> None:
    rows = market_list(tmp_path / "market.csv")
    generate_real(tmp_path / "market.csv", tmp_path / "made", profile="business", seed=1)
    assert read(tmp_path / "made" / "市场监管.csv") == read(tmp_path / "market.csv")
    truth = pq.read_table(tmp_path / "made" / "truth" / "truth.parquet").to_pylist()
    market = [line["entity"] for line in truth if line["file"] == "市场监管.csv"]
    assert (len(market), len(set(market))) == (rows, rows - 1)
    others = [line["entity"] for line in truth if line["file"] != "市场监管.csv"]
    assert len(others) > 100
    assert set(others) <= set(market)
    damages = set(pq.read_table(tmp_path / "made" / "truth" / "damages.parquet")["damage"].to_pylist())
    assert {"code_missing", "code_tax15", "address_short", "form_mixed"} <= damages
