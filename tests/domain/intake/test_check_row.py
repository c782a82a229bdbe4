"""A row is rejected only without a usable key; any other bad field is kept, flagged and no key."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jingwei.domain import uscc
from jingwei.domain.intake import CheckedRow, ErrorCode, check_row
from jingwei.domain.lists import LISTS, ListKind, RowNote

NAME = "安澜市望江机电有限公司"
_ENDS = (f"91990101MA001234{organization}{last}" for organization in "0123456789X" for last in uscc.ALPHABET)
CODE = next(code for code in _ENDS if uscc.check(code).valid)


def check(kind: ListKind = ListKind.MARKET, note: str | None = None, **values: str) -> CheckedRow:
    return check_row(kind, values, note)


def codes(row: CheckedRow) -> list[str]:
    return [flag.code for flag in row.flags]


def test_a_clean_row_has_both_keys_and_no_flag() -> None:
    row = check(name=NAME, uscc=CODE, founded_on="2019-01-02", capital="50(万元)", address="安澜市望江路1号")
    assert (row.name, row.uscc, row.organization_code) == (NAME, CODE, CODE[8:17])
    assert (row.flags, row.rejected) == ((), None)


def test_a_code_is_evened_out_before_it_is_checked() -> None:
    row = check(name=NAME, uscc=f"'{CODE[:8].lower()} {CODE[8:]}")
    assert row.uscc == CODE
    assert not row.flags


def test_the_values_stay_as_delivered() -> None:
    assert check(name=f"  {NAME} ", uscc="无").values == {"name": f"  {NAME} ", "uscc": "无"}


@pytest.mark.parametrize("name", ["", "无", "/", "测试", "０", "12", "x"])
@pytest.mark.parametrize("code", ["", "无", "0", "9.14E+17", "12345"])
def test_a_row_without_usable_name_and_code_is_rejected(name: str, code: str) -> None:
    row = check(name=name, uscc=code)
    assert row.rejected == ErrorCode.R_NO_KEY
    assert {flag.field for flag in row.flags} == {"name", "uscc"}


def test_one_usable_key_is_enough() -> None:
    assert check(name=NAME, uscc="无").rejected is None
    assert check(name="", uscc=CODE).rejected is None


def test_a_column_that_does_not_exist_is_not_flagged() -> None:
    assert check(name=NAME).flags == ()


def one_wrong(code: str) -> str:
    return code[:-1] + ("0" if code[-1] != "0" else "1")


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", ErrorCode.C_EMPTY),
        ("暂无", ErrorCode.C_PLACEHOLDER),
        ("9.1990101E+17", ErrorCode.C_SCIENTIFIC),
        ("919901010000001000", ErrorCode.C_LOST_DIGITS),
        ("9199010", ErrorCode.C_LENGTH),
        (CODE[:9] + "O" + CODE[10:], ErrorCode.C_CHARSET),
        (one_wrong(CODE), ErrorCode.C_CHECK_USCC),
        ("安澜市望江机电有限公司", ErrorCode.C_IS_NAME),
        (CODE[8:17], ErrorCode.C_ORGANIZATION),
    ],
)
def test_a_bad_code_is_flagged_and_never_a_key(text: str, code: ErrorCode) -> None:
    row = check(name=NAME, uscc=text)
    assert row.uscc is None
    assert codes(row) == [code]
    assert row.flags[0].value == text


def test_a_code_with_one_wrong_character_has_the_true_one_among_its_repairs() -> None:
    row = check(name=NAME, uscc=one_wrong(CODE))
    assert CODE in row.repairs
    assert row.flags[0].repair


def test_a_code_with_a_remark_behind_it_is_proposed() -> None:
    row = check(name=NAME, uscc=f"{CODE}（1-1）")
    assert row.repairs == (CODE,)
    assert codes(row) == [ErrorCode.C_LENGTH]


def test_an_old_tax_number_gives_its_organization_code() -> None:
    row = check(ListKind.TAX, name="", uscc="990101" + CODE[8:17])
    assert row.organization_code == CODE[8:17]
    assert row.rejected is None
    assert ErrorCode.C_OLD_TAX in codes(row)


def registration_number() -> str:
    return next(text for end in range(10) if uscc.is_registration_number(text := f"99010100001234{end}"))


def test_an_old_registration_number_in_the_code_column_is_kept_as_such() -> None:
    number = registration_number()
    row = check(name="", uscc=number)
    assert row.uscc is None
    assert row.rejected is None
    assert row.registration_number == number or row.organization_code == number[6:]


def test_a_registration_number_with_a_wrong_digit_is_flagged() -> None:
    number = registration_number()
    assert check(name=NAME, registration_number=number).registration_number == number
    wrong = number[:-1] + str((int(number[-1]) + 1) % 10)
    row = check(name=NAME, registration_number=wrong)
    assert (row.registration_number, codes(row)) == (None, [ErrorCode.G_FORMAT])


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("", ErrorCode.N_EMPTY),
        ("暂无", ErrorCode.N_PLACEHOLDER),
        ("安澜\ue123公司", ErrorCode.N_GARBLED),
        ("安澜\ufffd公司", ErrorCode.N_GARBLED),
        (CODE, ErrorCode.N_IS_CODE),
        ("厂", ErrorCode.N_TOO_SHORT),
        ("厂" * 200 + "乙", ErrorCode.N_TOO_LONG),
    ],
)
def test_a_bad_name_is_flagged_and_never_a_key(name: str, code: ErrorCode) -> None:
    row = check(name=name, uscc=CODE)
    assert (row.name, codes(row)) == (None, [code])


def test_a_name_is_trimmed_but_otherwise_kept() -> None:
    assert check(name=" '安澜市　望江（集团）厂\u200b ").name == "安澜市 望江（集团）厂"


@pytest.mark.parametrize(
    ("field", "text", "code"),
    [
        ("founded_on", "上个月", ErrorCode.D_FORMAT),
        ("founded_on", "1900-01-01", ErrorCode.D_RANGE),
        ("founded_on", "无", ErrorCode.X_PLACEHOLDER),
        ("capital", "很多", ErrorCode.M_FORMAT),
        ("capital", "500", ErrorCode.M_NO_UNIT),
        ("phone", "1.38E+10", ErrorCode.H_FORMAT),
        ("phone", "12345", ErrorCode.H_FORMAT),
        ("address", "无", ErrorCode.X_PLACEHOLDER),
        ("legal_representative", "李\ue000", ErrorCode.X_GARBLED),
        ("business_scope", "销售\ufffd", ErrorCode.X_GARBLED),
    ],
)
def test_a_bad_field_is_flagged_and_the_row_stays(field: str, text: str, code: ErrorCode) -> None:
    row = check(name=NAME, uscc=CODE, **{field: text})
    assert [(flag.field, flag.code, flag.value) for flag in row.flags] == [(field, code, text)]
    assert row.rejected is None


@pytest.mark.parametrize(
    ("text", "code", "repair"),
    [
        ("-3", ErrorCode.Q_NEGATIVE, None),
        ("若干", ErrorCode.Q_NOT_A_COUNT, None),
        ("约50", ErrorCode.Q_APPROXIMATE, "50"),
        ("99999999999", ErrorCode.Q_TOO_LARGE, None),
    ],
)
def test_a_bad_count_is_flagged(text: str, code: ErrorCode, repair: str | None) -> None:
    row = check(ListKind.SOCIAL, name=NAME, insured=text)
    assert [(flag.code, flag.repair) for flag in row.flags] == [(code, repair)]


@pytest.mark.parametrize("text", ["12", "12人", "1,200", "0", "", " "])
def test_a_good_or_empty_count_is_not_flagged(text: str) -> None:
    assert check(ListKind.SOCIAL, name=NAME, insured=text).flags == ()


def test_a_date_in_the_future_is_flagged_only_against_a_given_day() -> None:
    values = {"name": NAME, "founded_on": "2030-01-01"}
    assert check_row(ListKind.MARKET, values).flags == ()
    row = check_row(ListKind.MARKET, values, on=date(2029, 12, 31))
    assert codes(row) == [ErrorCode.D_FUTURE]


def test_the_unit_of_the_header_makes_bare_money_good() -> None:
    assert check_row(ListKind.MARKET, {"name": NAME, "capital": "500"}, capital_unit="万元").flags == ()


@pytest.mark.parametrize(
    ("note", "code"),
    [
        (RowNote.TOTAL, ErrorCode.R_TOTAL),
        (RowNote.REPEATED_HEADER, ErrorCode.R_REPEATED_HEADER),
        (RowNote.FOOTER, ErrorCode.R_FOOTER),
    ],
)
def test_a_row_that_is_no_record_is_rejected(note: RowNote, code: ErrorCode) -> None:
    assert check(note=note, name="合计").rejected == code


@pytest.mark.parametrize("note", [RowNote.TOO_MANY_CELLS, RowNote.TOO_FEW_CELLS, RowNote.STRAY_QUOTE])
def test_an_odd_row_with_a_key_is_flagged_and_stays(note: RowNote) -> None:
    row = check(note=note, name=NAME)
    assert row.rejected is None
    assert [flag.field for flag in row.flags] == [""]


def test_a_party_organization_needs_its_own_name() -> None:
    assert check(ListKind.PARTY_ORG, organization_name="中共安澜市望江机电有限公司支部").rejected is None
    assert check(ListKind.PARTY_ORG, organization_name="无").rejected == ErrorCode.R_NO_KEY


ODD_TEXT = st.text(
    alphabet="安澜市无零0123456789９AXIＯ.,+-/E约人万元()（） \t\n'\"\x00\x07\u200b\ue000\ufffd㈱²", max_size=25
)
LIST_VALUES = st.dictionaries(
    st.sampled_from(sorted({field.name for each in LISTS.values() for field in each.fields})),
    st.one_of(ODD_TEXT, st.sampled_from([CODE, NAME, "无", "约50", "9.1E+17", "2019-02-30", "5(万)", "-1", "㈱"])),
)


@given(st.sampled_from(ListKind), LIST_VALUES, st.sampled_from([None, *RowNote]))
def test_any_values_are_answered_and_no_bad_key_gets_through(
    kind: ListKind, values: dict[str, str], note: RowNote | None
) -> None:
    row = check_row(kind, values, note)
    assert row.values == values
    assert row.uscc is None or uscc.check(row.uscc).valid
    assert row.rejected is not None or any((row.name, row.uscc, row.organization_code, row.registration_number))
    for flag in row.flags:
        assert flag.message_zh
        assert "{" not in flag.message_zh


@pytest.mark.parametrize("mark", ["\u200b", "\u200e", "\ufeff", "\u00ad"])
def test_a_mark_nobody_sees_inside_a_name_is_left_out(mark: str) -> None:
    checked = check_row(ListKind.MARKET, {"name": f"安澜{mark}绿源纺织有限公司"})
    assert (checked.name, checked.flags) == ("安澜绿源纺织有限公司", ())
