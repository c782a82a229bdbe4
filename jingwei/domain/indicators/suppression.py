"""Which cells of a table that circulates widely are not shown, so that no small group can be told.

A cell is small if it, its base or the rest of the base counts at least one and fewer than the least number. Where
the total is printed beside the cells, what is hidden must not follow from it: at least two cells are hidden, and
together they count no fewer than the least number, as far as there are cells.
"""

from collections.abc import Sequence
from decimal import Decimal
from typing import NamedTuple


class Cell(NamedTuple):
    """Numerator and, where something is divided, denominator of one cell; None where there is no number."""

    numerator: Decimal | None
    denominator: Decimal | None = None


def is_small(cell: Cell, least: int) -> bool:
    """Whether the cell by itself tells of a group that is too small."""
    if cell.numerator is None:
        return False
    counts = [cell.numerator]
    if cell.denominator is not None:
        counts += [cell.denominator, cell.denominator - cell.numerator]
    return any(0 < count < least for count in counts)


def hidden(cells: Sequence[Cell], *, least: int, with_total: bool) -> frozenset[int]:
    """Positions of the cells that are not shown. ``with_total`` says that the cells add up to a printed total."""
    chosen = {at for at, cell in enumerate(cells) if is_small(cell, least)}
    if not chosen or not with_total:
        return frozenset(chosen)
    others = sorted((_count(cell), at) for at, cell in enumerate(cells) if at not in chosen and _count(cell) > 0)
    for _, at in others:
        if len(chosen) >= 2 and sum(_count(cells[held]) for held in chosen) >= least:
            break
        chosen.add(at)
    return frozenset(chosen)


def _count(cell: Cell) -> Decimal:
    return cell.numerator if cell.numerator is not None else Decimal(0)
