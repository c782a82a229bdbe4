"""Which value of a rule is in force on a day at a place."""

from datetime import date

import pytest

from jingwei.domain.rulebook import RulebookError, RuleNotInForce, Rules, UnknownRule
from jingwei.domain.rulebook.entries import parse
from jingwei.domain.rulebook.rules import book_of

BOOK = book_of(
    parse(
        """
staff.least:
  zh: 下限
  unit: person
  values:
    "2018-01-01": {value: 10, source: {title: 甲, level: national, status: S}}
    "2022-01-01": {value: 12, source: {title: 乙, level: national, status: S}}
  overrides:
    "990000":
      "2019-01-01": {value: 8, source: {title: 省, level: province, status: P}}
    "990100":
      "2020-01-01": {value: 6, source: {title: 市, level: city, status: P}}
words.list:
  zh: 字样
  unit: words
  values:
    "2018-01-01": {value: [甲, 乙], source: {title: 甲, level: product, status: choice}}
words.table:
  zh: 对照
  unit: table
  values:
    "2018-01-01": {value: {甲: yes_it_is}, source: {title: 甲, level: product, status: choice}}
""",
        "a.yaml",
    )
)


@pytest.mark.parametrize(
    ("day", "place", "value"),
    [
        ("2018-01-01", None, 10),
        ("2021-12-31", None, 10),
        ("2022-01-01", None, 12),
        ("2018-06-01", "990102", 10),
        ("2019-06-01", "990102", 8),
        ("2021-06-01", "990102", 6),
        ("2021-06-01", "990102001000", 6),
        ("2021-06-01", "990200", 8),
        ("2021-06-01", "980102", 10),
    ],
)
def test_the_latest_value_of_the_deepest_place_is_in_force(day: str, place: str | None, value: int) -> None:
    assert Rules(BOOK, date.fromisoformat(day), place)["staff.least"].value == value


def test_an_override_tells_its_place() -> None:
    rules = Rules(BOOK, date(2021, 6, 1), "990102")
    assert rules["staff.least"].place_code == "990100"
    assert rules["words.list"].place_code is None


def test_an_unknown_id_is_an_error() -> None:
    with pytest.raises(UnknownRule):
        Rules(BOOK, date(2021, 1, 1))["staff.most"]


def test_a_day_before_the_first_value_is_an_error() -> None:
    with pytest.raises(RuleNotInForce, match="2017-12-31"):
        Rules(BOOK, date(2017, 12, 31))["staff.least"]


def test_a_value_is_read_only_as_what_it_is() -> None:
    rules = Rules(BOOK, date(2021, 1, 1))
    assert rules.number("staff.least") == 10
    assert rules.words("words.list") == ("甲", "乙")
    assert rules.table("words.table") == {"甲": "yes_it_is"}
    for read, rule in ((rules.words, "staff.least"), (rules.table, "words.list"), (rules.number, "words.table")):
        with pytest.raises(TypeError, match=rule):
            read(rule)


def test_one_id_in_two_files_is_refused() -> None:
    with pytest.raises(RulebookError, match="出现两次"):
        book_of([BOOK["staff.least"], BOOK["staff.least"]])
