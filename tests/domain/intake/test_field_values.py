"""Dates, counts and money as departments write them; None where reading them is not safe."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jingwei.domain.intake import is_placeholder, parse_capital, parse_count, parse_date, split_names


@pytest.mark.parametrize(
    "text",
    [
        "2019-01-02",
        "2019/1/2",
        "2019.1.2",
        "2019年1月2日",
        "2019 年 1 月 2 日",
        "20190102",
        "２０１９－０１－０２",
        "2019-01-02 00:00:00",
        "2019-01-02T08:30:00",
        "2019/1/2 8:30",
        "'2019-01-02",
        "43467",
        "43467.5",
    ],
)
def test_a_date_is_read_in_every_form_that_begins_with_the_year(text: str) -> None:
    assert parse_date(text) == date(2019, 1, 2)


@pytest.mark.parametrize(
    "text", ["", "02/01/2019", "2019-13-01", "2019-02-30", "19-1-2", "2019年1月", "去年", "123456", "9999", "99999"]
)
def test_what_is_no_sure_date_is_none(text: str) -> None:
    assert parse_date(text) is None


@given(st.dates(min_value=date(1950, 1, 1), max_value=date(2099, 12, 31)))
def test_the_day_number_of_a_spreadsheet_is_the_day(day: date) -> None:
    assert parse_date(str((day - date(1899, 12, 30)) // timedelta(days=1))) == day
    assert parse_date(f"{day:%Y年%m月%d日}") == day


@pytest.mark.parametrize(
    ("text", "count"),
    [("12", 12), ("12人", 12), ("约50", 50), ("50人左右", 50), ("1,200", 1200), ("１２", 12), ("12.0", 12), (" 0 ", 0)],
)
def test_a_count_is_read(text: str, count: int) -> None:
    assert parse_count(text) == count


@pytest.mark.parametrize("text", ["", "-3", "3-5", "12.5", "若干", "1,20", "10人以上", "1E+3"])
def test_what_is_no_count_is_none(text: str) -> None:
    assert parse_count(text) is None


@pytest.mark.parametrize(
    ("text", "amount", "currency"),
    [
        ("30,000(万元)", "300000000", "CNY"),
        ("40,394.0906(万元人民币)", "403940906", "CNY"),
        ("23万人民币", "230000", "CNY"),
        ("50(万)", "500000", "CNY"),
        ("50万美元", "500000", "USD"),
        ("50(万美元)", "500000", "USD"),
        ("人民币500万元", "5000000", "CNY"),
        ("1.2亿元", "120000000", "CNY"),
        ("１００万元", "1000000", "CNY"),
        ("100港元", "100", "HKD"),
        ("0(万元)", "0", "CNY"),
    ],
)
def test_money_is_read_with_its_unit(text: str, amount: str, currency: str) -> None:
    assert parse_capital(text) == (Decimal(amount), currency)


def test_the_unit_of_the_header_counts_only_without_one_in_the_cell() -> None:
    assert parse_capital("100", "万元") == (Decimal(1_000_000), "CNY")
    assert parse_capital("100元", "万元") == (Decimal(100), "CNY")


@pytest.mark.parametrize("text", ["", "100", "万元", "叁佰万元", "100万元整加股权", "100-200万元", "百万"])
def test_money_without_unit_or_number_is_none(text: str) -> None:
    assert parse_capital(text) is None


@pytest.mark.parametrize(
    "text", ["", " ", "无", "暂无", "/", "-", "——", "0", "N/A", "null", "空", "测试", "测试1", "ＮＡ"]
)
def test_a_placeholder_is_known(text: str) -> None:
    assert is_placeholder(text)


@pytest.mark.parametrize("text", ["安澜无线电厂", "空军巷小店", "测试技术有限公司", "7", "无为商行"])
def test_a_name_that_resembles_a_placeholder_is_none(text: str) -> None:
    assert not is_placeholder(text)


def test_a_cell_of_several_names_is_split_once_each() -> None:
    assert split_names("安澜甲厂、安澜乙厂；安澜甲厂,无\n安澜丙厂") == ("安澜甲厂", "安澜乙厂", "安澜丙厂")


@given(st.text(alphabet="安无零年月日0123456789９²①.,+-/:TEZ约人万亿元美() \t\n'\x00\u200b\ue000\ufffd", max_size=25))
def test_any_text_is_answered_without_an_error(text: str) -> None:
    for read in (parse_date, parse_count, parse_capital, split_names, is_placeholder):
        read(text)
