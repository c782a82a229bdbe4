"""What has to be reached, and what was: one line each, printed beside the figures."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Check:
    """One figure against its reach; `met` is None where nothing was measured."""

    what: str
    goal: str
    reached: str
    met: bool | None


def at_least(what: str, value: float, goal: float, *, digits: int = 4) -> Check:
    """The value has to be the goal or more."""
    return Check(what, f"≥ {goal:.{digits}f}", f"{value:.{digits}f}", value >= goal)


def at_most(what: str, value: float, goal: float, unit: str = "", *, digits: int = 2) -> Check:
    """The value has to be the goal or less."""
    return Check(what, f"≤ {goal:.{digits}f}{unit}", f"{value:.{digits}f}{unit}", value <= goal)


def untested(what: str, goal: str) -> Check:
    """A line for what this run did not measure."""
    return Check(what, goal, "未测", None)
