"""Groups of units with too few members, as the simple grouping proposes them. A sketch, no plan."""

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from django.db.models import Case, F, When

from jingwei.base_roster.models import Entity
from jingwei.coverage.models import Verdict
from jingwei.domain.coverage.grouping import MIXED, FewUnit, JointGroup
from jingwei.domain.industry import SECTIONS, canonical

# The responsible park an entity lies in, else its town.
AREA = Case(When(overlay__takes_responsibility=True, then=F("overlay_id")), default=F("town_id"))


class GroupName(NamedTuple):
    """A stored group, read again."""

    area: int
    section: str
    number: int

    @property
    def zh(self) -> str:
        trade = "跨行业" if self.section == MIXED else SECTIONS.get(self.section, self.section)
        return f"{trade}第 {self.number} 组"


def few_units() -> Iterator[FewUnit]:
    """Every placed unit with too few members for which a joint branch is the first choice."""
    rows = (
        Entity.objects.filter(coverage_state=Entity.CoverageState.FEW, verdict__fit=Verdict.Fit.JOINT)
        .annotate(area=AREA)
        .exclude(area=None)
        .order_by("pk")
        .values_list("pk", "area", "industry_code", "full_members", "road", "road_number")
    )
    for pk, area, code, full, road, number in rows.iterator(chunk_size=5000):
        yield FewUnit(pk, area, canonical(code)[:1], full or 0, (road, number or 0))


def stored_names(groups: dict[int, JointGroup]) -> Iterable[tuple[int, str]]:
    """(entity id, text kept in the verdict); the text names one group of the city and no other."""
    return ((pk, f"{item.area}/{item.section}/{item.number}") for pk, item in groups.items())


def read_name(text: str) -> GroupName | None:
    """A stored group; None for an empty or foreign text."""
    parts = text.split("/")
    if len(parts) != 3 or not (parts[0].isdigit() and parts[2].isdigit()):
        return None
    return GroupName(int(parts[0]), parts[1], int(parts[2]))
