"""Whole columns of valid codes: both check characters, organization codes, old registration numbers."""

from typing import Final

import numpy as np
import numpy.typing as npt

from jingwei.domain.uscc import ALPHABET

TYPE_OF: Final = {"enterprise": "91", "sole_trader": "92", "cooperative": "93", "social": "52", "lawyers": "31"}

_LETTERS: Final = np.array(list(ALPHABET))
_WIDE: Final = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
_ORGANIZATION_WEIGHTS: Final = np.array([3, 7, 9, 10, 5, 8, 4, 2])
_ORGANIZATION_CHECK: Final = np.array(list("0X987654321"))
_WEIGHTS: Final = np.array([pow(3, at, 31) for at in range(17)])
_VALUE: Final = np.zeros(128, dtype=np.int64)
_WIDE_VALUE: Final = np.zeros(128, dtype=np.int64)
for _at, _letter in enumerate(ALPHABET):
    _VALUE[ord(_letter)] = _at
for _at, _letter in enumerate(_WIDE):
    _WIDE_VALUE[ord(_letter)] = _at

Texts = npt.NDArray[np.str_]


def codes(prefix: Texts, area: Texts, organization: Texts) -> Texts:
    """18-character codes out of a two-character prefix, a six-digit area and an organization code."""
    letters = _letters(np.char.add(np.char.add(prefix, area), organization).astype("U17"), 17)
    total = (_VALUE[_numbers(letters)] * _WEIGHTS).sum(axis=1)
    return _joined(np.column_stack([letters, _LETTERS[-total % 31]]))


def organization_codes(rng: np.random.Generator, modern: npt.NDArray[np.bool_]) -> Texts:
    """Distinct nine-character organization codes; `modern` ones begin with MA, as since late 2015."""
    body = np.empty((len(modern), 8), dtype="<U1")
    old = ~modern
    body[old] = _letters(np.char.zfill(_distinct(rng, int(old.sum()), 10_000_000, 99_999_999).astype("U8"), 8), 8)
    body[modern, 0], body[modern, 1] = "M", "A"
    numbers = _distinct(rng, int(modern.sum()), 31**4, 31**6)
    for at in range(7, 1, -1):
        body[modern, at] = _LETTERS[numbers % 31]
        numbers = numbers // 31
    total = (_WIDE_VALUE[_numbers(body)] * _ORGANIZATION_WEIGHTS).sum(axis=1)
    return _joined(np.column_stack([body, _ORGANIZATION_CHECK[total % 11]]))


def registration_numbers(rng: np.random.Generator, area: Texts) -> Texts:
    """15-digit registration numbers with their check digit (ISO 7064 MOD 11,10)."""
    body = np.char.add(area, _distinct(rng, len(area), 10_000_000, 99_999_999).astype("U8")).astype("U14")
    letters = _letters(body, 14)
    rest = np.full(len(area), 10)
    for at in range(14):
        rest = (rest + letters[:, at].astype(int)) % 10
        rest = np.where(rest == 0, 10, rest) * 2 % 11
    check = (11 - rest) % 10
    return _joined(np.column_stack([letters, check.astype("U1")]))


def _distinct(rng: np.random.Generator, count: int, low: int, high: int) -> npt.NDArray[np.int64]:
    found = np.unique(rng.integers(low, high, size=count + count // 8 + 16))
    while len(found) < count:
        found = np.unique(np.concatenate([found, rng.integers(low, high, size=count)]))
    return rng.permutation(found)[:count]


def _letters(texts: Texts, width: int) -> Texts:
    return np.ascontiguousarray(texts).view("<U1").reshape(len(texts), width)


def _numbers(letters: Texts) -> npt.NDArray[np.int64]:
    return np.ascontiguousarray(letters).view(np.uint32).reshape(letters.shape).astype(np.int64)


def _joined(letters: Texts) -> Texts:
    width = letters.shape[1]
    return np.ascontiguousarray(letters.astype("<U1")).view(f"<U{width}").ravel()
