"""Departments' rows stored directly, for tests of what is built on them."""

from collections.abc import Iterable
from datetime import date

from jingwei.base_roster import services
from jingwei.base_roster.models import Entity
from jingwei.core.models import StoredFile
from jingwei.core.permissions import Actor
from jingwei.linkage.models import LinkRun, ProposedLink
from jingwei.rosters.models import Batch, SourceRecord, SourceUnit
from tests.city import NOW, TODAY, SmallCity


def make_batch(city: SmallCity, kind: str, as_of: date = TODAY, columns: Iterable[str] = ()) -> Batch:
    file = StoredFile.objects.create(sha256="0" * 64, name=f"{kind}.csv", size=1, received_at=NOW, received_by="测试")
    return Batch.objects.create(
        list_kind=kind, file=file, as_of=as_of, state="committed", place=city.city, body=city.office, created_at=NOW,
        created_by="测试", committed_at=NOW, committed_by="测试",
        mapping={str(number): name for number, name in enumerate(columns)},
    )  # fmt: skip


def make_unit(
    city: SmallCity,
    kind: str,
    *,
    name: str = "",
    uscc: str = "",
    as_of: date = TODAY,
    columns: Iterable[str] = (),
    flags: Iterable[str] = (),
    **values: str,
) -> SourceUnit:
    """One row of a list, stored as committed; the same name and code in a later month is the same unit.

    ``columns`` are those the list had, also where the row's cell is empty; ``flags`` the fields found wrong.
    """
    unit, _ = SourceUnit.objects.get_or_create(
        list_kind=kind, place=city.city, body=city.office, source_key=uscc or name
    )
    batch = make_batch(city, kind, as_of, columns)
    record = SourceRecord.objects.create(
        batch=batch, row=1, unit=unit, name=name, uscc=uscc, content_hash=b"",
        values={"name": name, "uscc": uscc} | values, flags=[{"field": field} for field in flags],
    )  # fmt: skip
    unit.last_record, unit.last_as_of, unit.content_record = record, as_of, record
    unit.save()
    return unit


def repeat_unit(city: SmallCity, unit: SourceUnit, as_of: date) -> SourceUnit:
    """The next list says the same again."""
    said = unit.last_record
    assert said
    unit.last_record = SourceRecord.objects.create(
        batch=make_batch(city, unit.list_kind, as_of), row=1, unit=unit, name=said.name, uscc=said.uscc, content_hash=b"",
        values=said.values, same_as_before=True,
    )  # fmt: skip
    unit.last_as_of = as_of
    unit.save()
    return unit


def build_roster(
    city: SmallCity,
    clusters: list[list[SourceUnit]],
    by: Actor,
    *,
    review: tuple[int, ...] = (),
    as_of: date = TODAY,
) -> services.BuildResult:
    """Let clusters of units take effect as an approved run; units in ``review`` wait for a person."""
    run = LinkRun.objects.create(
        version="test", as_of=as_of, state="approved", body=city.office, place=city.city, created_at=NOW,
        created_by="测试", approved_at=NOW, approved_by="测试",
    )  # fmt: skip
    for number, units in enumerate(clusters, start=1):
        for unit in units:
            waits = unit.pk in review
            rule = "name_other_code" if waits else "code_exact"
            ProposedLink.objects.create(run=run, unit=unit, cluster=number, rule=rule, score=1, needs_review=waits)
    return services.build(run=run, by=by, on=NOW)


def entity_of(unit: SourceUnit) -> Entity:
    return Entity.objects.get(source_links__unit=unit)
