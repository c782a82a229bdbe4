"""The unified social credit code (统一社会信用代码) and the numbers that came before it.

Rule sources: GB 32100-2015 (the 18 characters and their check character, mod 31) and GB 11714-1997
(the organization code in characters 9 to 17 and its own check character, mod 11).

A code carries both check characters, so one wrong character is always noticed, and the number of
codes that could have been meant stays small. Everything here works on text alone.
"""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from itertools import product
from math import prod
from operator import mul
from typing import Literal

ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
LENGTH = 18

_VALUE = {character: value for value, character in enumerate(ALPHABET)}
WEIGHTS = tuple(pow(3, position, 31) for position in range(LENGTH - 1))
# A weight is never 0 modulo the prime 31, so every weight has an inverse: one position, one repair.
INVERSE_WEIGHTS = tuple(pow(weight, -1, 31) for weight in WEIGHTS)

_ORGANIZATION = slice(8, 17)
ORGANIZATION_WEIGHTS = (3, 7, 9, 10, 5, 8, 4, 2)
ORGANIZATION_ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
_ORGANIZATION_VALUE = {character: value for value, character in enumerate(ORGANIZATION_ALPHABET)}
ORGANIZATION_CHECK = "0X987654321"

# Letters the standard leaves out because they are misread, with what they are misread for.
_LOOK_ALIKES = {"I": "1L", "O": "0DQ", "S": "58", "V": "UWY", "Z": "2"}
_MOST_LOOK_ALIKE_VARIANTS = 1024

# Most codes come as they should: this one pattern and the two check characters spare them the rest.
_PLAIN = re.compile(f"[{ALPHABET}]{{2}}[0-9]{{6}}[{ALPHABET}]{{10}}")
_SEPARATORS = re.compile(r"[\s'\"`´‘’“”\-‐‑–—_.·,，:：;；\u200b-\u200f\u2060\ufeff]")
_SCIENTIFIC = re.compile(r"\d(\.\d+)?E\+\d{1,3}|\d\.\d+E\d{1,3}")
_TRAILING_DECIMALS = re.compile(r"\.0+$")
_PLACEHOLDER_WORD = re.compile(
    "无|暂无|没有|未有|空|空白|缺|缺失|不详|未知|不明|不清|待定|待补|待补充|待办|待查"
    "|未办理|办理中|未提供|未填|未填写|无代码|无信用代码|暂无代码|测试|同上"
    "|NA|N/A|NAN|NULL|NONE|NIL|TEST"
)
_COUNTING = "01234567890" * 3

NumberKind = Literal[
    "uscc",
    "tax15",
    "registration15",
    "organization9",
    "placeholder",
    "scientific",
    "unknown",
]


class CodeError(StrEnum):
    """Why a text is not a valid code; the values are stable error codes of the intake."""

    EMPTY = "C-EMPTY"
    PLACEHOLDER = "C-PLACEHOLDER"
    SCIENTIFIC = "C-SCIENTIFIC"
    LENGTH = "C-LENGTH"
    CHARSET = "C-CHARSET"
    CHECK_ORGANIZATION = "C-CHECK-ORG"
    CHECK_USCC = "C-CHECK-USCC"


@dataclass(frozen=True, slots=True)
class UsccCheck:
    """Verdict on one text. `position` counts from 1; `expected` is the check character there."""

    text: str
    valid: bool
    code: CodeError | None = None
    position: int | None = None
    expected: str | None = None


def normalize_code(raw: str) -> str:
    """Upper-case half-width text without separators, quotes and a spreadsheet's trailing ".0"."""
    text = unicodedata.normalize("NFKC", raw).upper().strip()
    if _SCIENTIFIC.fullmatch(text):
        return text
    return _SEPARATORS.sub("", _TRAILING_DECIMALS.sub("", text))


def check(raw: str) -> UsccCheck:
    """Check one text as an 18-character code; the first fault found is reported."""
    if _PLAIN.fullmatch(raw) and _is_checked(raw) and not _is_hollow(raw):
        return UsccCheck(raw, True)
    text = normalize_code(raw)
    fault = _fault_before_check_characters(raw, text)
    if fault is not None:
        return fault
    expected = _organization_check_character(text[_ORGANIZATION])
    if text[16] != expected:
        return UsccCheck(text, False, CodeError.CHECK_ORGANIZATION, 17, expected)
    expected = _check_character(text)
    if text[17] != expected:
        return UsccCheck(text, False, CodeError.CHECK_USCC, 18, expected)
    return UsccCheck(text, True)


def repair_candidates(raw: str) -> tuple[str, ...]:
    """Every valid code the text could stand for, ascending.

    The text may differ by one substituted character, whatever it was replaced by, or by any number
    of the letters I, O, S, V, Z read for their look-alikes. A valid text gives only itself: no two
    valid codes differ in one character.
    """
    text = normalize_code(raw)
    if len(text) != LENGTH or is_placeholder(raw):
        return ()
    wrong = [index for index, character in enumerate(text) if not _fits(index, character)]
    if not wrong:
        found = set(_one_substitution(text))
    elif len(wrong) == 1:
        found = {_replace(text, wrong[0], character) for character in ALPHABET}
    else:
        found = set(_look_alike_variants(text))
    return tuple(sorted(code for code in found if _is_sound(code)))


