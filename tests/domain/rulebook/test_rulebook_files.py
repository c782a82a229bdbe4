"""Reading a rulebook file."""

import pytest

from jingwei.domain.rulebook.entries import RulebookError, Status, parse

ENTRY = """
branch.least:
  zh: 下限
  unit: person
  values:
    "2018-10-28": {value: 3, source: {title: 甲条例, article: 第四条, level: national, status: S}}
    "2020-01-01": {value: 4, source: {title: 乙条例, level: national, status: M}}
  overrides:
    "990100":
      "2019-01-01": {value: 5, source: {title: 某市通知, level: city, status: P}}
"""


def test_an_entry_keeps_its_values_with_source_and_date() -> None:
    (entry,) = parse(ENTRY, "a.yaml")
    first = entry.values[0]
    assert (first.value, first.since.isoformat(), first.source.article) == (3, "2018-10-28", "第四条")
    assert entry.overrides["990100"][0].source.status is Status.PRIMARY


def test_a_remembered_or_missing_source_marks_the_value_as_unconfirmed() -> None:
    (entry,) = parse(ENTRY, "a.yaml")
    assert [value.unconfirmed for value in entry.values] == [False, True]


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ("2020-01-01", "2018-01-01", "没有按先后排列"),
        ("2020-01-01", "2018-10-28", "键重复 2018-10-28"),
        ("2020-01-01", "2020-13-01", "不是日期"),
        ("title: 乙条例, ", "", "缺 title"),
        ("status: M", "status: X", "来源状态 X"),
        ("level: city", "level: planet", "来源层级 planet"),
        ("value: 4, ", "", "缺 value"),
        ("unit: person", "unit: apple", "单位 apple"),
        ("  zh: 下限\n", "", "缺 zh"),
        ('"990100"', '"9901"', "区划代码 9901"),
        ("branch.least", "BranchLeast", "编号应为小写字母"),
        ("values:", "value:", "values：应为键值形式"),
    ],
)
def test_a_faulty_file_is_refused_with_the_place_and_the_fault(old: str, new: str, says: str) -> None:
    with pytest.raises(RulebookError, match=says) as fault:
        parse(ENTRY.replace(old, new), "a.yaml")
    assert "a.yaml" in str(fault.value)


@pytest.mark.parametrize("text", ["", "- 1\n- 2\n", "a: [1\n"])
def test_a_text_that_is_no_table_of_rules_is_refused(text: str) -> None:
    with pytest.raises(RulebookError):
        parse(text, "a.yaml")
