"""A build computes what can have changed, and leaves the roster as if everything had been computed."""

from datetime import date, datetime, timedelta

import pytest
from django.db import transaction
from django.db.backends.postgresql.psycopg_any import DateRange
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from jingwei.accounts.scope import acting
from jingwei.base_roster import services
from jingwei.base_roster.models import Entity, Fact, Identifier, RosterBasis
from jingwei.bodies.models import Body
from jingwei.core.permissions import Actor, Role
from jingwei.core.refusal import Refused
from jingwei.domain import rulebook
from jingwei.places.selectors import gazetteer_stamp
from jingwei.places.services import add_road_range, move_place
from jingwei.rosters.models import SourceUnit
from tests.base_roster.lists import build_roster, entity_of, make_unit, repeat_unit
from tests.city import NOW, TODAY, SmallCity
from tests.domain.uscc.strategies import code_of

LATER = date(2026, 11, 30)
CODES = {
    key: code_of("91", "990102", f"MA10000{number}") for number, key in enumerate(["A", "B", "S1", "S2", "T1", "T2"])
}
CHAINS = ("安澜云栖连锁有限公司", "安澜望月连锁有限公司")
TYPES = ("", "国有独资公司", "有限责任公司(自然人独资)")


@pytest.fixture
def clerk(small_city: SmallCity) -> Actor:
    return small_city.actor(Role.CLERK, place=small_city.city)


# What the lists of a month say: of each unit a new text, the old one again (None), or nothing ("absent").
firms = st.fixed_dictionaries(
    {
        "name": st.sampled_from(CHAINS),
        "company_type": st.sampled_from(TYPES),
        "state": st.sampled_from(["存续", "注销"]),
    }
)
sites = st.fixed_dictionaries(
    {"name": st.sampled_from([f"{chain}书院分公司" for chain in CHAINS] + ["安澜临江有限公司"]), "capital": st.just("")}
)
taxed = st.fixed_dictionaries(
    {"name": st.just("云栖"), "staff": st.sampled_from(["", "5", "12"]), "company_type": st.sampled_from(TYPES)}
)
said = {"A": firms, "B": firms, "S1": sites, "S2": sites, "T1": taxed, "T2": taxed}
corrected = st.sampled_from(
    [None, ("staff", "30"), ("ownership", "public"), ("name", CHAINS[1]), ("state", "注销"), ("staff", "withdraw"),
     ("ownership", "withdraw"), ("name", "withdraw")]
)  # fmt: skip
months = st.lists(
    st.tuples(st.fixed_dictionaries({key: st.one_of(st.none(), st.just("absent"), told) for key, told in said.items()}), corrected),
    min_size=1, max_size=3,
)  # fmt: skip


class City:
    """A few firms with branch offices, month after month."""

    def __init__(self, city: SmallCity, clerk: Actor) -> None:
        self.city, self.clerk, self.day = city, clerk, TODAY
        first = {
            "A": {"name": CHAINS[0]}, "B": {"name": CHAINS[1]}, "S1": {"name": f"{CHAINS[0]}书院分公司", "capital": ""},
            "S2": {"name": f"{CHAINS[1]}书院分公司", "capital": ""}, "T1": {"name": "云栖", "staff": "5"},
            "T2": {"name": "云栖", "staff": "7"},
        }  # fmt: skip
        self.units: dict[str, SourceUnit] = {}
        for key, values in first.items():
            self.tell(key, values)
        self.build()

    def tell(self, key: str, values: dict[str, str]) -> None:
        kind = "tax" if key.startswith("T") else "market"
        unit = make_unit(self.city, kind, uscc=CODES[key], as_of=self.day, **values)
        self.units[key] = unit

    def build(self) -> int:
        units = self.units
        clusters = [[units["A"], units["T1"], units["T2"]], [units["B"]], [units["S1"]], [units["S2"]]]
        return build_roster(self.city, clusters, self.clerk, as_of=self.day).computed

    def month(self, lists: dict[str, dict[str, str] | str | None]) -> None:
        self.day += timedelta(days=30)
        for key, values in lists.items():
            if values is None:
                self.units[key] = repeat_unit(self.city, self.units[key], self.day)
            elif isinstance(values, dict):
                self.tell(key, values)

    def correct(self, kind: str, value: str) -> None:
        noon = datetime.combine(self.day, NOW.timetz()) + timedelta(days=3)
        facts = {"entity": entity_of(self.units["A"]), "kind": kind, "reason": "现场核实", "by": self.clerk, "on": noon}
        if value != "withdraw":
            services.correct_fact(value=value, **facts)
        elif Fact.objects.filter(kind=kind, list_kind=Fact.MANUAL).exists():
            try:
                services.withdraw_correction(**facts)
            except Refused:
                assert not Fact.objects.filter(kind=kind, list_kind=Fact.MANUAL).latest("pk").value