def organization_code(raw: str) -> str | None:
    """The 9-character organization code inside an 18-character code, a 15-character tax number
    (six digits of area, then the organization code) or standing alone; None if there is no sound one.
    """
    text = normalize_code(raw)
    if len(text) == LENGTH:
        code = text[_ORGANIZATION]
    elif len(text) == 15 and _is_digits(text[:6]):
        code = text[6:]
    elif len(text) == 9:
        code = text
    else:
        return None
    return code if _is_sound_organization_code(code) else None


def kind_of_number(raw: str) -> NumberKind:
    """What sort of number stands in a code column, as far as its own form shows it.

    `uscc` tells that the text has the shape of a code, valid or not: `check` says which. A 15-digit
    number that passes both the old tax number's and the old registration number's check is called
    a tax number, because that is what these columns mostly hold.
    """
    if is_placeholder(raw):
        return "placeholder"
    text = normalize_code(raw)
    if _SCIENTIFIC.fullmatch(text):
        return "scientific"
    if len(text) == LENGTH and text.isascii() and text.isalnum():
        return "uscc"
    if len(text) in (9, 15) and organization_code(text) is not None:
        return "tax15" if len(text) == 15 else "organization9"
    if is_registration_number(text):
        return "registration15"
    return "unknown"


def is_registration_number(raw: str) -> bool:
    """Whether this is a sound 15-digit registration number of the years before the code.

    Its last digit is an ISO 7064 MOD 11,10 check (工商行政管理注册号编制规则, GS 15-2006).
    """
    text = normalize_code(raw)
    if len(text) != 15 or not _is_digits(text) or _is_single_character(text[6:14]):
        return False
    rest = 10
    for digit in text[:14]:
        rest = ((rest + int(digit)) % 10 or 10) * 2 % 11
    return (rest + int(text[14])) % 10 == 1


def is_placeholder(raw: str) -> bool:
    """Whether the text only fills the cell: empty, 无, /, 0, 暂无, one character repeated, 12345…"""
    text = unicodedata.normalize("NFKC", raw).upper().strip()
    bare = normalize_code(raw)
    if not bare or _PLACEHOLDER_WORD.fullmatch(text) or _PLACEHOLDER_WORD.fullmatch(bare):
        return True
    if not any(character.isalnum() for character in bare):
        return True
    return _is_single_character(bare) or (len(bare) >= 5 and bare in _COUNTING)


def _fault_before_check_characters(raw: str, text: str) -> UsccCheck | None:
    code = _shape_fault(raw, text)
    if code is not None:
        return UsccCheck(text, False, code)
    for index, character in enumerate(text):
        if not _fits(index, character):
            return UsccCheck(text, False, CodeError.CHARSET, index + 1)
    return UsccCheck(text, False, CodeError.PLACEHOLDER) if _is_hollow(text) else None


def _shape_fault(raw: str, text: str) -> CodeError | None:
    if not text and not raw.strip():
        return CodeError.EMPTY
    if is_placeholder(raw):
        return CodeError.PLACEHOLDER
    if _SCIENTIFIC.fullmatch(text):
        return CodeError.SCIENTIFIC
    return None if len(text) == LENGTH else CodeError.LENGTH


def _fits(index: int, character: str) -> bool:
    """Whether the character may stand at this index: an area code (3 to 8) is all digits."""
    return character in _VALUE and not (2 <= index < 8 and not _is_digits(character))


def _is_hollow(text: str) -> bool:
    """All-zero texts satisfy both check characters by arithmetic; no such code is ever given out."""
    return _is_single_character(text[8:16]) or text[2:8] == "000000"


def _is_sound(text: str) -> bool:
    return all(map(_fits, range(len(text)), text)) and not _is_hollow(text) and _is_checked(text)


def _is_checked(text: str) -> bool:
    """Whether both check characters of an 18-character text are right."""
    return text[16] == _organization_check_character(text[_ORGANIZATION]) and text[17] == _check_character(text)


def _is_sound_organization_code(code: str) -> bool:
    if not all(character in _ORGANIZATION_VALUE for character in code):
        return False
    return not _is_single_character(code[:8]) and code[8] == _organization_check_character(code)


def _check_character(text: str) -> str:
    return ALPHABET[-sum(map(mul, map(_VALUE.__getitem__, text), WEIGHTS)) % 31]


def _organization_check_character(code: str) -> str:
    return ORGANIZATION_CHECK[sum(map(mul, map(_ORGANIZATION_VALUE.__getitem__, code), ORGANIZATION_WEIGHTS)) % 11]


def _one_substitution(text: str) -> Iterator[str]:
    """For each position the one replacement that satisfies mod 31; the text itself if it does."""
    excess = sum(_VALUE[character] * weight for character, weight in zip(text, WEIGHTS, strict=False))
    excess = (excess + _VALUE[text[17]]) % 31
    for index, inverse in enumerate((*INVERSE_WEIGHTS, 1)):
        value = (_VALUE[text[index]] - excess * inverse) % 31
        yield _replace(text, index, ALPHABET[value])


def _look_alike_variants(text: str) -> Iterator[str]:
    options = [
        [option for option in _LOOK_ALIKES.get(character, character) if _fits(index, option)]
        for index, character in enumerate(text)
    ]
    if prod(map(len, options)) <= _MOST_LOOK_ALIKE_VARIANTS:
        yield from map("".join, product(*options))


def _replace(text: str, index: int, character: str) -> str:
    return text[:index] + character + text[index + 1 :]


def _is_single_character(text: str) -> bool:
    return len(set(text)) == 1


def _is_digits(text: str) -> bool:
    return text.isascii() and text.isdigit()
