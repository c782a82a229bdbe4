"""From the office's list to organizations with the entities they cover."""

from datetime import date

import pytest

from jingwei.accounts.scope import acting
from jingwei.bodies.models import Body
from jingwei.branches import services
from jingwei.branches.models import CoveredUnit, Organization
from jingwei.core.models import JournalEntry
from jingwei.core.permissions import Actor, NotPermitted, Role
from jingwei.linkage import services as linkage
from tests.branches.lists import CHIPS, LAW, TEA, covered, firm, organization, party, run_of, take
from tests.city import NOW, TODAY, SmallCity, make_body

pytestmark = pytest.mark.django_db
OWN = f"中共{CHIPS}支部委员会"
JOINT = "中共安澜市书院第1联合支部委员会"


@pytest.fixture
def clerk(small_city: SmallCity) -> Actor:
    return small_city.actor(Role.CLERK, place=small_city.city)


def test_an_organization_keeps_form_level_superior_and_day_of_the_list(small_city: SmallCity, clerk: Actor) -> None:
    with acting(clerk):
        firm(small_city, CHIPS)
        party(small_city, OWN, CHIPS)
        take(small_city, clerk)
        found = organization(OWN)
        assert (found.form, found.level, found.superior) == ("independent", "branch", small_city.industry)
        assert (found.founded_on, found.valid.lower, found.as_of) == (date(2019, 7, 1), date(2019, 7, 1), TODAY)
        assert covered(OWN) == [(CHIPS, CHIPS, False)]


def test_units_named_in_full_or_by_code_take_effect_at_once(small_city: SmallCity, clerk: Actor) -> None:
    with acting(clerk):
        firm(small_city, TEA)
        firm(small_city, CHIPS, uscc="91990102MA0000015T")
        party(small_city, JOINT, TEA, "91990102MA0000015T", form="联合组建")
        result = take(small_city, clerk)
        assert covered(JOINT) == [(TEA, TEA, False), ("91990102MA0000015T", CHIPS, False)]
        assert (result.effective, result.waiting, result.unmatched) == (2, 0, 0)


def test_a_short_name_waits_for_a_person(small_city: SmallCity, clerk: Actor) -> None:
    with acting(clerk):
        firm(small_city, CHIPS)
        firm(small_city, TEA)
        party(small_city, JOINT, "安澜衡川电子科技", TEA, form="联合组建")
        take(small_city, clerk)
        assert covered(JOINT) == [("安澜衡川电子科技", CHIPS, True), (TEA, TEA, False)]


def test_a_short_name_is_settled_by_an_organization_that_bears_the_whole_one(
    small_city: SmallCity, clerk: Actor
) -> None:
    with acting(clerk):
        firm(small_city, CHIPS)
        party(small_city, OWN, "安澜衡川电子科技")
        take(small_city, clerk)
        assert covered(OWN) == [("安澜衡川电子科技", CHIPS, False)]
        assert CoveredUnit.objects.get().rule == "organization_name"


def test_a_short_name_is_settled_by_the_area_of_the_superior(small_city: SmallCity, clerk: Actor) -> None:
    with acting(clerk):
        firm(small_city, CHIPS)
        party(small_city, JOINT, "安澜衡川电子科技", form="联合组建", superior="青岚区委社会工作部")
        take(small_city, clerk)
        assert covered(JOINT) == [("安澜衡川电子科技", CHIPS, False)]
        assert CoveredUnit.objects.get(organization__name=JOINT).rule == "name_area"


def test_the_area_of_another_superior_settles_nothing(small_city: SmallCity, clerk: Actor) -> None:
    make_body(Body.Kind.SOCIAL_WORK_DEPARTMENT, "白鹭县委社会工作部", small_city.other_county)
    with acting(clerk):
        firm(small_city, CHIPS)
        party(small_city, JOINT, "安澜衡川电子科技", form="联合组建", superior="白鹭县委社会工作部")
        take(small_city, clerk)
        assert covered(JOINT) == [("安澜衡川电子科技", CHIPS, True)]


