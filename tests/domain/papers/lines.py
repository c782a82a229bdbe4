"""An invented county with four areas, as a paper sees it."""

from datetime import date
from decimal import Decimal

from jingwei.domain.papers.figures import Figures, Line, Quantity
from jingwei.domain.papers.writing import Occasion

UNKNOWN, CANVASS = "性质未知", "待摸排"


def quantities(base: int, organized: int, worked: int, *, due: int = 0, built: int = 0, unknown: int = 0, canvass: int = 0) -> dict[str, Quantity]:  # fmt: skip
    """The indicators of a bulletin in one cell."""
    beside = {UNKNOWN: unknown, CANVASS: canvass}
    return {
        "BASE-N": Quantity(Decimal(base)),
        "COV-ORG": Quantity(Decimal(organized), Decimal(base), beside),
        "COV-WORK": Quantity(Decimal(worked), Decimal(base), beside),
        "COV-OWN3": Quantity(Decimal(built), Decimal(due), {"党员数未知": canvass}),
        "FORM-none": Quantity(Decimal(base - worked), None, {CANVASS: canvass}),
    }


def county(*, target: int | None = 50, compared: bool = True) -> Figures:
    """书院街道 and 临江街道 rose, 物流产业园 fell, 石桥镇 is low and has not confirmed; five lie nowhere."""
    goal = Decimal(target) if target is not None else None
    rows = (
        ("11", "书院街道", quantities(196, 141, 185, due=17, built=16, unknown=63, canvass=3), (190, 131, 176), True),
        ("12", "临江街道", quantities(182, 125, 171, due=14, built=13, unknown=58, canvass=5), (180, 118, 165), True),
        ("13", "石桥镇", quantities(52, 16, 32, due=2, built=2, unknown=16, canvass=11), (51, 15, 30), False),
        ("14", "物流产业园", quantities(125, 77, 112, due=15, built=13, unknown=40, canvass=7), (131, 83, 117), True),
    )
    lines = tuple(
        Line(name, "area", member, now, quantities(*before) if compared else {}, confirmed=confirmed, target=goal)
        for member, name, now, before, confirmed in rows
    )
    total = Line(
        "青岚区", "county", "1", quantities(560, 359, 500, due=48, built=44, unknown=179, canvass=28),
        quantities(557, 347, 488) if compared else {},
    )  # fmt: skip
    return Figures(lines, total)


def occasion(**changes: object) -> Occasion:
    """The third quarter, compared with the second."""
    usual: dict[str, object] = {
        "whole": "全区", "areas": "镇街、园区", "as_of": date(2026, 9, 30), "own_from": 3,
        "due_on": date(2026, 11, 30), "compared_on": date(2026, 6, 30),
    }  # fmt: skip
    return Occasion(**(usual | changes))  # type: ignore[arg-type]
