import pytest
from django.test import Client

from jingwei.accounts.scope import acting
from jingwei.base_roster.models import Entity, Placement
from jingwei.core.permissions import Role, local_operator
from jingwei.places.models import RoadRange
from tests.base_roster.entities import make_entity, unplaced
from tests.base_roster.lists import build_roster, make_unit
from tests.city import NOW, SmallCity
from tests.workbench.pages import MOST_QUERIES, client_as, queries_of, text_of

pytestmark = pytest.mark.django_db
QUEUE = "/placement/"


@pytest.fixture
def city(small_city: SmallCity) -> SmallCity:
    """Three firms on one road, one on another, one without a road."""
    clerk = small_city.actor(Role.CLERK, place=small_city.city)
    with acting(clerk):
        units = [
            make_unit(
                small_city,
                "market",
                name=f"安澜第{number}物流有限公司",
                address=f"青岚区站前路 {number} 号",
                state="存续",
            )
            for number in (3, 12, 51)
        ]
        units.append(
            make_unit(small_city, "market", name="安澜大桥五金有限公司", address="青岚区大桥路 7 号", state="存续")
        )
        units.append(make_unit(small_city, "market", name="安澜无路商贸有限公司", address="青岚区", state="存续"))
        build_roster(small_city, [[unit] for unit in units], clerk)
    return small_city


@pytest.fixture
def clerk(city: SmallCity) -> Client:
    return client_as(city, Role.CLERK, place=city.city)


def roads(client: Client, **asked: object) -> dict[str, int]:
    page = client.get(QUEUE, asked).context["page"]
    return {row["road"]: row["count"] for row in page.object_list}


def test_roads_stand_with_the_largest_first_and_samples_of_their_addresses(clerk: Client) -> None:
    assert list(roads(clerk).items()) == [("站前路", 3), ("大桥路", 1)]
    first = clerk.get(QUEUE).context["page"].object_list[0]
    assert first["numbers"] == "3–51 号"
    assert len(first["samples"]) == 2


def test_one_answer_places_every_firm_of_the_road(clerk: Client, city: SmallCity) -> None:
    row = clerk.get(QUEUE).context["page"].object_list[0]
    name = row["place_field"].html_name
    response = clerk.post(row["save_url"], {name: city.town.pk})
    assert response["Location"] == f"{QUEUE}?county={city.county.pk}"
    with acting(local_operator()):
        assert Entity.objects.filter(road="", town=city.town).count() == 3
    assert "3 家随之落点" in text_of(clerk.get(response["Location"]))
    assert roads(clerk) == {"大桥路": 1}


def test_an_answer_may_be_for_some_numbers_only(clerk: Client, city: SmallCity) -> None:
    address = clerk.get(QUEUE).context["page"].object_list[0]["save_url"]
    answer = {"place": city.community.pk, "number_from": "1", "number_to": "20", "parity": "all"}
    assert clerk.post(address, answer).status_code == 302
    assert RoadRange.objects.get().number_to == 20
    assert roads(clerk)["站前路"] == 1


@pytest.mark.parametrize(
    ("answer", "reason"),
    [
        ({"number_from": "5"}, "起号和止号要么都填"),
        ({"number_from": "9", "number_to": "2"}, "止号不能小于起号"),
        ({"place": ""}, "请选择镇街"),
    ],
)
def test_an_answer_that_makes_no_sense_is_refused_with_the_reason(
    clerk: Client, city: SmallCity, answer: dict[str, str], reason: str
) -> None:
    address = clerk.get(QUEUE).context["page"].object_list[0]["save_url"]
    response = clerk.post(address, {"place": city.town.pk} | answer)
    assert reason in text_of(response)
    assert not RoadRange.objects.exists()


def test_a_second_answer_about_the_same_numbers_is_refused(clerk: Client, city: SmallCity) -> None:
    address = clerk.get(QUEUE).context["page"].object_list[0]["save_url"]
    clerk.post(address, {"place": city.town.pk})
    assert "请先撤回" in text_of(clerk.post(address, {"place": city.other_town.pk}))


def test_a_road_of_another_county_cannot_be_answered(city: SmallCity) -> None:
    other = client_as(city, Role.CLERK, place=city.other_county)
    address = f"/placement/roads/?county={city.county.pk}&road=站前路"
    assert other.post(address, {"place": city.town.pk}).status_code == 404
    assert not RoadRange.objects.exists()


def test_single_firms_are_listed_those_without_a_road_first_and_placed_by_hand(clerk: Client, city: SmallCity) -> None:
    rows = clerk.get(QUEUE, {"mode": "units", "county": city.county.pk}).context["page"].object_list
    assert rows[0]["name"] == "安澜无路商贸有限公司"
    assert len(rows) == 5
    assert clerk.get(rows[0]["save_url"]).status_code == 200
    response = clerk.post(rows[0]["save_url"], {"place": city.park.pk, "reason": "走访核实"})
    assert response.status_code == 302
    with acting(local_operator()):
        entity = Entity.objects.get(name="安澜无路商贸有限公司")
        assert entity.overlay == city.park
        assert entity.placement.evidence == "走访核实"


def test_addresses_that_contradict_the_code_are_listed(clerk: Client, city: SmallCity) -> None:
    with acting(local_operator()):
        entity = make_entity(city, "安澜两说有限公司")
        Placement.objects.create(
            entity=entity, place=city.community, method="address", precision="name", disagreement="代码指向白鹭县",
            computed_at=NOW,
        )  # fmt: skip
    rows = clerk.get(QUEUE, {"mode": "conflicts", "county": city.county.pk}).context["page"].object_list
    assert [(row["name"], row["other"]) for row in rows] == [("安澜两说有限公司", "代码指向白鹭县")]


def test_firms_without_a_county_have_a_queue_of_their_own(clerk: Client, city: SmallCity) -> None:
    with acting(local_operator()):
        make_entity(city, "来历不明有限公司", place=None, county=None, town=None, body=city.office)
    page = clerk.get(QUEUE, {"county": 0})
    assert [row["name"] for row in page.context["page"].object_list] == ["来历不明有限公司"]
    assert "未定区县（1）" in text_of(page)


def test_a_road_can_be_looked_for(clerk: Client, city: SmallCity) -> None:
    assert roads(clerk, county=city.county.pk, road="大桥") == {"大桥路": 1}
    assert "没有符合条件的单位" in text_of(clerk.get(QUEUE, {"county": city.county.pk, "road": "无此路"}))


def test_the_queue_is_the_persons_own(city: SmallCity) -> None:
    with acting(local_operator()):
        unplaced(city, "白鹭山路有限公司", place=city.other_county, county=city.other_county, road="山路")
    assert roads(client_as(city, Role.CLERK, place=city.other_county)) == {"山路": 1}


def test_the_queue_needs_its_permission(city: SmallCity) -> None:
    assert client_as(city, Role.LOCAL_PARTY_COMMITTEE, place=city.city).get(QUEUE).status_code == 403


@pytest.mark.parametrize("mode", ["roads", "units", "conflicts"])
def test_the_queue_stays_within_its_query_budget(clerk: Client, city: SmallCity, mode: str) -> None:
    held = queries_of(clerk, f"{QUEUE}?mode={mode}&county={city.county.pk}")
    assert len(held) <= MOST_QUERIES, held
