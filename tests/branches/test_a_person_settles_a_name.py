"""A clerk says which entity a covered unit's name means."""

import pytest

from jingwei.accounts.scope import acting
from jingwei.base_roster.models import Entity
from jingwei.branches import services
from jingwei.branches.models import CoveredUnit
from jingwei.core.models import JournalEntry
from jingwei.core.permissions import Actor, NotPermitted, Role
from tests.branches.lists import CHIPS, NEXT, TEA, covered, firm, party, take
from tests.city import NOW, SmallCity

pytestmark = pytest.mark.django_db
JOINT = "中共安澜市书院第1联合支部委员会"


@pytest.fixture
def clerk(small_city: SmallCity) -> Actor:
    return small_city.actor(Role.CLERK, place=small_city.city)


@pytest.fixture
def waiting(small_city: SmallCity, clerk: Actor) -> CoveredUnit:
    with acting(clerk):
        firm(small_city, CHIPS)
        firm(small_city, TEA)
        party(small_city, JOINT, TEA, "恒川电子", form="联合组建")
        take(small_city, clerk)
        return CoveredUnit.objects.get(spelt="恒川电子")


def decide(covered_unit: CoveredUnit, name: str | None, by: Actor) -> None:
    entity = Entity.objects.get(name=name) if name else None
    services.decide_covering(covered=covered_unit, entity=entity, by=by, on=NOW)


def test_the_answer_takes_effect_and_is_journaled_without_a_name(waiting: CoveredUnit, clerk: Actor) -> None:
    with acting(clerk):
        decide(waiting, CHIPS, clerk)
        assert covered(JOINT)[1] == ("恒川电子", CHIPS, False)
        entry = JournalEntry.objects.get(verb="covering.decide")
        chips = Entity.objects.get(name=CHIPS)
        assert entry.detail == {"before": None, "after": chips.pk, "organization": waiting.organization_id}
        decide(waiting, CHIPS, clerk)
        assert JournalEntry.objects.filter(verb="covering.decide").count() == 1


def test_the_answer_holds_in_the_next_months(waiting: CoveredUnit, small_city: SmallCity, clerk: Actor) -> None:
    with acting(clerk):
        decide(waiting, CHIPS, clerk)
        party(small_city, JOINT, TEA, "恒川电子", form="联合组建", as_of=NEXT)
        assert not take(small_city, clerk, NEXT).is_change
        assert covered(JOINT, NEXT)[1] == ("恒川电子", CHIPS, False)


def test_the_answer_holds_again_for_a_name_that_comes_back(
    waiting: CoveredUnit, small_city: SmallCity, clerk: Actor
) -> None:
    later = NEXT.replace(month=12, day=31)
    with acting(clerk):
        decide(waiting, CHIPS, clerk)
        party(small_city, JOINT, TEA, form="联合组建", as_of=NEXT)
        take(small_city, clerk, NEXT)
        party(small_city, JOINT, TEA, "恒川电子", form="联合组建", as_of=later)
        take(small_city, clerk, later)
        assert covered(JOINT, later)[1] == ("恒川电子", CHIPS, False)


def test_a_name_that_the_roster_does_not_hold_waits_no_longer(waiting: CoveredUnit, clerk: Actor) -> None:
    with acting(clerk):
        decide(waiting, None, clerk)
        assert covered(JOINT)[1] == ("恒川电子", None, False)


def test_only_the_permitted_decide_and_only_in_their_scope(
    waiting: CoveredUnit, small_city: SmallCity, clerk: Actor
) -> None:
    organizer = small_city.actor(Role.TOWN_ORGANIZER, place=small_city.city)
    neighbour = small_city.actor(Role.CLERK, place=small_city.other_county)
    with acting(clerk):
        entity = Entity.objects.get(name=CHIPS)
        for stranger in (organizer, neighbour):
            with pytest.raises(NotPermitted):
                services.decide_covering(covered=waiting, entity=entity, by=stranger, on=NOW)
        waiting.refresh_from_db()
        assert waiting.waits


def test_an_entity_out_of_scope_cannot_be_the_answer(waiting: CoveredUnit, small_city: SmallCity, clerk: Actor) -> None:
    of_county = small_city.actor(Role.CLERK, place=small_city.county)
    with acting(clerk):
        firm(small_city, "白鹭石桥茶行有限公司", address="白鹭县石桥镇石桥路 1 号")
        take(small_city, clerk)
        Entity.objects.update(body=None)
        elsewhere = Entity.objects.get(name="白鹭石桥茶行有限公司")
        with pytest.raises(NotPermitted):
            services.decide_covering(covered=waiting, entity=elsewhere, by=of_county, on=NOW)
        services.decide_covering(covered=waiting, entity=Entity.objects.get(name=CHIPS), by=of_county, on=NOW)
