"""Names and order of the members of a cut."""

from collections.abc import Mapping
from typing import Protocol

from jingwei.bodies.models import Body
from jingwei.domain.indicators import Cut
from jingwei.domain.indicators.cuts import size_bands, tags
from jingwei.domain.legal_form import LegalForm, Roster
from jingwei.indicators.city import City

UNKNOWN = {
    Cut.TOTAL: "合计",
    Cut.COUNTY: "区县不明",
    Cut.AREA: "未落到镇街、园区",
    Cut.INDUSTRY_BODY: "不属行业党委",
    Cut.TAG: "无产业标签",
    Cut.SIZE: "职工数未知",
    Cut.FORM: "法律形式不明",
    Cut.ROSTER: "名册不明",
}


class Scoped(Protocol):
    """Whoever sees only a part of the city."""

    def covers(self, *, place_id: int | None = None, body_id: int | None = None) -> bool: ...


class Members:
    """The members of one cut: names, order, and which belong to every table even with no row."""

    def __init__(self, cut: Cut, city: City) -> None:
        """One query for industry committees, none for other cuts."""
        self.cut = cut
        self._names = _names(cut, city)
        self._order = {member: at for at, member in enumerate(self._names)}
        self._past = city.names if cut in {Cut.COUNTY, Cut.AREA} else {}

    def name(self, member: str) -> str:
        """Chinese name; of places that are no more their last one."""
        if member in self._names:
            return self._names[member]
        if not member:
            return UNKNOWN[self.cut]
        return self._past.get(int(member), member) if member.isdigit() else member

    def rank(self, member: str) -> tuple[int, str]:
        """Administrative or rulebook order; what is not known comes last."""
        return (self._order.get(member, len(self._order) + (not member)), member)

    def standing(self, actor: Scoped | None = None) -> list[str]:
        """Members shown even where no row falls: the places (in scope), the total."""
        if self.cut is Cut.TOTAL:
            return [""]
        if self.cut not in {Cut.COUNTY, Cut.AREA}:
            return []
        return [member for member in self._names if actor is None or actor.covers(place_id=int(member))]


def _names(cut: Cut, city: City) -> Mapping[str, str]:
    names: Mapping[str, str] = {}
    match cut:
        case Cut.COUNTY:
            names = {str(area.id): area.name for area in city.counties}
        case Cut.AREA:
            names = {str(area.id): area.name for area in city.areas}
        case Cut.INDUSTRY_BODY:
            committees = Body.objects.industry_committees().order_by("pk")
            names = {str(pk): name for pk, name in committees.values_list("pk", "name")}
        case Cut.TAG:
            names = {tag: tag for tag in tags(city.rules)}
        case Cut.SIZE:
            names = size_bands(city.rules)
        case Cut.FORM:
            names = {form.value: form.zh for form in LegalForm}
        case Cut.ROSTER:
            names = {roster.value: roster.zh for roster in Roster}
    return names
