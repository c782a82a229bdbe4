"""A clerk corrects a fact: his word stands above the lists until they change their mind or he takes it back."""

from datetime import UTC, date, datetime
from typing import Any

import pytest

from jingwei.accounts.scope import acting
from jingwei.base_roster import services
from jingwei.base_roster.explaining import explain, ownership_view, screening_view, state_view
from jingwei.base_roster.models import Entity, Fact, Identifier
from jingwei.core.models import JournalEntry
from jingwei.core.permissions import Actor, NotPermitted, Role
from jingwei.core.refusal import Refused
from jingwei.rosters.models import SourceUnit
from tests.base_roster.lists import build_roster, entity_of, make_unit, repeat_unit
from tests.city import NOW, TODAY, SmallCity
from tests.domain.uscc.strategies import code_of

FIRM = code_of("91", "990102", "MA1A2B3C")
NAME = "安澜衡川电子科技有限公司"
ADDRESS = "安澜市青岚区书院街道竹园路9号"
NOVEMBER = date(2026, 11, 30)
NOON = datetime(2026, 11, 10, 4, 0, tzinfo=UTC)


@pytest.fixture
def clerk(small_city: SmallCity) -> Actor:
    return small_city.actor(Role.CLERK, place=small_city.city)


@pytest.fixture
def units(small_city: SmallCity, clerk: Actor) -> dict[str, SourceUnit]:
    with acting(clerk):
        found = {
            "market": make_unit(
                small_city, "market", name=NAME, uscc=FIRM, address=ADDRESS, state="存续", industry_code="C39",
                company_type="国有独资公司",
            ),
            "tax": make_unit(small_city, "tax", name="衡川电子", uscc=FIRM, address=ADDRESS, staff="4"),
            "members": make_unit(small_city, "party_member_counts", name=NAME, uscc=FIRM, full_members="1"),
        }  # fmt: skip
        build_roster(small_city, [list(found.values())], clerk)
    return found


def correct(unit: SourceUnit, clerk: Actor, kind: str, value: str, **how: Any) -> Entity:
    entity = entity_of(unit)
    usual = {"reason": "现场核实", "by": clerk, "on": NOON}
    services.correct_fact(entity=entity, kind=kind, value=value, **(usual | how))
    entity.refresh_from_db()
    return entity


def next_month(city: SmallCity, units: dict[str, SourceUnit], clerk: Actor, **changed: dict[str, str]) -> None:
    """Lists of November: those not named say the same again."""
    for key, unit in units.items():
        if key in changed:
            said = unit.last_record
            assert said
            make_unit(
                city, unit.list_kind, **({"name": said.name, "uscc": FIRM} | said.values | changed[key]), as_of=NOVEMBER
            )
        else:
            repeat_unit(city, unit, NOVEMBER)
    build_roster(city, [list(units.values())], clerk, as_of=NOVEMBER)


@pytest.mark.parametrize(
    ("kind", "value", "column", "expected"),
    [
        ("name", "安澜市衡川电子科技股份有限公司", "name", "安澜市衡川电子科技股份有限公司"),
        ("state", "注销", "operating", False),
        ("industry_code", "g5439", "industry_code", "G5439"),
        ("staff", "１２", "staff", 12),
        ("insured", "9", "staff", 9),
        ("full_members", "3", "full_members", 3),
        ("probationary_members", "0", "probationary_members", 0),
        ("ownership", "非公", "ownership", "non_public"),
    ],
)
def test_a_correction_shows_in_the_list_at_once(
    units: dict[str, SourceUnit], clerk: Actor, kind: str, value: str, column: str, expected: object
) -> None:
    with acting(clerk):
        assert getattr(correct(units["tax"], clerk, kind, value), column) == expected
        assert services.differences(on=NOON) == []


def test_a_corrected_address_alone_places_the_entity(
    small_city: SmallCity, units: dict[str, SourceUnit], clerk: Actor
) -> None:
    with acting(clerk):
        entity = correct(units["tax"], clerk, "address", "安澜市白鹭县石桥镇1号")
        assert (entity.county, entity.town) == (small_city.other_county, small_city.far_town)
        assert entity.placement.evidence.startswith("经办人更正（2026-11-10，")


