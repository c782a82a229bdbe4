"""What happened to the rows behind a coverage rate that fell, told from the rows themselves."""

from collections import Counter
from collections.abc import Iterable

from jingwei.bulletins.orders import Order
from jingwei.domain.indicators import DENOMINATOR, NUMERATOR, Cut
from jingwei.domain.papers.changes import Moved, Movement, Moves
from jingwei.domain.papers.figures import Figures
from jingwei.domain.papers.writing import ORGANIZED
from jingwei.indicators.readings import Difference
from jingwei.indicators.selectors import difference_rows

_LEAVING = {"closed": Movement.CLOSED, "moved": Movement.MOVED_OUT}
_COMING = {"arrived": Movement.FOUNDED, "moved": Movement.MOVED_IN}


def moves_of(order: Order, figures: Figures) -> dict[str, Moves]:
    """For each area whose coverage rate fell: its movements since the compared snapshot, with their counts."""
    if order.compared is None:
        return {}
    fallen = [line for line in figures.lines if (line.change(ORGANIZED) or 0) < 0]
    return {
        line.member: counted(
            difference_rows(
                snapshot=order.snapshot,
                compared=order.compared,
                indicator=ORGANIZED,
                cut=Cut(line.cut),
                member=line.member,
            )
        )
        for line in fallen
    }


def counted(differences: Iterable[Difference]) -> Moves:
    """Units by what happened to them. A unit has up to two differences, one for each part of the rate."""
    parts: dict[int, dict[str, Difference]] = {}
    for item in differences:
        parts.setdefault(item.id, {})[item.part] = item
    return Counter(_moved(held) for held in parts.values())


def _moved(parts: dict[str, Difference]) -> Moved:
    covered, whole = parts.get(NUMERATOR), parts.get(DENOMINATOR)
    if whole is None:
        gained = covered is not None and covered.entered
        return Moved(Movement.GAINED if gained else Movement.LOST, covered=True)
    cause = whole.causes[0] if whole.causes else ""
    kind = _COMING.get(cause, Movement.COUNTED) if whole.entered else _LEAVING.get(cause, Movement.DROPPED)
    return Moved(kind, covered=covered is not None)
