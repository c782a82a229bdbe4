"""Pages on which two entities become one: found, compared, confirmed once, listed and undone."""

from typing import Any

import pytest
from django.test import Client

from jingwei.accounts.scope import acting
from jingwei.base_roster.models import Merge
from jingwei.core.permissions import Role, local_operator
from tests.base_roster.lists import entity_of
from tests.base_roster.merges import Twins, same_firm
from tests.city import SmallCity
from tests.workbench.pages import MOST_QUERIES, client_as, queries_of, text_of

pytestmark = pytest.mark.django_db
NAME, SHORT = "安澜衡川电子科技有限公司", "衡川电子"


@pytest.fixture
def twins(small_city: SmallCity) -> Twins:
    actor = small_city.actor(Role.CLERK, place=small_city.city)
    with acting(actor):
        return same_firm(small_city, actor)


@pytest.fixture
def pair(twins: Twins) -> tuple[int, int]:
    with acting(local_operator()):
        return twins.kept.pk, twins.gone.pk


@pytest.fixture
def clerk(small_city: SmallCity) -> Client:
    return client_as(small_city, Role.CLERK, place=small_city.city)


def confirm(client: Client, pair: tuple[int, int], **changed: str) -> Any:
    address = f"/entities/{pair[0]}/merge/{pair[1]}/"
    state = client.get(address).context["form"].initial["state"]
    return client.post(address, {"reason": "营业执照为同一家", "state": state} | changed)


def test_the_entity_page_leads_to_the_other_entity(clerk: Client, pair: tuple[int, int]) -> None:
    page = clerk.get(f"/entities/{pair[0]}/")
    menu = next(action for action in page.context["actions"] if action["label"] == "合并")["menu"]
    assert [item["url"] for item in menu] == [f"/entities/{pair[0]}/merge/", f"/entities/{pair[0]}/merges/"]
    found = clerk.get(menu[0]["url"], {"search": "衡川"})
    assert [row["url"] for row in found.context["rows"]] == [f"/entities/{pair[0]}/merge/{pair[1]}/"]
    assert "没有找到" in text_of(clerk.get(menu[0]["url"], {"search": "无此单位"}))
    assert clerk.get(menu[0]["url"], {"search": "？"}).status_code == 200


def test_an_entity_with_the_same_code_is_offered_first(small_city: SmallCity, clerk: Client, twins: Twins) -> None:
    with acting(local_operator()):
        kept, gone = twins.kept, twins.gone
        gone.identifiers.create(kind="former_name", value=NAME, list_kind="tax", as_of=kept.as_of)
    rows = clerk.get(f"/entities/{kept.pk}/merge/").context["rows"]
    assert [row["name"] for row in rows] == [SHORT]


def test_the_preview_shows_both_and_what_will_happen(clerk: Client, pair: tuple[int, int]) -> None:
    page = clerk.get(f"/entities/{pair[0]}/merge/{pair[1]}/")
    lines = {line["label"]: (line["kept"], line["gone"], line["differs"]) for line in page.context["lines"]}
    assert lines["名称"] == (NAME, SHORT, True)
    assert lines["职工数"] == ("未知", "12", True)
    sources = next(each for each in page.context["relations"] if each.zh == "来源单位")
    assert (sources.kept, sources.gone, sources.dropped) == (1, 2, 0)
    text = text_of(page)
    assert "已发布的快照不变" in text
    assert f"/entities/{pair[1]}/merge/{pair[0]}/" in text
    assert len(queries_of(clerk, f"/entities/{pair[0]}/merge/{pair[1]}/")) <= MOST_QUERIES


def test_a_confirmed_merge_is_done_and_the_old_address_leads_to_the_kept_entity(
    clerk: Client, pair: tuple[int, int]
) -> None:
    answer = confirm(clerk, pair)
    assert answer["Location"] == f"/entities/{pair[0]}/"
    old = clerk.get(f"/entities/{pair[1]}/", follow=True)
    assert old.redirect_chain == [(f"/entities/{pair[0]}/", 302)]
    assert f"E-{pair[1]:07d} 已并入本主体" in text_of(old)
    found = clerk.get("/search/", {"text": "衡川"})
    assert SHORT not in [row["name"] for row in found.context["page"].object_list]


def test_a_double_click_does_one_merge(clerk: Client, pair: tuple[int, int]) -> None:
    address = f"/entities/{pair[0]}/merge/{pair[1]}/"
    form = {"reason": "同一家", "state": clerk.get(address).context["form"].initial["state"]}
    assert [clerk.post(address, form)["Location"] for _ in range(2)] == [f"/entities/{pair[0]}/"] * 2
    with acting(local_operator()):
        assert Merge.objects.count() == 1


def test_a_second_person_is_told_who_was_first(small_city: SmallCity, clerk: Client, pair: tuple[int, int]) -> None:
    second = client_as(small_city, Role.SOCIAL_WORK_DEPARTMENT, place=small_city.city)
    address = f"/entities/{pair[1]}/merge/{pair[0]}/"
    form = {"reason": "同一家", "state": second.get(address).context["form"].initial["state"]}
    confirm(clerk, pair)
    answer = second.post(address, form, follow=True)
    assert answer.redirect_chain[0][0] == f"/entities/{pair[0]}/"
    assert "已办理：“衡川电子”并入" in text_of(answer)