def everything() -> list[object]:
    """Columns, facts and names as they are stored, apart from when they were."""
    entities = Entity.objects.order_by("pk").values_list(
        "pk", "name", "ownership", "state", "parent", "staff", "screening", "as_of"
    )
    return [
        *entities,
        *Fact.objects.order_by("pk").values_list("pk", "value"),
        *Identifier.objects.order_by("pk").values_list("pk", "kind", "value"),
    ]


@pytest.mark.slow
@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(months=months)
def test_after_any_months_the_roster_agrees_with_its_facts(
    small_city: SmallCity,
    clerk: Actor,
    months: list[tuple[dict[str, dict[str, str] | str | None], tuple[str, str] | None]],
) -> None:
    with acting(clerk):
        town = City(small_city, clerk)
        for lists, correction in months:
            town.month(lists)
            town.build()
            assert services.differences(on=NOW) == []
            if correction:
                town.correct(*correction)
                assert services.differences(on=NOW) == []
        before = everything()
        services.rebuild(by=clerk, on=NOW)
        assert everything() == before
        transaction.set_rollback(True)


def test_lists_that_repeat_themselves_lead_to_no_computation(small_city: SmallCity, clerk: Actor) -> None:
    with acting(clerk):
        town = City(small_city, clerk)
        town.month(dict.fromkeys(town.units))
        assert town.build() == 0
        assert services.differences(on=NOW) == []
        assert entity_of(town.units["A"]).as_of == TODAY, "since then it has been as it is"


def test_one_changed_row_leads_to_one_computed_entity(small_city: SmallCity, clerk: Actor) -> None:
    with acting(clerk):
        town = City(small_city, clerk)
        town.month(dict.fromkeys(town.units) | {"T1": {"name": "云栖", "staff": "40"}})
        assert town.build() == 1
        assert (entity_of(town.units["A"]).staff, entity_of(town.units["A"]).as_of) == (40, town.day)


def test_a_parent_that_becomes_public_takes_its_branch_offices_along(small_city: SmallCity, clerk: Actor) -> None:
    with acting(clerk):
        town = City(small_city, clerk)
        town.month(dict.fromkeys(town.units) | {"A": {"name": CHAINS[0], "company_type": "国有独资公司"}})
        assert town.build() == 2
        assert entity_of(town.units["S1"]).ownership == "public"


def test_a_renamed_parent_loses_one_branch_office_and_gains_none(small_city: SmallCity, clerk: Actor) -> None:
    with acting(clerk):
        town = City(small_city, clerk)
        town.month(dict.fromkeys(town.units) | {"A": {"name": "安澜更名连锁有限公司"}})
        town.build()
        assert entity_of(town.units["S1"]).parent is None
        assert entity_of(town.units["S2"]).parent == entity_of(town.units["B"])


