"""Why an entity is listed as it is: rules, sources and reasons that always agree with the list."""

from datetime import date

import pytest

from jingwei.accounts.scope import acting
from jingwei.base_roster import explaining, services
from jingwei.base_roster.explaining import VerdictView, explain
from jingwei.base_roster.models import Entity
from jingwei.core.permissions import Actor, Role
from jingwei.domain.glossary import term
from jingwei.rosters.models import Batch, SourceRecord, SourceUnit
from tests.base_roster.lists import build_roster, entity_of, make_unit
from tests.city import NOW, TODAY, SmallCity
from tests.domain.uscc.strategies import code_of

FIRM = code_of("91", "990102", "MA1A2B3C")
TRADER = code_of("92", "990102", "MA5T6R7E")
SOCIETY = code_of("51", "990102", "MJ123456")
CHAIN = "安澜云栖连锁有限公司"
TITLES = ["法律形式", "登记状态", "所有制", "三有初筛", "是否计入底数"]


@pytest.fixture
def clerk(small_city: SmallCity) -> Actor:
    return small_city.actor(Role.CLERK, place=small_city.city)


@pytest.fixture
def organizer(small_city: SmallCity) -> Actor:
    return small_city.actor(Role.TOWN_ORGANIZER, place=small_city.town)


def counted_firm(city: SmallCity) -> list[SourceUnit]:
    address = "安澜市青岚区书院街道竹园路9号"
    return [
        make_unit(
            city, "market", name="安澜衡川电子科技有限公司", uscc=FIRM, address=address, state="存续",
            company_type="有限责任公司(自然人独资)",
        ),
        make_unit(city, "tax", name="衡川电子", uscc=FIRM, address=address, staff="42"),
    ]  # fmt: skip


def roster(city: SmallCity, clerk: Actor) -> None:
    """Entities of many kinds: counted, pending, excluded, unknown, with and without a parent."""
    branch = {"address": "安澜市青岚区书院街道"}
    clusters = [
        counted_firm(city),
        [make_unit(city, "market", name="安澜无名商贸有限公司")],
        [make_unit(city, "market", name="老槐树面馆", uscc=TRADER, state="注销", **branch)],
        [make_unit(city, "civil_affairs", name="青岚区书画协会", uscc=SOCIETY, organization_type="社会团体")],
        [make_unit(city, "market", name=CHAIN, company_type="国有独资公司", address="白鹭县石桥镇")],
        [make_unit(city, "market", name=f"{CHAIN}书院店", state="存续", **branch)],
        [make_unit(city, "market", name="临江望月有限公司书院店", **branch)],
    ]
    build_roster(city, clusters, clerk)
    services.answer_ownership(parent_name="临江望月有限公司", value="public", basis="产权证明", by=clerk, on=NOW)


def views_of(entity: Entity) -> list[VerdictView]:
    """The verdicts in the order of the decision."""
    why = explain(entity, on=TODAY)
    parts = (
        explaining.form_view, explaining.state_view, explaining.ownership_view, explaining.screening_view,
        explaining.counting_view,
    )  # fmt: skip
    return [part(why.verdicts, why.rules) for part in parts]


def listed(entity: Entity) -> list[str]:
    """What the columns of the list say, in the order and the words of the explanation."""
    groups = {
        "legal_form": entity.legal_form, "registration_state": entity.state, "ownership": entity.ownership,
        "screening": entity.screening,
    }  # fmt: skip
    return [term(f"{group}.{value}").zh for group, value in groups.items()]


def disagreeing(entity: Entity) -> list[str]:
    views = views_of(entity)
    found = [view.title for view, column in zip(views, listed(entity), strict=False) if view.result != column]
    return found + ([views[-1].title] if (views[-1].result == "计入") is not entity.counts_in_base else [])


def unfounded(view: VerdictView) -> bool:
    return not (view.reasons and all(view.reasons) and view.rule and view.rule.zh and view.rule.source)


