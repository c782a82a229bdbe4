"""What the newest lists of Party organizations say: each organization once, with the units it names."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date

from jingwei.branches.resolving import EntityPlace, NamedUnit, entity_places, named_units, settled
from jingwei.branches.superiors import Superior, Superiors
from jingwei.core.permissions import Actor
from jingwei.domain import rulebook
from jingwei.domain.coverage.organization_kind import OrganizationForm, OrganizationLevel, form_of, level_of
from jingwei.domain.intake import parse_date
from jingwei.domain.lists import ListKind
from jingwei.domain.rulebook import Rules
from jingwei.domain.search_keys import search_text
from jingwei.linkage.models import LinkRun, ProposedLink
from jingwei.rosters.selectors import UnitRow, current_units

# Place and body a list was imported for: lists of different homes do not replace one another.
Home = tuple[int | None, int | None]


@dataclass(slots=True)
class Described:
    """One organization as the newest list of its home describes it. ``place_id`` is where it lies."""

    home: Home
    unit_ids: tuple[int, ...]
    name: str
    form: OrganizationForm
    form_text: str
    level: OrganizationLevel
    superior: Superior | None
    superior_text: str
    founded_on: date | None
    as_of: date
    units: dict[str, NamedUnit] = field(default_factory=dict)
    place_id: int | None = None

    @property
    def superior_id(self) -> int | None:
        return self.superior.body_id if self.superior else None


@dataclass(frozen=True, slots=True)
class Lists:
    """All newest lists together: their organizations, rows that repeated one, the day of each home's list."""

    organizations: list[Described]
    merged: int
    days: dict[Home, date]


def read_lists(run: LinkRun, by: Actor) -> Lists:
    """Read the lists that the run has matched. A row that came in after the run waits for the next one."""
    rules, superiors = rulebook.at(run.as_of), Superiors(run.as_of)
    matched = ProposedLink.objects.filter(run=run, part=0, unit__list_kind=ListKind.PARTY_ORG)
    known = set(matched.values_list("unit_id", flat=True))
    rows, days = [], dict[Home, date]()
    for row in current_units(actor=by, list_kinds=[ListKind.PARTY_ORG]):
        home = (row.place_id, row.body_id)
        days[home] = max(row.as_of, days.get(home, row.as_of))
        rows.append(row)
    newest = [row for row in rows if row.unit_id in known and row.as_of == days[row.place_id, row.body_id]]
    found = [_described(same, superiors, rules) for same in _same_organizations(newest, superiors)]
    _name_units(found, named_units(run), rules)
    return Lists(found, len(newest) - len(found), days)


def _same_organizations(rows: Iterable[UnitRow], superiors: Superiors) -> Iterable[list[UnitRow]]:
    """Rows of one home that mean one organization: one name and one superior, or none that is written."""
    named: dict[tuple[Home, str], dict[str, list[UnitRow]]] = defaultdict(lambda: defaultdict(list))
    for row in rows:
        text = row.values.get("superior", "")
        superior = superiors.find(text)
        key = str(superior.body_id) if superior else search_text(text)
        named[(row.place_id, row.body_id), search_text(row.name)][key].append(row)
    for by_superior in named.values():
        if len(by_superior) == 2 and "" in by_superior:
            yield sorted((row for same in by_superior.values() for row in same), key=lambda row: row.unit_id)
        else:
            yield from by_superior.values()


def _described(rows: list[UnitRow], superiors: Superiors, rules: Rules) -> Described:
    first = rows[0]
    form_text, superior_text = _said(rows, "form"), _said(rows, "superior")
    founded = [day for row in rows if (day := _founded_on(row)) is not None]
    return Described(
        home=(first.place_id, first.body_id),
        unit_ids=tuple(row.unit_id for row in rows),
        name=first.name,
        form=form_of(form_text, first.name, rules),
        form_text=form_text[:40],
        level=level_of(first.name, rules),
        superior=superiors.find(superior_text),
        superior_text=superior_text[:200],
        founded_on=min(founded, default=None),
        as_of=first.as_of,
    )


def _said(rows: list[UnitRow], column: str) -> str:
    """The first text that any of the rows has in a column."""
    return next((text for row in rows if (text := row.values.get(column, "").strip())), "")


def _founded_on(row: UnitRow) -> date | None:
    """The day of founding; a day after the list's own is a slip of the pen and stays unknown."""
    day = parse_date(row.values.get("founded_on", ""))
    return day if day is not None and day <= row.as_of else None


def _name_units(found: list[Described], named: dict[int, list[NamedUnit]], rules: Rules) -> None:
    """Give each organization the units that its rows name, each name once, and the place that follows."""
    wanted = {unit.entity_id for units in named.values() for unit in units if unit.entity_id is not None}
    entities = entity_places(wanted)
    for organization in found:
        area = organization.superior.place_id if organization.superior else None
        for unit_id in organization.unit_ids:
            for unit in named.get(unit_id, ()):
                taken = settled(unit, organization.name, area, entities, rules)
                held = organization.units.get(unit.spelt)
                if held is None or (taken.is_effective and not held.is_effective):
                    organization.units[unit.spelt] = taken
        organization.place_id = area or _place_of_first(organization, entities)


def _place_of_first(organization: Described, entities: dict[int, EntityPlace]) -> int | None:
    """Where the first unit lies of which that is known."""
    for unit in organization.units.values():
        entity = entities.get(unit.entity_id) if unit.entity_id is not None and unit.is_effective else None
        if entity is not None and entity.place_id is not None:
            return entity.place_id
    return None
