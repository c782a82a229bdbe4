"""A column of texts as one array of UTF-16 units, on which numpy works without looking at single rows.

Positions count units from the beginning of the whole array; a row is the stretch between two offsets.
"""

from functools import lru_cache
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

Codes = npt.NDArray[np.uint16]
Positions = npt.NDArray[np.int64]
Mask = npt.NDArray[np.bool_]

# Behind every position.
_FAR = np.iinfo(np.int64).max
# First byte of the shortest character of four bytes.
_FOUR_BYTES = 0xF0


class Texts(NamedTuple):
    """`codes` of all rows one behind the other; row i stands from `offsets[i]` up to `offsets[i + 1]`."""

    codes: Codes
    offsets: Positions

    @property
    def starts(self) -> Positions:
        """Where each row begins."""
        return self.offsets[:-1]

    @property
    def ends(self) -> Positions:
        """Where each row ends."""
        return self.offsets[1:]

    @property
    def lengths(self) -> Positions:
        """Units of each row."""
        return np.diff(self.offsets)

    def __len__(self) -> int:
        return len(self.offsets) - 1

    def rows(self, positions: Positions) -> Positions:
        """In which row each of these ascending positions lies."""
        return np.searchsorted(self.offsets, positions, side="right") - 1


def offsets_of(lengths: npt.NDArray[np.integer[Any]]) -> Positions:
    """Offsets of rows of these lengths, one more than there are rows."""
    offsets = np.zeros(len(lengths) + 1, dtype=np.int64)
    np.cumsum(lengths, out=offsets[1:])
    return offsets


def texts_of(column: pa.StringArray) -> Texts:
    """The texts of an Arrow array; a null is an empty text."""
    if column.null_count:
        column = column.fill_null("")
    if not len(column):
        return Texts(np.zeros(0, np.uint16), np.zeros(1, np.int64))
    _, bound_buffer, data_buffer = column.buffers()
    bounds = np.frombuffer(bound_buffer, np.int32)[column.offset : column.offset + len(column) + 1]
    data = np.frombuffer(data_buffer or b"", np.uint8)[bounds[0] : bounds[-1]]
    codes = np.frombuffer(data.tobytes().decode("utf-8").encode("utf-16-le"), np.uint16)
    lengths = pc.utf8_length(column).to_numpy().astype(np.int64)
    four = np.flatnonzero(data >= _FOUR_BYTES)
    if len(four):
        # Characters outside the basic plane take two units.
        lengths += np.diff(np.searchsorted(four, bounds - bounds[0]))
    return Texts(codes, offsets_of(lengths))


def column_of(texts: Texts, *, empty_is_null: bool = False) -> pa.StringArray:
    """The Arrow array of these texts, which hold no character outside the basic plane."""
    codes, offsets = texts
    data = codes.tobytes().decode("utf-16-le").encode("utf-8")
    bounds = 3 * offsets
    # Shorter than three bytes is what stands before these two code points.
    for limit in (0x80, 0x800):
        bounds -= np.searchsorted(np.flatnonzero(codes < limit), offsets)
    valid = pa.py_buffer(np.packbits(texts.lengths > 0, bitorder="little")) if empty_is_null else None
    return pa.StringArray.from_buffers(len(texts), pa.py_buffer(bounds.astype(np.int32)), pa.py_buffer(data), valid)


def cut(texts: Texts, *pieces: tuple[Positions, Positions]) -> Texts:
    """For each row its pieces one behind the other; a piece is given by its starts and its ends."""
    starts = np.stack([start for start, _ in pieces], axis=1)
    lengths = np.stack([end for _, end in pieces], axis=1) - starts
    offsets = offsets_of(lengths.sum(axis=1))
    flat = lengths.ravel()
    before = offsets_of(flat)
    index = np.repeat(starts.ravel() - before[:-1], flat)
    index += np.arange(len(index))
    return Texts(texts.codes.take(index), offsets)


def splice(texts: Texts, rows: Positions, others: Texts) -> Texts:
    """These texts with the given ascending rows replaced by `others`, in order."""
    if not len(rows):
        return texts
    lengths = texts.lengths
    lengths[rows] = others.lengths
    replaced = np.zeros(len(texts), dtype=np.bool_)
    replaced[rows] = True
    offsets = offsets_of(lengths)
    is_other = np.repeat(replaced, lengths)
    kept = ~np.repeat(replaced, texts.lengths)
    codes = np.empty(offsets[-1], dtype=np.uint16)
    codes[is_other] = others.codes
    codes[~is_other] = texts.codes[kept]
    return Texts(codes, offsets)


