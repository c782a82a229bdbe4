"""Reads of merges: what one would do, those of an entity, and where an entity went."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.db import connection
from django.db.models import Q, QuerySet

from jingwei.base_roster.merging_pictures import picture, state_of
from jingwei.base_roster.merging_plan import Conflict, Plan, plan_of
from jingwei.base_roster.merging_relations import Fate, relations
from jingwei.base_roster.models import Entity, Merge
from jingwei.core.permissions import Actor, NotPermitted, Permission, require

_SHARING = """
SELECT other.entity_id FROM base_roster_identifier own
  JOIN base_roster_identifier other ON other.value = own.value AND other.entity_id <> own.entity_id
 WHERE own.entity_id = %(entity)s GROUP BY other.entity_id ORDER BY count(DISTINCT own.value) DESC, 1 LIMIT %(most)s
"""


@dataclass(frozen=True, slots=True)
class RelationPreview:
    """Rows of one kind: how many either entity has, how many give way, what will happen; counts of published ones are None."""

    zh: str
    effect: str
    kept: int | None
    gone: int | None
    dropped: int


@dataclass(frozen=True, slots=True)
class MergePreview:
    """What a merge would do. With ``refusals`` there is none; ``warnings`` are worth a second look.

    ``state`` is a hash over all rows of both: another one later says that something has changed since.
    """

    kept: Entity
    gone: Entity
    relations: tuple[RelationPreview, ...]
    conflicts: tuple[Conflict, ...]
    warnings: tuple[str, ...]
    refusals: tuple[str, ...]
    state: str


def preview_of(kept: Entity, gone: Entity) -> MergePreview:
    """The preview, with the whole roster in scope. One query."""
    rows = picture([kept.pk, gone.pk])
    plan = plan_of(rows, kept.pk, gone.pk)
    return MergePreview(
        kept=kept,
        gone=gone,
        relations=tuple(_lines(plan)),
        conflicts=tuple(plan.conflicts),
        warnings=tuple(_warnings(kept, gone)),
        refusals=(*refusals_of(kept, gone), *plan.refusals),
        state=state_of(rows),
    )


def refusals_of(kept: Entity, gone: Entity) -> list[str]:
    """Why two entities cannot be one whatever hangs on them."""
    if kept.pk == gone.pk:
        return ["不能与自己合并。"]
    if gone.parent_id == kept.pk or kept.parent_id == gone.pk:
        return ["一方是另一方的分支机构：分支机构挂在所属法人之下，不与其合并。"]
    return []


def _lines(plan: Plan) -> Iterator[RelationPreview]:
    for tally in plan.tallies:
        relation = tally.relation
        yield RelationPreview(relation.zh, relation.effect, tally.kept, tally.gone, tally.dropped)
    for relation in relations():
        if relation.fate is Fate.FROZEN:
            yield RelationPreview(relation.zh, relation.effect, None, None, 0)


def _warnings(kept: Entity, gone: Entity) -> Iterator[str]:
    if kept.uscc and gone.uscc and kept.uscc != gone.uscc:
        yield f"两者的统一社会信用代码不同（{kept.uscc}、{gone.uscc}）。注销后重新登记的应为承继关系，不是同一主体。"
    if kept.legal_form != gone.legal_form and "unknown" not in {kept.legal_form, gone.legal_form}:
        yield "两者的法律形式不同，请核对是否同一主体。"


def require_both(by: Actor, kept: Entity, gone: Entity) -> None:
    """Raise ``NotPermitted`` unless the person may approve links and both entities lie in his scope."""
    require(by, Permission.LINK_APPROVE)
    for entity in (kept, gone):
        own = by.covers(place_id=entity.place_id, body_id=entity.body_id)
        other = by.covers(place_id=entity.overlay_id, body_id=entity.industry_body_id)
        if not own and not other:
            raise NotPermitted("该主体不在你的管辖范围。", permission=Permission.LINK_APPROVE)


def merges_of(*, actor: Actor, entity: Entity) -> QuerySet[Merge]:
    """Merges and moves that the entity had a part in, newest first. Row-level security shows those of its scope."""
    require(actor, Permission.ROSTER_VIEW)
    found = Merge.objects.filter(Q(kept_id=entity.pk) | Q(gone_id=entity.pk))
    return found.select_related("unit").order_by("-pk")


def survivor(entity_id: int) -> int | None:
    """The entity that one was taken up in, through any number of merges; None for one that was not. One query."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT jw_entity_survivor(%s)", [entity_id])
        found: int = cursor.fetchone()[0]
    return None if found == entity_id else found


def standing_merge(*entity_ids: int) -> Merge | None:
    """The merge by which one of two entities has become part of another; None as long as both stand."""
    return Merge.objects.filter(kind=Merge.Kind.MERGE, undone_at=None, gone_id__in=entity_ids).order_by("-pk").first()


def sharing(entity: Entity, *, most: int) -> list[int]:
    """Entities in scope with a code, number or name of this one, the likeliest to be the same. One query."""
    with connection.cursor() as cursor:
        cursor.execute(_SHARING, {"entity": entity.pk, "most": most})
        return [row[0] for row in cursor.fetchall()]
