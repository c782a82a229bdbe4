"""The rulebook as it stands for this city on a day."""

from datetime import date
from functools import lru_cache
from uuid import UUID

from jingwei.base_roster.surroundings import city_code
from jingwei.domain import rulebook
from jingwei.domain.rulebook import Rules
from jingwei.places.selectors import gazetteer_stamp


def rules_on(day: date) -> Rules:
    """The rules of the day with the city's own values. One query; two after a place has changed."""
    return rulebook.at(day, _code(gazetteer_stamp(), day))


@lru_cache(maxsize=4)
def _code(stamp: UUID, day: date) -> str | None:
    """The city's code, read again when a place has changed."""
    return city_code(day)
