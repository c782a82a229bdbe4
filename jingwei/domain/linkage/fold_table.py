"""What evening out does to single characters, as tables over the basic plane.

A character is even where what becomes of it depends on nothing beside it: half width, simplified and
upper case by itself, whatever its neighbours are. Every other text is evened out by `normalize`.
"""

import re
import unicodedata
from enum import IntEnum
from functools import lru_cache
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
from opencc import OpenCC

Codes = npt.NDArray[np.uint16]

_CJK = range(0x4E00, 0xA000)
_RANGES = (range(0x80), range(0xA0, 0x100), range(0x2000, 0x2070), range(0x3000, 0x3040), _CJK, range(0xFF01, 0xFF5F))
# Simplified characters that become others inside certain words (沈船, 毛坏, 重覆).
_IN_WORDS = frozenset("坏沈覆藉哩瞭甦衹彷祇锺")
_LETTER = re.compile(r"[^\W_]")


class Kind(IntEnum):
    """What a character is to the text it stands in. UNEVEN texts are left to `normalize`."""

    UNEVEN = 0
    LETTER = 1
    MARK = 2
    BLANK = 3
    OPEN = 4
    CLOSE = 5
    HYPHEN = 6


class FoldTable(NamedTuple):
    """For each code point of the basic plane what it is (`Kind`) and what it becomes."""

    kinds: npt.NDArray[np.uint8]
    becomes: Codes


@lru_cache(maxsize=1)
def fold_table() -> FoldTable:
    """The table, made at its first use in a few hundredths of a second."""
    kinds = np.zeros(0x10000, dtype=np.uint8)
    becomes = np.zeros(0x10000, dtype=np.uint16)
    points = [point for points in _RANGES for point in points if chr(point) != "\n"]
    half = [unicodedata.normalize("NFKC", chr(point)) for point in points]
    simplified: list[str] = OpenCC("t2s").convert("\n".join(half)).split("\n")
    for point, plain, simple in zip(points, half, simplified, strict=True):
        kind = _kind(chr(point), plain, simple)
        kinds[point] = kind
        if kind is Kind.LETTER or kind is Kind.HYPHEN:
            becomes[point] = ord(plain.upper())
    kinds[ord("\n")] = Kind.BLANK
    return FoldTable(kinds, becomes)


@lru_cache(maxsize=1)
def even_points() -> npt.NDArray[np.bool_]:
    """For each code point whether it may stand in an evened-out text that is taken apart in bulk."""
    even = np.zeros(0x10000, dtype=np.bool_)
    for character in "-0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ":
        even[ord(character)] = True
    even[_CJK.start : _CJK.stop] = True
    return even


def _kind(character: str, half: str, simplified: str) -> Kind:
    if character.isspace():
        return Kind.BLANK
    upper = half.upper()
    if half != simplified or len(upper) != 1 or character in _IN_WORDS or unicodedata.combining(character):
        return Kind.UNEVEN
    if upper in _BRACKETS_AND_HYPHEN:
        return _BRACKETS_AND_HYPHEN[upper]
    if _LETTER.fullmatch(upper) is None:
        return Kind.MARK
    return Kind.LETTER if even_points()[ord(upper)] else Kind.UNEVEN


_BRACKETS_AND_HYPHEN = {"(": Kind.OPEN, ")": Kind.CLOSE, "-": Kind.HYPHEN}
