"""A firm that stands twice in the roster, and a picture of every row to compare before and after."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.apps import apps
from django.db import connection

from jingwei.base_roster import services
from jingwei.base_roster.merging_relations import columns_of_entities
from jingwei.base_roster.models import Entity, Fact, Merge
from jingwei.base_roster.services import merging
from jingwei.branches.models import CoveredUnit, Organization
from jingwei.core.permissions import Actor
from jingwei.coverage.models import Cause, NoticeLetter
from jingwei.places.models import Place
from jingwei.rosters.models import SourceUnit
from tests.base_roster.lists import build_roster, entity_of, make_unit
from tests.city import ALWAYS, NOW, TODAY, SmallCity

CODE, OTHER_CODE = "91990102MA0000015T", "91990102MA000002XU"
LATER = datetime(2026, 11, 30, 2, 0, tzinfo=NOW.tzinfo)
NEXT = date(2026, 11, 30)
NAME, SHORT = "安澜衡川电子科技有限公司", "衡川电子"


@dataclass(frozen=True)
class Twins:
    """The firm as the register knows it, and a second one that tax and the member counts made of it."""

    market: SourceUnit
    tax: SourceUnit
    members: SourceUnit

    @property
    def kept(self) -> Entity:
        return entity_of(self.market)

    @property
    def gone(self) -> Entity:
        return entity_of(self.tax)


def same_firm(city: SmallCity, clerk: Actor) -> Twins:
    address = "安澜市青岚区书院街道竹园社区9号"
    market = make_unit(city, "market", name=NAME, uscc=CODE, address=address, state="存续", company_type="有限责任公司")
    tax = make_unit(city, "tax", name=SHORT, address="青岚区临江街道1号", staff="12", company_type="私营有限责任公司")
    members = make_unit(city, "party_member_counts", name=SHORT, full_members="4")
    build_roster(city, [[market], [tax, members]], clerk)
    return Twins(market, tax, members)


def make_organization(city: SmallCity, entity: Entity, name: str = "衡川电子党支部") -> CoveredUnit:
    organization = Organization.objects.create(
        name=name, form="independent", level="branch", valid=ALWAYS, place=city.town, as_of=TODAY, recorded_at=NOW
    )
    return CoveredUnit.objects.create(
        organization=organization, entity=entity, spelt=entity.name, rule="code_exact", score=1, valid=ALWAYS,
        recorded_at=NOW,
    )  # fmt: skip


def everything(*, without: tuple[str, ...] = ()) -> dict[str, list[Any]]:
    """Table -> all its rows with all columns but ``without``, of every table that speaks of entities."""
    tables = {apps.get_model(column.model)._meta.db_table for column in columns_of_entities()}
    found = {}
    with connection.cursor() as cursor:
        for table in sorted(tables | {Entity._meta.db_table}):
            cursor.execute(f"SELECT (to_jsonb(t) - %s::text[])::text FROM {table} t ORDER BY 1", [list(without)])
            found[table] = cursor.fetchall()
    return found


def merged(twins: Twins, clerk: Actor, **how: Any) -> Merge:
    return merging.merge(kept=twins.kept, gone=twins.gone, by=clerk, on=NOW, reason="同一家企业", **how)


def undone(merge: Merge, clerk: Actor) -> Merge:
    return merging.unmerge(merge=merge, by=clerk, on=LATER, reason="两家企业")


def place_by_hand(entity: Entity, place: Place, clerk: Actor, reason: str = "走访") -> None:
    services.assign_place(entity=entity, place=place, reason=reason, by=clerk, on=NOW)


def correct(entity: Entity, clerk: Actor, kind: str, value: str, *, on: datetime = NOW) -> Fact:
    return services.correct_fact(entity=entity, kind=kind, value=value, reason="核实", by=clerk, on=on)


def state_cause(entity: Entity, kind: str, by: str) -> Cause:
    return Cause.objects.create(entity=entity, kind=kind, stated_on=TODAY, stated_by=by, recorded_at=NOW)


def issue_letter(entity: Entity, number: str) -> NoticeLetter:
    return NoticeLetter.objects.create(
        entity=entity, number=number, rule="branch.min_full_members", facts={"name": entity.name}, issued_on=TODAY,
        issued_by="张", reply_due_on=NEXT,
    )  # fmt: skip
