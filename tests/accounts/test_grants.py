from datetime import date, timedelta

import pytest
from django.db import IntegrityError, transaction
from django.db.backends.postgresql.psycopg_any import DateRange

from jingwei.accounts import services
from jingwei.accounts.models import Grant, User
from jingwei.accounts.selectors import actor_for
from jingwei.bodies.models import Body
from jingwei.core.models import JournalEntry
from jingwei.core.permissions import EXCLUSIVE_ROLES, Actor, NotPermitted, Permission, Role, local_operator
from jingwei.core.refusal import Refused
from jingwei.places.models import Place
from tests.city import ALWAYS, NOW, TODAY, SmallCity, make_body

pytestmark = pytest.mark.django_db
OPERATOR = local_operator()


def plain_user(username: str = "neu") -> User:
    return User.objects.create(username=username, name=username, created_at=NOW)


def give(
    user: User,
    role: Role,
    *,
    by: Actor = OPERATOR,
    place: Place | None = None,
    body: Body | None = None,
    since: date = TODAY,
    until: date | None = None,
) -> Grant:
    return services.grant(
        user=user, role=role, place=place, body=body, since=since, until=until, reason="分工通知", by=by, on=NOW
    )


def test_a_grant_takes_effect_on_its_first_day_and_ends_after_its_last(small_city: SmallCity) -> None:
    user, tomorrow = plain_user(), TODAY + timedelta(days=1)
    give(user, Role.CLERK, place=small_city.town, since=tomorrow, until=tomorrow)
    held = [actor_for(user, on=TODAY + timedelta(days=days)).may(Permission.ROSTER_VIEW) for days in range(3)]
    assert held == [False, True, False]


def test_an_administrator_gives_within_his_reach_only(small_city: SmallCity) -> None:
    admin, user = small_city.actor(Role.ADMINISTRATOR, place=small_city.county), plain_user()
    give(user, Role.CLERK, by=admin, place=small_city.town)
    give(plain_user("b"), Role.SOCIAL_WORK_DEPARTMENT, by=admin, body=small_city.county_office)
    for scope in ({"place": small_city.city}, {"place": small_city.far_town}, {"body": small_city.industry}):
        with pytest.raises(NotPermitted, match="超出"):
            give(plain_user(f"u{len(scope)}{User.objects.count()}"), Role.CLERK, by=admin, **scope)


def test_both_parts_of_a_grant_have_to_lie_within_reach(small_city: SmallCity) -> None:
    admin = small_city.actor(Role.ADMINISTRATOR, place=small_city.county)
    with pytest.raises(NotPermitted):
        give(plain_user(), Role.INDUSTRY_OFFICER, by=admin, place=small_city.town, body=small_city.industry)


def test_the_reach_of_another_role_does_not_help_to_give_rights(small_city: SmallCity) -> None:
    user = small_city.user("amt", Role.ADMINISTRATOR, place=small_city.town)
    Grant.objects.create(
        user=user, role=Role.MEMBER, place=small_city.city, valid=ALWAYS, granted_by="x", granted_at=NOW
    )
    with pytest.raises(NotPermitted):
        give(plain_user(), Role.CLERK, by=actor_for(user, on=TODAY), place=small_city.county)


@pytest.mark.parametrize("role", sorted(set(Role) - {Role.ADMINISTRATOR}))
def test_no_other_role_gives_rights(small_city: SmallCity, role: Role) -> None:
    with pytest.raises(NotPermitted):
        give(plain_user(), Role.MEMBER, by=small_city.actor(role, place=small_city.city), place=small_city.town)


def test_nobody_gives_to_himself_or_takes_from_himself(small_city: SmallCity) -> None:
    user = small_city.user("a", Role.ADMINISTRATOR, place=small_city.city)
    own = actor_for(user, on=TODAY)
    with pytest.raises(NotPermitted, match="自己"):
        give(user, Role.MEMBER, by=own, place=small_city.town)
    with pytest.raises(NotPermitted, match="自己"):
        services.revoke(grant=user.grants.get(), by=own, on=NOW, reason="x")


