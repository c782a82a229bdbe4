from collections import Counter
from dataclasses import replace
from pathlib import Path

import numpy as np
import pyarrow.parquet as pq
import pytest

from benchmarks.linkage import generator
from benchmarks.linkage.city import make_city
from benchmarks.linkage.divisions import DIVISIONS
from benchmarks.linkage.generator import generate
from benchmarks.linkage.rates import PROFILES, Profile
from jingwei.core.tables import parse
from jingwei.domain import uscc


@pytest.mark.parametrize("profile", sorted(PROFILES))
def test_equal_arguments_give_equal_files(profile: str, tmp_path: Path) -> None:
    for name in ("first", "second"):
        generate(tmp_path / name, profile=profile, rows=400, seed=3)
    files = sorted(path.relative_to(tmp_path / "first") for path in (tmp_path / "first").rglob("*.csv"))
    assert len(files) >= 2
    for file in files:
        assert (tmp_path / "first" / file).read_bytes() == (tmp_path / "second" / file).read_bytes()
    one, other = (pq.read_table(tmp_path / name / "truth" / "truth.parquet") for name in ("first", "second"))
    assert one.equals(other)


def test_another_seed_gives_another_city() -> None:
    one, other = (make_city(PROFILES["desk"], 300, np.random.default_rng(seed)) for seed in (1, 2))
    assert len(set(one["name"]) & set(other["name"])) < 30


def test_the_truth_covers_every_row_that_a_reader_finds(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    export = PROFILES["export"]
    paged = replace(export, sheets=replace(export.sheets, repeat_header_every=100))
    monkeypatch.setattr(generator, "PROFILES", {"export": paged})
    lists = ("market", "tax", "insurance", "civil", "justice")
    generate(tmp_path, profile="export", rows=700, seed=1, lists=lists)
    truth = pq.read_table(tmp_path / "truth" / "truth.parquet").to_pylist()
    files = [path for path in sorted(tmp_path.iterdir()) if path.is_file()]
    assert len(files) == len(lists)
    for path in files:
        parsed = parse(path, tmp_path / "rows.parquet")
        read = pq.read_table(parsed.rows_path).to_pylist()
        known = {line["row"]: line for line in truth if line["file"] == path.name}
        assert [line["row"] for line in read] == sorted(known)
        code = next(f"c{at}" for at, name in parsed.mapping.items() if name == "uscc")
        for line in read:
            is_unit = known[line["row"]]["entity"] is not None
            assert is_unit is (line["note"] not in {"total", "repeated_header"})
            if is_unit:
                assert (line[code] or "") == known[line["row"]]["code"]


@pytest.mark.parametrize("profile", PROFILES.values(), ids=lambda profile: profile.name)
def test_each_profile_contains_each_of_its_damages(profile: Profile, tmp_path: Path) -> None:
    sheets = generate(tmp_path, profile=profile.name, rows=4_000, seed=1)
    happened = {sheet.list_name: sheet.counted() for sheet in sheets}
    both = happened["tax"] + happened["insurance"]
    planned = {name for item in ("tax", "insurance") for shares in profile.damage[item].values() for name in shares}
    assert planned <= set(+both)
    listed = Counter(pq.read_table(tmp_path / "truth" / "damages.parquet")["damage"].to_pylist())
    assert listed == +sum(happened.values(), Counter())


@pytest.mark.parametrize("profile", PROFILES.values(), ids=lambda profile: profile.name)
def test_codes_are_valid_and_distinct_before_damage(profile: Profile) -> None:
    city = make_city(profile, 500, np.random.default_rng(1))
    assert all(uscc.check(code).valid for code in city["code"])
    assert len(set(city["code"])) == len(city)
    assert all(uscc.is_registration_number(number) for number in city["old_number"] if number)


def test_the_lists_are_as_large_as_said(tmp_path: Path) -> None:
    market, tax, insurance = generate(tmp_path, profile="business", rows=1_000, seed=1)
    assert 1_000 <= len(market) < 1_030
    assert (len(tax), len(insurance)) == (450, 250)


def test_reported_profiles_share_no_division_with_the_tuning_profile() -> None:
    tuned, reported = DIVISIONS[PROFILES["desk"].divisions], DIVISIONS[PROFILES["export"].divisions]
    names = [
        {text for county in each.counties for text in (county.name, county.code, *county.towns)}
        for each in (tuned, reported)
    ]
    assert not names[0] & names[1]
    assert PROFILES["business"].divisions == PROFILES["export"].divisions
    assert all(county.code.startswith("99") for each in (tuned, reported) for county in each.counties)


def test_business_practice_brings_its_traps() -> None:
    city = make_city(PROFILES["business"], 4_000, np.random.default_rng(1))
    codes_of_name: dict[str, set[str]] = {}
    for name, code in zip(city["name"], city["code"], strict=True):
        codes_of_name.setdefault(name, set()).add(code)
    again, namesakes = (np.flatnonzero(city["role"] == role) for role in ("again", "namesake"))
    assert len(again) > 20
    assert len(namesakes) > 20
    assert all(len(codes_of_name[city["name"][at]]) > 1 for at in (*again, *namesakes))
    assert all(city["state"][city.source[at]] == "注销" for at in again)
    assert Counter(city["road"] + city["house"]).most_common(1)[0][1] > 100
    assert Counter(city["phone"]).most_common(1)[0][1] > 50
    assert any(city["former_told"] != "")
    assert (city["former"] != "").sum() > (city["former_told"] != "").sum()
    branches = np.flatnonzero(city["role"] == "branch")
    assert all(city["name"][at].startswith(city["name"][city.source[at]][:-2]) for at in branches)
