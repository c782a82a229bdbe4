"""Numbers the invented units carry: valid in form and check characters, with areas 99xxxx.

Rule sources: GB 32100-2015 (unified social credit code), GB 11714-1997 (organization code), GS 15-2006
(15-digit registration number). Computed for whole columns at once; the product's own checks of
codes are written apart from this, so that the two can be held against each other.
"""

import numpy as np
import numpy.typing as npt

from jingwei.demo.city.noise import Flags, Ints, Texts, spread

_ALPHABET = np.frombuffer(b"0123456789ABCDEFGHJKLMNPQRTUWXY", dtype=np.uint8)
_ORGANIZATION_CHECK = np.frombuffer(b"0X987654321", dtype=np.uint8)
_ORGANIZATION_WEIGHTS = np.array([3, 7, 9, 10, 5, 8, 4, 2])
_WEIGHTS = np.array([pow(3, position, 31) for position in range(17)])

_VALUE = np.zeros(128, dtype=np.int64)
_VALUE[_ALPHABET] = np.arange(31)
# In the organization code letters count by their place in the whole alphabet: A = 10 … Z = 35.
_WIDE_VALUE = np.zeros(128, dtype=np.int64)
_WIDE_VALUE[48:58] = np.arange(10)
_WIDE_VALUE[65:91] = np.arange(10, 36)

_LEGACY_SPACE = 90_000_000
_LETTER_SPACE = 31**6

Bytes = npt.NDArray[np.uint8]


def organization_bodies(serial: Ints, legacy: Flags, letters: str) -> Bytes:
    """The eight characters before the organization code's check: no two serials share them.

    Before October 2015 they were digits; after it `letters` (MA, MJ, MD) and six characters.
    """
    body = np.where(legacy[:, None], _legacy_bodies(serial), _letter_bodies(serial, letters))
    return body.astype(np.uint8)


def credit_codes(prefix: Texts, area: Ints, body: Bytes) -> Texts:
    """18-character codes: two characters of kind, area of the registrar, organization code, check."""
    rows = np.empty((len(area), 18), dtype=np.uint8)
    rows[:, :2] = np.frombuffer("".join(prefix).encode(), dtype=np.uint8).reshape(-1, 2)
    rows[:, 2:8] = _digits(area, 6)
    rows[:, 8:16] = body
    rows[:, 16] = _organization_check(body)
    total = (_VALUE[rows[:, :17]] * _WEIGHTS).sum(axis=1)
    rows[:, 17] = _ALPHABET[-total % 31]
    return _as_texts(rows)


def tax_numbers(area: Ints, body: Bytes) -> Texts:
    """Old 15-character tax numbers: area and organization code."""
    rows = np.empty((len(area), 15), dtype=np.uint8)
    rows[:, :6] = _digits(area, 6)
    rows[:, 6:14] = body
    rows[:, 14] = _organization_check(body)
    return _as_texts(rows)


def registration_numbers(area: Ints, serial: Ints) -> Texts:
    """Old 15-digit registration numbers: area, kind 2 (private), running number, check digit."""
    rows = np.empty((len(area), 15), dtype=np.uint8)
    rows[:, :6] = _digits(area, 6)
    rows[:, 6:14] = _digits(20_000_000 + spread(serial, 10_000_000), 8)
    rest = np.full(len(area), 10)
    for position in range(14):
        digit = rows[:, position].astype(np.int64) - 48
        rest = (rest + digit) % 10
        rest = np.where(rest == 0, 10, rest) * 2 % 11
    rows[:, 14] = (11 - rest) % 10 + 48
    return _as_texts(rows)


def _legacy_bodies(serial: Ints) -> Bytes:
    """Eight digits of which the first two differ, so that no body repeats one digit throughout."""
    number = spread(serial, _LEGACY_SPACE)
    pair, rest = np.divmod(number, 1_000_000)
    first, second = np.divmod(pair, 9)
    second = second + (second >= first)
    return _digits((first * 10 + second) * 1_000_000 + rest, 8)


def _letter_bodies(serial: Ints, letters: str) -> Bytes:
    number = spread(serial, _LETTER_SPACE)
    rows = np.empty((len(serial), 8), dtype=np.uint8)
    rows[:, :2] = np.frombuffer(letters.encode(), dtype=np.uint8)
    for position in range(7, 1, -1):
        number, value = np.divmod(number, 31)
        rows[:, position] = _ALPHABET[value]
    return rows


def _organization_check(body: Bytes) -> Bytes:
    total = (_WIDE_VALUE[body] * _ORGANIZATION_WEIGHTS).sum(axis=1)
    return np.asarray(_ORGANIZATION_CHECK[total % 11])


def _digits(number: Ints, width: int) -> Bytes:
    powers = 10 ** np.arange(width - 1, -1, -1)
    return (number[:, None] // powers % 10 + 48).astype(np.uint8)


def _as_texts(rows: Bytes) -> Texts:
    joined = np.ascontiguousarray(rows).view(f"S{rows.shape[1]}").ravel()
    return joined.astype(f"U{rows.shape[1]}").astype(object)
