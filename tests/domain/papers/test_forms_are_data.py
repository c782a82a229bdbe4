"""Forms come from layout files: a new one needs no code, a wrong one is refused with its place."""

from datetime import date
from decimal import Decimal

import pytest

from jingwei.domain import rulebook
from jingwei.domain.papers import grids, layout_files, records
from jingwei.domain.papers.checks import Outcome
from jingwei.domain.papers.figure_tables import parse_figure_layout
from jingwei.domain.papers.grids import COLUMN, ROW, Grid, Group, fill, parse_grid
from jingwei.domain.papers.layout_files import LayoutError
from jingwei.domain.papers.records import parse_record

RULES = rulebook.at(date(2026, 9, 30))
SMALL = """
title: 小表
unit: 家
parameters: {due: [coverage.should_have.form_a, full_members]}
among: operating and roster = 'enterprise'
columns:
  - {id: A, zh: 总数}
  - {id: B, zh: 大企业, where: staff >= 50}
  - {id: C, zh: 缺事实的, missing: 某名单}
rows:
  - {id: 1, zh: 单位数}
  - {id: 2, zh: 应建, where: full_members >= $due}
  - {id: 3, zh: 其他, where: full_members < $due}
  - {id: 4, zh: 职工, sum: staff}
checks:
  - {each: column, text: 1 = 2 + 3}
  - {each: row, text: A >= B}
"""


def small(**changes: str) -> Grid:
    data = layout_files.load("small", SMALL)
    return parse_grid("small", data | changes, RULES)


def group(units: int, *, due: bool | None, large: bool | None, staff: int = 0, without: int = 0) -> Group:
    other = None if due is None else not due
    flags = {(ROW, "2"): due, (ROW, "3"): other, (COLUMN, "B"): large}
    return Group(flags, units, ((Decimal(staff), without),))


def filled(*groups: Group) -> grids.FilledGrid:
    return fill(small(), groups, {})


def test_a_cell_counts_the_units_that_fit_its_row_and_its_column() -> None:
    form = filled(group(4, due=True, large=True, staff=400), group(6, due=False, large=False, staff=60))
    assert {name: cell.value for name, cell in form.cells.items() if cell.value is not None} == {
        "A1": 10, "A2": 4, "A3": 6, "A4": 460, "B1": 4, "B2": 4, "B3": 0, "B4": 400,
    }  # fmt: skip


def test_a_unit_of_which_the_condition_is_unknown_is_neither_counted_nor_left_out_in_silence() -> None:
    form = filled(group(4, due=True, large=True), group(6, due=False, large=True), group(3, due=None, large=None))
    assert (form.cells["A2"].value, form.cells["A2"].aside) == (4, 3)
    assert (form.cells["B1"].value, form.cells["B1"].aside) == (10, 3)
    told = [(gap.cells, gap.missing, gap.units) for gap in form.gaps if gap.units]
    assert ("第 2 行", "正式党员未知", 3) in told
    assert ("B 列", "职工数未知", 3) in told


def test_a_condition_that_is_plainly_false_needs_no_second_one() -> None:
    form = filled(group(5, due=False, large=None))
    assert (form.cells["B2"].value, form.cells["B2"].aside) == (0, 0)


def test_a_cell_of_nothing_but_unknown_units_stays_empty_and_is_no_zero() -> None:
    form = filled(group(5, due=None, large=True))
    assert form.cells["A2"].value is None
    assert form.cells["A2"].missing == "未知"


def test_a_column_without_its_fact_stays_empty_and_says_which_one() -> None:
    form = filled(group(5, due=True, large=True))
    assert form.cells["C1"].value is None
    assert next(gap for gap in form.gaps if gap.missing == "某名单").cells == "C 列"


def test_a_unit_without_a_number_stands_aside_of_the_sum() -> None:
    form = filled(group(5, due=True, large=True, staff=300, without=2))
    assert (form.cells["A4"].value, form.cells["A4"].aside) == (300, 2)


def test_checks_run_over_every_column_and_every_row_and_say_where_a_difference_comes_from() -> None:
    form = filled(group(4, due=True, large=True), group(6, due=False, large=True), group(3, due=None, large=True))
    failed = {result.cells: result.text for result in form.failed}
    assert failed[("A1", "A2", "A3")] == "13 ≠ 10，相差 3（A2 另有 3 家未知，A3 另有 3 家未知）"
    open_ones = [result for result in form.results if result.outcome is Outcome.OPEN]
    assert ("C1", "C2", "C3") in [result.cells for result in open_ones]
    assert {result.cells for result in form.results if result.check == "A ≥ B"} >= {("A1", "B1"), ("A4", "B4")}


