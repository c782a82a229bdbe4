"""The two nets an entity hangs in: the industry it works in, the area it lies in."""

from typing import Any

from jingwei.base_roster.models import Entity
from jingwei.bodies.models import Body
from jingwei.domain.industry import name_of
from jingwei.places.models import Place

# Who answers for Party building in an area, the closest first.
OF_AREA = (
    Body.Kind.AREA_COMMITTEE,
    Body.Kind.WORK_COMMITTEE,
    Body.Kind.PARTY_COMMITTEE,
    Body.Kind.PARK_ADMINISTRATION,
)


def area_of(entity: Entity) -> Place | None:
    """The park that answers for itself, else the town."""
    return entity.overlay if entity.overlay and entity.overlay.takes_responsibility else entity.town


def nets(entity: Entity, body_of_area: str) -> list[dict[str, Any]]:
    """Warp and weft with what each rests on. Which of the two is responsible is the city's to say."""
    return [_industry(entity), _area(entity, body_of_area)]


def _industry(entity: Entity) -> dict[str, Any]:
    code = f"{entity.industry_code} {name_of(entity.industry_code)}".strip()
    body = entity.industry_body
    if body is None:
        lines = [f"{code} 不在任何行业党委的归口目录" if code else "没有行业代码，无从归口"]
        return {"axis": "warp", "kind": "行业", "name": "未归口", "lines": lines, "unknown": True}
    return {"axis": "warp", "kind": "行业", "name": body.name, "lines": [f"依据：{code} 在其归口目录"]}


def _area(entity: Entity, body: str) -> dict[str, Any]:
    area = area_of(entity)
    if area is None:
        lines = ["落点只到区县，待分派" if entity.county_id else "落点未定"]
        return {"axis": "weft", "kind": "区域", "name": "未定", "lines": lines, "unknown": True}
    basis = "在自行负责的园区内" if area.is_overlay else "落点所在镇街"
    lines = [f"依据：{area.name}，{basis}", *([] if body else ["机构表中没有它的党组织"])]
    return {"axis": "weft", "kind": "区域", "name": body or area.name, "lines": lines}
