"""The dashboard: every number opens its rows, whoever looks, of the moment and of a published month."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from jingwei.accounts.scope import acting
from jingwei.base_roster.models import Entity
from jingwei.branches.models import CoveredUnit, Organization
from jingwei.core.permissions import Role, local_operator
from jingwei.indicators import services as indicators
from jingwei.indicators.models import Confirmation, Snapshot
from jingwei.linkage.models import LinkRun
from tests.base_roster.entities import elsewhere, unplaced
from tests.base_roster.lists import make_batch
from tests.city import NOW, TODAY, SmallCity
from tests.indicators.rows import NOVEMBER, OCTOBER, WHOLE, take, whole_city
from tests.workbench.pages import MOST_QUERIES, client_as, queries_of, text_of

pytestmark = pytest.mark.django_db
LIVE = "/?month=live"


@pytest.fixture
def rows(small_city: SmallCity) -> dict[str, Entity]:
    with acting(local_operator()):
        return whole_city(small_city)


@pytest.fixture
def october(rows: dict[str, Entity]) -> Snapshot:
    with acting(WHOLE):
        return take()


@pytest.fixture
def clerk(small_city: SmallCity, rows: dict[str, Entity]) -> Client:
    return client_as(small_city, Role.CLERK, place=small_city.city)


def kpis_of(context: Any) -> dict[str, dict[str, Any]]:
    return {kpi["label"]: kpi for kpi in context["kpis"]}


def linked_numbers(context: Any) -> list[tuple[int, str]]:
    """Every count of the page that opens rows, with its address."""
    found: list[tuple[str, str]] = []
    for kpi in context["kpis"]:
        found += [(piece["text"], piece["url"]) for piece in (*kpi.get("fraction", ()), *kpi.get("pieces", ()))]
        found += [(piece["text"], piece["url"]) for piece in kpi.get("beside", ())]
    distribution = context["distribution"]
    table = [*(row["cells"] for row in distribution["rows"]), distribution["total"]] if distribution else []
    found += [
        (cell["text"], cell["url"]) for cells in table for cell in cells if cell.get("url") and "%" not in cell["text"]
    ]
    found += [(str(step["count"]), step["url"]) for step in context["funnel"]["steps"] if step["count"] is not None]
    return [(int("".join(filter(str.isdigit, text))), url) for text, url in found]


def rows_behind(client: Client, url: str) -> int:
    return int(client.get(url).context["page"].paginator.count)


@pytest.mark.slow
@pytest.mark.parametrize("address", [LIVE, "/", f"{LIVE}&view=work&table=on", f"{LIVE}&view=canvass"])
def test_every_count_opens_exactly_its_rows(clerk: Client, october: Snapshot, address: str) -> None:
    numbers = linked_numbers(clerk.get(address).context)
    assert len(numbers) > 15
    for number, url in numbers:
        assert rows_behind(clerk, url) == number, url


@pytest.mark.slow
def test_counts_of_everybody_open_his_own_rows(small_city: SmallCity, october: Snapshot) -> None:
    for client in (
        client_as(small_city, Role.CLERK, place=small_city.county),
        client_as(small_city, Role.TOWN_ORGANIZER, place=small_city.town),
        client_as(small_city, Role.INDUSTRY_OFFICER, body=small_city.industry),
        client_as(small_city, Role.TERRITORIAL_BODY, place=small_city.community),
    ):
        numbers = linked_numbers(client.get(LIVE).context)
        assert len(numbers) > 5
        for number, url in numbers:
            assert rows_behind(client, url) == number, url


def test_a_rate_stands_with_its_fraction_its_target_and_what_is_not_known(
    clerk: Client, small_city: SmallCity, october: Snapshot
) -> None:
    with acting(WHOLE):
        for value, since in ((Decimal(40), date(2026, 1, 1)), (Decimal(70), date(2026, 10, 1))):
            indicators.set_target(
                indicator="COV-ORG",
                place=small_city.city,
                value=value,
                since=since,
                source="工作要点",
                by=WHOLE,
                on=NOW,
            )
    card = kpis_of(clerk.get("/").context)["组织覆盖率"]
    assert (card["value"], card["unit"]) == ("44.44", "%")
    assert [part["text"] for part in card["fraction"]] == ["4", "9"]
    assert [part["text"] for part in card["beside"]] == ["待摸排 2"]
    assert (card["target"], card["gap"]) == (70.0, "距目标 70% 差 25.56")
    assert "口径" in text_of(clerk.get("/"))


def test_a_figure_tells_how_much_it_moved_since_the_month_before(
    clerk: Client, rows: dict[str, Entity], october: Snapshot
) -> None:
    with acting(WHOLE):
        Entity.objects.filter(pk=rows["few"].pk).update(covered_as="joint", coverage_state="covered")
        Entity.objects.filter(pk=rows["far"].pk).update(full_members=4, coverage_state="should")
        take(NOVEMBER, 30)
    cards = kpis_of(clerk.get("/?month=2026-11").context)
    assert cards["组织覆盖率"]["change"] == {"text": "11.12 点", "direction": "up", "mood": "good"}
    assert cards["应建未建"]["change"] == {"text": "1 家", "direction": "up", "mood": "bad"}
    assert cards["三有两新组织"]["change"]["text"] == "持平"
    assert kpis_of(clerk.get("/?month=2026-10").context)["组织覆盖率"]["change"] is None


def test_the_newest_month_is_shown_unless_another_or_the_moment_is_asked_for(
    clerk: Client, rows: dict[str, Entity], october: Snapshot
) -> None:
    with acting(WHOLE):
        Entity.objects.filter(pk=rows["far"].pk).update(covered_as="branch", coverage_state="covered")
    assert kpis_of(clerk.get("/").context)["组织覆盖率"]["value"] == "44.44"
    assert kpis_of(clerk.get(LIVE).context)["组织覆盖率"]["value"] == "55.56"
    menu = next(action["menu"] for action in clerk.get("/").context["actions"] if "menu" in action)
    assert [(item["label"], item["current"]) for item in menu] == [("实时", False), ("2026 年 10 月", True)]


def test_before_the_first_snapshot_the_moment_is_shown_and_the_page_says_so(clerk: Client) -> None:
    page = clerk.get("/")
    assert "还没有月度快照" in page.context["notice"]["text"]
    assert page.context["trend"] is None
    assert page.context["kpis"][0]["change"] is None


def test_the_rows_of_the_table_add_up_to_the_total_and_stand_in_administrative_order(
    clerk: Client, small_city: SmallCity, october: Snapshot
) -> None:
    for address in (f"{LIVE}&table=on", "/?table=on"):
        table = clerk.get(address).context["distribution"]
        assert [row["label"] for row in table["rows"]] == ["青岚区", "白鹭县", "未定区县"]
        for column in zip(*(row["cells"] for row in table["rows"]), table["total"], strict=True):
            *parts, whole = (cell["text"].replace(",", "") for cell in column)
            if whole.isdigit():
                assert sum(map(int, parts)) == int(whole)
    county = clerk.get(f"{LIVE}&county={small_city.county.pk}&table=on").context["distribution"]
    assert [row["label"] for row in county["rows"]] == ["书院街道", "临江街道", "高新产业园"]
    assert county["crumb"]["here"] == "青岚区"


def test_a_county_sees_its_areas_and_a_town_its_own_figures(small_city: SmallCity, october: Snapshot) -> None:
    county = client_as(small_city, Role.CLERK, place=small_city.county).get("/").context
    assert [row["label"] for row in county["distribution"]["rows"]] == ["书院街道", "临江街道", "高新产业园"]
    town = client_as(small_city, Role.TOWN_ORGANIZER, place=small_city.town).get("/").context
    assert town["distribution"] is None
    assert town["lead_pieces"][0]["text"] == "书院街道"
    assert kpis_of(town)["三有两新组织"]["value"] == "6"


@pytest.fixture
def astray(small_city: SmallCity, rows: dict[str, Entity]) -> None:
    """Three firms of one county that no town or responsible park holds, one of them without a known ownership."""
    with acting(local_operator()):
        known = {"counts_in_base": True, "screening": "in", "ownership": "non_public"}
        unplaced(small_city, "青岚无落点一号有限公司", **known, full_members=0, coverage_state="blank")
        unplaced(small_city, "青岚无落点二号有限公司", **known, full_members=3, coverage_state="should")
        unplaced(small_city, "青岚无落点三号有限公司", **(known | {"ownership": "unknown"}))
        elsewhere(small_city, "白鹭无落点有限公司", **known, place=small_city.other_county, town=None)


@pytest.mark.parametrize("address", ["/?view=canvass&", f"{LIVE}&view=work&table=on&"])
def test_what_no_area_of_a_county_holds_opens_the_rows_it_counts(
    small_city: SmallCity, clerk: Client, astray: None, address: str
) -> None:
    with acting(WHOLE):
        take()
    own = client_as(small_city, Role.CLERK, place=small_city.county)
    for client, asked in ((clerk, f"{address}county={small_city.county.pk}"), (own, address)):
        context = client.get(asked).context
        table = context["distribution"]
        last = table["rows"][-1]
        assert (last["label"], last["cells"][0]["text"]) == ("未落到镇街、园区", "3")
        assert sum(int(row["cells"][0]["text"]) for row in table["rows"]) == int(table["total"][0]["text"])
        opened = [cell for cell in last["cells"] if cell.get("url") and "%" not in cell["text"]]
        assert len(opened) > 1
        assert [rows_behind(client, cell["url"]) for cell in opened] == [int(cell["text"]) for cell in opened]
        page = text_of(client.get(last["cells"][0]["url"]))
        assert "青岚无落点二号" in page
        assert "白鹭无落点" not in page


def test_rows_without_an_area_are_asked_for_by_county_and_by_nothing_else(small_city: SmallCity, clerk: Client) -> None:
    url = f"/indicators/BASE-N/rows/?cut=county&member={small_city.county.pk}&within={small_city.county.pk}"
    assert clerk.get(url).status_code == 404


def test_who_has_not_confirmed_is_named_and_a_town_is_asked_to(small_city: SmallCity, october: Snapshot) -> None:
    Confirmation.objects.create(month=OCTOBER, place=small_city.far_town, confirmed_at=NOW, confirmed_by="测试")
    clerk = client_as(small_city, Role.CLERK, place=small_city.city).get("/").context
    assert "书院街道、临江街道、高新产业园尚未确认" in clerk["notice"]["text"]
    assert clerk["notice"]["url"] == "/indicators/confirm/?month=2026-10"
    town = client_as(small_city, Role.TOWN_ORGANIZER, place=small_city.town).get("/").context
    assert [line["action"] for line in town["tasks"]["rows"] if "确认" in line["title"]] == ["去确认"]
    done = client_as(small_city, Role.TOWN_ORGANIZER, place=small_city.far_town).get("/").context
    assert done["notice"] is None
    assert not [line for line in (done["tasks"] or {"rows": []})["rows"] if "确认" in line["title"]]


def test_next_steps_open_lists_with_as_many_entities(small_city: SmallCity, october: Snapshot) -> None:
    for client in (
        client_as(small_city, Role.CLERK, place=small_city.city),
        client_as(small_city, Role.CLERK, place=small_city.county),
        client_as(small_city, Role.TOWN_ORGANIZER, place=small_city.town),
    ):
        steps = client.get("/").context["funnel"]["next_steps"]
        assert [step["text"][:4] for step in steps] == ["应建未建", "有 1–", "三有组织"]
        for step in steps:
            assert client.get(step["url"]).context["page"].paginator.count == step["count"], step


def test_the_funnel_says_unknown_where_nothing_was_ever_recorded(clerk: Client) -> None:
    steps = {step["label"]: step for step in clerk.get(LIVE).context["funnel"]["steps"]}
    assert steps["实地核实"]["count"] is None
    assert "走访" in steps["实地核实"]["title"]
    assert steps["尚未覆盖"]["note"] == "空白 2 · 待摸排 2（党员数未知）"
    assert steps["组织覆盖"]["note"] == "单独 2 · 联合 1 · 挂靠 1"


def test_what_is_late_comes_first_and_what_waits_depends_on_the_person(
    clerk: Client, small_city: SmallCity, rows: dict[str, Entity], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(timezone, "localdate", lambda *_: date(2026, 11, 5))
    with acting(local_operator()):
        batch = make_batch(small_city, "tax")
        batch.state = "checked"
        batch.save()
        LinkRun.objects.create(version="test", as_of=TODAY, created_at=NOW, created_by="测试", place=small_city.city)
        CoveredUnit.objects.filter(organization=Organization.objects.get(form="joint")).update(waits=True)
    lines = clerk.get("/").context["tasks"]["rows"]
    assert lines[0]["title"] == "提示函 1 封逾期未复"
    assert (lines[0]["owner"], lines[0]["clock"]["label"]) == ("书院街道", "逾期 6 天")
    titles = " ".join(line["title"] for line in lines)
    for word in ("名单已读取", "对碰结果", "覆盖单位待核", "未落到镇街"):
        assert word in titles
    looker = client_as(small_city, Role.LOCAL_PARTY_COMMITTEE, place=small_city.city).get("/").context["tasks"]["rows"]
    assert [line["title"] for line in looker] == ["提示函 1 封逾期未复"]


def test_a_month_that_has_ended_asks_for_its_snapshot(
    clerk: Client, october: Snapshot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(timezone, "localdate", lambda *_: date(2026, 12, 3))
    (line,) = (line for line in clerk.get("/").context["tasks"]["rows"] if "快照" in line["title"])
    assert (line["title"], line["clock"]["label"]) == ("11 月数据尚未生成快照", "逾期 2 天")


def test_an_empty_city_shows_the_first_step(small_city: SmallCity) -> None:
    page = client_as(small_city, Role.CLERK, place=small_city.city).get("/")
    assert "名册还是空的" in text_of(page)
    assert page.context["start"]["action_url"] == "/imports/new/"
    looker = client_as(small_city, Role.LOCAL_PARTY_COMMITTEE, place=small_city.city).get("/")
    assert looker.context["start"]["action_url"] is None


def test_the_first_step_follows_what_has_been_done(small_city: SmallCity) -> None:
    clerk = client_as(small_city, Role.CLERK, place=small_city.city)
    with acting(local_operator()):
        batch = make_batch(small_city, "tax")
        batch.state = "checked"
        batch.save()
    assert clerk.get("/").context["start"]["action_label"] == "核对名单"
    with acting(local_operator()):
        LinkRun.objects.create(version="test", as_of=TODAY, created_at=NOW, created_by="测试", place=small_city.city)
    assert clerk.get("/").context["start"]["action_label"] == "查看并批准对碰"


def test_who_may_not_see_figures_goes_to_his_own_first_page(small_city: SmallCity) -> None:
    assert client_as(small_city, Role.AUDITOR, place=small_city.city).get("/")["Location"] == "/accounts/users/"
    assert client_as(small_city, Role.MEMBER, place=small_city.town).get("/")["Location"] == "/accounts/profile/"


def test_the_page_stays_within_its_query_budget(small_city: SmallCity, october: Snapshot) -> None:
    for client in (
        client_as(small_city, Role.CLERK, place=small_city.city),
        client_as(small_city, Role.CLERK, place=small_city.county),
        client_as(small_city, Role.TOWN_ORGANIZER, place=small_city.town),
        client_as(small_city, Role.INDUSTRY_OFFICER, body=small_city.industry),
    ):
        for address in ("/", LIVE, "/presentation/?month=live"):
            client.get(address)  # places are read once for all
            held = queries_of(client, address)
            assert len(held) <= MOST_QUERIES, (address, held)


def test_areas_with_boundaries_are_drawn_with_the_numbers_of_the_table(small_city: SmallCity, clerk: Client) -> None:
    for at, county in enumerate((small_city.county, small_city.other_county)):
        west = 110 + at
        ring = [[west, 30], [west + 1, 30], [west + 1, 31], [west, 31], [west, 30]]
        county.boundary = {"type": "Polygon", "coordinates": [ring]}
        county.save()
    drawn = clerk.get(f"{LIVE}&view=organization").context["distribution"]
    assert {shape["label"]: shape["value"] for shape in drawn["map"]["shapes"]} == {"青岚": "57.1", "白鹭": "0.0"}
    assert "青岚区 57.1%" in drawn["summary"]
    assert clerk.get(f"{LIVE}&table=on").context["distribution"]["map"] is None


def test_without_all_boundaries_there_is_no_map(clerk: Client) -> None:
    assert clerk.get(LIVE).context["distribution"]["map"] is None
