"""A drill shows the rows in scope and says how many lie outside, instead of silently showing fewer."""

import pytest

from jingwei.accounts.scope import acting
from jingwei.base_roster.models import Entity
from jingwei.core.permissions import NotPermitted, Role
from jingwei.core.refusal import Refused
from jingwei.domain.indicators import Cut
from jingwei.indicators import drilling, selectors
from tests.city import TODAY, SmallCity
from tests.indicators.rows import WHOLE, as_whole_city, take

pytestmark = pytest.mark.django_db


def test_a_county_sees_its_part_of_a_published_figure_and_how_much_is_elsewhere(
    rows: dict[str, Entity], small_city: SmallCity
) -> None:
    with as_whole_city():
        snapshot = take()
    actor = small_city.actor(Role.CLERK, place=small_city.other_county)
    with acting(actor):
        found = selectors.drill(actor=actor, snapshot=snapshot, indicator="COV-ORG", part="denominator", on=TODAY)
    assert [row.name for row in found.rows] == ["白鹭惠邻教育有限公司"]
    assert (found.total, found.shown, found.outside) == (9, 1, 8)


def test_sums_say_how_many_persons_are_elsewhere(rows: dict[str, Entity], small_city: SmallCity) -> None:
    with as_whole_city():
        snapshot = take()
    actor = small_city.actor(Role.CLERK, place=small_city.park)
    with acting(actor):
        found = selectors.drill(actor=actor, snapshot=snapshot, indicator="IND-02", part="numerator", on=TODAY)
    assert (found.unit_zh, found.shown, found.count) == ("人", 6, 1)
    assert found.outside == found.total - 6 > 0


def test_a_live_figure_is_that_of_the_own_scope(rows: dict[str, Entity], small_city: SmallCity) -> None:
    actor = small_city.actor(Role.CLERK, place=small_city.other_county)
    with acting(actor):
        figure = selectors.live(actor=actor, on=TODAY, ids=["COV-ORG"])[0]
        found = selectors.drill(actor=actor, snapshot=None, indicator="COV-ORG", part="denominator", on=TODAY)
    assert figure.denominator == found.total == 1
    assert found.outside == 0


def test_row_level_security_hides_rows_from_an_actor_whose_scope_was_not_set(
    rows: dict[str, Entity], small_city: SmallCity
) -> None:
    with as_whole_city():
        snapshot = take()
    with acting(small_city.actor(Role.CLERK, place=small_city.other_county)):
        city_clerk = small_city.actor(Role.CLERK, place=small_city.city)
        found = selectors.drill(actor=city_clerk, snapshot=snapshot, indicator="BASE-N", part="numerator", on=TODAY)
    assert (found.shown, found.outside) == (1, 8)


def test_rows_come_page_by_page_and_beyond_the_last_the_last(
    rows: dict[str, Entity], small_city: SmallCity, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(drilling, "PAGE_SIZE", 4)
    with as_whole_city():
        pages = [
            selectors.drill(actor=WHOLE, snapshot=None, indicator="BASE-N", part="numerator", on=TODAY, page=number)
            for number in (1, 2, 3, 9)
        ]
    assert [len(page.rows) for page in pages] == [4, 4, 1, 1]
    assert {page.count for page in pages} == {9}
    assert len({row.id for page in pages[:3] for row in page.rows}) == 9


def test_what_no_figure_has_is_refused(rows: dict[str, Entity]) -> None:
    asked = {"actor": WHOLE, "snapshot": None, "on": TODAY}
    with as_whole_city():
        with pytest.raises(Refused, match="没有这个指标"):
            selectors.drill(**asked, indicator="IND-99", part="numerator")
        with pytest.raises(Refused, match="缺五类大型企业名单"):
            selectors.drill(**asked, indicator="IND-17", part="numerator")
        with pytest.raises(Refused, match="没有这一部分"):
            selectors.drill(**asked, indicator="BASE-N", part="denominator")
        with pytest.raises(Refused, match="没有这一部分"):
            selectors.drill(**asked, indicator="ORG-N", part="numerator", cut=Cut.SIZE)


def test_it_needs_the_permission(rows: dict[str, Entity], small_city: SmallCity) -> None:
    auditor = small_city.actor(Role.AUDITOR, place=small_city.city)
    with acting(auditor), pytest.raises(NotPermitted):
        selectors.drill(actor=auditor, snapshot=None, indicator="BASE-N", part="numerator", on=TODAY)


def test_a_snapshot_of_other_definitions_says_so(rows: dict[str, Entity], monkeypatch: pytest.MonkeyPatch) -> None:
    with as_whole_city():
        snapshot = take()
        monkeypatch.setattr(drilling, "version", lambda: "another")
        found = selectors.drill(actor=WHOLE, snapshot=snapshot, indicator="BASE-N", part="numerator", on=TODAY)
    assert "口径文件或规则参数有过修改" in found.note