@pytest.mark.parametrize("first", sorted(EXCLUSIVE_ROLES))
@pytest.mark.parametrize("second", sorted(EXCLUSIVE_ROLES))
def test_administrator_auditor_and_data_officer_are_three_people(
    small_city: SmallCity, first: Role, second: Role
) -> None:
    user = plain_user()
    give(user, first, place=small_city.town)
    message = "同样的授权" if first == second else "不同的人"
    with pytest.raises(Refused, match=message):
        give(user, second, place=small_city.town)


def test_the_database_itself_keeps_the_three_apart(small_city: SmallCity) -> None:
    user = small_city.user("a", Role.ADMINISTRATOR, place=small_city.city)
    with pytest.raises(IntegrityError), transaction.atomic():
        Grant.objects.create(
            user=user, role=Role.AUDITOR, place=small_city.town, valid=ALWAYS, granted_by="x", granted_at=NOW
        )
    Grant.objects.filter(user=user).update(valid=DateRange(date(2000, 1, 1), TODAY))
    give(user, Role.AUDITOR, place=small_city.town)


def test_two_roles_over_different_areas_need_two_accounts(small_city: SmallCity) -> None:
    user = plain_user()
    give(user, Role.CLERK, place=small_city.town)
    with pytest.raises(Refused, match="另建账号"):
        give(user, Role.LOCAL_PARTY_COMMITTEE, place=small_city.county)
    give(user, Role.CLERK, place=small_city.other_town)
    give(user, Role.MEMBER, place=small_city.county)
    assert small_city.other_town.pk in actor_for(user, on=TODAY).place_ids
    assert small_city.county.pk not in actor_for(user, on=TODAY).place_ids


def test_a_grant_that_makes_no_sense_is_refused(small_city: SmallCity) -> None:
    user, yesterday = plain_user(), TODAY - timedelta(days=1)
    for wrong in (
        {"place": None},
        {"place": small_city.town, "since": yesterday},
        {"place": small_city.town, "until": yesterday},
    ):
        with pytest.raises(Refused):
            give(user, Role.CLERK, **wrong)
    user.is_active = False
    user.save()
    with pytest.raises(Refused, match="停用"):
        give(user, Role.CLERK, place=small_city.town)


def test_a_grant_taken_back_ends_at_once_and_stays_in_the_history(small_city: SmallCity) -> None:
    user = plain_user()
    held = give(user, Role.CLERK, place=small_city.town)
    services.revoke(grant=held, by=OPERATOR, on=NOW, reason="调离")
    assert not actor_for(user, on=TODAY).permissions
    held.refresh_from_db()
    assert (held.revoked_by, held.revoke_reason) == (OPERATOR.name, "调离")
    with pytest.raises(Refused, match="已经结束"):
        services.revoke(grant=held, by=OPERATOR, on=NOW, reason="调离")


def test_taking_back_needs_a_reason_and_reach(small_city: SmallCity) -> None:
    held = give(plain_user(), Role.CLERK, place=small_city.far_town)
    with pytest.raises(Refused, match="原因"):
        services.revoke(grant=held, by=OPERATOR, on=NOW, reason=" ")
    with pytest.raises(NotPermitted):
        services.revoke(
            grant=held, by=small_city.actor(Role.ADMINISTRATOR, place=small_city.county), on=NOW, reason="调离"
        )


def test_giving_and_taking_are_in_the_journal(small_city: SmallCity) -> None:
    user = plain_user()
    held = give(user, Role.CLERK, place=small_city.town)
    services.revoke(grant=held, by=OPERATOR, on=NOW, reason="调离")
    entries = list(JournalEntry.objects.order_by("pk"))
    assert [(entry.verb, entry.subject_id, entry.place_id) for entry in entries] == [
        ("grant.give", str(user.pk), small_city.town.pk),
        ("grant.revoke", str(user.pk), small_city.town.pk),
    ]
    assert entries[0].detail["role"] == "clerk"


def test_an_administrator_of_a_body_gives_for_that_body_only(small_city: SmallCity) -> None:
    admin = small_city.actor(Role.ADMINISTRATOR, body=small_city.industry)
    give(plain_user(), Role.INDUSTRY_OFFICER, by=admin, body=small_city.industry)
    other = make_body(Body.Kind.INDUSTRY_COMMITTEE, "律师行业党委", small_city.city)
    with pytest.raises(NotPermitted):
        give(plain_user("b"), Role.INDUSTRY_OFFICER, by=admin, body=other)
