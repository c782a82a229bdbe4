"""Homophones: characters of one toneless pinyin are one, because people type what they hear."""

import unicodedata
from functools import lru_cache

import numpy as np
import numpy.typing as npt
from pypinyin import pinyin_dict

_FIRST, _LAST = 0x4E00, 0x9FFF
_SHORTEST = 3
# ü is a letter of its own; the other marks are tones.
_ROUNDED = str.maketrans("üǖǘǚǜ", "vvvvv")


@lru_cache(maxsize=1)
def sound_table() -> npt.NDArray[np.uint16]:
    """For each code point of the basic plane the first character that sounds like it; 65,536 entries.

    A character of several readings counts by its first one; what has no reading stands for itself.
    """
    table = np.arange(0x10000, dtype=np.uint16)
    first: dict[str, int] = {}
    for point in range(_FIRST, _LAST + 1):
        readings = pinyin_dict.pinyin_dict.get(point)
        if readings:
            table[point] = first.setdefault(_toneless(readings.partition(",")[0]), point)
    return table


def sound_key(text: str) -> str | None:
    """The text in representatives of its sounds; None for one too short to tell anything."""
    if len(text) < _SHORTEST:
        return None
    return text.translate(_translation())


@lru_cache(maxsize=1)
def _translation() -> dict[int, int]:
    table = sound_table()
    return {point: int(table[point]) for point in range(_FIRST, _LAST + 1)}


def _toneless(reading: str) -> str:
    plain = unicodedata.normalize("NFD", reading.translate(_ROUNDED))
    return "".join(letter for letter in plain if letter.isalpha())
