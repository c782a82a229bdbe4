"""The keys of the roster follow what happens to it, and show nobody what they stand for."""

import pytest
from django.db import DatabaseError, connection, transaction

from jingwei.accounts.scope import acting
from jingwei.base_roster import services as base_roster
from jingwei.base_roster.services.merging import merge
from jingwei.core import journal
from jingwei.core.models import JournalEntry
from jingwei.core.permissions import local_operator
from jingwei.domain.lists import ListKind
from jingwei.registrations import matching, services
from jingwei.registrations.intake import check
from jingwei.registrations.models import Anchor, AnchorKey, MatchBasis
from jingwei.rosters.models import BatchKey, SourcePersonal, SourceRecord
from jingwei.rosters.sealing import make_cipher
from tests.base_roster.lists import build_roster, entity_of, make_unit
from tests.city import NOW, TODAY
from tests.registrations.conftest import CARRIERS, WEAVERS, Roster

TAILORS = "安澜市青禾服装有限公司"


def follow() -> int:
    """Seal what was written, as the job of the base does each minute, then follow it."""
    sealed = JournalEntry.objects.filter(seq__isnull=False).count()
    for number, entry in enumerate(JournalEntry.objects.filter(seq=None).order_by("pk"), start=sealed + 1):
        JournalEntry.objects.filter(pk=entry.pk).update(seq=number, hash="0" * 64)
    with acting(local_operator()):
        return services.follow_journal(by=local_operator(), on=NOW)


def differences() -> list[tuple[int, list[str]]]:
    with acting(local_operator()):
        return services.key_differences()


def decision_of(roster: Roster, **values: str) -> tuple[str, list[int | None]]:
    with acting(roster.clerk):
        found = check(ListKind.MARKET, values, on=TODAY).match
    return str(found.decision), [each.entity_id for each in found.shown]


def build_tailors(roster: Roster) -> int:
    with acting(roster.clerk):
        unit = make_unit(roster.city, "market", name=TAILORS, address="安澜市青岚区书院街道育贤路8号")
        build_roster(roster.city, [[unit]], roster.clerk)
        return entity_of(unit).pk


def test_a_build_brings_keys_for_what_it_founded(roster: Roster) -> None:
    follow()
    pk = build_tailors(roster)
    assert decision_of(roster, name=TAILORS) == ("none", [])
    assert follow() == 1
    assert decision_of(roster, name=TAILORS, address="育贤路8号") == ("likely_duplicate", [pk])
    assert (follow(), differences()) == (0, [])


def test_a_merge_takes_the_keys_of_the_entity_that_went(roster: Roster) -> None:
    with acting(roster.clerk):
        merge(kept=roster.near, gone=roster.far, by=roster.clerk, on=NOW, reason="同一主体")
    follow()
    with acting(local_operator()):
        assert list(Anchor.objects.values_list("pk", flat=True)) == [roster.near.pk]
        assert set(AnchorKey.objects.values_list("anchor_id", flat=True)) == {roster.near.pk}
    assert decision_of(roster, name=CARRIERS, legal_representative="孟知秋") == ("none", [])


def test_a_corrected_name_is_found_and_so_is_the_one_before(roster: Roster) -> None:
    with acting(roster.clerk):
        base_roster.correct_fact(
            entity=roster.near, kind="name", value=TAILORS, reason="已更名", by=roster.clerk, on=NOW
        )
    follow()
    address = "安澜市青岚区书院街道青柳路12号"
    assert decision_of(roster, name=TAILORS, address=address) == ("likely_duplicate", [roster.near.pk])
    assert decision_of(roster, name=WEAVERS, address=address) == ("likely_duplicate", [roster.near.pk])


def test_what_no_list_says_any_more_shows_in_the_nightly_check(roster: Roster) -> None:
    assert differences() == []
    with acting(local_operator()):
        Anchor.objects.filter(pk=roster.near.pk).update(person=1)
        Anchor.objects.filter(pk=roster.far.pk).delete()
    assert differences() == [(roster.near.pk, ["person"]), (roster.far.pk, ["missing"])]


def test_a_rebuild_mends_and_a_second_one_changes_no_key(roster: Roster) -> None:
    with acting(local_operator()):
        Anchor.objects.filter(pk=roster.near.pk).update(person=1)
        assert services.rebuild_keys(by=local_operator(), on=NOW) == 2
        keys = sorted(AnchorKey.objects.values_list("hash", "anchor_id"))
        stamp = MatchBasis.objects.get().stamp
        services.rebuild_keys(by=local_operator(), on=NOW)
        assert sorted(AnchorKey.objects.values_list("hash", "anchor_id")) == keys
        assert MatchBasis.objects.get().stamp != stamp
    assert differences() == []


def test_a_process_takes_over_a_new_basis_by_itself(roster: Roster) -> None:
    decision_of(roster, name=WEAVERS)
    before = matching._kept["basis"].stamp
    with acting(local_operator()):
        services.rebuild_keys(by=local_operator(), on=NOW)
    decision_of(roster, name=WEAVERS)
    assert matching._kept["basis"].stamp != before


def test_keys_of_another_version_are_made_anew(roster: Roster) -> None:
    follow()
    with acting(local_operator()):
        MatchBasis.objects.update(version="older")
    matching._kept.clear()
    with pytest.raises(matching.KeysMissing):
        decision_of(roster, name=WEAVERS)
    assert follow() == 2
    assert decision_of(roster, name=WEAVERS)[1] == [roster.near.pk]


def test_no_person_phone_or_address_stands_in_the_keys(roster: Roster) -> None:
    with acting(local_operator()), connection.cursor() as cursor:
        cursor.execute("SELECT string_agg(a::text, ' ') FROM registrations_anchor a")
        text = cursor.fetchone()[0]
    assert WEAVERS in text
    assert all(private not in text for private in ("苏晚晴", "青柳路", "孟知秋", "渡口街"))


def test_a_destroyed_key_takes_the_hashes_of_its_persons_along(roster: Roster) -> None:
    with acting(roster.clerk):
        [unit] = roster.near.source_links.values_list("unit", flat=True)
        record = SourceRecord.objects.get(unit=unit)
        cipher = make_cipher(record.batch)
        sealed = cipher.seal(record.row, {"phone": "13900001111"})
        SourcePersonal.objects.create(record=record, batch=record.batch, sealed=sealed)
    with acting(local_operator()):
        services.rebuild_keys(by=local_operator(), on=NOW)
        assert Anchor.objects.get(pk=roster.near.pk).phone is not None
        follow()
        BatchKey.objects.update(wrapped=None, destroyed_at=NOW)
        journal.record(
            verb="batch.forget_personal", subject_type="batch", subject_id=record.batch_id, by=roster.clerk, on=NOW
        )
    assert follow() == 1
    with acting(local_operator()):
        assert Anchor.objects.get(pk=roster.near.pk).phone is None


def test_a_clerk_reads_no_key_although_the_function_does(roster: Roster) -> None:
    town = roster.organizer
    with acting(town):
        assert not Anchor.objects.exists()
        assert not AnchorKey.objects.exists()
        with pytest.raises(DatabaseError), transaction.atomic():
            AnchorKey.objects.create(hash=1, anchor_id=1)
