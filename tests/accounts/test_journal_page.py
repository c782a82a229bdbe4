from collections.abc import Iterator

import pytest
from django.conf import settings
from django.db import connection

from jingwei.accounts.selectors import JOURNAL_PAGE_SIZE
from jingwei.core import journal
from jingwei.core.models import JournalEntry
from jingwei.core.permissions import Actor, Role, local_operator
from tests.accounts.browser import signed_in
from tests.city import NOW, SmallCity, build_small_city


def write(count: int, *, by: Actor | None = None, verb: str = "place.rename", place_id: int | None = None) -> None:
    for number in range(count):
        journal.record(
            verb=verb, subject_type="place", subject_id=number, by=by or local_operator("甲"), on=NOW, place_id=place_id
        )


def seal_all() -> None:
    """Seal everything at once; the sealer itself waits for every transaction on the server to end."""
    previous = journal.GENESIS
    for seq, row in enumerate(JournalEntry.objects.order_by("pk"), 1):
        previous = journal.chain_hash(row, seq=seq, previous=previous)
        row.seq, row.hash, row.sealed_at = seq, previous, NOW
        row.save(update_fields=["seq", "hash", "sealed_at"])


def rows_of(page: str) -> int:
    return page.count('data-label="动作"')


@pytest.mark.django_db
def test_the_latest_entry_comes_first_and_older_pages_follow_by_key(small_city: SmallCity) -> None:
    client = signed_in(small_city.user("me", Role.AUDITOR, place=small_city.city))
    write(JOURNAL_PAGE_SIZE + 10)
    first = client.get("/accounts/journal/?verb=place.rename").content.decode()
    assert rows_of(first) == JOURNAL_PAGE_SIZE
    before = first.split("before=")[1].split('"')[0]
    write(5)  # what is added meanwhile moves nothing
    second = client.get(f"/accounts/journal/?verb=place.rename&before={before}").content.decode()
    assert rows_of(second) == 10
    assert "before=" not in second


@pytest.mark.django_db
def test_entries_are_found_by_person_verb_and_day(small_city: SmallCity) -> None:
    client = signed_in(small_city.user("me", Role.AUDITOR, place=small_city.city))
    write(3, by=local_operator("乙"))
    write(2, by=local_operator("丙"), verb="place.move")
    for query, expected in {
        "actor=乙": 3, "verb=place.move": 2, "actor=乙&verb=place.move": 0,
        "since=2026-10-31&until=2026-10-31": 5, "until=2026-10-30": 0,
    }.items():  # fmt: skip
        assert rows_of(client.get(f"/accounts/journal/?{query}").content.decode()) == expected, query


@pytest.mark.django_db
def test_an_auditor_of_a_county_sees_the_entries_of_the_county(small_city: SmallCity) -> None:
    client = signed_in(small_city.user("me", Role.AUDITOR, place=small_city.county))
    write(2, place_id=small_city.town.pk)
    write(3, place_id=small_city.far_town.pk)
    assert rows_of(client.get("/accounts/journal/?verb=place.rename").content.decode()) == 2


@pytest.fixture
def committed_city(transactional_db: None) -> Iterator[SmallCity]:
    return build_small_city()


def test_the_chain_is_proved_by_a_button(committed_city: SmallCity) -> None:
    client = signed_in(committed_city.user("me", Role.AUDITOR, place=committed_city.city))
    write(4)
    seal_all()
    write(1)
    assert "链条" not in client.get("/accounts/journal/").content.decode().split("<main")[1].split("校验链条")[1]
    page = client.post("/accounts/journal/").content.decode()
    assert "链条完整" in page
    assert "条待封存" in page


def test_a_broken_chain_is_told_with_its_number(committed_city: SmallCity) -> None:
    client = signed_in(committed_city.user("me", Role.AUDITOR, place=committed_city.city))
    write(6)
    seal_all()
    seq = JournalEntry.objects.filter(verb="place.rename").order_by("seq").values_list("seq", flat=True)[1]
    with settings.SERVER.connect(connection.settings_dict["NAME"]) as admin:
        admin.execute("ALTER TABLE core_journalentry DISABLE TRIGGER journal_is_append_only")
        admin.execute("UPDATE core_journalentry SET actor_name = '乙' WHERE seq = %s", [seq])
        admin.execute("ALTER TABLE core_journalentry ENABLE TRIGGER journal_is_append_only")
    assert f"链条断裂于第 {seq} 条" in client.post("/accounts/journal/").content.decode()