def test_the_explanation_names_the_clerk_the_day_and_the_reason(units: dict[str, SourceUnit], clerk: Actor) -> None:
    with acting(clerk):
        correct(units["tax"], clerk, "state", "吊销未注销")
        correct(units["tax"], clerk, "ownership", "non_public", reason="2026 年股东名册")
        entity = correct(units["tax"], clerk, "staff", "2")
        why = explain(entity, on=TODAY)
        state, owned, screened = (
            view(why.verdicts, why.rules) for view in (state_view, ownership_view, screening_view)
        )
    assert state.reasons[0] == f"经办人更正（2026-11-10，{clerk.name}）：现场核实"
    assert owned.reasons == (f"经办人更正（2026-11-10，{clerk.name}）：2026 年股东名册",)
    assert owned.rule
    assert owned.rule.zh
    assert any("经办人更正（2026-11-10）人数 2，不足" in reason for reason in screened.reasons)


def test_a_list_that_repeats_itself_does_not_overrule_the_clerk(
    small_city: SmallCity, units: dict[str, SourceUnit], clerk: Actor
) -> None:
    with acting(clerk):
        correct(units["tax"], clerk, "full_members", "3")
        next_month(small_city, units, clerk)
        assert entity_of(units["tax"]).full_members == 3


def test_a_list_that_changes_another_cell_does_not_overrule_the_clerk(
    small_city: SmallCity, units: dict[str, SourceUnit], clerk: Actor
) -> None:
    with acting(clerk):
        correct(units["tax"], clerk, "staff", "12")
        next_month(small_city, units, clerk, tax={"address": "青岚区临江街道1号"})
        assert entity_of(units["tax"]).staff == 12


def test_a_later_list_that_changes_its_mind_overrules_the_clerk(
    small_city: SmallCity, units: dict[str, SourceUnit], clerk: Actor
) -> None:
    with acting(clerk):
        correct(units["tax"], clerk, "full_members", "3")
        next_month(small_city, units, clerk, members={"full_members": "5"})
        assert entity_of(units["tax"]).full_members == 5
        services.rebuild(by=clerk, on=NOON)
        assert entity_of(units["tax"]).full_members == 5


def test_a_list_of_an_earlier_day_overrules_nothing_however_late_it_comes(
    small_city: SmallCity, units: dict[str, SourceUnit], clerk: Actor
) -> None:
    with acting(clerk):
        correct(units["tax"], clerk, "staff", "12", on=datetime(2026, 12, 15, 4, 0, tzinfo=UTC))
        next_month(small_city, units, clerk, tax={"staff": "6"})
        assert entity_of(units["tax"]).staff == 12


def test_an_ownership_stands_until_the_lists_tell_another_one(
    small_city: SmallCity, units: dict[str, SourceUnit], clerk: Actor
) -> None:
    with acting(clerk):
        correct(units["tax"], clerk, "ownership", "non_public", reason="股东名册")
        next_month(small_city, units, clerk, market={"state": "存续（在营）"})
        assert entity_of(units["tax"]).ownership == "non_public"
        make_unit(
            small_city, "tax", name="衡川电子", uscc=FIRM, address=ADDRESS, staff="4", company_type="国有企业",
            as_of=date(2026, 12, 31),
        )  # fmt: skip
        build_roster(small_city, [list(units.values())], clerk, as_of=date(2026, 12, 31))
        assert entity_of(units["tax"]).ownership == "public"


def test_a_corrected_owner_takes_its_branch_offices_along(small_city: SmallCity, clerk: Actor) -> None:
    with acting(clerk):
        parent = make_unit(small_city, "market", name="安澜云栖连锁有限公司", company_type="国有独资公司")
        site = make_unit(small_city, "market", name="安澜云栖连锁有限公司书院分公司", capital="")
        build_roster(small_city, [[parent], [site]], clerk)
        correct(parent, clerk, "ownership", "non_public", reason="股东名册")
        assert entity_of(site).ownership == "non_public"


