"""The names of divisions `link` knows before it has read a list."""

from pathlib import Path

from jingwei.cli.link_places import division_names


def test_provinces_cities_and_counties_are_known_by_their_full_names(tmp_path: Path) -> None:
    for level, name in (("provinces", "东澜省"), ("cities", "安澜市"), ("areas", "东湾区"), ("streets", "青柳街道")):
        (tmp_path / f"{level}.csv").write_text(f'"code","name"\n"99","{name}"\n"98","市辖区"\n', encoding="utf-8")
    assert division_names(tmp_path) == {"东澜省", "安澜市", "东湾区"}


def test_without_the_table_no_division_is_known(tmp_path: Path) -> None:
    assert division_names(tmp_path) == frozenset()
