"""What the templates of merging are given."""

from collections.abc import Iterable, Sequence
from typing import Any

from django.urls import reverse

from jingwei.base_roster.filters import RosterFilters, read_text
from jingwei.base_roster.finding import entities_of_text
from jingwei.base_roster.merging_preview import MergePreview, sharing
from jingwei.base_roster.models import Entity, EntitySource, Merge
from jingwei.base_roster.selectors import RosterRow, rows_of
from jingwei.core.permissions import Actor, Permission
from jingwei.domain.lists import LISTS, ListKind
from jingwei.workbench import labels

MOST_FOUND = 20
UNKNOWN = "未知"


def menu(entity: Entity, actor: Actor) -> list[dict[str, Any]]:
    """The action of an entity's page, for who may merge."""
    if not actor.may(Permission.LINK_APPROVE):
        return []
    items = [
        {"label": "与另一主体合并…", "icon": "arrows-join-2", "url": reverse("workbench:merge", args=[entity.pk])},
        {"label": "合并和移动记录", "icon": "history", "url": reverse("workbench:merges", args=[entity.pk])},
    ]
    return [{"label": "合并", "icon": "arrows-join-2", "menu": items}]


def choose_context(entity: Entity, search: str) -> dict[str, Any]:
    """Context of ``merge_choose.html``: entities that the text means, at first those that share a code or a name."""
    return {
        "page_title": "合并主体",
        "lead": f"“{entity.name}”（{entity.number}）与哪一家是同一主体？",
        "crumbs": crumbs(entity, "合并"),
        "search": search,
        "rows": [
            _found(row, reverse("workbench:merge_preview", args=[entity.pk, row.id])) for row in found(entity, search)
        ],
        "cancel_url": reverse("workbench:entity", args=[entity.pk]),
    }


def found(entity: Entity, search: str) -> list[RosterRow]:
    """Entities in scope that a text may mean, or that share a code or a name with the entity; itself left out."""
    text = read_text(search)
    if search and text.is_empty:
        return []
    ids = entities_of_text(text, RosterFilters(), limit=MOST_FOUND + 1) if search else sharing(entity, most=MOST_FOUND)
    return rows_of([pk for pk in ids if pk != entity.pk][:MOST_FOUND])


def preview_context(preview: MergePreview, form: Any) -> dict[str, Any]:
    """Context of ``merge_preview.html``."""
    kept, gone = preview.kept, preview.gone
    return {
        "page_title": "合并主体",
        "lead": "核对两家的情况和各类记录的去向；合并后可以撤销",
        "crumbs": crumbs(kept, "合并"),
        "kept": kept,
        "gone": gone,
        "lines": [
            {"label": label, "kept": ours, "gone": theirs, "differs": ours != theirs}
            for (label, ours), (_, theirs) in zip(_told(kept), _told(gone), strict=True)
        ],
        "relations": [each for each in preview.relations if each.kept != 0 or each.gone != 0],
        "absent": "、".join(each.zh for each in preview.relations if (each.kept, each.gone) == (0, 0)),
        "conflicts": preview.conflicts,
        "warnings": preview.warnings,
        "refusals": preview.refusals,
        "form": form,
        "swap_url": reverse("workbench:merge_preview", args=[gone.pk, kept.pk]),
        "cancel_url": reverse("workbench:entity", args=[kept.pk]),
    }


def list_context(entity: Entity, merges: Iterable[Merge], actor: Actor) -> dict[str, Any]:
    """Context of ``merges.html``."""
    may = actor.may(Permission.LINK_APPROVE)
    return {
        "page_title": "合并和移动记录",
        "lead": f"{entity.name}（{entity.number}）",
        "crumbs": crumbs(entity, "合并和移动记录"),
        "merges": [_line(merge, entity, may) for merge in merges],
        "merge_url": reverse("workbench:merge", args=[entity.pk]) if may else "",
    }


def move_context(link: EntitySource, form: Any, search: str) -> dict[str, Any]:
    """Context of ``move_unit.html``."""
    record = link.unit.last_record
    return {
        "page_title": "移动来源单位",
        "lead": link.entity.name,
        "crumbs": crumbs(link.entity, "移动来源单位"),
        "unit": [
            {"label": "名单", "value": LISTS[ListKind(link.unit.list_kind)].zh},
            {"label": "原名称", "value": record.name if record else ""},
            {"label": "代码", "value": record.uscc if record else "", "mono": True},
            {"label": "现归入", "value": link.entity.name, "url": reverse("workbench:entity", args=[link.entity_id])},
        ],
        "search": search,
        "form": form,
        "cancel_url": reverse("workbench:entity", args=[link.entity_id]),
    }


def move_choices(rows: Sequence[RosterRow]) -> list[tuple[str, str]]:
    """Entities to choose from, each with its code and place."""
    return [(str(row.id), "，".join(filter(None, (row.name, row.uscc, _place(row))))) for row in rows]


def crumbs(entity: Entity, here: str) -> list[dict[str, str]]:
    return [{"label": entity.name, "url": reverse("workbench:entity", args=[entity.pk])}, {"label": here, "url": ""}]


def _found(row: RosterRow, url: str) -> dict[str, Any]:
    return {
        "name": row.name,
        "url": url,
        "code": row.uscc,
        "place": _place(row),
        "state": labels.state(row.state, operating=row.operating),
        "members": row.full_members,
    }


def _place(row: RosterRow) -> str:
    return row.overlay or row.town or row.county or ""


def _told(entity: Entity) -> list[tuple[str, str]]:
    """What tells entities apart, in the order in which one looks at it."""
    place = entity.overlay or entity.town or entity.county
    return [
        ("主体编号", entity.number),
        ("名称", entity.name),
        ("统一社会信用代码", entity.uscc or UNKNOWN),
        ("法律形式", labels.legal_form(entity.legal_form)),
        ("登记状态", labels.state(entity.state, operating=entity.operating)["label"]),
        ("所有制", labels.ownership(entity.ownership)["label"]),
        ("成立日期", entity.founded_on.isoformat() if entity.founded_on else UNKNOWN),
        ("镇街、园区", place.name if place else UNKNOWN),
        ("道路", f"{entity.road}{f' {entity.road_number} 号' if entity.road_number else ''}" or UNKNOWN),
        ("职工数", UNKNOWN if entity.staff is None else str(entity.staff)),
        ("正式党员", UNKNOWN if entity.full_members is None else str(entity.full_members)),
        ("覆盖状态", entity.get_coverage_state_display()),
        ("数据日期", entity.as_of.isoformat()),
    ]


def _line(merge: Merge, entity: Entity, may: bool) -> dict[str, Any]:
    is_kept = merge.kept_id == entity.pk
    other, other_id = (merge.gone_name, merge.gone_id) if is_kept else (merge.kept_name, merge.kept_id)
    words = {
        (Merge.Kind.MERGE, True): "并入本主体",
        (Merge.Kind.MERGE, False): "本主体并入",
        (Merge.Kind.MOVE, True): "移来来源单位",
        (Merge.Kind.MOVE, False): "移出来源单位",
    }
    has_page = merge.kind == Merge.Kind.MOVE or not is_kept or merge.undone_at is not None
    return {
        "what": words[Merge.Kind(merge.kind), is_kept],
        "other": other,
        "other_url": reverse("workbench:entity", args=[other_id]) if has_page else "",
        "number": f"E-{other_id:07d}",
        "merge": merge,
        "undo_url": reverse("workbench:unmerge", args=[merge.pk]) if may and merge.undone_at is None else "",
    }
