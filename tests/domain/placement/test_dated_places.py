"""Places, names and codes on other days."""

from datetime import date

from jingwei.domain.placement import DatedText, Gazetteer, PlaceKind, PlaceRecord
from tests.domain.placement.anlan import place


def test_before_the_upgrade_the_old_name_was_the_name_in_force() -> None:
    assert place("安澜市文昌县", on=date(2010, 1, 1)).place_id == 11


def test_a_market_counted_until_it_was_given_up() -> None:
    before = place("安澜市文昌区旧市场", on=date(2019, 6, 1))
    assert before.overlay_id == 23
    assert place("安澜市文昌区旧市场").overlay_id is None


def test_a_name_that_comes_later_is_not_read_before_its_day() -> None:
    park = PlaceRecord(2, PlaceKind.COUNTY, "新滨区", 1, aliases=(DatedText("滨江新区", date(2022, 1, 1)),))
    gazetteer = Gazetteer([PlaceRecord(1, PlaceKind.CITY, "安澜市"), park])
    assert gazetteer.place("安澜市滨江新区", on=date(2021, 12, 31)).place_id == 1
    assert gazetteer.place("安澜市滨江新区", on=date(2022, 1, 1)).place_id == 2


def test_a_code_given_to_another_place_means_the_one_that_has_it_now() -> None:
    moved = date(2020, 1, 1)
    gazetteer = Gazetteer(
        [
            PlaceRecord(1, PlaceKind.CITY, "安澜市"),
            PlaceRecord(2, PlaceKind.COUNTY, "甲溪区", 1, codes=(DatedText("990104", None, moved),)),
            PlaceRecord(3, PlaceKind.COUNTY, "乙溪区", 1, codes=(DatedText("990104", moved),)),
        ]
    )
    code = "91990104MA00000000"
    assert gazetteer.place("", code, on=date(2024, 1, 1)).place_id == 3
    assert gazetteer.place("", code, on=date(2019, 1, 1)).place_id == 2


def test_the_old_number_of_fifteen_digits_carries_an_area_too() -> None:
    gazetteer = Gazetteer([PlaceRecord(1, PlaceKind.CITY, "安澜市", codes=(DatedText("990100"),))])
    assert gazetteer.place("", "990100210001234", on=date(2024, 1, 1)).place_id == 1
    assert gazetteer.place("", "9901002100", on=date(2024, 1, 1)).place_id is None
