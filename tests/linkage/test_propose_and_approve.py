import pytest

from jingwei.accounts.scope import acting
from jingwei.core.models import JournalEntry
from jingwei.core.permissions import Actor, NotPermitted, Role, local_operator
from jingwei.linkage import services
from jingwei.linkage.models import LinkRun, ProposedLink
from tests.base_roster.lists import make_unit
from tests.city import NOW, TODAY, SmallCity

CODE = "91990102MA0000015T"


@pytest.fixture
def clerk(small_city: SmallCity) -> Actor:
    return small_city.actor(Role.CLERK, place=small_city.city)


def propose(city: SmallCity, by: Actor) -> LinkRun:
    return services.propose(as_of=TODAY, by=by, on=NOW, place_id=city.city.pk, body_id=city.office.pk)


def test_rows_with_one_code_and_one_name_are_proposed_as_one_entity(small_city: SmallCity, clerk: Actor) -> None:
    with acting(clerk):
        market = make_unit(small_city, "market", name="安澜衡川电子科技有限公司", uscc=CODE)
        tax = make_unit(small_city, "tax", name="安澜衡川电子科技有限公司", uscc=CODE)
        other = make_unit(small_city, "market", name="安澜书院茶馆")
        run = propose(small_city, clerk)
        clusters = dict(ProposedLink.objects.filter(run=run).values_list("unit_id", "cluster"))
        assert clusters[market.pk] == clusters[tax.pk] != clusters[other.pk]
        assert run.counts["code_exact"] == {"rows": 1, "review": 0}


def test_a_new_run_supersedes_the_one_that_waits(small_city: SmallCity, clerk: Actor) -> None:
    with acting(clerk):
        make_unit(small_city, "market", name="安澜书院茶馆")
        first, second = propose(small_city, clerk), propose(small_city, clerk)
        first.refresh_from_db()
        assert (first.state, second.state) == ("superseded", "proposed")


def test_only_a_named_person_with_the_permission_approves(small_city: SmallCity, clerk: Actor) -> None:
    organizer = small_city.actor(Role.TOWN_ORGANIZER, place=small_city.city)
    with acting(clerk):
        make_unit(small_city, "market", name="安澜书院茶馆")
        run = propose(small_city, clerk)
        for stranger in (organizer, local_operator()):
            with pytest.raises(NotPermitted):
                services.approve(run=run, by=stranger, on=NOW)
        run.refresh_from_db()
        assert run.state == "proposed"


def test_a_second_approval_changes_nothing(small_city: SmallCity, clerk: Actor) -> None:
    with acting(clerk):
        make_unit(small_city, "market", name="安澜书院茶馆")
        run = propose(small_city, clerk)
        first = services.approve(run=run, by=clerk, on=NOW)
        second = services.approve(run=run, by=clerk, on=NOW)
        assert first.approved_at == second.approved_at
        assert JournalEntry.objects.filter(verb="linkage.approve").count() == 1
