"""Which body a list means by the name it writes for a superior Party organization."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from jingwei.bodies.models import Body
from jingwei.domain.search_keys import search_text
from jingwei.places.models import Place

_PARTY = "中共"


@dataclass(frozen=True, slots=True)
class Superior:
    """A body that organizations hang on; ``place_id`` is None where it works for the whole city."""

    body_id: int
    place_id: int | None


class Superiors:
    """The bodies of a day under their full names, and under short names with and without their places.

    A short name that several bodies share (a committee of one trade in each county) means none of them
    until the county stands before it. Two queries.
    """

    def __init__(self, day: date) -> None:
        self._full: dict[str, set[int]] = defaultdict(set)
        self._short: dict[str, set[int]] = defaultdict(set)
        self._bodies: dict[int, Superior] = {}
        above = (Place.Kind.CITY, Place.Kind.COUNTY)
        places = Place.objects.filter(kind__in=above).defer("boundary").in_bulk()
        for body in Body.objects.active_on(day).select_related("place").defer("place__boundary").order_by("pk"):
            self._add(body, places)

    def find(self, text: str) -> Superior | None:
        """The one body of that name, or None: nobody is guessed."""
        key = _key(text)
        for names in (self._full, self._short):
            found = names.get(key, ())
            if len(found) == 1:
                return self._bodies[next(iter(found))]
        return None

    def _add(self, body: Body, places: dict[int, Place]) -> None:
        of_city = body.place is None or body.place.kind == Place.Kind.CITY
        self._bodies[body.pk] = Superior(body.pk, None if of_city else body.place_id)
        self._full[_key(body.name)].add(body.pk)
        if body.short_name:
            for before in _places_before(body.place, places):
                self._short[_key(before + body.short_name)].add(body.pk)


def _places_before(place: Place | None, places: dict[int, Place]) -> Iterator[str]:
    """What people write before a short name: nothing, the county or the city, both."""
    yield ""
    if place is None:
        return
    line = [places[pk] for pk in map(int, place.path.split(".")) if pk in places]
    if line:
        yield from {line[-1].name, line[-1].short_name} - {""}
    if len(line) > 1:
        yield line[0].name + line[-1].name


def _key(text: str) -> str:
    return search_text(text).removeprefix(_PARTY)
