"""Codes checked and repaired whole columns at a time; row by row the result is that of `uscc`."""

from functools import lru_cache
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from jingwei.domain.uscc import (
    ALPHABET,
    INVERSE_WEIGHTS,
    LENGTH,
    ORGANIZATION_ALPHABET,
    ORGANIZATION_CHECK,
    ORGANIZATION_WEIGHTS,
    WEIGHTS,
)

Characters = npt.NDArray[np.uint8]
Mask = npt.NDArray[np.bool_]
Numbers = npt.NDArray[np.int64]

REGISTRATION_LENGTH = 15
_WEIGHTS = np.array((*WEIGHTS, 1), dtype=np.int64)
_INVERSES = np.array((*INVERSE_WEIGHTS, 1), dtype=np.int64)
_ORGANIZATION_WEIGHTS = np.array(ORGANIZATION_WEIGHTS, dtype=np.int64)
_CHARACTERS = np.frombuffer(ALPHABET.encode(), np.uint8)
_ORGANIZATION_CHECK = np.frombuffer(ORGANIZATION_CHECK.encode(), np.uint8)
_ORGANIZATION = range(8, 17)


class Repairs(NamedTuple):
    """Valid codes that faulty ones could stand for: the faulty code's number and the repaired text,
    ascending.
    """

    rows: Numbers
    codes: list[str]


class Faults(NamedTuple):
    """What is wrong with 18-character codes; -1 and "" where nothing is.

    `wrong` is the index of the first character that may not stand there and `wrongs` how many there
    are; `organization` and `last` are the check characters expected if they are not the ones found.
    """

    wrong: Numbers
    wrongs: Numbers
    organization: list[str]
    last: list[str]


def matrix_of(column: pa.StringArray, width: int) -> tuple[Numbers, Characters]:
    """The rows with texts of `width` ASCII characters, and those texts as a matrix of bytes."""
    _, bound_buffer, data_buffer = column.buffers()
    if not len(column) or data_buffer is None:
        return np.zeros(0, np.int64), np.zeros((0, width), np.uint8)
    bounds = np.frombuffer(bound_buffer, np.int32)[column.offset : column.offset + len(column) + 1].astype(np.int64)
    data = np.frombuffer(data_buffer, np.uint8)
    fits = np.diff(bounds) == width
    if column.null_count:
        fits &= column.is_valid().to_numpy(zero_copy_only=False)
    rows = np.flatnonzero(fits)
    texts = data[bounds[rows][:, None] + np.arange(width)]
    ascii_only = (texts < 0x80).all(axis=1)
    return rows[ascii_only], texts[ascii_only]


def valid_codes(column: pa.StringArray) -> Mask:
    """Which texts are valid codes as they stand, capital letters and nothing around them."""
    valid = np.zeros(len(column), dtype=np.bool_)
    rows, texts = matrix_of(column, LENGTH)
    values = _values()[texts]
    sound = (values >= 0).all(axis=1) & (values[:, 2:8] < 10).all(axis=1) & ~_is_hollow(texts)
    sound &= (values @ _WEIGHTS) % 31 == 0
    sound &= texts[:, 16] == _organization_checks(texts[:, 8:16])
    valid[rows[sound]] = True
    return valid


def is_settled(texts: Characters) -> Mask:
    """Which 18-character texts `faults_of` and `repairs_of` can judge: letters and digits that are not
    hollow, neither repeat nor count up, and did not lose their last digits.
    """
    digits = (texts >= ord("0")) & (texts <= ord("9"))
    letters = (texts >= ord("A")) & (texts <= ord("Z"))
    steps = (texts[:, 1:].astype(np.int64) - texts[:, :-1]) % 10
    settled: Mask = np.asarray((digits | letters).all(axis=1) & (steps > 1).any(axis=1) & ~_is_hollow(texts))
    settled &= letters.any(axis=1) | (texts[:, 15:] != ord("0")).any(axis=1)
    return settled


def upper(texts: Characters) -> Characters:
    """The texts with capital letters."""
    return np.where((texts >= ord("a")) & (texts <= ord("z")), texts - 32, texts).astype(np.uint8)


def faults_of(texts: Characters) -> Faults:
    """What is wrong with these settled texts."""
    unfit = _unfit(texts)
    wrongs = unfit.sum(axis=1)
    wrong = np.where(wrongs > 0, unfit.argmax(axis=1), -1)
    organization = _organization_checks(texts[:, 8:16])
    values = np.maximum(_values()[texts], 0)
    last = _CHARACTERS[-(values[:, :17] @ _WEIGHTS[:17]) % 31]
    return Faults(
        wrong,
        wrongs,
        ["" if same else chr(code) for same, code in zip(organization == texts[:, 16], organization, strict=True)],
        ["" if same else chr(code) for same, code in zip(last == texts[:, 17], last, strict=True)],
    )


