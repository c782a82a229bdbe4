"""Where two texts differ, character by character, as a page shows it: same, differing, missing."""

import unicodedata
from collections.abc import Callable
from enum import StrEnum
from typing import NamedTuple

from rapidfuzz.distance import Levenshtein

MISSING = "·"
_STAR = "＊"


class Kind(StrEnum):
    """What is said of a stretch of text; MISSING stands for characters that only the other side has."""

    SAME = "same"
    DIFFERS = "differs"
    MISSING = "missing"


class Piece(NamedTuple):
    """A stretch of a text and how it compares with the other side."""

    text: str
    kind: Kind


Pieces = tuple[Piece, ...]
Mask = Callable[[str], str]


def marked(left: str, right: str, *, mask: Mask | None = None) -> tuple[Pieces, Pieces]:
    """Both texts cut where they differ; full and half width, upper and lower case count as the same.

    With a ``mask`` that keeps the length the marks lie where the open texts differ, so that a difference
    inside the hidden part is seen as one without being shown.
    """
    shown = tuple(_hidden(text, mask) for text in (left, right))
    found: tuple[list[Piece], list[Piece]] = ([], [])
    steps = Levenshtein.opcodes(_folded(left), _folded(right))
    for step in steps:
        spans = ((step.src_start, step.src_end), (step.dest_start, step.dest_end))
        longest = max(end - start for start, end in spans)
        for side, text, (start, end) in zip(found, shown, spans, strict=True):
            kind = Kind.SAME if step.tag == "equal" else Kind.DIFFERS
            if end > start:
                side.append(Piece(text[start:end], kind))
            if longest > end - start:
                side.append(Piece(MISSING * (longest - end + start), Kind.MISSING))
    return _joined(found[0]), _joined(found[1])


def plain(text: str, *, mask: Mask | None = None) -> Pieces:
    """A text with nothing to compare it with."""
    return (Piece(_hidden(text, mask), Kind.SAME),) if text else ()


def folded(text: str) -> str:
    """The text as it is compared: half width, upper case, without spaces."""
    return "".join(_folded(text).split())


def distance(left: str, right: str) -> int:
    """How many characters are wrong, missing or surplus."""
    return int(Levenshtein.distance(folded(left), folded(right)))


def _folded(text: str) -> str:
    """As long as the text, so that places in the one are places in the other."""
    return "".join(_fold(character) for character in text)


def _fold(character: str) -> str:
    even = unicodedata.normalize("NFKC", character).upper()
    return even if len(even) == 1 else character


def _hidden(text: str, mask: Mask | None) -> str:
    if mask is None or not text:
        return text
    hidden = mask(text)
    return hidden if len(hidden) == len(text) else _STAR * len(text)


def _joined(pieces: list[Piece]) -> Pieces:
    """Neighbours of one kind become one piece."""
    found: list[Piece] = []
    for piece in pieces:
        if found and found[-1].kind is piece.kind:
            found[-1] = Piece(found[-1].text + piece.text, piece.kind)
        else:
            found.append(piece)
    return tuple(found)
