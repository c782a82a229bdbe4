"""Why a coverage rate moved between two days: what happened to the rows, and the sentence that says so."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum


class Movement(StrEnum):
    """What happened to a unit between two snapshots, seen from one area."""

    MOVED_OUT = "moved_out"
    CLOSED = "closed"
    DROPPED = "dropped"
    MOVED_IN = "moved_in"
    FOUNDED = "founded"
    COUNTED = "counted"
    GAINED = "gained"
    LOST = "lost"


@dataclass(frozen=True, slots=True)
class Moved:
    """A movement of units that were covered (or came in covered), or were not."""

    movement: Movement
    covered: bool


Moves = Mapping[Moved, int]

# Only these lower a rate: who was covered goes, who is not covered comes, who was covered no longer is.
_LOWERING = {
    Moved(Movement.MOVED_OUT, True): "家已覆盖单位迁出",
    Moved(Movement.CLOSED, True): "家已覆盖单位不再在营",
    Moved(Movement.DROPPED, True): "家已覆盖单位不再计入底数",
    Moved(Movement.LOST, True): "家单位不再有党组织覆盖",
    Moved(Movement.MOVED_IN, False): "家未覆盖单位迁入",
    Moved(Movement.FOUNDED, False): "家新增单位尚未覆盖",
    Moved(Movement.COUNTED, False): "家新计入底数的单位尚未覆盖",
}


def reasons_for_fall(moves: Moves, *, limit: int = 0) -> tuple[tuple[str, str], ...]:
    """What lowered the rate: each number of units with what happened to them; under ``limit`` no number is named."""
    return tuple(
        (f"不足 {limit}" if moves[moved] < limit else f"{moves[moved]:,}", phrase)
        for moved, phrase in _LOWERING.items()
        if moves.get(moved)
    )
