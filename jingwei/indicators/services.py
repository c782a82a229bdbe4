"""Take snapshots, set targets, confirm months, keep live figures at hand."""

from datetime import date, datetime
from decimal import Decimal

from django.db import connection, transaction
from django.db.models import Max, Q
from django.utils import timezone

from jingwei.core import journal
from jingwei.core.permissions import Actor, Permission, require_scope
from jingwei.core.refusal import Refused
from jingwei.domain import rulebook
from jingwei.domain.indicators import definitions, version
from jingwei.indicators import cells, publishing
from jingwei.indicators.city import city_on
from jingwei.indicators.models import Confirmation, EntityState, Snapshot, Target
from jingwei.places.models import Place
from jingwei.places.services.guards import require_whole_city

SNAPSHOT_LOCK = 7_310_021


@transaction.atomic
def take_snapshot(*, month: date, as_of: date, by: Actor, on: datetime, reason: str = "") -> Snapshot:
    """Publish the state of all rows and figures as a snapshot of the month that never changes.

    A second snapshot of a month is a revision and needs a reason. The rows are those of now, so a month can no
    longer be revised once a later one has been published. Raises ``Refused``.
    """
    require_whole_city(by, Permission.SNAPSHOT_TAKE)
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [SNAPSHOT_LOCK])
        revision, previous = _admitted(month, as_of, reason.strip())
        cursor.execute("SELECT nextval(pg_get_serial_sequence('indicators_snapshot', 'id'))")
        pk = int(cursor.fetchone()[0])
    publishing.write_states(snapshot_id=pk, previous_id=previous, on=as_of)
    city = city_on(as_of)
    values = publishing.figures_of(snapshot_id=pk, city=city)
    # The row is final, so it comes last, with the hash of its figures; what refers to it is checked at the end.
    snapshot = Snapshot.objects.create(
        pk=pk, number=f"S{as_of:%Y%m%d}-{revision:02}", month=month, as_of=as_of, revision=revision,
        reason=reason.strip(), definitions=version(), rulebook_version=rulebook.version(),
        entities=EntityState.objects.filter(last=None).count(), hash=publishing.hash_of(values), taken_at=on,
        taken_by=by.name,
    )  # fmt: skip
    publishing.write_figures(snapshot_id=pk, values=values)
    journal.record(
        verb="snapshot.take", subject_type="snapshot", subject_id=pk, by=by, on=on,
        detail={"number": snapshot.number, "entities": snapshot.entities, "figures": len(values)},
    )  # fmt: skip
    return snapshot


def _admitted(month: date, as_of: date, reason: str) -> tuple[int, int | None]:
    """Revision of the new snapshot and the key of the one before it; raises ``Refused``."""
    if month.day != 1 or as_of.replace(day=1) != month:
        raise Refused("截至日期应在该月之内。")
    later = Snapshot.objects.filter(month__gt=month).order_by("month").first()
    if later is not None:
        raise Refused(f"{later.month:%Y-%m} 已有快照，名册现状不再是 {month:%Y-%m} 的数，不能补做或修订。")
    known = Snapshot.objects.aggregate(revision=Max("revision", filter=Q(month=month)), last=Max("pk"))
    if known["revision"] and not reason:
        raise Refused("该月已有快照，再次生成属于修订，请写明原因。")
    return (known["revision"] or 0) + 1, known["last"]


@transaction.atomic
def set_target(
    *, indicator: str, place: Place, value: Decimal, since: date, source: str, by: Actor, on: datetime
) -> Target:
    """Aim at a value of an indicator, in its unit, in a place from a day on. Raises ``Refused``."""
    require_scope(by, Permission.PARAMETERS_EDIT, place_id=place.pk)
    definition = definitions().get(indicator)
    if definition is None or definition.missing:
        raise Refused("没有这个指标，或产品还没有它的数，不能设目标。")
    if not source.strip():
        raise Refused("请写明目标的依据（文件名称或文号）。")
    if Target.objects.filter(indicator=indicator, place=place, since=since).exists():
        raise Refused("这一天起的目标已经设过；新的目标请用新的起始日期。")
    target = Target.objects.create(
        indicator=indicator, place=place, value=value, since=since, source=source.strip(), set_by=by.name, set_at=on
    )
    journal.record(
        verb="target.set", subject_type="target", subject_id=target.pk, by=by, on=on,
        detail={"indicator": indicator, "value": str(value), "since": since.isoformat()}, place_id=place.pk,
    )  # fmt: skip
    return target


@transaction.atomic
def confirm_month(*, month: date, place: Place, by: Actor, on: datetime, note: str = "") -> Confirmation:
    """A town or responsible park confirms what the system shows of it for the month. Raises ``Refused``."""
    require_scope(by, Permission.MONTH_CONFIRM, place_id=place.pk)
    if place.kind != Place.Kind.TOWN and not place.takes_responsibility:
        raise Refused("由镇街或承担管理责任的园区确认。")
    if month.day != 1 or month > timezone.localdate(on):
        raise Refused("只能确认本月或以前的月份。")
    if Confirmation.objects.filter(month=month, place=place).exists():
        raise Refused(f"{place.name} {month:%Y-%m} 已经确认过。")
    confirmation = Confirmation.objects.create(
        month=month, place=place, confirmed_at=on, confirmed_by=by.name, note=note.strip()
    )
    journal.record(
        verb="month.confirm", subject_type="confirmation", subject_id=confirmation.pk, by=by, on=on,
        detail={"month": f"{month:%Y-%m}"}, place_id=place.pk,
    )  # fmt: skip
    return confirmation


@transaction.atomic
def refresh_live(*, on: datetime) -> int:
    """Make the kept cells of changed parts of the city anew; returns how many parts. Needs the whole city's scope."""
    return cells.refresh(city=city_on(timezone.localdate(on)), on=on)
