"""Bring the stored organizations to what the newest lists say. History is closed and begun, not overwritten."""

from collections import Counter, defaultdict
from dataclasses import dataclass, field
from datetime import date, datetime

from django.db import connection
from django.db.backends.postgresql.psycopg_any import DateRange

from jingwei.branches.matching import Standing, has_other_superior, home_of, is_ended
from jingwei.branches.models import CoveredUnit, Organization, OrganizationPeriod
from jingwei.branches.reading import Described, Lists
from jingwei.branches.resolving import NamedUnit

AT_ONCE = 1000
_END = "UPDATE {table} SET valid = daterange(lower(valid), greatest(lower(valid), %s)) WHERE id = ANY(%s)"
_COLUMNS = (
    "name", "form", "form_text", "level", "superior_id", "superior_text", "founded_on", "place_id", "unit_id",
)  # fmt: skip
_HISTORIC = ("form", "level", "superior")


@dataclass
class Changes:
    """What has to be written. ``journal`` holds (verb, organization, changed fields)."""

    on: datetime
    counts: Counter[str] = field(default_factory=Counter)
    founded: list[tuple[Organization, Described]] = field(default_factory=list)
    altered: list[Organization] = field(default_factory=list)
    seen: dict[date, list[int]] = field(default_factory=lambda: defaultdict(list))
    new_periods: list[OrganizationPeriod] = field(default_factory=list)
    mended_periods: list[OrganizationPeriod] = field(default_factory=list)
    new_covered: list[CoveredUnit] = field(default_factory=list)
    mended_covered: list[CoveredUnit] = field(default_factory=list)
    void_covered: list[int] = field(default_factory=list)
    ending: dict[tuple[str, date], list[int]] = field(default_factory=lambda: defaultdict(list))
    journal: list[tuple[str, Organization, tuple[str, ...]]] = field(default_factory=list)

    def end_covered(self, row: CoveredUnit, day: date) -> None:
        """A covering ends on the day; one that began on that same day never was."""
        self.counts["ended"] += 1
        if row.valid.lower is None or row.valid.lower < day:
            self.ending[CoveredUnit._meta.db_table, day].append(row.pk)
        else:
            self.void_covered.append(row.pk)

    def end_period(self, period: OrganizationPeriod, day: date) -> None:
        self.ending[OrganizationPeriod._meta.db_table, day].append(period.pk)


class Book:
    """What is stored now: organizations, their open periods and coverings, and what people decided on names."""

    def __init__(self) -> None:
        self.organizations = list(Organization.objects.filter(unit__isnull=False).select_related("unit"))
        open_periods = OrganizationPeriod.objects.filter(valid__upper_inf=True)
        self.periods = {period.organization_id: period for period in open_periods}
        self.covered: dict[int, dict[str, CoveredUnit]] = defaultdict(dict)
        for row in CoveredUnit.objects.filter(valid__upper_inf=True):
            self.covered[row.organization_id][row.spelt] = row
        decided = CoveredUnit.objects.exclude(decided_by="").order_by("pk")
        self.decisions = {(row.organization_id, row.spelt): row for row in decided}


def compare(lists: Lists, *, on: datetime) -> Changes:
    """What the lists change in the book. Nothing is written; organizations of other lists are left alone."""
    book, changes = Book(), Changes(on)
    standing = Standing(each for each in book.organizations if home_of(each) in lists.days)
    pairs = [(described, standing.claim_by_unit(described)) for described in lists.organizations]
    for described, by_unit in pairs:
        organization = by_unit or standing.claim_by_name(described)
        if organization is None:
            organization = _found(described, changes)
        else:
            _continue(organization, described, book, changes)
        _compare_units(organization, described, book, changes)
    for organization in standing.left():
        _dissolve(organization, lists.days[home_of(organization)], book, changes)
    return changes


def write(changes: Changes) -> None:
    """Write what ``compare`` found, in bulk: first what ends, then what begins."""
    CoveredUnit.objects.filter(pk__in=changes.void_covered).delete()
    with connection.cursor() as cursor:
        for (table, day), ids in changes.ending.items():
            cursor.execute(_END.format(table=table), [day, ids])
    Organization.objects.bulk_create([each for each, _ in changes.founded], batch_size=AT_ONCE)
    fields = [*(name.removesuffix("_id") for name in _COLUMNS), "valid", "as_of", "recorded_at"]
    Organization.objects.bulk_update(changes.altered, fields, batch_size=AT_ONCE)
    for day, ids in changes.seen.items():
        Organization.objects.filter(pk__in=ids).update(as_of=day)
    OrganizationPeriod.objects.bulk_update(
        changes.mended_periods, [*_HISTORIC, "superior_text", "recorded_at"], batch_size=AT_ONCE
    )
    OrganizationPeriod.objects.bulk_create(changes.new_periods, batch_size=AT_ONCE)
    CoveredUnit.objects.bulk_update(
        changes.mended_covered, ["entity", "rule", "score", "waits", "recorded_at"], batch_size=AT_ONCE
    )
    CoveredUnit.objects.bulk_create(changes.new_covered, batch_size=AT_ONCE)


def _found(described: Described, changes: Changes) -> Organization:
    organization = Organization(
        body_id=described.home[1],
        as_of=described.as_of,
        recorded_at=changes.on,
        valid=DateRange(described.founded_on or described.as_of, None),
        **_values(described, None),
    )
    changes.counts["founded"] += 1
    changes.founded.append((organization, described))
    changes.new_periods.append(_period(organization, organization.valid.lower, changes.on))
    return organization


