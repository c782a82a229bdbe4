"""What the pages of Party organizations show, and what they cost."""

import pytest
from django.test import Client

from jingwei.accounts.scope import acting
from jingwei.base_roster.models import Entity
from jingwei.branches.models import CoveredUnit
from jingwei.core.permissions import Actor, Role
from tests.branches.lists import CHIPS, NEXT, TEA, firm, members, organization, party, take
from tests.city import SmallCity
from tests.workbench.pages import MOST_QUERIES, client_as, queries_of, text_of

pytestmark = pytest.mark.django_db
OWN = f"中共{CHIPS}支部委员会"
JOINT = "中共安澜市书院第1联合支部委员会"


@pytest.fixture
def clerk(small_city: SmallCity) -> Actor:
    return small_city.actor(Role.CLERK, place=small_city.city)


@pytest.fixture
def client(small_city: SmallCity, clerk: Actor) -> Client:
    """A clerk of the city before an own branch with two members, and a joint one with names that wait."""
    with acting(clerk):
        firm(small_city, CHIPS)
        firm(small_city, TEA)
        members(small_city, CHIPS, 2)
        party(small_city, OWN, CHIPS)
        party(
            small_city, JOINT, TEA, "安澜衡川电子科技", "恒川电孑", form="联合组建", superior="某某综合党委", founded=""
        )
        take(small_city, clerk)
    return client_as(small_city, Role.CLERK, place=small_city.city)


def listed(client: Client, query: str = "") -> str:
    return text_of(client.get(f"/branches/{query}"))


def test_the_list_shows_form_superior_units_and_findings(client: Client) -> None:
    page = listed(client)
    for shown in (
        OWN,
        JOINT,
        "单独组建",
        "联合组建",
        "安澜市交通运输行业党委",
        "某某综合党委",
        "党员不足",
        "上级不明",
        "待定 2",
    ):
        assert shown in page, shown


@pytest.mark.parametrize(
    ("query", "own", "joint"),
    [
        ("?form=joint", False, True),
        ("?level=committee", False, False),
        ("?q=衡川电子科技", True, True),
        ("?q=书院茶业", False, True),
        ("?finding=too_few_members", True, False),
        ("?finding=no_superior", False, True),
        ("?state=ended", False, False),
        ("?state=all", True, True),
        ("?form=none-such", True, True),
    ],
)
def test_the_list_is_narrowed(client: Client, query: str, own: bool, joint: bool) -> None:
    page = listed(client, query)
    assert (f">{OWN}<" in page, f">{JOINT}<" in page) == (own, joint)


def test_the_list_is_narrowed_by_superior_and_area(client: Client, small_city: SmallCity) -> None:
    by_superior = listed(client, f"?superior={small_city.industry.pk}")
    assert (f">{OWN}<" in by_superior, f">{JOINT}<" in by_superior) == (True, False)
    elsewhere = listed(client, f"?area={small_city.other_county.pk}")
    assert "没有符合条件的党组织" in elsewhere
    assert f">{OWN}<" in listed(client, f"?area={small_city.county.pk}")


def test_an_organization_shows_units_findings_and_history(client: Client, small_city: SmallCity, clerk: Actor) -> None:
    with acting(clerk):
        party(small_city, JOINT, TEA, "安澜衡川电子科技", form="挂靠", as_of=NEXT)
        take(small_city, clerk, NEXT)
        address = f"/branches/{organization(JOINT).pk}/"
    page = text_of(client.get(address))
    for shown in (TEA, "名称唯一", "字号与行业唯一", "恒川电孑", "曾经覆盖", "挂靠组建", "变更党组织", "单位未对上"):
        assert shown in page, shown


def test_a_name_is_settled_from_the_waiting_list(client: Client, clerk: Actor) -> None:
    page = text_of(client.get("/branches/waiting/"))
    assert "对碰建议" in page
    with acting(clerk):
        row = CoveredUnit.objects.get(spelt="恒川电孑")
        entity = Entity.objects.get(name=CHIPS)
    answer = client.post(f"/branches/waiting/{row.pk}/decide/?page=1", {"entity": entity.pk})
    assert answer["Location"] == "/branches/waiting/?page=1"
    with acting(clerk):
        row.refresh_from_db()
        assert (row.entity, row.waits) == (entity, False)
    assert "没有符合条件的名称" in text_of(client.get("/branches/waiting/?q=恒川"))


def test_a_name_that_the_roster_lacks_moves_to_its_own_list(client: Client, clerk: Actor) -> None:
    with acting(clerk):
        row = CoveredUnit.objects.get(spelt="恒川电孑")
    client.post(f"/branches/waiting/{row.pk}/decide/", {"absent": "on"})
    assert "恒川电孑" in text_of(client.get("/branches/waiting/?mode=absent"))


def test_an_answer_that_says_nothing_or_both_is_refused(client: Client, clerk: Actor) -> None:
    with acting(clerk):
        row = CoveredUnit.objects.get(spelt="恒川电孑")
        entity = Entity.objects.get(name=CHIPS)
    for given in ({}, {"entity": entity.pk, "absent": "on"}, {"entity": "x"}):
        client.post(f"/branches/waiting/{row.pk}/decide/", given)
        with acting(clerk):
            row.refresh_from_db()
            assert row.waits
    assert client.post(f"/branches/waiting/{row.pk}/decide/", {"entity": 10**9}).status_code == 404


def test_another_entity_is_found_by_a_typed_text(client: Client, clerk: Actor) -> None:
    with acting(clerk):
        row = CoveredUnit.objects.get(spelt="恒川电孑")
    address = f"/branches/waiting/{row.pk}/"
    assert TEA not in text_of(client.get(address))
    assert TEA in text_of(client.get(f"{address}?search=书院茶"))


def test_who_may_not_decide_sees_the_list_but_not_what_waits(client: Client, small_city: SmallCity) -> None:
    leader = client_as(small_city, Role.LOCAL_PARTY_COMMITTEE, place=small_city.city)
    assert OWN in listed(leader)
    assert "待确定名称" not in listed(leader)
    assert leader.get("/branches/waiting/").status_code == 403


def test_a_county_sees_its_own_organizations_alone(client: Client, small_city: SmallCity, clerk: Actor) -> None:
    neighbour = client_as(small_city, Role.CLERK, place=small_city.other_county)
    with acting(clerk):
        address = f"/branches/{organization(OWN).pk}/"
    assert OWN not in listed(neighbour)
    assert neighbour.get(address).status_code == 404
    assert text_of(neighbour.get("/branches/waiting/")).count("恒川电孑") == 0


def test_no_page_asks_more_than_its_budget(client: Client, clerk: Actor) -> None:
    with acting(clerk):
        detail, row = organization(JOINT).pk, CoveredUnit.objects.get(spelt="恒川电孑").pk
    for address in (
        "",
        "?finding=no_superior",
        f"{detail}/",
        "waiting/",
        f"waiting/{row}/",
        f"waiting/{row}/?search=茶业",
    ):
        assert len(queries_of(client, f"/branches/{address}")) <= MOST_QUERIES, address
