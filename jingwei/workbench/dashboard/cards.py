"""The five key figures, each with its definition, target, change and rows."""

from decimal import Decimal
from typing import Any

from jingwei.domain.indicators import DENOMINATOR, NUMERATOR, Unit, definitions
from jingwei.domain.indicators.values import rounded, text_of
from jingwei.indicators.selectors import Reading
from jingwei.workbench.dashboard.board import CHIEF, Board
from jingwei.workbench.dashboard.texts import change, indicator_url, number, rows_url, share

_LESS_IS_BETTER = {"COV-SHOULD"}
_CENT = Decimal("0.01")


def kpis(board: Board) -> list[dict[str, Any]]:
    """The cards in their order; one whose figure is missing says what is missing."""
    return [_card(board, indicator) for indicator in CHIEF if indicator in board.readings]


def _card(board: Board, indicator: str) -> dict[str, Any]:
    reading = board.readings[indicator]
    definition = definitions()[indicator]
    base = {
        "label": definition.zh,
        "explain": definition.meaning,
        "info_url": indicator_url(indicator),
        "value": number(reading),
        "unit": "%" if reading.unit is Unit.PERCENT else "家",
        "url": rows_url(reading, NUMERATOR, board.snapshot),
        "change": change(reading, board.before(indicator), less_is_better=indicator in _LESS_IS_BETTER),
        "note": reading.missing,
        "rate": None,
    }
    return base | (_rate(board, reading) if reading.unit is Unit.PERCENT else _count(board, reading))


def _rate(board: Board, reading: Reading) -> dict[str, Any]:
    """Bar, target and gap; the fraction with both its parts open, and beside it what is not known."""
    target = board.targets.get(reading.indicator)
    if reading.value is None:
        return {"beside": _beside(board, reading)}
    gap = rounded(target, _CENT) - rounded(reading.value, _CENT) if target is not None else Decimal(0)
    aim = text_of(Unit.PERCENT, target, 0) if target is not None else ""
    return {
        "rate": float(reading.value),
        "target": float(target) if target is not None else None,
        "gap": f"距目标 {aim} 差 {gap}" if gap > 0 else "",
        "note": f"目标 {aim}" if aim else "",
        "fraction": _fraction(board, reading),
        "beside": _beside(board, reading),
    }


def _fraction(board: Board, reading: Reading) -> list[dict[str, str]]:
    parts = ((NUMERATOR, reading.numerator), (DENOMINATOR, reading.denominator))
    return [
        {"text": f"{amount:,.0f}", "url": rows_url(reading, part, board.snapshot)}
        for part, amount in parts
        if amount is not None
    ]


def _count(board: Board, reading: Reading) -> dict[str, Any]:
    """A number of entities: what it consists of, and what is not known of it."""
    if reading.indicator == "COV-SHOULD":
        return _owed(board, reading)
    unknown = reading.beside.get("性质未知", 0)
    halves = (("BASE-ENT", "企业"), ("BASE-SOC", "社会"))
    return {
        "rate": 100.0,
        "known": 100 - share(unknown, board.amount(reading.indicator)),
        "pieces": [_piece(board, indicator, word) for indicator, word in halves if indicator in board.readings],
        "beside": _beside(board, reading, after=" 家，计入分母"),
    }


def _owed(board: Board, reading: Reading) -> dict[str, Any]:
    """应建未建 as a part of all that reach the number of members, own organization or not."""
    reaching = board.readings.get("COV-OWN3")
    of = int(reaching.denominator) if reaching and reaching.denominator is not None else 0
    part = share(board.amount(reading.indicator), of)
    return {
        "rate": part if of else None,
        "note": f"占应建 {part}%" if of else "",
        "fraction": _beside(board, reading),
    }


def _piece(board: Board, indicator: str, word: str) -> dict[str, str]:
    reading = board.readings[indicator]
    return {"text": f"{word} {board.amount(indicator):,}", "url": rows_url(reading, NUMERATOR, board.snapshot)}


def _beside(board: Board, reading: Reading, after: str = "") -> list[dict[str, str]]:
    """What is not known, the chief of it first; what is not there is not said."""
    held = [(label, amount) for label, amount in reading.beside.items() if amount]
    order = {"待摸排": 0, "党员数未知": 0, "性质未知": 1}
    return [
        {"text": f"{label} {amount:,}{after}", "url": rows_url(reading, label, board.snapshot)}
        for label, amount in sorted(held, key=lambda item: order.get(item[0], 2))[:1]
    ]