def texts_from(strings: list[str]) -> Texts:
    """The texts of plain strings."""
    return texts_of(pa.array(strings, pa.string()))


def find(texts: Texts, word: str, *, by: int = 0) -> Positions:
    """Where the word begins, ascending, inside one row each; `by` is the index of its rarest character."""
    codes = texts.codes
    found = np.flatnonzero(codes == ord(word[by])) - by
    found = found[(found >= 0) & (found + len(word) <= len(codes))]
    for index, character in enumerate(word):
        if index != by:
            found = found[codes[found + index] == ord(character)]
    rows = texts.rows(found)
    return found[found + len(word) <= texts.ends[rows]]


def next_of(at: Positions, begins: Positions, ends: Positions) -> Positions:
    """For each stretch the first of the ascending positions that lies in it; -1 for none."""
    found = np.append(at, _FAR)[np.searchsorted(at, begins)]
    return np.where(found < ends, found, -1)


def points_of(characters: str) -> Codes:
    """The code points of these characters."""
    return np.array([ord(character) for character in characters], dtype=np.uint16)


@lru_cache(maxsize=64)
def mask_of(characters: str) -> Mask:
    """For each code point of the basic plane whether it is one of these characters."""
    mask = np.zeros(0x10000, dtype=np.bool_)
    mask[points_of(characters)] = True
    return mask


def last_of_rows(rows: Positions) -> Mask:
    """Of ascending row numbers with repetitions, which are the last of their row."""
    last = np.ones(len(rows), dtype=np.bool_)
    last[:-1] = rows[1:] != rows[:-1]
    return last


def first_of_rows(rows: Positions) -> Mask:
    """As `last_of_rows`, the first of their row."""
    first = np.ones(len(rows), dtype=np.bool_)
    first[1:] = rows[1:] != rows[:-1]
    return first


def ends_with(codes: Codes, starts: Positions, ends: Positions, word: str) -> Mask:
    """Whether each stretch from `starts` to `ends` ends with the word."""
    matches: Mask = ends - starts >= len(word)
    rows = np.flatnonzero(matches)
    for index, character in enumerate(reversed(word), start=1):
        rows = rows[codes[ends[rows] - index] == ord(character)]
    matches[:] = False
    matches[rows] = True
    return matches


class Words:
    """A set of words as a tree of characters, to find the longest one at many positions at once."""

    def __init__(self, words: frozenset[str], *, backwards: bool = False) -> None:
        self._backwards = backwards
        self._depth = max(map(len, words), default=0)
        steps: dict[tuple[int, int], int] = {}
        accepting = {0: False}
        for word in words:
            state = 0
            for character in reversed(word) if backwards else word:
                state = steps.setdefault((state, ord(character)), len(steps) + 1)
            accepting[state] = True
        self._accepts = np.array([accepting.get(state, False) for state in range(len(steps) + 1)])
        pairs = sorted((state << 16 | code, target) for (state, code), target in steps.items() if code < 0x10000)
        self._keys = np.array([key for key, _ in pairs], dtype=np.int64)
        self._targets = np.array([target for _, target in pairs], dtype=np.int64)

    def longest(self, codes: Codes, begin: Positions, most: Positions) -> Positions:
        """Length of the longest word at each position (that ends there, for `backwards`), 0 for none.

        `most` bounds the length for each position.
        """
        best = np.zeros(len(begin), dtype=np.int64)
        if not len(self._keys):
            return best
        active = np.arange(len(begin))
        state = np.zeros(len(begin), dtype=np.int64)
        for length in range(1, self._depth + 1):
            room = most[active] >= length
            active, state = active[room], state[room]
            if not len(active):
                break
            at = begin[active] - length if self._backwards else begin[active] + length - 1
            active, state = self._step(active, state, codes[at])
            best[active[self._accepts[state]]] = length
        return best

    def _step(self, active: Positions, state: Positions, codes: Codes) -> tuple[Positions, Positions]:
        keys = (state << 16) | codes
        index = np.searchsorted(self._keys, keys)
        index[index == len(self._keys)] = 0
        known = self._keys[index] == keys
        return active[known], self._targets[index[known]]
