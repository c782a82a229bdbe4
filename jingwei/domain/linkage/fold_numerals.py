"""Numbers inside names, evened out: 第一, 第1 and 第壹 say the same, 32 and 23 do not."""

import re
from functools import lru_cache

# A lone 零, 〇, 伍 or 陆 is a word or a surname more often than a number.
_LONE = frozenset("零〇伍陆")
_DIGITS = dict(zip("零〇一二三四五六七八九壹贰叁肆伍陆柒捌玖", "00123456789123456789", strict=True))
_PLACE_VALUES = {"十": 10, "拾": 10, "廿": 20, "百": 100, "佰": 100}
_COUNTING = "".join((*_DIGITS, *_PLACE_VALUES))
NUMERAL_CHARACTERS = f"0123456789{_COUNTING}甲乙丙丁"
"""Every character that is part of a number or tells sisters apart as one does."""
SEPARATOR = ","
"""What stands between the numbers of one text."""

_RUN = re.compile(f"[{NUMERAL_CHARACTERS}]+")
_PART = re.compile(f"[0-9]+|[{_COUNTING}]+|[甲乙丙丁]")
# 二百三十五 and whatever it may lack; 廿 stands for 二十.
_WRITTEN = re.compile(
    "(?:(?P<hundreds>[^十拾廿百佰零〇])?(?P<h>[百佰])[零〇]?)?"
    "(?:(?P<tens>[^十拾廿百佰零〇])?(?P<t>[十拾])|(?P<score>廿))?"
    "(?P<ones>[^十拾廿百佰零〇])?"
)


def numerals(text: str) -> str:
    """The numbers of an evened-out text in their order, in digits, with commas between them."""
    return even_numerals(SEPARATOR.join(_RUN.findall(text)))


@lru_cache(maxsize=65_536)
def even_numerals(runs: str) -> str:
    """As `numerals`, of the runs of `NUMERAL_CHARACTERS` alone, with `SEPARATOR` between them."""
    found = (part for run in runs.split(SEPARATOR) if not _LONE.issuperset(run) for part in _PART.findall(run))
    return SEPARATOR.join(map(_number, found))


def _number(part: str) -> str:
    """One number in digits; a digit after a digit, as in 二〇一八, needs no place value."""
    if part[0] in _DIGITS or part[0] in _PLACE_VALUES:
        return _written_number(part)
    return part.lstrip("0") or part[:1]


def _written_number(part: str) -> str:
    if not any(value in part for value in _PLACE_VALUES):
        return "".join(map(_DIGITS.__getitem__, part)).lstrip("0") or "0"
    found = _WRITTEN.fullmatch(part)
    if found is None:
        return part
    total = int(_DIGITS[found["hundreds"]] if found["hundreds"] else "1") * 100 if found["h"] else 0
    if found["t"]:
        total += int(_DIGITS[found["tens"]] if found["tens"] else "1") * 10
    total += 20 if found["score"] else 0
    return str(total + int(_DIGITS[found["ones"]] if found["ones"] else "0"))
