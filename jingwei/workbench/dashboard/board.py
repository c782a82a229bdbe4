"""What the dashboard counts: figures of the focus and its parts, the month before, targets, thirteen months."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from uuid import UUID

from django.db.models import Subquery

from jingwei.base_roster.selectors import visible_places
from jingwei.core.permissions import Actor
from jingwei.domain.indicators import Cut
from jingwei.indicators import selectors
from jingwei.indicators.models import Figure, Snapshot
from jingwei.indicators.selectors import Reading
from jingwei.places.models import GazetteerStamp, Place
from jingwei.places.selectors import EMPTY_STAMP
from jingwei.workbench.dashboard.focus import Focus, areas, focus_of
from jingwei.workbench.dashboard.waiting import Waiting, waiting

MONTHS = 13
LIVE = "live"
FORMS = (
    "FORM-committee", "FORM-general_branch", "FORM-branch", "FORM-joint", "FORM-attached", "FORM-flow",
    "FORM-temporary", "FORM-functional", "FORM-instructor", "FORM-liaison", "FORM-mass", "FORM-none",
)  # fmt: skip
FUNNEL = ("FUN-REG", "FUN-TWO", "FUN-THREE", "FUN-VERIFIED", "FUN-WORK", "FUN-ORG")
CHIEF = ("BASE-N", "COV-ORG", "COV-WORK", "COV-OWN3", "COV-SHOULD")
_BESIDE = ("BASE-ENT", "BASE-SOC", "BASE-PENDING", "COV-FEW", "COV-BLANK", "COV-CANVASS")
_OF_PARTS = ("BASE-N", "COV-ORG", "COV-WORK", "COV-SHOULD")
_OWN = (*CHIEF, *_BESIDE, *FUNNEL, *FORMS)
TRENDS = ("COV-WORK", "COV-ORG")


@dataclass(frozen=True)
class Board:
    """Everything the dashboard shows. ``snapshot`` is None for the figures of the moment.

    ``readings`` are those of the focus by indicator, ``parts`` those of its parts by member and indicator,
    ``past`` the published values of the focus by indicator and month; ``previous`` is the month to compare
    with. ``places`` are all the actor may choose from.
    """

    actor: Actor
    on: date
    focus: Focus
    snapshot: Snapshot | None
    previous: Snapshot | None
    months: Sequence[Snapshot]
    places: Sequence[Place]
    waiting: Waiting
    readings: Mapping[str, Reading]
    parts: Mapping[str, Mapping[str, Reading]]
    past: Mapping[str, Mapping[date, Decimal]] = field(default_factory=dict)
    targets: Mapping[str, Decimal] = field(default_factory=dict)

    @property
    def is_live(self) -> bool:
        return self.snapshot is None

    @property
    def asked_month(self) -> str:
        """How addresses name what is shown."""
        return f"{self.snapshot.month:%Y-%m}" if self.snapshot else LIVE

    @property
    def day(self) -> date:
        """The day the figures hold for."""
        return self.snapshot.as_of if self.snapshot else self.on

    @property
    def unconfirmed(self) -> list[Place]:
        """Towns and responsible parks of the actor's scope that have not confirmed the newest month."""
        return [place for place in areas(self.places) if place.pk not in self.waiting.confirmed] if self.months else []

    @property
    def stamp(self) -> UUID:
        """Changes with every change of a place; read along with the places."""
        return getattr(self.places[0], "stamp", EMPTY_STAMP) if self.places else EMPTY_STAMP

    @property
    def is_empty(self) -> bool:
        """Whether nothing at all is registered where the actor may look."""
        return not self.amount("FUN-REG") and not self.amount("BASE-N")

    def amount(self, indicator: str) -> int:
        """The count of an indicator in the focus; 0 where there is none."""
        reading = self.readings.get(indicator)
        return int(reading.numerator) if reading and reading.numerator is not None else 0

    def before(self, indicator: str) -> Decimal | None:
        """The value of the focus in the month to compare with."""
        return self.past.get(indicator, {}).get(self.previous.month) if self.previous else None

    def beside(self, indicator: str, label: str) -> int:
        reading = self.readings.get(indicator)
        return reading.beside.get(label, 0) if reading else 0


