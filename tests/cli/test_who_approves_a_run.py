"""`run --approve-as`: a named person, founded only while nobody here may approve."""

import pytest

from jingwei.accounts.models import Grant, User
from jingwei.cli.persons import approver_named, somebody
from jingwei.core.models import JournalEntry
from jingwei.core.permissions import Permission, Role, local_operator
from jingwei.core.refusal import Refused
from tests.city import NOW, SmallCity

OPERATOR = local_operator()


def test_a_chinese_name_founds_the_first_clerk_of_the_whole_city(
    small_city: SmallCity, capsys: pytest.CaptureFixture[str]
) -> None:
    actor = approver_named("林书远", by=OPERATOR, on=NOW)
    user = User.objects.get()
    assert (user.name, user.username, user.must_change_password) == ("林书远", "linshuyuan", True)
    assert user.body == small_city.office
    assert actor.everything
    assert actor.may(Permission.LINK_APPROVE)
    assert "登录名 linshuyuan，初始密码" in capsys.readouterr().err.replace("\n", "")


def test_the_journal_tells_who_founded_it(small_city: SmallCity) -> None:
    approver_named("林书远", by=OPERATOR, on=NOW)
    verbs = JournalEntry.objects.values_list("verb", "actor_name")
    assert set(verbs) == {("user.create", "本机操作员"), ("grant.give", "本机操作员")}


def test_a_second_run_finds_the_same_person(small_city: SmallCity) -> None:
    first = approver_named("林书远", by=OPERATOR, on=NOW)
    assert approver_named("林书远", by=OPERATOR, on=NOW).user_id == first.user_id
    assert approver_named("linshuyuan", by=OPERATOR, on=NOW).user_id == first.user_id
    assert Grant.objects.count() == 1


def test_as_soon_as_somebody_may_approve_no_name_founds_an_account(small_city: SmallCity) -> None:
    small_city.user("clerk", Role.CLERK, place=small_city.city)
    with pytest.raises(Refused, match="没有登录名为“林书远”的用户"):
        approver_named("林书远", by=OPERATOR, on=NOW)
    assert User.objects.count() == 1


def test_a_latin_word_is_a_log_in_name_and_founds_nobody(small_city: SmallCity) -> None:
    with pytest.raises(Refused, match="没有登录名为“linshuyuan”的用户"):
        approver_named("linshuyuan", by=OPERATOR, on=NOW)
    assert not User.objects.exists()


def test_somebody_without_the_permission_does_not_approve(small_city: SmallCity) -> None:
    small_city.user("auditor", Role.AUDITOR, place=small_city.city)
    with pytest.raises(Refused, match="没有批准对碰结果的权限"):
        approver_named("auditor", by=OPERATOR, on=NOW)


def test_two_people_of_one_name_are_told_apart_by_log_in_name(small_city: SmallCity) -> None:
    for username in ("lin1", "lin2"):
        user = small_city.user(username, Role.CLERK, place=small_city.city)
        User.objects.filter(pk=user.pk).update(name="林书远")
    with pytest.raises(Refused, match="有 2 位用户名叫“林书远”"):
        approver_named("林书远", by=OPERATOR, on=NOW)
    assert approver_named("lin2", by=OPERATOR, on=NOW).name == "林书远"


def test_other_commands_work_for_the_operator_unless_somebody_is_named(small_city: SmallCity) -> None:
    small_city.user("clerk", Role.CLERK, place=small_city.city)
    assert somebody("", NOW).user_id is None
    assert somebody("clerk", NOW).user_id is not None
    with pytest.raises(Refused):
        somebody("nobody", NOW)
