import pytest
from cryptography.exceptions import InvalidTag
from hypothesis import given
from hypothesis import strategies as st

from jingwei.accounts.scope import acting
from jingwei.core.models import JournalEntry
from jingwei.rosters import files, services
from jingwei.rosters.errors import IntakeRefused, KeyDestroyed, KeyMissing
from jingwei.rosters.models import Batch, BatchKey, RejectedRow, SourcePersonal, SourceRecord
from jingwei.rosters.sealing import BatchCipher, content_hash, open_cipher
from jingwei.rosters.selectors import current_units, refused_lines
from tests.city import NOW
from tests.rosters.desk import Desk, csv_of, firm, whole_text_of

pytestmark = pytest.mark.django_db

PERSON, PHONE = "赵甲某", "13900009999"
ROW = ["安澜市红湾机械有限公司", "91990102O8PBRNYT4C", PERSON, "安澜市青岚区文昌路1号", PHONE, "存续"]
TABLES = (
    "rosters_batch", "rosters_sourceunit", "rosters_sourcerecord", "rosters_sourcepersonal", "rosters_rejectedrow",
    "core_journalentry",
)  # fmt: skip


def test_person_and_phone_stand_in_no_table_in_the_clear(desk: Desk) -> None:
    refused = ["无", "无", PERSON, "", PHONE, ""]
    odd_phone = [*firm(2)[:2], PERSON, "", "9.9E+10", "存续"]
    desk.bring_in(csv_of([ROW, refused, odd_phone]))
    with acting(desk.actor):
        texts = "".join(whole_text_of(table) for table in TABLES)
    assert "红湾机械" in texts
    for secret in (PERSON, PHONE, "9.9E+10"):
        assert secret not in texts
        assert secret.encode().hex() not in texts


def test_flags_on_personal_columns_hold_field_and_code_only(desk: Desk) -> None:
    batch = desk.bring_in(csv_of([[*ROW[:4], "123", "存续"]]))
    flags = SourceRecord.objects.get(batch=batch).flags
    assert {"field": "phone", "code": "H-FORMAT", "message": "联系电话不是可识别的电话号码"} in flags
    assert next(each for each in batch.sample if each["field"] == "phone")["value"] == "（个人信息，不显示）"


def test_matching_reads_the_personal_columns_where_it_asks_for_them(desk: Desk) -> None:
    desk.bring_in(csv_of([ROW]))
    with acting(desk.actor):
        (plain,) = current_units(actor=desk.actor)
        (opened,) = current_units(actor=desk.actor, with_personal=True)
    assert plain.personal == {}
    assert opened.personal == {"legal_representative": PERSON, "phone": PHONE}
    assert opened.values == plain.values
    assert not {"legal_representative", "phone"} & set(plain.values)


def test_a_change_of_the_person_alone_is_a_change(desk: Desk) -> None:
    desk.bring_in(csv_of([ROW]))
    second = desk.check(csv_of([[*ROW[:2], "钱乙某", *ROW[3:]]]))
    assert (second.counts["changed"], second.counts["same"]) == (1, 0)


def test_destroying_the_key_deletes_the_personal_columns_the_refused_rows_and_the_file(
    desk: Desk, django_capture_on_commit_callbacks: pytest.FixtureRequest
) -> None:
    batch = desk.bring_in(csv_of([ROW, ["无", "无", PERSON, "", PHONE, ""]]))
    with django_capture_on_commit_callbacks(execute=True), acting(desk.actor):  # type: ignore[operator]
        services.forget_personal(batch=batch, by=desk.actor, on=NOW, reason="超过保存期限")
    with acting(desk.actor):
        (unit,) = current_units(actor=desk.actor, with_personal=True)
        (line,) = refused_lines(batch, RejectedRow.objects.filter(batch=batch))
    assert unit.personal == {}
    assert (line.cells, line.value) == ({}, "")
    assert not files.path_of(batch.file.sha256).exists()
    assert BatchKey.objects.get(batch=batch).wrapped is None
    with pytest.raises(KeyDestroyed):
        open_cipher(batch.pk)
    assert JournalEntry.objects.filter(verb="batch.forget_personal", subject_id=str(batch.pk)).exists()


def test_an_unsettled_batch_cannot_be_forgotten(desk: Desk) -> None:
    batch = desk.check(csv_of([ROW]))
    with pytest.raises(IntakeRefused, match="还没有入库"), acting(desk.actor):
        services.forget_personal(batch=batch, by=desk.actor, on=NOW, reason="")


def test_another_installation_key_opens_nothing_and_is_named(desk: Desk, settings: pytest.FixtureRequest) -> None:
    batch = desk.bring_in(csv_of([ROW]))
    settings.FIELD_KEY = bytes(32)  # type: ignore[attr-defined]
    with pytest.raises(KeyMissing) as missing:
        open_cipher(batch.pk)
    assert BatchKey.objects.get(batch=batch).key_id in missing.value.message_zh


def test_a_sealed_text_opens_for_its_own_row_and_batch_only(desk: Desk) -> None:
    batch = desk.bring_in(csv_of([ROW, firm(2)]))
    sealed = SourcePersonal.objects.get(record__batch=batch, record__row=1).sealed
    cipher = open_cipher(batch.pk)
    assert cipher.open(1, sealed)["phone"] == PHONE
    with pytest.raises(InvalidTag):
        cipher.open(2, sealed)


def test_every_batch_has_a_key_of_its_own(desk: Desk) -> None:
    for number in (1, 2):
        desk.bring_in(csv_of([firm(number)]))
    keys = [bytes(key.wrapped or b"") for key in BatchKey.objects.all()]
    assert len(set(keys)) == 2
    assert Batch.objects.count() == 2


@given(values=st.dictionaries(st.text(max_size=5), st.text(max_size=20)), row=st.integers(1, 10**7))
def test_what_is_sealed_comes_back_and_never_looks_the_same_twice(values: dict[str, str], row: int) -> None:
    cipher = BatchCipher(7, bytes(range(32)))
    first, second = cipher.seal(row, values), cipher.seal(row, values)
    assert first != second
    assert cipher.open(row, first) == cipher.open(row, second) == values


def test_content_hashes_differ_with_the_installation_the_list_and_the_content() -> None:
    base = (b"k" * 32, "market", '{"name":"a"}', "{}")
    assert content_hash(*base) == content_hash(*base)
    others = [(b"j" * 32, *base[1:]), (base[0], "tax", *base[2:]), (*base[:2], "{}", base[3]), (*base[:3], '{"x":"y"}')]
    assert len({content_hash(*base), *(content_hash(*other) for other in others)}) == 5