def board(*, actor: Actor, on: date, month: date | None = None, county: int | None = None, live: bool = False) -> Board:
    """The board of a published month: the one asked for, else the newest; or of the moment.

    The moment is shown when asked for, before anything is published, and to a scope that snapshots do not hold.
    """
    stamp = Subquery(GazetteerStamp.objects.values("stamp")[:1])
    places = list(visible_places(actor).annotate(stamp=stamp))
    focus = focus_of(actor, places, county)
    months = published_months() if focus.published else []
    snapshot = None if live else next((held for held in months if held.month == month), next(iter(months), None))
    readings, parts = _published(snapshot, on, focus) if snapshot else _live(actor, on, focus)
    return Board(
        actor=actor,
        on=on,
        focus=focus,
        snapshot=snapshot,
        previous=before(months, snapshot, on),
        months=months,
        places=places,
        waiting=waiting(actor, focus, on, months[0].month if months else None),
        readings=readings,
        parts=parts,
        past=_past(focus, months[:MONTHS]) if months else {},
        targets=_targets(focus, places, snapshot.as_of if snapshot else on),
    )


def published_months() -> list[Snapshot]:
    """The last revision of each month, newest first, two years at most. One query."""
    return list(Snapshot.objects.order_by("-month", "-revision").distinct("month")[:24])


def before(months: Sequence[Snapshot], shown: Snapshot | None, on: date) -> Snapshot | None:
    """The month to compare with: the one before the month shown, or before the running one."""
    running = shown.month if shown else on.replace(day=1)
    return next((held for held in months if held.month < running), None)


def _published(snapshot: Snapshot, on: date, focus: Focus) -> tuple[dict[str, Reading], dict[str, dict[str, Reading]]]:
    held = {focus.cut: selectors.figures(snapshot=snapshot, cut=focus.cut, ids=_OWN)}
    if focus.parts:
        held[focus.parts] = selectors.figures(snapshot=snapshot, cut=focus.parts, ids=_OF_PARTS)
    return _own(held[focus.cut], focus), _of_parts(held, focus, on)


def _live(actor: Actor, on: date, focus: Focus) -> tuple[dict[str, Reading], dict[str, dict[str, Reading]]]:
    cuts = [focus.cut, focus.parts] if focus.parts else [focus.cut]
    held = selectors.live_by_cut(actor=actor, on=on, cuts=cuts, ids=_OWN)
    return _own(held[focus.cut], focus), _of_parts(held, focus, on)


def _own(readings: Iterable[Reading], focus: Focus) -> dict[str, Reading]:
    return {reading.indicator: reading for reading in readings if reading.member == focus.member}


def _of_parts(held: Mapping[Cut, Sequence[Reading]], focus: Focus, on: date) -> dict[str, dict[str, Reading]]:
    """Figures by member of the dividing cut; of a county its own areas, and as one more what lies in none of them."""
    if focus.parts is None:
        return {}
    within = {str(place.pk) for place in focus.places}
    found = [reading for reading in held[focus.parts] if reading.member in within]
    if focus.place is None:
        found += [reading for reading in held[focus.parts] if not reading.member]
    else:
        found += selectors.left_of_county(county=focus.place.pk, readings=held, on=on)
    parts: dict[str, dict[str, Reading]] = {}
    for reading in found:
        parts.setdefault(reading.member, {})[reading.indicator] = reading
    return parts


def _past(focus: Focus, months: Sequence[Snapshot]) -> dict[str, dict[date, Decimal]]:
    """Published values of the chief figures of the focus, by indicator and month. One query."""
    held = Figure.objects.filter(
        snapshot__in=[month.pk for month in months], indicator__in=CHIEF, cut=focus.cut, member=focus.member
    )
    month_of = {month.pk: month.month for month in months}
    past: dict[str, dict[date, Decimal]] = {indicator: {} for indicator in CHIEF}
    for figure in held:
        value = selectors.published_value(figure).value
        if value is not None:
            past[figure.indicator][month_of[figure.snapshot_id]] = value
    return past


def _targets(focus: Focus, places: Sequence[Place], day: date) -> dict[str, Decimal]:
    """Targets of the focus: what the city aims at, over it what the county and the town themselves aim at."""
    held = selectors.targets(on=day)
    known = {place.pk for place in places}
    chain = str(focus.place.path).split(".") if focus.place else [pk for _, pk in held if pk not in known]
    found: dict[str, Decimal] = {}
    for place_id in chain:
        found |= {indicator: value for (indicator, pk), value in held.items() if pk == int(place_id)}
    return found