def test_of_two_parents_with_one_name_the_older_keeps_the_branch_offices(small_city: SmallCity, clerk: Actor) -> None:
    with acting(clerk):
        town = City(small_city, clerk)
        town.month(dict.fromkeys(town.units) | {"B": {"name": CHAINS[0]}})
        town.build()
        older, younger = sorted((entity_of(town.units[key]) for key in ("A", "B")), key=lambda entity: entity.pk)
        assert entity_of(town.units["S1"]).parent == older
        services.compute(on=NOW, day=town.day, entity_ids=[younger.pk, entity_of(town.units["S1"]).pk])
        assert entity_of(town.units["S1"]).parent == older, "also where only the younger is computed"


def test_a_unit_that_falls_behind_its_sibling_is_read_again(small_city: SmallCity, clerk: Actor) -> None:
    with acting(clerk):
        town = City(small_city, clerk)
        before = entity_of(town.units["A"]).staff
        fallen = "T1" if before == 5 else "T2"
        town.month(dict.fromkeys(town.units) | {fallen: "absent"})
        assert town.build() == 1
        assert entity_of(town.units["A"]).staff == {"T1": 7, "T2": 5}[fallen]


def test_the_offices_own_list_may_come_more_often_than_the_departments(small_city: SmallCity, clerk: Actor) -> None:
    with acting(clerk):
        units = [
            make_unit(small_city, "market", name=CHAINS[0], uscc=CODES["A"]),
            make_unit(small_city, "party_member_counts", name=CHAINS[0], uscc=CODES["A"], full_members="1"),
        ]
        build_roster(small_city, [units], clerk)
        repeat_unit(small_city, units[1], LATER)
        assert build_roster(small_city, [units], clerk, as_of=LATER).computed == 0
        assert services.differences(on=NOW) == []


def test_another_rulebook_has_everything_computed(
    small_city: SmallCity, clerk: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    with acting(clerk):
        town = City(small_city, clerk)
        monkeypatch.setattr(rulebook, "version", lambda: "another")
        town.month(dict.fromkeys(town.units))
        assert town.build() == 4
        assert set(Entity.objects.values_list("rulebook_version", flat=True)) == {"another"}


def test_a_rule_that_begins_between_two_lists_has_everything_computed(
    small_city: SmallCity, clerk: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    with acting(clerk):
        town = City(small_city, clerk)
        RosterBasis.objects.update(day=date(2015, 9, 30))
        town.month(dict.fromkeys(town.units))
        assert town.build() == 4


@pytest.mark.parametrize("what", ["road", "committee", "end of a code"])
def test_other_places_or_committees_have_everything_computed(small_city: SmallCity, clerk: Actor, what: str) -> None:
    with acting(clerk):
        town = City(small_city, clerk)
        if what == "road":
            add_road_range(
                county=small_city.county, road="竹园路", number_from=None, number_to=None, parity="all",
                place=small_city.town, source="测试", by=clerk, on=NOW,
            )  # fmt: skip
        elif what == "committee":
            Body.objects.filter(pk=small_city.industry.pk).update(industries=["C"])
        else:
            code = small_city.town.codes.get()
            code.valid = DateRange(code.valid.lower, town.day + timedelta(days=10))
            code.save()
            RosterBasis.objects.update(gazetteer=gazetteer_stamp())
        town.month(dict.fromkeys(town.units))
        assert town.build() == 4


def test_a_moved_place_takes_its_entities_along(small_city: SmallCity, clerk: Actor) -> None:
    with acting(clerk):
        unit = make_unit(
            small_city, "market", name="安澜甲有限公司", uscc=CODES["A"], address="安澜市书院街道竹园社区1号"
        )
        build_roster(small_city, [[unit]], clerk)
        assert entity_of(unit).county == small_city.county
        move_place(
            place=small_city.town, parent=small_city.other_county, effective=TODAY, by=clerk, on=NOW, basis="测试"
        )
        services.compute_below(place=small_city.town, on=NOW)
        assert entity_of(unit).county == small_city.other_county