def test_a_parameter_of_the_rulebook_stands_where_the_layout_names_it() -> None:
    assert layout_files.parameters(layout_files.load("small", SMALL), RULES) == {"due": "3"}


@pytest.mark.parametrize(
    ("entry", "value", "place"),
    [
        ("among", "operating and rooster = 'enterprise'", "small among"),
        ("rows", [{"id": 1, "zh": "甲", "where": "staff >= $unknown"}], "$unknown"),
        ("rows", [{"id": 7, "zh": "甲", "where": "staff >="}], "small 第 7 行"),
        ("checks", [{"each": "column", "text": "1 = 99"}], "99"),
    ],
)
def test_a_wrong_layout_is_refused_with_its_place(entry: str, value: object, place: str) -> None:
    with pytest.raises(LayoutError, match=place.replace("$", r"\$")):
        small(**{entry: value})


def test_the_packaged_yearly_forms_have_the_cells_of_the_printed_ones() -> None:
    a, b = grids.grid("form_a", RULES), grids.grid("form_b", RULES)
    assert ([column.id for column in a.columns], len(a.rows)) == (list("ABCDEFGHIJKLM"), 18)
    assert ([column.id for column in b.columns], len(b.rows)) == (list("ABCDEFG"), 19)
    assert [item.check.zh() for item in a.checks][:2] == ["1 = 3 + 4 + 5 + 6 + 9 + 10 + 11", "16 ≤ 14"]


def test_the_packaged_sheet_has_the_nine_checks_and_the_ledger_its_columns() -> None:
    assert len(records.record("form_d", RULES).checks) == 9
    ledger = records.record("ledger_c", RULES)
    assert 50 <= len(ledger.fields) <= 60
    assert {"出资人", "党组织设置", "群团", "制度"} <= {field.group for field in ledger.fields}


def test_facts_that_no_list_brings_are_told_once_with_the_fields_that_wait_for_them() -> None:
    gaps = records.missing(records.record("ledger_c", RULES))
    assert len({gap.missing for gap in gaps}) == len(gaps)
    trade_union = next(gap for gap in gaps if gap.missing == "基层工会名单（总工会）")
    assert (trade_union.cells, trade_union.zh) == ("群团", "工会")


RECORD = """
title: 单页
among: operating
fields:
  - group: 基本
    fields:
      - {id: staff, zh: 职工, column: staff}
      - {id: members, zh: 党员, sum: full_members + probationary_members}
      - {id: leaders, zh: 领导, missing: 年检材料}
checks:
  - {zh: 职工 ≥ 党员, text: staff >= members}
  - {zh: 职工 ≥ 领导, text: staff >= leaders}
"""


def test_checks_of_one_unit_use_its_own_values() -> None:
    form = parse_record("single", layout_files.load("single", RECORD), RULES)
    found = {result.check: result for result in records.check(form, ["5", "7", ""])}
    assert found["职工 ≥ 党员"].outcome is Outcome.FAILS
    assert found["职工 ≥ 党员"].cells == ("职工", "党员")
    assert found["职工 ≥ 领导"].text == "领导 没有数，无法校核"


@pytest.mark.parametrize(
    "item",
    [
        {"id": "x", "zh": "甲", "column": "no_such_column"},
        {"id": "x", "zh": "甲", "organization": "secretary"},
        {"id": "x", "zh": "甲"},
    ],
)
def test_a_field_that_comes_from_nowhere_is_refused(item: dict[str, str]) -> None:
    data = layout_files.load("single", RECORD) | {"fields": [{"group": "基本", "fields": [item]}], "checks": []}
    with pytest.raises(LayoutError, match="single 甲"):
        parse_record("single", data, RULES)


def test_a_table_of_figures_with_two_columns_of_one_name_is_refused() -> None:
    column = {"id": "a", "zh": "甲", "indicator": "BASE-N", "part": "numerator"}
    with pytest.raises(LayoutError, match="重复"):
        parse_figure_layout("twice", {"columns": [column, column]})


def test_a_table_of_figures_with_an_unknown_part_is_refused() -> None:
    column = {"id": "a", "zh": "甲", "indicator": "BASE-N", "part": "half"}
    with pytest.raises(LayoutError, match="列 a"):
        parse_figure_layout("odd", {"columns": [column]})


@pytest.mark.parametrize("text", ["- a\n- b", "{", "1"])
def test_a_file_that_is_no_layout_is_refused(text: str) -> None:
    with pytest.raises(LayoutError):
        layout_files.load("broken", text)
