"""What the newer list changes ends and begins on its day; nothing of the past is overwritten."""

import pytest

from jingwei.accounts.scope import acting
from jingwei.branches import services
from jingwei.branches.models import CoveredUnit, Organization, OrganizationPeriod
from jingwei.core.models import JournalEntry
from jingwei.core.permissions import Actor, Role
from tests.branches.lists import CHIPS, NEXT, TEA, covered, firm, organization, party, run_of, take
from tests.city import NOW, TODAY, SmallCity

pytestmark = [pytest.mark.slow, pytest.mark.django_db]
OWN = f"中共{CHIPS}支部委员会"
JOINT = "中共安澜市书院第1联合支部委员会"


@pytest.fixture
def clerk(small_city: SmallCity) -> Actor:
    return small_city.actor(Role.CLERK, place=small_city.city)


def periods(name: str) -> list[tuple[str, object, object]]:
    rows = OrganizationPeriod.objects.filter(organization__name=name).order_by("valid")
    return [(row.form, row.valid.lower, row.valid.upper) for row in rows]


def changed(verb: str) -> list[list[str]]:
    return [entry.fields for entry in JournalEntry.objects.filter(verb=verb)]


def test_a_new_form_begins_a_period_and_is_journaled(small_city: SmallCity, clerk: Actor) -> None:
    with acting(clerk):
        firm(small_city, CHIPS)
        party(small_city, OWN, CHIPS, form="功能型")
        take(small_city, clerk)
        party(small_city, OWN, CHIPS, form="单独组建", as_of=NEXT)
        result = take(small_city, clerk, NEXT)
        since = organization(OWN).valid.lower
        assert periods(OWN) == [("functional", since, NEXT), ("independent", NEXT, None)]
        assert (result.changed, result.begun, result.ended) == (1, 0, 0)
        assert changed("organization.change") == [["form"]]


def test_another_superior_begins_a_period(small_city: SmallCity, clerk: Actor) -> None:
    with acting(clerk):
        firm(small_city, CHIPS)
        party(small_city, OWN, CHIPS)
        take(small_city, clerk)
        party(small_city, OWN, CHIPS, superior="青岚区委社会工作部", as_of=NEXT)
        take(small_city, clerk, NEXT)
        assert organization(OWN).superior == small_city.county_office
        superiors = OrganizationPeriod.objects.order_by("valid").values_list("superior", flat=True)
        assert list(superiors) == [small_city.industry.pk, small_city.county_office.pk]
        assert changed("organization.change") == [["superior"]]


def test_a_superior_spelt_another_way_is_no_change(small_city: SmallCity, clerk: Actor) -> None:
    with acting(clerk):
        firm(small_city, CHIPS)
        party(small_city, OWN, CHIPS, superior="安澜市交通运输行业党委")
        take(small_city, clerk)
        party(small_city, OWN, CHIPS, superior="中共安澜市交通运输行业党委", as_of=NEXT)
        result = take(small_city, clerk, NEXT)
        assert (result.changed, len(periods(OWN))) == (0, 1)


def test_a_unit_that_the_newer_list_leaves_out_ends_on_its_day(small_city: SmallCity, clerk: Actor) -> None:
    with acting(clerk):
        firm(small_city, CHIPS)
        firm(small_city, TEA)
        party(small_city, JOINT, CHIPS, TEA, form="联合组建")
        take(small_city, clerk)
        party(small_city, JOINT, TEA, form="联合组建", as_of=NEXT)
        result = take(small_city, clerk, NEXT)
        assert (result.begun, result.ended) == (0, 1)
        assert [name for name, _, _ in covered(JOINT, TODAY)] == [CHIPS, TEA]
        assert [name for name, _, _ in covered(JOINT, NEXT)] == [TEA]


def test_a_unit_that_joins_is_covered_from_the_day_of_the_newer_list(small_city: SmallCity, clerk: Actor) -> None:
    with acting(clerk):
        firm(small_city, CHIPS)
        firm(small_city, TEA)
        party(small_city, JOINT, CHIPS, form="联合组建")
        take(small_city, clerk)
        party(small_city, JOINT, CHIPS, TEA, form="联合组建", as_of=NEXT)
        take(small_city, clerk, NEXT)
        assert [row.valid.lower for row in CoveredUnit.objects.order_by("pk")] == [TODAY, NEXT]