def test_a_corrected_name_is_found_and_the_lists_name_too(units: dict[str, SourceUnit], clerk: Actor) -> None:
    with acting(clerk):
        entity = correct(units["tax"], clerk, "name", "安澜恒川电子科技有限公司")
        names = dict(Identifier.objects.filter(entity=entity, kind__endswith="name").values_list("value", "kind"))
    assert names == {"安澜恒川电子科技有限公司": "name", NAME: "former_name"}


def test_a_withdrawn_correction_lets_the_lists_speak_again(units: dict[str, SourceUnit], clerk: Actor) -> None:
    with acting(clerk):
        entity = correct(units["tax"], clerk, "staff", "12")
        services.withdraw_correction(entity=entity, kind="staff", reason="填错了", by=clerk, on=NOON)
        entity.refresh_from_db()
        assert entity.staff == 4
        assert Fact.objects.filter(list_kind=Fact.MANUAL).count() == 2, "nothing is deleted"
        with pytest.raises(Refused):
            services.withdraw_correction(entity=entity, kind="staff", reason="再撤", by=clerk, on=NOON)


def test_the_last_of_two_corrections_of_one_day_stands(units: dict[str, SourceUnit], clerk: Actor) -> None:
    with acting(clerk):
        correct(units["tax"], clerk, "staff", "12")
        assert correct(units["tax"], clerk, "staff", "15").staff == 15


def test_the_journal_names_the_fact_and_not_its_value(units: dict[str, SourceUnit], clerk: Actor) -> None:
    with acting(clerk):
        entity = correct(units["tax"], clerk, "full_members", "777")
        noted = JournalEntry.objects.get(verb="fact.correct")
        assert (noted.subject_type, noted.subject_id, noted.fields) == ("entity", str(entity.pk), ["full_members"])
        assert "777" not in str(noted.detail)


@pytest.mark.parametrize(
    ("kind", "value"),
    [
        ("staff", "约 50"), ("staff", "-1"), ("staff", "12345678"), ("full_members", ""), ("state", "在营"),
        ("ownership", "unknown"), ("industry_code", "Z99"), ("name", "无"), ("name", "9"), ("address", "详见附件"),
        ("address", "长" * 401), ("screening", "in"), ("uscc", FIRM),
    ],
)  # fmt: skip
def test_a_value_that_is_none_is_refused(units: dict[str, SourceUnit], clerk: Actor, kind: str, value: str) -> None:
    with acting(clerk):
        with pytest.raises(Refused):
            correct(units["tax"], clerk, kind, value)
        assert not Fact.objects.filter(list_kind=Fact.MANUAL).exists()


@pytest.mark.parametrize("reason", ["", "  ", "长" * 201])
def test_a_correction_needs_a_reason_of_reasonable_length(
    units: dict[str, SourceUnit], clerk: Actor, reason: str
) -> None:
    with acting(clerk), pytest.raises(Refused):
        correct(units["tax"], clerk, "staff", "3", reason=reason)


def test_only_a_clerk_in_whose_scope_the_entity_lies_corrects_it(
    small_city: SmallCity, units: dict[str, SourceUnit], clerk: Actor
) -> None:
    county = small_city.actor(Role.CLERK, place=small_city.county)
    strangers = (
        small_city.actor(Role.CLERK, place=small_city.other_county),
        small_city.actor(Role.TOWN_ORGANIZER, place=small_city.town),
    )
    with acting(clerk):
        entity = entity_of(units["tax"])
    for actor in strangers:
        with acting(actor), pytest.raises(NotPermitted):
            services.correct_fact(entity=entity, kind="staff", value="9", reason="试", by=actor, on=NOON)
    with acting(county):
        assert not SourceUnit.objects.exists(), "the lists came in at the city, out of the county's sight"
        services.correct_fact(entity=entity, kind="staff", value="9", reason="现场核实", by=county, on=NOON)
        entity.refresh_from_db()
        assert (entity.staff, entity.name) == (9, NAME), "what the unseen lists say is not lost"
        assert not SourceUnit.objects.exists()


def test_a_correction_takes_effect_on_the_day_it_is_made(units: dict[str, SourceUnit], clerk: Actor) -> None:
    with acting(clerk):
        assert correct(units["tax"], clerk, "staff", "12").as_of == NOON.date()
        assert NOW.date() < NOON.date()