def repairs_of(texts: Characters) -> Repairs:
    """Every valid code within one substitution of these settled texts, of which at most one character
    may not stand where it stands.
    """
    unfit = _unfit(texts)
    values = np.where(unfit, 0, _values()[texts])
    is_faulty = unfit.any(axis=1)
    rows, places, made = [], [], []
    for place in range(LENGTH):
        at = np.flatnonzero(~is_faulty | unfit[:, place])
        excess = (values[at] @ _WEIGHTS) % 31
        value = (values[at, place] - excess * _INVERSES[place]) % 31
        at, value = _fitting(texts, at, value, place)
        rows.append(at)
        made.append(_CHARACTERS[value])
        places.append(np.full(len(at), place))
    return _sorted_repairs(texts, np.concatenate(rows), np.concatenate(places), np.concatenate(made))


class OldNumbers(NamedTuple):
    """Of 15-character texts, which are an area and a sound organization code (an old tax number), and
    which are sound registration numbers.
    """

    tax: Mask
    registration: Mask


def old_numbers(texts: Characters) -> OldNumbers:
    """What these texts of capital letters and digits are. Nothing is said of texts whose digits count
    up, repeat or do both, which may be placeholders.
    """
    digits = (texts >= ord("0")) & (texts <= ord("9"))
    letters = (texts >= ord("A")) & (texts <= ord("Z"))
    steps = (texts[:, 1:].astype(np.int64) - texts[:, :-1]) % 10
    settled = np.asarray((digits | letters).all(axis=1) & digits[:, :6].all(axis=1) & (steps > 1).any(axis=1))
    tax = settled & (texts[:, 6:14] != texts[:, 6:7]).any(axis=1)
    tax &= texts[:, 14] == _organization_checks(texts[:, 6:14])
    return OldNumbers(tax, settled & _is_registration(texts))


def registration_numbers(column: pa.StringArray) -> Mask:
    """Which texts are sound registration numbers as they stand, 15 digits and nothing around them."""
    sound = np.zeros(len(column), dtype=np.bool_)
    rows, texts = matrix_of(column, REGISTRATION_LENGTH)
    sound[rows[_is_registration(texts)]] = True
    return sound


def _is_registration(texts: Characters) -> Mask:
    digits = texts.astype(np.int64) - ord("0")
    rest = np.full(len(texts), 10)
    for place in range(REGISTRATION_LENGTH - 1):
        total = (rest + digits[:, place]) % 10
        rest = np.where(total == 0, 10, total) * 2 % 11
    right: Mask = ((digits >= 0) & (digits <= 9)).all(axis=1) & ((rest + digits[:, -1]) % 10 == 1)
    right &= (texts[:, 6:14] != texts[:, 6:7]).any(axis=1)
    return right


def strings_of(texts: Characters) -> list[str]:
    """The rows of the matrix as strings."""
    width = texts.shape[1]
    joined = texts.tobytes().decode("ascii")
    return [joined[start : start + width] for start in range(0, len(joined), width)]


def _fitting(texts: Characters, rows: Numbers, values: Numbers, place: int) -> tuple[Numbers, Numbers]:
    """The rows whose repaired text has a digit where one must be and a sound organization code."""
    if 2 <= place < 8:
        rows, values = rows[values < 10], values[values < 10]
    organization = texts[rows, 8:17]
    if place in _ORGANIZATION:
        organization[:, place - 8] = _CHARACTERS[values]
    sound = organization[:, 8] == _organization_checks(organization[:, :8])
    return rows[sound], values[sound]


def _sorted_repairs(texts: Characters, rows: Numbers, places: Numbers, characters: Characters) -> Repairs:
    repaired = texts[rows]
    repaired[np.arange(len(rows)), places] = characters
    full = ~_is_hollow(repaired)
    rows, repaired = rows[full], np.ascontiguousarray(repaired[full])
    order = np.lexsort((repaired.view("S18").ravel(), rows))
    return Repairs(rows[order], strings_of(repaired[order]))


def _unfit(texts: Characters) -> Mask:
    values = _values()[texts]
    unfit: Mask = values < 0
    unfit[:, 2:8] |= values[:, 2:8] > 9
    return unfit


def _is_hollow(texts: Characters) -> Mask:
    hollow: Mask = (texts[:, 8:16] == texts[:, 8:9]).all(axis=1) | (texts[:, 2:8] == ord("0")).all(axis=1)
    return hollow


def _organization_checks(bodies: Characters) -> Characters:
    """The check character of each organization code's first eight characters."""
    checks: Characters = _ORGANIZATION_CHECK[(_organization_values()[bodies] @ _ORGANIZATION_WEIGHTS) % 11]
    return checks


@lru_cache(maxsize=1)
def _values() -> Numbers:
    return _table(ALPHABET, -1)


@lru_cache(maxsize=1)
def _organization_values() -> Numbers:
    return _table(ORGANIZATION_ALPHABET, 0)


def _table(alphabet: str, otherwise: int) -> Numbers:
    table = np.full(256, otherwise, dtype=np.int64)
    table[np.frombuffer(alphabet.encode(), np.uint8)] = np.arange(len(alphabet))
    return table
