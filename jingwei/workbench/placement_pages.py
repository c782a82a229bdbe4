"""What the template of the placement queue is given."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.core.paginator import Page
from django.urls import reverse
from django.utils.http import urlencode

from jingwei.base_roster.models import Entity, Placement
from jingwei.base_roster.waiting import WaitingRoad
from jingwei.places.models import Place
from jingwei.workbench.forms import Choice, PlaceForm

MODES = {"roads": "按道路", "units": "按单位", "conflicts": "地址与代码不一致"}
NOWHERE = 0


def address(**asked: str | int) -> str:
    """The queue with these conditions."""
    return f"?{urlencode(asked)}"


def queue_context(
    *, mode: str, county: int, waiting: Mapping[int | None, int], names: Mapping[int, str]
) -> dict[str, Any]:
    """Context around the rows: title, tabs, how much waits."""
    total = sum(waiting.values())
    here = waiting.get(county or None, 0)
    return {
        "page_title": "落点待分派",
        "lead_pieces": [
            {"text": f"待分派 {total:,} 家"},
            {"text": f"{names.get(county, '未定区县')} {here:,} 家"},
            {"text": "按道路从多到少，一次回答，整条路的单位随之落点"},
        ],
        "tabs": [
            {"label": label, "url": address(mode=key, county=county), "current": key == mode}
            for key, label in MODES.items()
            if not (key == "roads" and county == NOWHERE)
        ],
        "mode": mode,
        "clear_url": address(mode=mode, county=county),
    }


def county_choices(waiting: Mapping[int | None, int], names: Mapping[int, str]) -> list[Choice]:
    """Counties in administrative order with how many wait in each; those without a county last."""
    choices: list[Choice] = [(str(pk), f"{name}（{waiting.get(pk, 0):,}）") for pk, name in names.items()]
    if waiting.get(None):
        choices.append((str(NOWHERE), f"未定区县（{waiting[None]:,}）"))
    return choices


def place_choices(places: Sequence[Place], county: int) -> list[Choice]:
    """Towns each with its communities, then parks and buildings."""
    below = defaultdict(list)
    for place in places:
        below[place.parent_id].append(place)
    choices: list[Choice] = []
    for town in (place for place in below[county] if place.kind == Place.Kind.TOWN):
        inside = [(str(place.pk), place.name) for place in below[town.pk]]
        choices.append((town.name, [(str(town.pk), f"{town.name}（只到镇街）"), *inside]))
    overlays = [(str(place.pk), place.name) for place in below[county] if place.is_overlay]
    return [*choices, ("园区、楼宇", overlays)] if overlays else choices


def town_choices(places: Sequence[Place], county: int) -> list[Choice]:
    """The short list for a quick answer: towns and overlays right below the county."""
    return [(str(place.pk), place.name) for place in places if place.parent_id == county]


def road_rows(
    page: Page[WaitingRoad],
    *,
    county: int,
    county_name: str,
    choices: Iterable[Choice],
    samples: Mapping[str, Sequence[str]],
) -> list[dict[str, Any]]:
    choices = list(choices)
    rows = []
    for at, road in enumerate(page.object_list):
        url = reverse("workbench:answer_road") + address(county=county, road=road.road)
        rows.append(
            {
                "id": road.road, "road": road.road, "county": county_name, "numbers": numbers(road),
                "count": road.entities, "samples": samples.get(road.road, []), "note": "", "save_url": url, "more_url": url,
                "units_url": address(mode="units", county=county, road=road.road),
                "place_field": PlaceForm(prefix=f"r{at}", choices=choices)["place"],
            }
        )  # fmt: skip
    return rows


def numbers(road: WaitingRoad) -> str:
    """House numbers that occur: 3–128 号."""
    if road.lowest is None:
        return ""
    return f"{road.lowest} 号" if road.lowest == road.highest else f"{road.lowest}–{road.highest} 号"


def unit_rows(
    units: Iterable[Entity], *, choices: Iterable[Choice], addresses: Mapping[int, str]
) -> list[dict[str, Any]]:
    return [_unit(unit, getattr(unit, "placement", None), list(choices), addresses) for unit in units]


def conflict_rows(
    found: Iterable[Placement], *, choices: Iterable[Choice], addresses: Mapping[int, str]
) -> list[dict[str, Any]]:
    return [_unit(item.entity, item, list(choices), addresses) for item in found]


def _unit(
    entity: Entity, placement: Placement | None, choices: list[Choice], addresses: Mapping[int, str]
) -> dict[str, Any]:
    url = reverse("workbench:assign_place", args=[entity.pk])
    return {
        "url": reverse("workbench:entity", args=[entity.pk]), "name": entity.name, "code": entity.uscc,
        "address": addresses.get(entity.pk, ""), "level": level(entity),
        "reason": (placement.evidence if placement else "") or "没有可用的地址",
        "other": placement.disagreement if placement else "", "save_url": url, "more_url": url,
        "place_field": PlaceForm(prefix=f"u{entity.pk}", choices=choices)["place"],
    }  # fmt: skip


def level(entity: Entity) -> str:
    """How deep the entity is placed."""
    if entity.overlay_id:
        return "园区、楼宇"
    if entity.town_id:
        return "镇街" if entity.place_id == entity.town_id else "村（社区）"
    return "区县" if entity.county_id else "未定"
