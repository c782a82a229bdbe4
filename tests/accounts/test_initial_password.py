import pytest
from django.test import Client

from jingwei.accounts import services
from jingwei.accounts.models import User
from jingwei.accounts.selectors import actor_for
from jingwei.core.permissions import NotPermitted, Role, local_operator
from jingwei.core.refusal import Refused
from tests.accounts.browser import PASSWORD, show_password, walked_in
from tests.city import NOW, TODAY, SmallCity

pytestmark = pytest.mark.django_db
NEW = "清江-a-better-password-2"


def fresh(city: SmallCity) -> User:
    user = city.user("m", Role.MEMBER, place=city.town)
    user.must_change_password = True
    user.save()
    return user


def change(client: Client, old: str, new: str) -> int:
    fields = {"old_password": old, "new_password1": new, "new_password2": new}
    return client.post("/accounts/password/", fields).status_code


def test_the_initial_password_opens_nothing_but_its_own_change(small_city: SmallCity) -> None:
    client = Client()
    show_password(client, fresh(small_city))
    for page in ("/accounts/profile/", "/"):
        assert client.get(page)["Location"].startswith("/accounts/password/")
    assert change(client, PASSWORD, NEW) == 302
    assert client.get("/accounts/profile/").status_code == 200


@pytest.mark.parametrize("weak", ["kurz", "password1234", PASSWORD, "mmmmmmmmmmm"])
def test_a_weak_or_unchanged_password_is_refused(small_city: SmallCity, weak: str) -> None:
    client = Client()
    show_password(client, fresh(small_city))
    assert change(client, PASSWORD, weak) == 200
    assert User.objects.get(username="m").check_password(PASSWORD)


def test_a_wrong_old_password_is_refused(small_city: SmallCity) -> None:
    client = walked_in(small_city.user("m", Role.MEMBER, place=small_city.town))
    assert change(client, "falsch", NEW) == 200
    assert User.objects.get(username="m").check_password(PASSWORD)


def test_a_new_password_ends_the_other_sessions(small_city: SmallCity) -> None:
    user = small_city.user("m", Role.MEMBER, place=small_city.town)
    here, elsewhere = walked_in(user), walked_in(user)
    change(here, PASSWORD, NEW)
    assert here.get("/accounts/profile/").status_code == 200
    assert elsewhere.get("/accounts/profile/").status_code == 302


def test_a_reset_password_is_made_by_the_machine_and_has_to_be_changed(small_city: SmallCity) -> None:
    user = small_city.user("m", Role.MEMBER, place=small_city.town)
    made = services.reset_password(user=user, by=local_operator(), on=NOW, reason="遗忘")
    assert user.must_change_password
    assert user.check_password(made)
    assert made != services.initial_password()


def test_nobody_sets_the_password_of_somebody_else(small_city: SmallCity) -> None:
    user = small_city.user("m", Role.MEMBER, place=small_city.town)
    with pytest.raises(NotPermitted):
        services.change_password(user=user, password=NEW, by=local_operator(), on=NOW)
    with pytest.raises(Refused, match="不能与原密码相同"):
        services.change_password(user=user, password=PASSWORD, by=actor_for(user, on=TODAY), on=NOW)