def test_what_changed_meanwhile_is_shown_before_it_is_confirmed(clerk: Client, pair: tuple[int, int]) -> None:
    answer = confirm(clerk, pair, state="0" * 64)
    assert answer.status_code == 200
    assert "请核对后再确认" in text_of(answer)
    with acting(local_operator()):
        assert not Merge.objects.exists()


def test_a_merge_needs_its_reason(clerk: Client, pair: tuple[int, int]) -> None:
    assert "这个字段是必填项" in text_of(confirm(clerk, pair, reason=" "))


def test_the_list_of_merges_leads_to_undoing(clerk: Client, pair: tuple[int, int]) -> None:
    assert "没有合并或移动过" in text_of(clerk.get(f"/entities/{pair[0]}/merges/"))
    confirm(clerk, pair)
    line = clerk.get(f"/entities/{pair[0]}/merges/").context["merges"][0]
    assert (line["what"], line["other"], line["other_url"]) == ("并入本主体", SHORT, "")
    assert "每一行都按日志恢复" in text_of(clerk.get(line["undo_url"]))
    assert "这个字段是必填项" in text_of(clerk.post(line["undo_url"], {"reason": ""}))
    answer = clerk.post(line["undo_url"], {"reason": "两家"})
    assert answer["Location"] == f"/entities/{pair[1]}/"
    line = clerk.get(f"/entities/{pair[1]}/merges/").context["merges"][0]
    assert (line["what"], line["undo_url"], line["merge"].undone_reason) == ("本主体并入", "", "两家")


def test_what_stands_in_the_way_of_undoing_is_said(clerk: Client, twins: Twins, pair: tuple[int, int]) -> None:
    confirm(clerk, pair)
    clerk.post(f"/entities/{pair[0]}/facts/staff/", {"value": "9", "reason": "走访"})
    undo = clerk.get(f"/entities/{pair[0]}/merges/").context["merges"][0]["undo_url"]
    assert "不能判断属于哪一个主体" in text_of(clerk.post(undo, {"reason": "两家"}))


def test_a_source_unit_is_moved_from_its_record(clerk: Client, twins: Twins, pair: tuple[int, int]) -> None:
    moves = [line["move_url"] for line in clerk.get(f"/entities/{pair[1]}/").context["sources"]]
    assert f"/entities/{pair[1]}/sources/{twins.tax.pk}/move/" in moves
    address = f"/entities/{pair[1]}/sources/{twins.tax.pk}/move/?search=衡川"
    form = clerk.get(address).context["form"]
    assert [value for value, _ in form.fields["to"].choices] == [str(pair[0]), "alone"]
    assert "请选择它所属的主体" in text_of(clerk.post(address, {"reason": "归错了"}))
    answer = clerk.post(address, {"to": str(pair[0]), "reason": "归错了"})
    assert answer["Location"] == f"/entities/{pair[0]}/"
    with acting(local_operator()):
        assert entity_of(twins.tax).pk == pair[0]
    line = clerk.get(f"/entities/{pair[0]}/merges/").context["merges"][0]
    assert (line["what"], line["other_url"]) == ("移来来源单位", f"/entities/{pair[1]}/")


def test_a_move_that_means_nothing_is_refused_on_its_page(clerk: Client, twins: Twins, pair: tuple[int, int]) -> None:
    address = f"/entities/{pair[0]}/sources/{twins.market.pk}/move/"
    assert "只有这一个来源单位" in text_of(clerk.post(address, {"to": "alone", "reason": "另一家"}))


def test_without_the_permission_there_is_no_way_and_no_page(
    small_city: SmallCity, twins: Twins, pair: tuple[int, int]
) -> None:
    organizer = client_as(small_city, Role.TOWN_ORGANIZER, place=small_city.city)
    page = organizer.get(f"/entities/{pair[0]}/")
    assert "合并" not in [action["label"] for action in page.context["actions"]]
    addresses = (f"merge/{pair[1]}/", "merge/", f"sources/{twins.market.pk}/move/")
    for address in addresses:
        refused = organizer.get(f"/entities/{pair[0]}/{address}")
        assert refused.status_code == 403
        assert "批准对碰结果" in text_of(refused)
    assert organizer.get(f"/entities/{pair[0]}/merges/").context["merges"] == []


def test_what_lies_out_of_scope_looks_like_what_does_not_exist(small_city: SmallCity, pair: tuple[int, int]) -> None:
    far = client_as(small_city, Role.CLERK, place=small_city.other_county)
    for address in (
        f"/entities/{pair[0]}/merge/",
        f"/entities/{pair[0]}/merge/{pair[1]}/",
        f"/entities/{pair[1]}/merges/",
    ):
        assert far.get(address).status_code == 404
