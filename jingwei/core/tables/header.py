"""Find the header among the first rows: below titles, in one row or in two merged ones."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from jingwei.domain.headers import kind_scores, match_any_header, match_header
from jingwei.domain.lists import LISTS, ListKind

SEARCHED_ROWS = 30
_LONGEST_TITLE = 200


@dataclass(frozen=True)
class HeaderFit:
    """A header: index of its last row among the rows given, number of its rows, names by column,
    how many fields it names, and whether one of them is a key of the list.
    """

    index: int
    height: int
    names: tuple[str, ...]
    fields: int
    has_key: bool

    @property
    def rank(self) -> tuple[bool, int]:
        """What makes a better header: first a key, then more fields."""
        return self.has_key, self.fields


def find_header(rows: Sequence[Sequence[str]], kind: ListKind | None) -> HeaderFit | None:
    """The row among the first 30 that names most fields of the list (of any list without a kind).

    Of two equal ones the upper counts. A header in two rows is taken only where it names more than
    either row alone. If no row has a key of the list, one that has a key of another list is taken.
    None if no row names a field.
    """
    flat = [tuple(map(_flat, row)) for row in rows[:SEARCHED_ROWS]]
    best = _best_fit(flat, kind)
    if kind is None or (best is not None and best.has_key):
        return best
    foreign = _best_fit(flat, None)
    return foreign if foreign is not None and (best is None or foreign.has_key) else best


def _best_fit(rows: Sequence[tuple[str, ...]], kind: ListKind | None) -> HeaderFit | None:
    singles = [_fit(index, 1, row, kind) for index, row in enumerate(rows)]
    fits = [fit for fit in singles if fit.fields]
    for upper, lower in pairwise(singles):
        joined = _fit(lower.index, 2, _joined(upper.names, lower.names, kind), kind)
        if joined.fields > max(upper.fields, lower.fields):
            fits.append(joined)
    # max keeps the first of equals: single rows stand before joined ones, upper before lower.
    return max(fits, key=lambda fit: fit.rank, default=None)


def title_rows(rows: Sequence[Sequence[str]], fit: HeaderFit) -> tuple[str, ...]:
    """The texts of the non-blank rows above the header."""
    above = rows[: fit.index + 1 - fit.height]
    texts = (" ".join(cell for cell in map(_flat, row) if cell) for row in above)
    return tuple(text[:_LONGEST_TITLE] for text in texts if text)


def _flat(cell: str) -> str:
    return " ".join(cell.split())


def _fit(index: int, height: int, names: tuple[str, ...], kind: ListKind | None) -> HeaderFit:
    if kind is None:
        scores = kind_scores(names)
        kind = max(scores, key=lambda each: scores[each])
    fields = {found[0] for name in names if (found := match_header(name, kind))}
    has_key = any(key in fields for key in LISTS[kind].key_fields)
    return HeaderFit(index, height, names, len(fields), has_key)


def _joined(upper: Sequence[str], lower: Sequence[str], kind: ListKind | None) -> tuple[str, ...]:
    """One name per column. A blank cell of the upper row continues the merged cell at its left."""
    width = max(len(upper), len(lower))
    names: list[str] = []
    spanning = ""
    for column in range(width):
        own = upper[column] if column < len(upper) else ""
        below = lower[column] if column < len(lower) else ""
        spanning = own or spanning
        names.append(_best_name(own, below, spanning, kind))
    return tuple(names)


def _best_name(own: str, below: str, spanning: str, kind: ListKind | None) -> str:
    candidates = [name for name in (below, f"{spanning}{below}" if below else "", own) if name]
    for name in candidates:
        if (match_header(name, kind) if kind else match_any_header(name)) is not None:
            return name
    return candidates[0] if candidates else ""
