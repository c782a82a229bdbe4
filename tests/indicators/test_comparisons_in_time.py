"""Growth and ratios against an earlier month, series over months, targets."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from jingwei.base_roster.models import Entity
from jingwei.branches.models import Organization
from jingwei.core.permissions import NotPermitted, Role
from jingwei.core.refusal import Refused
from jingwei.domain.indicators import Cut
from jingwei.indicators import selectors, services
from jingwei.indicators.models import Snapshot
from tests.city import ALWAYS, NOW, TODAY, SmallCity
from tests.indicators.rows import WHOLE, as_whole_city, firm, organization, take

pytestmark = pytest.mark.django_db
LAST_YEAR = date(2025, 10, 1)


def reading(snapshot: Snapshot | None, name: str) -> selectors.Reading:
    if snapshot is None:
        return selectors.live(actor=WHOLE, on=TODAY, ids=[name])[0]
    return selectors.figures(snapshot=snapshot, ids=[name])[0]


def test_without_the_earlier_month_there_is_no_value_and_the_reason_is_told(rows: dict[str, Entity]) -> None:
    with as_whole_city():
        found = reading(take(), "IND-07")
        base = reading(None, "IND-09")
    assert (found.value, found.text) == (None, "—")
    assert found.missing == "2025 年 10 月的快照，用作比较的基期"
    assert base.missing.startswith("2020 年 12 月的快照")


def test_growth_is_measured_on_the_same_month_of_last_year(rows: dict[str, Entity], small_city: SmallCity) -> None:
    with as_whole_city():
        before = take(LAST_YEAR, 31)
        held = reading(before, "REG-ENT").numerator
        for number in range(3):
            firm(small_city, f"安澜新设{number}号有限公司")
        now = take()
        found, live = reading(now, "IND-07"), reading(None, "IND-07")
    assert held is not None
    assert (found.numerator, found.denominator) == (held + 3, held)
    assert found.text == live.text == f"{3 / int(held) * 100:.2f}%"
    assert found.fraction == f"{held + 3} ÷ {held}"


def test_doubled_organizations_are_a_ratio_of_two(rows: dict[str, Entity], small_city: SmallCity) -> None:
    with as_whole_city():
        Organization.objects.filter(valid__upper_inf=False).delete()
        Organization.objects.update(valid=ALWAYS)
        take(LAST_YEAR, 31)
        for number in range(3):
            organization(small_city, f"安澜新建{number}号党支部")
        found = reading(take(), "IND-13")
    assert (found.numerator, found.denominator, found.text) == (6, 3, "2.00")


def test_a_ratio_of_rates_shows_both_rates(rows: dict[str, Entity]) -> None:
    with as_whole_city():
        take(LAST_YEAR, 31)
        Entity.objects.filter(pk__in=[rows["should"].pk, rows["few"].pk]).update(covered_as="branch")
        found = reading(take(), "IND-14")
    assert (found.numerator, found.denominator) == (Decimal("66.67"), Decimal("44.44"))
    assert found.text == "1.50"


def test_a_comparison_opens_to_the_rows_of_both_months(rows: dict[str, Entity], small_city: SmallCity) -> None:
    with as_whole_city():
        before = take(LAST_YEAR, 31)
        firm(small_city, "安澜新设有限公司")
        now = take()
        found = reading(now, "IND-07")
        parts = [
            selectors.drill(actor=WHOLE, snapshot=now, indicator="IND-07", part=part, on=TODAY)
            for part in ("numerator", "denominator")
        ]
    assert [drill.total for drill in parts] == [found.numerator, found.denominator]
    assert [drill.snapshot for drill in parts] == [now.number, before.number]
    assert {drill.indicator for drill in parts} == {"REG-ENT"}


def test_opening_the_base_that_does_not_exist_is_refused(rows: dict[str, Entity]) -> None:
    with as_whole_city(), pytest.raises(Refused, match="没有 2025 年 10 月的快照"):
        selectors.drill(actor=WHOLE, snapshot=take(), indicator="IND-07", part="denominator", on=TODAY)


def test_groups_are_compared_with_the_same_group(rows: dict[str, Entity], small_city: SmallCity) -> None:
    with as_whole_city():
        take(LAST_YEAR, 31)
        firm(small_city, "安澜新设有限公司")
        now = take()
        groups = selectors.figures(snapshot=now, cut=Cut.AREA, ids=["IND-07"])
    by_name = {item.member_zh: item for item in groups}
    assert by_name["书院街道"].numerator == (by_name["书院街道"].denominator or 0) + 1
    assert by_name["石桥镇"].text == "0.00%"
    assert by_name["临江街道"].text == "—"


def test_a_series_has_every_month_and_the_last_revision_of_each(rows: dict[str, Entity]) -> None:
    with as_whole_city():
        take(date(2026, 8, 1), 31)
        take(date(2026, 10, 1), 30)
        Entity.objects.filter(pk=rows["should"].pk).update(covered_as="branch")
        take(reason="更正")
        points = selectors.series(indicator="COV-ORG", until=TODAY)
    assert len(points) == 13
    assert (points[0].month, points[-1].month) == (date(2025, 10, 1), date(2026, 10, 1))
    assert [point.reading.text for point in points if point.reading] == ["44.44%", "55.56%"]


def test_a_target_holds_from_its_day_on(small_city: SmallCity) -> None:
    officer = small_city.actor(Role.DATA_OFFICER, place=small_city.city)
    for value, since in ((Decimal(70), date(2026, 1, 1)), (Decimal(75), date(2026, 12, 1))):
        services.set_target(
            indicator="COV-ORG", place=small_city.city, value=value, since=since, source="安社发〔2026〕1 号",
            by=officer, on=NOW,
        )  # fmt: skip
    key = ("COV-ORG", small_city.city.pk)
    assert selectors.targets(on=TODAY)[key] == 70
    assert selectors.targets(on=date(2026, 12, 1), indicators=["COV-ORG"])[key] == 75
    assert key not in selectors.targets(on=date(2025, 1, 1))


def test_a_target_needs_permission_basis_and_a_figure(small_city: SmallCity) -> None:
    officer = small_city.actor(Role.DATA_OFFICER, place=small_city.city)
    asked = {"place": small_city.city, "value": Decimal(70), "since": TODAY, "on": datetime(2026, 10, 31, tzinfo=UTC)}
    with pytest.raises(NotPermitted):
        services.set_target(
            **asked, indicator="COV-ORG", source="文件", by=small_city.actor(Role.CLERK, place=small_city.city)
        )
    with pytest.raises(Refused, match="依据"):
        services.set_target(**asked, indicator="COV-ORG", source=" ", by=officer)
    with pytest.raises(Refused, match="不能设目标"):
        services.set_target(**asked, indicator="IND-17", source="文件", by=officer)
    services.set_target(**asked, indicator="COV-ORG", source="文件", by=officer)
    with pytest.raises(Refused, match="已经设过"):
        services.set_target(**asked, indicator="COV-ORG", source="文件", by=officer)
