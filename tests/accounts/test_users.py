import pytest

from jingwei.accounts import services
from jingwei.accounts.models import Grant, User
from jingwei.accounts.selectors import actor_for
from jingwei.bodies.models import Body
from jingwei.core.models import JournalEntry
from jingwei.core.permissions import Actor, NotPermitted, Role, local_operator
from jingwei.core.refusal import Refused
from tests.city import ALWAYS, NOW, TODAY, SmallCity

pytestmark = pytest.mark.django_db
OPERATOR = local_operator()
PASSWORD = "青岚-open-sesame-7"


def create(username: str = "neu", *, by: Actor = OPERATOR, body: Body | None = None, password: str = PASSWORD) -> User:
    return services.create_user(username=username, name="林书远", password=password, body=body, by=by, on=NOW)


def test_a_new_account_has_no_right_at_all(small_city: SmallCity) -> None:
    actor = actor_for(create(), on=TODAY)
    held = actor.permissions, actor.everything, actor.place_ids, actor.body_ids, actor.roles
    assert not any(held)


@pytest.mark.parametrize("username", ["", "A", "林", "x y", "1abc", "a" * 41, "a/b", "neu"])
def test_an_odd_or_taken_login_name_is_refused(small_city: SmallCity, username: str) -> None:
    create()
    with pytest.raises(Refused, match="登录名"):
        create(username)


@pytest.mark.parametrize("password", ["kurz", "password1234"])
def test_a_weak_password_is_refused(small_city: SmallCity, password: str) -> None:
    with pytest.raises(Refused):
        create(password=password)


def test_an_administrator_opens_accounts_for_bodies_within_his_reach(small_city: SmallCity) -> None:
    admin = small_city.actor(Role.ADMINISTRATOR, place=small_city.county)
    assert create(by=admin, body=small_city.county_office).body == small_city.county_office
    for body in (small_city.office, None):
        with pytest.raises(NotPermitted):
            create("zwei", by=admin, body=body)


def test_who_opened_closed_and_opened_again_is_in_the_journal(small_city: SmallCity) -> None:
    user = create()
    services.deactivate_user(user=user, by=OPERATOR, on=NOW, reason="调离")
    assert not user.is_active
    with pytest.raises(Refused, match="已经停用"):
        services.deactivate_user(user=user, by=OPERATOR, on=NOW, reason="调离")
    services.reactivate_user(user=user, by=OPERATOR, on=NOW, reason="返岗")
    with pytest.raises(Refused, match="没有停用"):
        services.reactivate_user(user=user, by=OPERATOR, on=NOW, reason="返岗")
    assert list(JournalEntry.objects.order_by("pk").values_list("verb", "detail")) == [
        ("user.create", {}), ("user.deactivate", {"reason": "调离"}), ("user.reactivate", {"reason": "返岗"}),
    ]  # fmt: skip


def test_no_personal_value_enters_the_journal(small_city: SmallCity) -> None:
    create()
    entry = JournalEntry.objects.get()
    assert "林书远" not in f"{entry.subject_id}{entry.fields}{entry.detail}"


def test_a_countys_administrator_has_no_power_over_the_citys(small_city: SmallCity) -> None:
    county = small_city.actor(Role.ADMINISTRATOR, place=small_city.county)
    boss = small_city.user("boss", Role.ADMINISTRATOR, place=small_city.city)
    boss.body = small_city.county_office
    boss.save()
    for act in (services.deactivate_user, services.reset_password, services.reset_second_factor):
        with pytest.raises(NotPermitted, match="超出"):
            act(user=boss, by=county, on=NOW, reason="x")


def test_a_grant_that_has_ended_gives_no_protection(small_city: SmallCity) -> None:
    county = small_city.actor(Role.ADMINISTRATOR, place=small_city.county)
    user = create(body=small_city.county_office)
    Grant.objects.create(
        user=user, role=Role.CLERK, place=small_city.city, valid=ALWAYS, granted_by="x", granted_at=NOW
    )
    with pytest.raises(NotPermitted):
        services.deactivate_user(user=user, by=county, on=NOW, reason="x")
    services.revoke(grant=Grant.objects.get(user=user), by=OPERATOR, on=NOW, reason="x")
    services.deactivate_user(user=user, by=county, on=NOW, reason="x")


def test_nobody_closes_his_own_account(small_city: SmallCity) -> None:
    user = small_city.user("a", Role.ADMINISTRATOR, place=small_city.city)
    with pytest.raises(NotPermitted, match="自己"):
        services.deactivate_user(user=user, by=actor_for(user, on=TODAY), on=NOW, reason="x")