def test_every_verdict_names_its_rule_its_source_and_its_reasons(small_city: SmallCity, clerk: Actor) -> None:
    with acting(clerk):
        roster(small_city, clerk)
        for entity in Entity.objects.all():
            views = views_of(entity)
            assert [view.title for view in views] == TITLES
            assert [(entity.name, view) for view in views if unfounded(view)] == []


def test_the_explanation_says_what_the_list_says(small_city: SmallCity, clerk: Actor) -> None:
    with acting(clerk):
        roster(small_city, clerk)
        assert Entity.objects.filter(counts_in_base=True).count() == 1
        assert set(Entity.objects.values_list("ownership", flat=True)) == {"public", "non_public", "unknown"}
        assert {entity.name: found for entity in Entity.objects.all() if (found := disagreeing(entity))} == {}


def test_a_figure_that_a_later_list_leaves_out_is_gone_from_the_explanation_too(
    small_city: SmallCity, clerk: Actor
) -> None:
    with acting(clerk):
        units = counted_firm(small_city)
        build_roster(small_city, [units], clerk)
        make_unit(small_city, "tax", name="衡川电子", uscc=FIRM, as_of=date(2026, 11, 30))
        services.rebuild(by=clerk, on=NOW)
        entity = entity_of(units[0])
        assert (entity.staff, entity.screening) == (None, "unknown")
        assert disagreeing(entity) == []


def test_the_reasons_name_the_list_the_date_and_the_figure(small_city: SmallCity, clerk: Actor) -> None:
    with acting(clerk):
        units = counted_firm(small_city)
        build_roster(small_city, [units], clerk)
        screened = views_of(entity_of(units[0]))[3]
    assert any("税务（2026-10-31）人数 42" in reason for reason in screened.reasons)


def test_an_open_verdict_says_what_would_settle_it(small_city: SmallCity, clerk: Actor) -> None:
    with acting(clerk):
        unit = make_unit(small_city, "market", name="安澜无名商贸有限公司")
        build_roster(small_city, [[unit]], clerk)
        views = {view.title: view for view in views_of(entity_of(unit))}
    assert {title: view.kind for title, view in views.items() if view.kind == "unknown"}.keys() >= {
        "登记状态",
        "所有制",
    }
    assert views["三有初筛"].change == "还缺：固定场所、职工人数、生产经营的依据"
    assert all(view.change for title, view in views.items() if view.kind == "unknown" and title != "是否计入底数")


def test_a_town_user_reads_the_explanation_and_still_sees_no_list(
    small_city: SmallCity, clerk: Actor, organizer: Actor
) -> None:
    with acting(clerk):
        units = counted_firm(small_city)
        build_roster(small_city, [units], clerk)
        expected = views_of(entity_of(units[0]))
    with acting(organizer):
        assert views_of(Entity.objects.get()) == expected
        for model in (Batch, SourceUnit, SourceRecord):
            assert not model._default_manager.exists(), model


def test_a_town_user_reads_why_a_branch_office_is_public_though_its_parent_lies_elsewhere(
    small_city: SmallCity, clerk: Actor, organizer: Actor
) -> None:
    with acting(clerk):
        roster(small_city, clerk)
    with acting(organizer):
        assert not Entity.objects.filter(name=CHAIN).exists()
        entity = Entity.objects.get(name=f"{CHAIN}书院店")
        owned = views_of(entity)[2]
        assert not Entity.objects.filter(name=CHAIN).exists(), "reading an explanation widens no scope"
    assert owned.result == "公有"
    assert any(CHAIN in reason for reason in owned.reasons)


def test_an_error_while_explaining_widens_no_scope(
    small_city: SmallCity, clerk: Actor, organizer: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> None:
        raise RuntimeError

    with acting(clerk):
        build_roster(small_city, [counted_firm(small_city)], clerk)
    with acting(organizer):
        entity = Entity.objects.get()
        monkeypatch.setattr("jingwei.base_roster.explaining.context_of", fail)
        with pytest.raises(RuntimeError):
            explain(entity, on=TODAY)
        assert not SourceUnit.objects.exists()
