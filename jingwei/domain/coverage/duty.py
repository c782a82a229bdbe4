"""Since when an organization has been due (C-061, C-078)."""

from collections.abc import Sequence
from datetime import date
from typing import NamedTuple

from jingwei.domain.coverage.parameters import parameters
from jingwei.domain.rulebook import Rules


class Count(NamedTuple):
    """Full members as stated for a day; the number holds until a later statement. None is unknown."""

    on: date
    full_members: int | None


class Span(NamedTuple):
    """Days from the first up to, but without, the last; None is open."""

    since: date | None
    until: date | None


def due_since(counts: Sequence[Count], own: Sequence[Span], day: date, rules: Rules) -> date | None:
    """The earliest day from which the duty to build has held without a break up to the day.

    `counts` in order of their days, for one day the word that counts last; `own` are the lives of
    organizations of the unit's own. A count that was unknown breaks the duty: nobody could know of it.
    None where the facts of the day show no duty.
    """
    least = parameters(rules).min_full
    began: date | None = None
    by_day = {count.on: count.full_members for count in counts if count.on <= day}
    for on, full in by_day.items():
        if full is None or full < least:
            began = None
        elif began is None:
            began = on
    if began is None:
        return None
    for span in own:
        if span.since is not None and span.since > day:
            continue
        if span.until is None or span.until > day:
            return None
        began = max(began, span.until)
    return began
