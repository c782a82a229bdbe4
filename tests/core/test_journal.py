from datetime import UTC, datetime

import pytest
from django.conf import settings
from django.db import Error, connection, transaction

from jingwei.core import journal
from jingwei.core.models import JournalEntry
from jingwei.core.permissions import local_operator

pytestmark = pytest.mark.django_db(transaction=True)
NOW = datetime(2026, 10, 31, 9, 30, tzinfo=UTC)


def write(count: int) -> None:
    for number in range(count):
        journal.record(verb="test.act", subject_type="thing", subject_id=number, by=local_operator("甲"), on=NOW)


def test_the_sealer_numbers_rows_in_order_and_the_chain_proves_itself() -> None:
    write(5)
    assert journal.seal(on=NOW) == 5
    write(2)
    assert journal.seal(on=NOW) == 2
    assert list(JournalEntry.objects.order_by("seq").values_list("seq", flat=True)) == [1, 2, 3, 4, 5, 6, 7]
    assert journal.verify() == journal.ChainCheck(rows=7, broken_at=None)


def test_a_row_of_a_running_transaction_is_not_overtaken() -> None:
    with transaction.atomic():
        write(1)
        assert journal.seal(on=NOW) == 0
    assert journal.seal(on=NOW) == 1


def test_staff_can_neither_change_nor_remove_a_row() -> None:
    write(1)
    journal.seal(on=NOW)
    for statement in ("UPDATE core_journalentry SET verb = 'x'", "DELETE FROM core_journalentry"):
        with pytest.raises(Error), connection.cursor() as cursor:
            cursor.execute(statement)


def test_a_change_behind_the_back_of_the_trigger_breaks_the_chain_at_its_number() -> None:
    write(3)
    journal.seal(on=NOW)
    with settings.SERVER.connect(connection.settings_dict["NAME"]) as admin:
        admin.execute("ALTER TABLE core_journalentry DISABLE TRIGGER journal_is_append_only")
        admin.execute("UPDATE core_journalentry SET actor_name = '乙' WHERE seq = 2")
        admin.execute("ALTER TABLE core_journalentry ENABLE TRIGGER journal_is_append_only")
    assert journal.verify().broken_at == 2