def test_an_organization_missing_from_the_newer_list_is_dissolved_with_its_coverings(
    small_city: SmallCity, clerk: Actor
) -> None:
    with acting(clerk):
        firm(small_city, CHIPS)
        firm(small_city, TEA)
        party(small_city, OWN, CHIPS)
        party(small_city, JOINT, TEA, form="联合组建")
        take(small_city, clerk)
        party(small_city, JOINT, TEA, form="联合组建", as_of=NEXT)
        result = take(small_city, clerk, NEXT)
        assert (result.dissolved, result.ended) == (1, 1)
        assert organization(OWN).valid.upper == NEXT
        assert covered(OWN, TODAY) == [(CHIPS, CHIPS, False)]
        assert covered(OWN, NEXT) == []
        assert list(Organization.objects.active_on(NEXT).values_list("name", flat=True)) == [JOINT]


def test_an_organization_that_comes_back_lives_again_and_its_absence_stays_visible(
    small_city: SmallCity, clerk: Actor
) -> None:
    with acting(clerk):
        firm(small_city, CHIPS)
        firm(small_city, TEA)
        party(small_city, OWN, CHIPS)
        party(small_city, JOINT, TEA, form="联合组建")
        take(small_city, clerk)
        party(small_city, JOINT, TEA, form="联合组建", as_of=NEXT)
        take(small_city, clerk, NEXT)
        later = NEXT.replace(month=12, day=31)
        for name, unit in ((OWN, CHIPS), (JOINT, TEA)):
            party(small_city, name, unit, form="联合组建" if name == JOINT else "单独组建", as_of=later)
        result = take(small_city, clerk, later)
        assert (result.reopened, result.founded, Organization.objects.count()) == (1, 0, 2)
        assert organization(OWN).valid.upper_inf
        assert [(low, high) for _, low, high in periods(OWN)][1] == (later, None)
        assert covered(OWN, NEXT) == []
        assert covered(OWN, later) == [(CHIPS, CHIPS, False)]


def test_a_list_corrected_on_its_own_day_replaces_what_never_lasted_a_day(small_city: SmallCity, clerk: Actor) -> None:
    with acting(clerk):
        firm(small_city, CHIPS)
        firm(small_city, TEA)
        party(small_city, JOINT, CHIPS, form="联合组建")
        take(small_city, clerk)
        party(small_city, JOINT, TEA, form="联合组建")
        take(small_city, clerk)
        assert covered(JOINT) == [(TEA, TEA, False)]
        assert CoveredUnit.objects.count() == 1


def test_a_name_that_the_roster_learns_later_takes_effect_then(small_city: SmallCity, clerk: Actor) -> None:
    with acting(clerk):
        firm(small_city, CHIPS)
        party(small_city, JOINT, CHIPS, TEA, form="联合组建")
        take(small_city, clerk)
        assert covered(JOINT)[1] == (TEA, None, True)
        firm(small_city, TEA)
        result = take(small_city, clerk, NEXT)
        assert (result.resolved, result.begun) == (1, 0)
        assert covered(JOINT)[1] == (TEA, TEA, False)


def test_an_older_run_taken_late_changes_nothing(small_city: SmallCity, clerk: Actor) -> None:
    with acting(clerk):
        firm(small_city, CHIPS)
        party(small_city, OWN, CHIPS, form="功能型")
        older = run_of(small_city, clerk)
        party(small_city, OWN, CHIPS, as_of=NEXT)
        take(small_city, clerk, NEXT)
        assert not services.take_lists(run=older, by=clerk, on=NOW).is_change
        assert organization(OWN).form == "independent"


def test_rows_that_change_their_number_stay_the_same_organization(small_city: SmallCity, clerk: Actor) -> None:
    with acting(clerk):
        firm(small_city, CHIPS)
        party(small_city, OWN, CHIPS)
        party(small_city, OWN, CHIPS, number=2)
        take(small_city, clerk)
        party(small_city, OWN, CHIPS, number=2, as_of=NEXT)
        result = take(small_city, clerk, NEXT)
        assert (result.founded, result.dissolved, Organization.objects.count()) == (0, 0, 1)
        assert covered(OWN, NEXT) == [(CHIPS, CHIPS, False)]
