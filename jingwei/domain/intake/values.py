"""Texts as departments write them, read as dates, counts and money; None where that is not safe."""

import re
import unicodedata
from datetime import date, timedelta
from decimal import Decimal
from functools import lru_cache
from typing import NamedTuple

# Texts that stand for "nothing". A lone 0 is a placeholder for a name or an address, not for a count.
_PLACEHOLDER = re.compile(
    r"(暂?无|没有|未知|不详|不明|空白?|缺失?|待定|待查|待补充?|未填写?|未提供|未登记|同上|详见.{0,6}"
    r"|测试(数据|企业|公司|单位|名称)?\d*|test\d*|n/?a|nan|null|none|nil|undefined|#n/a|x+|0+(\.0+)?)",
    re.IGNORECASE,
)
_WRAPPING = " \t\r\n\u3000\u00a0\u200b\u200c\u200d\u2060\ufeff'’‘`"

_YEAR_FIRST = re.compile(
    r"(\d{4})(?:[-/.]|年)(\d{1,2})(?:[-/.]|月)(\d{1,2})日?"
    r"(?:T?\d{1,2}:\d{2}(?::\d{2}(?:\.\d+)?)?(?:Z|[+-]\d{2}:?\d{2})?)?"
)
_EIGHT_DIGITS = re.compile(r"(\d{4})(\d{2})(\d{2})")
_SERIAL = re.compile(r"(\d{5})(?:\.\d+)?")
# Spreadsheets count days from here; the range keeps five-digit numbers that are no date apart.
_SERIAL_ZERO = date(1899, 12, 30)
_SERIAL_RANGE = range(10_000, 73_051)

_COUNT = re.compile(r"(约|大约|近|≈)?(-)?(\d{1,3}(?:,\d{3})+|\d{1,15})(?:\.0+)?(?:人次|[人名个户位家])?(左右)?")

_NUMBER = re.compile(r"\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?")
_UNIT_WORD = re.compile(r"(亿|千万|百万|十万|万|千)?(元|圆|块)?")
_SCALES = {
    "亿": 100_000_000,
    "千万": 10_000_000,
    "百万": 1_000_000,
    "十万": 100_000,
    "万": 10_000,
    "千": 1_000,
}
_CURRENCIES = {
    "人民币": "CNY",
    "RMB": "CNY",
    "CNY": "CNY",
    "美元": "USD",
    "美金": "USD",
    "USD": "USD",
    "港元": "HKD",
    "港币": "HKD",
    "HKD": "HKD",
    "欧元": "EUR",
    "EUR": "EUR",
    "日元": "JPY",
    "JPY": "JPY",
    "英镑": "GBP",
    "GBP": "GBP",
    "新加坡元": "SGD",
    "新元": "SGD",
    "加元": "CAD",
    "加拿大元": "CAD",
    "澳元": "AUD",
    "澳大利亚元": "AUD",
    "台币": "TWD",
    "新台币": "TWD",
    "韩元": "KRW",
    "瑞士法郎": "CHF",
    "澳门元": "MOP",
}
_CURRENCY_WORD = re.compile("|".join(sorted(_CURRENCIES, key=len, reverse=True)), re.IGNORECASE)
_NAME_SEPARATOR = re.compile(r"[、,，;；|\n\r\t]+")


class Capital(NamedTuple):
    """An amount in whole units of its currency (元, not 万元); `currency` is an ISO 4217 code."""

    amount: Decimal
    currency: str


def clean_text(text: str) -> str:
    """The text without blanks, invisible characters and apostrophes around it."""
    return text.strip(_WRAPPING)


def is_placeholder(text: str) -> bool:
    """Whether a text only fills its cell: empty, 无, /, -, 0, 暂无, N/A, null, 测试 and the like."""
    text = clean_text(unicodedata.normalize("NFKC", text))
    if not any(character.isalnum() for character in text):
        return True
    return _PLACEHOLDER.fullmatch(text) is not None


@lru_cache(maxsize=65_536)
def parse_date(text: str) -> date | None:
    """A date written year first (2019-01-02, 2019/1/2, 2019年1月2日, 20190102) or as the day number
    of a spreadsheet (43467). Day-first dates are not read: 02/01 and 01/02 cannot be told apart.
    """
    text = _evened(text)
    found = _YEAR_FIRST.fullmatch(text) or _EIGHT_DIGITS.fullmatch(text)
    if found is not None:
        year, month, day = map(int, found.groups())
        try:
            return date(year, month, day)
        except ValueError:
            return None
    found = _SERIAL.fullmatch(text)
    if found is not None and int(found.group(1)) in _SERIAL_RANGE:
        return _SERIAL_ZERO + timedelta(days=int(found.group(1)))
    return None


@lru_cache(maxsize=65_536)
def parse_count(text: str) -> int | None:
    """A number of people or things (12, 12人, 1,200, 约50); None for negatives and for ranges."""
    found = _COUNT.fullmatch(_evened(text))
    if found is None or found.group(2):
        return None
    return int(found.group(3).replace(",", ""))


def is_negative_count(text: str) -> bool:
    """Whether the text is a whole number below zero."""
    found = _COUNT.fullmatch(_evened(text))
    return found is not None and found.group(2) is not None


def is_approximate_count(text: str) -> bool:
    """Whether the text is a count that calls itself approximate (约50, 50人左右)."""
    found = _COUNT.fullmatch(_evened(text))
    return found is not None and bool(found.group(1) or found.group(4))


def parse_capital(text: str, unit: str | None = None) -> Capital | None:
    """An amount of money with its unit: 30,000(万元), 40,394.0906(万元人民币), 23万人民币, 50(万).

    `unit` is what the column header says, as 万元; it counts only where the text has no unit of its
    own. Without any unit the amount cannot be told, so the answer is None. No currency means 人民币.
    """
    text = _evened(text).translate(_WITHOUT_BRACKETS)
    number = _NUMBER.search(text)
    if number is None:
        return None
    around = text[: number.start()] + text[number.end() :]
    currency = _CURRENCY_WORD.search(around)
    word = _CURRENCY_WORD.sub("", around, count=1)
    if not word and currency is None:
        word = unit or ""
    found = _UNIT_WORD.fullmatch(word)
    if found is None or not (word or currency):
        return None
    amount = Decimal(number.group().replace(",", "")) * _SCALES.get(found.group(1) or "", 1)
    return Capital(amount, _CURRENCIES[currency.group().upper()] if currency else "CNY")


def has_amount(text: str) -> bool:
    """Whether the text is one bare number, to which only the unit is missing."""
    return _NUMBER.fullmatch(_evened(text)) is not None


def split_names(text: str) -> tuple[str, ...]:
    """The names or codes in a cell that lists several, in their order, each once."""
    parts = (clean_text(part) for part in _NAME_SEPARATOR.split(text))
    return tuple(dict.fromkeys(part for part in parts if part and not is_placeholder(part)))


_WITHOUT_BRACKETS = str.maketrans("", "", "()[]【】:：")


def _evened(text: str) -> str:
    """Half-width text without blanks anywhere."""
    if not text.isascii():
        text = unicodedata.normalize("NFKC", text)
    return "".join(text.strip(_WRAPPING).split())
