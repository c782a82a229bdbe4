"""Entities stored as the projection would store them, for tests of lists, searches and pages."""

from datetime import date
from typing import Any

from jingwei.base_roster.models import Entity
from jingwei.domain.search_keys import bigrams, initials, pinyin_key, search_text
from tests.city import NOW, TODAY, SmallCity


def make_entity(city: SmallCity, name: str, **columns: Any) -> Entity:
    """One firm in the community of the small city, unless columns say otherwise."""
    text = search_text(name)
    placed = {"place": city.community, "county": city.county, "town": city.town}
    usual: dict[str, Any] = {
        "roster": "enterprise", "legal_form": "company", "ownership": "unknown", "state": "existing",
        "operating": True, "screening": "unknown", "sources": 1, "as_of": TODAY, "rulebook_version": "test",
        "computed_at": NOW, "industry_code": "F51",
    }  # fmt: skip
    keys = {"search_name": text, "bigrams": bigrams(text), "pinyin": pinyin_key(name), "initials": initials(name)}
    return Entity.objects.create(name=name, **(usual | placed | keys | columns))


def unplaced(city: SmallCity, name: str, **columns: Any) -> Entity:
    """A firm known by its county alone."""
    return make_entity(city, name, **({"place": city.county, "town": None} | columns))


def elsewhere(city: SmallCity, name: str, **columns: Any) -> Entity:
    """A firm in the far town of the other county."""
    placed = {"place": city.far_town, "county": city.other_county, "town": city.far_town}
    return make_entity(city, name, **(placed | columns))


def some_city(city: SmallCity) -> list[Entity]:
    """A handful of entities of every kind of placement, ownership and roster."""
    return [
        make_entity(city, "安澜市衡川电子科技有限公司", uscc="91990102K8PBRNYT4C", ownership="non_public", screening="in",
                    counts_in_base=True, sources=7, staff=486, industry_code="C39"),
        make_entity(city, "安澜启明星算软件有限公司", uscc="91990102PLXG0TEQ43", place=city.town, staff=14,
                    industry_code="I65", as_of=date(2026, 9, 30)),
        make_entity(city, "安澜市禾源供应链管理有限公司", overlay=city.park, industry_body=city.industry, sources=3,
                    industry_code="G59", ownership="public"),
        unplaced(city, "青岚骑联配送服务有限公司", road="站前路", road_number=51, industry_body=city.industry,
                 industry_code="G60"),
        elsewhere(city, "安澜小满文化传播有限公司", screening="in", counts_in_base=True),
        make_entity(city, "安澜市物流协会", roster="social", legal_form="social_association", sources=8),
        make_entity(city, "老街小满早餐店", roster="small", legal_form="sole_trader", uscc="92990102MA0000001X"),
        make_entity(city, "来源不明的电子商行", place=None, county=None, town=None, body=city.office, state="cancelled",
                    operating=False, screening="out"),
    ]  # fmt: skip