def _continue(organization: Organization, described: Described, book: Book, changes: Changes) -> None:
    """Go on with an organization that the list names again, changed, returned or as it was."""
    historic = _changed_history(organization, described)
    values = _values(described, organization)
    altered = [name for name, value in values.items() if getattr(organization, name) != value]
    for name in altered:
        setattr(organization, name, values[name])
    period = book.periods.get(organization.pk)
    if is_ended(organization):
        organization.valid = DateRange(organization.valid.lower or described.as_of, None)
        changes.counts["reopened"] += 1
        changes.journal.append(("organization.reopen", organization, ()))
        altered.append("valid")
    elif historic:
        changes.counts["changed"] += 1
        changes.journal.append(("organization.change", organization, historic))
    elif altered:
        changes.counts["mended"] += 1
    if altered:
        organization.as_of, organization.recorded_at = described.as_of, changes.on
        changes.altered.append(organization)
        _follow_history(organization, period, described.as_of, changes, is_change=bool(historic))
    elif organization.as_of != described.as_of:
        changes.seen[described.as_of].append(organization.pk)


def _changed_history(organization: Organization, described: Described) -> tuple[str, ...]:
    changed = [name for name in ("form", "level") if getattr(organization, name) != getattr(described, name)]
    if has_other_superior(organization, described):
        changed.append("superior")
    return tuple(changed)


def _follow_history(
    organization: Organization, period: OrganizationPeriod | None, day: date, changes: Changes, *, is_change: bool
) -> None:
    """Begin a period for a change; what only became known better is mended where it stands."""
    if period is None:
        changes.new_periods.append(_period(organization, day, changes.on))
    elif is_change and period.valid.lower is not None and period.valid.lower < day:
        changes.end_period(period, day)
        changes.new_periods.append(_period(organization, day, changes.on))
    else:
        for name in ("form", "level", "superior_id", "superior_text"):
            setattr(period, name, getattr(organization, name))
        period.recorded_at = changes.on
        changes.mended_periods.append(period)


def _dissolve(organization: Organization, day: date, book: Book, changes: Changes) -> None:
    """End an organization that the newest list of its home leaves out."""
    if is_ended(organization):
        return
    changes.counts["dissolved"] += 1
    changes.ending[Organization._meta.db_table, day].append(organization.pk)
    changes.journal.append(("organization.dissolve", organization, ()))
    if (period := book.periods.get(organization.pk)) is not None:
        changes.end_period(period, day)
    for row in book.covered[organization.pk].values():
        changes.end_covered(row, day)


def _compare_units(organization: Organization, described: Described, book: Book, changes: Changes) -> None:
    standing = dict(book.covered.get(organization.pk, {})) if organization.pk else {}
    for spelt, named in described.units.items():
        row = standing.pop(spelt, None)
        if row is None:
            changes.new_covered.append(_covering(organization, named, described.as_of, book, changes))
        elif not row.decided_by:
            _resolve(row, named, described.as_of, changes)
    for row in standing.values():
        changes.end_covered(row, described.as_of)


def _covering(organization: Organization, named: NamedUnit, day: date, book: Book, changes: Changes) -> CoveredUnit:
    """A covering that begins; what a person once said of the same name holds again."""
    changes.counts["begun"] += 1
    row = CoveredUnit(
        organization=organization, spelt=named.spelt, valid=DateRange(day, None), recorded_at=changes.on,
        entity_id=named.entity_id, rule=named.rule, score=named.score, waits=named.waits,
    )  # fmt: skip
    decided = book.decisions.get((organization.pk, named.spelt)) if organization.pk else None
    if decided is not None:
        row.entity_id, row.rule, row.score = decided.entity_id, decided.rule, decided.score
        row.waits, row.decided_by = False, decided.decided_by
    return row


def _resolve(row: CoveredUnit, named: NamedUnit, day: date, changes: Changes) -> None:
    """Take over what is found for a name now. An entity that once took effect gives way only to a certain one."""
    if (row.entity_id, row.waits) == (named.entity_id, named.waits):
        return
    took_effect = row.entity_id is not None and not row.waits
    if took_effect and not named.is_effective:
        return
    changes.counts["resolved"] += 1
    if took_effect and row.valid.lower is not None and row.valid.lower < day:
        changes.ending[CoveredUnit._meta.db_table, day].append(row.pk)
        row = CoveredUnit(organization_id=row.organization_id, spelt=row.spelt, valid=DateRange(day, None))
        changes.new_covered.append(row)
    else:
        changes.mended_covered.append(row)
    row.entity_id, row.rule, row.score, row.waits = named.entity_id, named.rule, named.score, named.waits
    row.recorded_at = changes.on


def _values(described: Described, organization: Organization | None) -> dict[str, object]:
    """Columns of an organization as the list describes it. A unit that still stands in the list is kept,
    and so is a day of founding that the newer list leaves out.
    """
    unit_id = organization.unit_id if organization else None
    founded_on = described.founded_on or (organization.founded_on if organization else None)
    values = (
        described.name, described.form.value, described.form_text, described.level.value, described.superior_id,
        described.superior_text, founded_on, described.place_id,
        unit_id if unit_id in described.unit_ids else described.unit_ids[0],
    )  # fmt: skip
    return dict(zip(_COLUMNS, values, strict=True))


def _period(organization: Organization, since: date, on: datetime) -> OrganizationPeriod:
    return OrganizationPeriod(
        organization=organization, form=organization.form, level=organization.level,
        superior_id=organization.superior_id, superior_text=organization.superior_text,
        valid=DateRange(since, None), recorded_at=on,
    )  # fmt: skip
