"""A list is told by its file name, failing that by its headers."""

import pytest

from jingwei.domain.headers import (
    is_ignored_header,
    kind_of_file_name,
    kind_of_headers,
    match_any_header,
    match_header,
    unit_of_header,
)
from jingwei.domain.lists import LISTS, FieldType, ListKind


@pytest.mark.parametrize(
    ("file_name", "kind"),
    [
        ("市场监管.csv", ListKind.MARKET),
        ("市场监管_2024年3月.xlsx", ListKind.MARKET),
        ("税务登记户.csv", ListKind.TAX),
        ("社保.xlsx", ListKind.SOCIAL),
        ("民政社会组织.csv", ListKind.CIVIL),
        ("司法.csv", ListKind.JUSTICE),
        ("党组织.csv", ListKind.PARTY_ORG),
        ("党员数.csv", ListKind.PARTY_COUNT),
        ("安澜市2024年税务名单.csv", ListKind.TAX),
    ],
)
def test_the_file_name_tells_the_list(file_name: str, kind: ListKind) -> None:
    assert kind_of_file_name(file_name) is kind


@pytest.mark.parametrize("file_name", ["名单.csv", "2024税务与社保.csv"])
def test_a_file_name_without_one_list_tells_nothing(file_name: str) -> None:
    assert kind_of_file_name(file_name) is None


@pytest.mark.parametrize("kind", list(ListKind))
def test_the_usual_headers_of_a_list_tell_the_list(kind: ListKind) -> None:
    assert kind_of_headers(field.zh for field in LISTS[kind].fields) is kind


def test_headers_that_fit_two_lists_tell_none() -> None:
    assert kind_of_headers(["单位名称", "统一社会信用代码"]) is None


@pytest.mark.parametrize(
    ("header", "field"),
    [
        ("企业名称", "name"),
        (" 企业 名称 * ", "name"),
        ("企业名称（全称）", "name"),
        ("统一社会信用代码：", "uscc"),
        ("ＵＳＣＣ", "uscc"),
        ("住所(经营场所)", "address"),
        ("注册资本(万元)", "capital"),
        ("\ufeff法人", "legal_representative"),
    ],
)
def test_width_blanks_and_remarks_do_not_hide_a_header(header: str, field: str) -> None:
    found = match_header(header, ListKind.MARKET)
    assert found is not None
    assert found[0] == field


def test_the_usual_header_is_told_from_an_alias() -> None:
    assert match_header("纳税人名称", ListKind.TAX) == ("name", True)
    assert match_header("单位名称", ListKind.TAX) == ("name", False)


def test_an_unknown_header_is_no_field() -> None:
    assert match_any_header("今日天气") is None


@pytest.mark.parametrize("header", ["id", "ID", "序号", "No.", "#"])
def test_running_numbers_and_foreign_ids_are_ignored(header: str) -> None:
    assert is_ignored_header(header)
    assert match_any_header(header) is None


def test_the_unit_of_money_is_read_from_the_header() -> None:
    assert unit_of_header("注册资本（万元）") == "万元"
    assert unit_of_header("注册资本（单位：万元人民币）") == "万元"
    assert unit_of_header("注册资本") is None


def test_a_field_name_has_one_type_in_all_lists() -> None:
    types: dict[str, set[tuple[FieldType, bool]]] = {}
    for definition in LISTS.values():
        for field in definition.fields:
            types.setdefault(field.name, set()).add((field.type, field.personal))
    assert all(len(each) == 1 for each in types.values())


@pytest.mark.parametrize("kind", list(ListKind))
def test_every_list_has_the_columns_of_its_keys(kind: ListKind) -> None:
    definition = LISTS[kind]
    assert [definition.field(name).name for name in definition.key_fields] == list(definition.key_fields)


def test_a_missing_field_is_a_key_error() -> None:
    with pytest.raises(KeyError):
        LISTS[ListKind.TAX].field("capital")