def test_a_name_that_nobody_could_match_is_kept_without_an_entity(small_city: SmallCity, clerk: Actor) -> None:
    with acting(clerk):
        firm(small_city, CHIPS)
        party(small_city, JOINT, CHIPS, "安澜云栖连锁有限公司", form="联合组建")
        result = take(small_city, clerk)
        assert covered(JOINT)[1] == ("安澜云栖连锁有限公司", None, True)
        assert result.unmatched == 1


def test_a_superior_that_means_no_one_body_is_kept_as_text(small_city: SmallCity, clerk: Actor) -> None:
    with acting(clerk):
        firm(small_city, LAW)
        party(small_city, OWN, LAW, superior="某某综合党委")
        take(small_city, clerk)
        found = organization(OWN)
        assert (found.superior, found.superior_text) == (None, "某某综合党委")


def test_an_organization_lies_where_its_superior_works_or_else_with_its_first_unit(
    small_city: SmallCity, clerk: Actor
) -> None:
    with acting(clerk):
        firm(small_city, CHIPS)
        firm(small_city, TEA)
        party(small_city, OWN, CHIPS, superior="青岚区委社会工作部")
        party(small_city, JOINT, TEA, form="联合组建")
        take(small_city, clerk)
        assert organization(OWN).place == small_city.county
        assert organization(JOINT).place == small_city.town


def test_rows_that_repeat_an_organization_give_one_with_the_units_of_all(small_city: SmallCity, clerk: Actor) -> None:
    with acting(clerk):
        firm(small_city, CHIPS)
        firm(small_city, TEA)
        party(small_city, JOINT, CHIPS, form="联合组建")
        party(small_city, JOINT, CHIPS, TEA, form="联合组建", founded="", number=2)
        result = take(small_city, clerk)
        assert (result.organizations, result.merged, Organization.objects.count()) == (1, 1, 1)
        assert covered(JOINT) == [(CHIPS, CHIPS, False), (TEA, TEA, False)]


def test_rows_of_one_name_under_two_superiors_stay_two_organizations(small_city: SmallCity, clerk: Actor) -> None:
    with acting(clerk):
        firm(small_city, CHIPS)
        party(small_city, JOINT, CHIPS)
        party(small_city, JOINT, CHIPS, superior="青岚区委社会工作部", number=2)
        result = take(small_city, clerk)
        assert (result.organizations, result.merged) == (2, 0)


def test_taking_the_same_run_twice_changes_nothing(small_city: SmallCity, clerk: Actor) -> None:
    with acting(clerk):
        firm(small_city, CHIPS)
        party(small_city, JOINT, CHIPS, "云栖连锁", form="联合组建")
        run = run_of(small_city, clerk)
        assert services.take_lists(run=run, by=clerk, on=NOW).is_change
        before = list(CoveredUnit.objects.order_by("pk").values())
        again = services.take_lists(run=run, by=clerk, on=NOW)
        assert not again.is_change
        assert list(CoveredUnit.objects.order_by("pk").values()) == before
        assert JournalEntry.objects.filter(verb="branches.take").count() == 1


def test_nothing_is_taken_before_the_run_has_taken_effect_or_without_the_permission(
    small_city: SmallCity, clerk: Actor
) -> None:
    officer = small_city.actor(Role.INDUSTRY_OFFICER, place=small_city.city)
    with acting(clerk):
        firm(small_city, CHIPS)
        waiting = linkage.propose(as_of=TODAY, by=clerk, on=NOW, place_id=small_city.city.pk)
        with pytest.raises(NotPermitted):
            services.take_lists(run=waiting, by=clerk, on=NOW)
        with pytest.raises(NotPermitted):
            services.take_lists(run=run_of(small_city, clerk), by=officer, on=NOW)
