import pytest

from jingwei.accounts.scope import acting
from jingwei.base_roster import finding
from jingwei.base_roster.filters import RosterFilters, read_text
from jingwei.base_roster.finding import find
from jingwei.base_roster.models import Entity, Identifier
from jingwei.core.permissions import Actor, Role, local_operator
from tests.base_roster.entities import elsewhere, make_entity, some_city
from tests.city import TODAY, SmallCity

pytestmark = pytest.mark.django_db


@pytest.fixture
def clerk(small_city: SmallCity) -> Actor:
    with acting(local_operator()):
        some_city(small_city)
    return small_city.actor(Role.CLERK, place=small_city.city)


def names(actor: Actor, text: str, **conditions: object) -> list[str]:
    filters = RosterFilters(text=text, **conditions)  # type: ignore[arg-type]
    with acting(actor):
        found = find(actor=actor, filters=filters, start=0, size=50)
        held = Entity.objects.in_bulk(found.ids)
    assert found.count == len(found.ids)
    return [held[pk].name for pk in found.ids]


def test_two_characters_inside_a_name_find_it(clerk: Actor) -> None:
    assert names(clerk, "衡川") == ["安澜市衡川电子科技有限公司"]


def test_four_characters_must_stand_together(clerk: Actor) -> None:
    assert names(clerk, "衡川电子") == ["安澜市衡川电子科技有限公司"]
    assert names(clerk, "川电科技") == []


def test_brackets_width_and_case_do_not_matter(clerk: Actor, small_city: SmallCity) -> None:
    with acting(local_operator()):
        make_entity(small_city, "安澜（书院）ＡＢ面馆有限公司")
    assert names(clerk, "书院ab面馆") == names(clerk, "（书院）AB面馆") == ["安澜（书院）ＡＢ面馆有限公司"]


def test_one_character_is_too_short(clerk: Actor) -> None:
    assert read_text("川").is_empty
    assert names(clerk, "川") == []


@pytest.mark.parametrize("text", ["91990102K8PBRNYT4C", "91990102k8pbrnyt4c", "91990102 K8PB RNYT 4C", "91990102K8"])
def test_a_code_or_its_beginning_finds_the_entity(clerk: Actor, text: str) -> None:
    assert names(clerk, text) == ["安澜市衡川电子科技有限公司"]


def test_initials_find_a_name_at_its_beginning_and_from_three_letters_on_inside(clerk: Actor) -> None:
    assert names(clerk, "lj") == ["老街小满早餐店"]
    assert names(clerk, "HCDZ") == ["安澜市衡川电子科技有限公司"]
    assert names(clerk, "hc") == []


def test_an_old_number_and_a_former_name_find_the_entity(clerk: Actor) -> None:
    with acting(local_operator()):
        firm = Entity.objects.get(uscc="91990102K8PBRNYT4C")
        for kind, value in (("registration", "990102200013427"), ("former_name", "安澜衡川物流有限公司")):
            Identifier.objects.create(entity=firm, kind=kind, value=value, list_kind="market", as_of=TODAY)
    assert names(clerk, "990102200013427") == [firm.name]
    assert names(clerk, "安澜衡川物流有限公司") == [firm.name]


def test_a_text_and_filters_narrow_each_other(clerk: Actor) -> None:
    assert len(names(clerk, "安澜")) == 5
    assert names(clerk, "安澜", roster="social") == ["安澜市物流协会"]
    assert names(clerk, "安澜", roster="enterprise", industry="I") == ["安澜启明星算软件有限公司"]
    assert names(clerk, "安澜", min_staff=100) == ["安澜市衡川电子科技有限公司"]
    assert names(clerk, "青岚", unplaced=True) == ["青岚骑联配送服务有限公司"]


def test_a_percent_sign_is_no_wild_card(clerk: Actor) -> None:
    assert names(clerk, "%%") == []
    assert names(clerk, "衡%子") == []


@pytest.mark.parametrize("text", ["'; DROP TABLE base_roster_entity; --", "衡川' OR '1'='1", "\\'衡川"])
def test_a_text_is_never_read_as_a_statement(clerk: Actor, text: str) -> None:
    names(clerk, text)
    assert names(clerk, "衡川") == ["安澜市衡川电子科技有限公司"]


def test_the_search_stays_inside_the_scope(clerk: Actor, small_city: SmallCity) -> None:
    town = small_city.actor(Role.TOWN_ORGANIZER, place=small_city.far_town)
    assert names(town, "小满") == ["安澜小满文化传播有限公司"]
    sibling = small_city.actor(Role.TOWN_ORGANIZER, place=small_city.other_town)
    assert names(sibling, "小满") == []


def test_the_function_itself_finds_nothing_without_a_scope(clerk: Actor) -> None:
    nobody = Actor(user_id=None, name="访客")
    with acting(nobody):
        assert finding.entities_of_text(read_text("衡川"), RosterFilters()) == []


def test_a_text_beyond_the_limit_is_listed_newest_first(
    clerk: Actor, small_city: SmallCity, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(finding, "LIMIT", 3)
    with acting(local_operator()):
        made = [elsewhere(small_city, f"安澜第{number}商行") for number in range(6)]
    filters = RosterFilters(text="商行", roster="enterprise")
    with acting(clerk):
        found = find(actor=clerk, filters=filters, start=0, size=2)
        assert found.is_more
        assert found.ids == [made[5].pk, made[4].pk]
        assert find(actor=clerk, filters=filters, start=2, size=2).ids == [made[3].pk, made[2].pk]
