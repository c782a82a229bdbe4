"""Why an entity has no organization: kept as it was learned, the newest stands."""

from datetime import date

import pytest

from jingwei.accounts.scope import acting
from jingwei.core.models import JournalEntry
from jingwei.core.permissions import NotPermitted, Role, local_operator
from jingwei.core.refusal import Refused
from jingwei.coverage import services
from jingwei.coverage.models import Cause
from jingwei.coverage.selectors import records
from tests.base_roster.entities import elsewhere
from tests.city import NOW, SmallCity
from tests.coverage.units import compute, make_organization, make_unit

pytestmark = pytest.mark.django_db


def test_the_newest_answer_stands_and_earlier_ones_remain(whole_city: SmallCity) -> None:
    unit = make_unit(whole_city, "安澜应建有限公司", 3, 0)
    compute()
    operator = local_operator()
    for kind, day in (("owner", date(2026, 9, 1)), ("superior", date(2026, 10, 1)), ("foreign", date(2026, 9, 15))):
        services.state_cause(entity=unit, kind=kind, note="", by=operator, on=NOW, stated_on=day)
    assert [cause.kind for cause in records(unit).causes] == ["superior", "foreign", "owner"]


def test_it_is_journaled_without_the_note(small_city: SmallCity) -> None:
    organizer = small_city.actor(Role.TOWN_ORGANIZER, place=small_city.town)
    with acting(organizer):
        unit = make_unit(small_city, "安澜应建有限公司", 3, 0)
        services.state_cause(entity=unit, kind="other", note="正在搬迁", by=organizer, on=NOW)
        cause = Cause.objects.get()
    entry = JournalEntry.objects.get(verb="cause.state")
    assert (cause.stated_by, cause.note) == (organizer.name, "正在搬迁")
    assert entry.detail == {"kind": "other"}


def test_an_entity_with_an_organization_is_refused(whole_city: SmallCity) -> None:
    unit = make_unit(whole_city, "安澜单建有限公司", 3, 0)
    make_organization(whole_city, "安澜党支部", unit)
    compute()
    unit.refresh_from_db()
    with pytest.raises(Refused, match="已组织覆盖"):
        services.state_cause(entity=unit, kind="owner", note="", by=local_operator(), on=NOW)


@pytest.mark.parametrize(("role", "own"), [(Role.TOWN_ORGANIZER, False), (Role.ORGANIZATION_DEPARTMENT, True)])
def test_it_needs_the_permission_and_the_scope(small_city: SmallCity, role: Role, own: bool) -> None:
    with acting(local_operator()):
        unit = make_unit(small_city, "安澜应建有限公司", 3, 0) if own else elsewhere(small_city, "白鹭应建有限公司")
    actor = small_city.actor(role, place=small_city.town)
    with acting(actor), pytest.raises(NotPermitted):
        services.state_cause(entity=unit, kind="owner", note="", by=actor, on=NOW)
