from datetime import date

import pytest

from jingwei.accounts.scope import acting
from jingwei.base_roster import services
from jingwei.base_roster.models import Entity, EntitySource, Fact, Identifier
from jingwei.core.permissions import NotPermitted, Role
from jingwei.linkage.models import LinkRun
from tests.base_roster.lists import build_roster, entity_of, make_unit
from tests.city import NOW, TODAY, SmallCity

CODE = "91990102MA0000015T"


@pytest.fixture
def clerk(small_city: SmallCity):
    return small_city.actor(Role.CLERK, place=small_city.city)


def test_units_of_one_cluster_become_one_entity_with_facts_of_each_list(small_city: SmallCity, clerk) -> None:
    with acting(clerk):
        market = make_unit(
            small_city, "market", name="安澜衡川电子科技有限公司", uscc=CODE, address="安澜市青岚区书院街道竹园路 9 号",
            state="存续", capital="50万元", industry_code="G59",
        )  # fmt: skip
        tax = make_unit(small_city, "tax", name="衡川电子", uscc=CODE, staff="42", address="青岚区竹园路 9 号")
        build_roster(small_city, [[market, tax]], clerk)
        entity = Entity.objects.get()
        assert (entity.name, entity.uscc, entity.staff) == ("安澜衡川电子科技有限公司", CODE, 42)
        assert entity.town == small_city.town
        assert entity.county == small_city.county
        assert entity.industry_body == small_city.industry
        assert entity.roster == "enterprise"
        assert set(Fact.objects.filter(kind="address").values_list("list_kind", flat=True)) == {"market", "tax"}
        assert Identifier.objects.filter(entity=entity, kind="uscc", value=CODE).exists()


def test_a_count_that_no_list_names_stays_unknown(small_city: SmallCity, clerk) -> None:
    with acting(clerk):
        unit = make_unit(small_city, "market", name="安澜无名有限公司", uscc=CODE, state="存续")
        build_roster(small_city, [[unit]], clerk)
        entity = entity_of(unit)
        assert entity.full_members is None
        assert entity.staff is None
        assert entity.screening == "unknown"


def test_building_twice_changes_nothing(small_city: SmallCity, clerk) -> None:
    with acting(clerk):
        unit = make_unit(small_city, "market", name="安澜甲有限公司", uscc=CODE, state="存续", address="青岚区")
        build_roster(small_city, [[unit]], clerk)
        before = (
            Entity.objects.count(),
            Fact.objects.count(),
            Identifier.objects.count(),
            EntitySource.objects.count(),
        )
        build_roster(small_city, [[unit]], clerk)
        after = (Entity.objects.count(), Fact.objects.count(), Identifier.objects.count(), EntitySource.objects.count())
        assert before == after
        assert services.differences(on=NOW) == []


def test_a_later_month_adds_only_the_facts_that_changed(small_city: SmallCity, clerk) -> None:
    with acting(clerk):
        unit = make_unit(
            small_city, "tax", name="安澜乙有限公司", uscc=CODE, staff="5", address="甲路 1 号", as_of=date(2026, 9, 30)
        )
        build_roster(small_city, [[unit]], clerk)
        make_unit(small_city, "tax", name="安澜乙有限公司", uscc=CODE, staff="8", address="甲路 1 号", as_of=TODAY)
        build_roster(small_city, [[unit]], clerk)
        assert list(Fact.objects.filter(kind="staff").order_by("as_of").values_list("value", flat=True)) == ["5", "8"]
        assert Fact.objects.filter(kind="address").count() == 1
        assert entity_of(unit).staff == 8


def test_a_doubtful_register_row_stands_alone_and_a_doubtful_tax_row_stays_outside(
    small_city: SmallCity, clerk
) -> None:
    with acting(clerk):
        sure = make_unit(small_city, "market", name="安澜丙有限公司", uscc=CODE)
        doubtful = make_unit(small_city, "market", name="安澜丙贸易有限公司")
        tax = make_unit(small_city, "tax", name="丙公司")
        build_roster(small_city, [[sure, doubtful, tax]], clerk, review=(doubtful.pk, tax.pk))
        assert entity_of(sure) != entity_of(doubtful)
        assert not EntitySource.objects.filter(unit=tax).exists()


def test_a_branch_office_hangs_on_its_parent_and_shares_its_ownership(small_city: SmallCity, clerk) -> None:
    with acting(clerk):
        parent = make_unit(
            small_city,
            "market",
            name="安澜云栖连锁有限公司",
            uscc=CODE,
            company_type="有限责任公司（国有独资）",
            capital="10万元",
        )
        site = make_unit(small_city, "market", name="安澜云栖连锁有限公司书院分公司", capital="")
        build_roster(small_city, [[parent], [site]], clerk)
        branch = entity_of(site)
        assert branch.parent == entity_of(parent)
        assert (branch.legal_form, branch.ownership) == ("branch_office", "public")
        services.compute(on=NOW, day=TODAY, entity_ids=[branch.pk])
        branch.refresh_from_db()
        assert branch.parent == entity_of(parent), "a partial computation finds the stored parent"


def test_party_lists_alone_found_no_entity(small_city: SmallCity, clerk) -> None:
    with acting(clerk):
        counts = make_unit(small_city, "party_member_counts", name="安澜丁有限公司", full_members="3")
        build_roster(small_city, [[counts]], clerk)
        assert Entity.objects.count() == 0


def test_a_party_organizations_row_does_not_tell_which_entity_a_cluster_is(small_city: SmallCity, clerk) -> None:
    with acting(clerk):
        former = make_unit(small_city, "market", name="安澜旧址有限公司", uscc=CODE)
        branch = make_unit(small_city, "party_organizations", name="安澜新址有限公司党支部")
        build_roster(small_city, [[former, branch]], clerk)
        newcomer = make_unit(small_city, "market", name="安澜新址有限公司")
        counts = make_unit(small_city, "party_member_counts", name="安澜新址有限公司", full_members="3")
        build_roster(small_city, [[former], [newcomer, counts, branch]], clerk)
        assert entity_of(newcomer) == entity_of(counts) != entity_of(former)
        assert entity_of(newcomer).full_members == 3
        assert entity_of(former).full_members is None


def test_a_run_that_nobody_approved_builds_nothing(small_city: SmallCity, clerk) -> None:
    with acting(clerk):
        run = LinkRun.objects.create(
            version="t", as_of=TODAY, body=small_city.office, place=small_city.city, created_at=NOW, created_by="测试"
        )
        with pytest.raises(NotPermitted):
            services.build(run=run, by=clerk, on=NOW)


def test_the_nightly_check_names_a_column_that_drifted(small_city: SmallCity, clerk) -> None:
    with acting(clerk):
        unit = make_unit(small_city, "tax", name="安澜戊有限公司", uscc=CODE, staff="5")
        build_roster(small_city, [[unit]], clerk)
        Entity.objects.update(staff=6)
        assert services.differences(on=NOW) == [(entity_of(unit).pk, ["staff"])]
        services.rebuild(by=clerk, on=NOW)
        assert services.differences(on=NOW) == []
