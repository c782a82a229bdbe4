import pytest

from jingwei.accounts.scope import acting
from jingwei.core.models import JournalEntry
from jingwei.domain.lists import ListKind
from jingwei.rosters import services
from jingwei.rosters.errors import IntakeRefused
from jingwei.rosters.models import Batch, SourceRecord
from tests.city import NOW
from tests.rosters.desk import HEADER, Desk, code, csv_of, firm

pytestmark = pytest.mark.django_db


def change(desk: Desk, batch: Batch, mapping: dict[int, str]) -> Batch:
    with acting(desk.actor):
        return services.change_mapping(batch=batch, mapping=mapping, by=desk.actor, on=NOW)


def test_a_change_of_columns_voids_the_counts_until_they_are_made_again(desk: Desk) -> None:
    batch = desk.check(csv_of([firm(1, uscc="无")]))
    assert batch.counts["flagged"] == 1
    changed = change(desk, batch, {0: "name"})
    assert (changed.counts, changed.sample, changed.is_working) == ({}, [], True)
    with acting(desk.actor):
        assert services.check(batch=changed, by=desk.actor).counts["flagged"] == 0
    assert JournalEntry.objects.filter(verb="batch.map", subject_id=str(batch.pk)).count() == 1


def test_swapped_columns_are_put_right_by_hand(desk: Desk) -> None:
    swapped = [[row[1], row[0], *row[2:]] for row in (firm(1), firm(2))]
    batch = desk.check(csv_of(swapped))
    change(desk, batch, {0: "uscc", 1: "name"})
    desk.commit(batch)
    assert set(SourceRecord.objects.values_list("uscc", flat=True)) == {code(1), code(2)}


def test_two_columns_for_one_field_are_refused_by_their_names(desk: Desk) -> None:
    batch = desk.check(csv_of([firm(1)]))
    with pytest.raises(IntakeRefused) as refused:
        change(desk, batch, {0: "name", 3: "name"})
    assert refused.value.message_zh == "“企业名称”和“住所”两列都对应为“企业名称”"
    assert "只保留其中一列" in refused.value.hint_zh


def test_a_file_without_name_and_code_column_cannot_be_stored(desk: Desk) -> None:
    batch = desk.check(csv_of([firm(1)]))
    with pytest.raises(IntakeRefused, match="没有一列对应为名称或代码"):
        change(desk, batch, {3: "address"})


def test_another_list_guesses_the_columns_anew(desk: Desk) -> None:
    batch = desk.check(csv_of([[code(1), "安澜市红湾商行", "12"]], header=("统一社会信用代码", "单位名称", "参保人数")))
    with acting(desk.actor):
        changed = services.change_list(batch=batch, list_kind=ListKind.SOCIAL, by=desk.actor, on=NOW)
    assert changed.mapping == {"0": "uscc", "1": "name", "2": "insured"}
    assert desk.commit(changed).list_kind == "social_insurance"


def test_a_list_nobody_can_tell_waits_for_the_clerk(desk: Desk) -> None:
    batch = desk.check(csv_of([["安澜市红湾商行", code(1)]], header=("单位名称", "统一社会信用代码")), "名单.csv")
    assert (batch.state, batch.list_kind, batch.is_working) == (Batch.State.CHECKED, "", False)
    with pytest.raises(IntakeRefused, match="还没有选定名单"):
        desk.commit(batch)


def test_a_stored_batch_keeps_its_columns(desk: Desk) -> None:
    batch = desk.bring_in(csv_of([firm(1)]))
    with pytest.raises(IntakeRefused, match="已不在核对中"):
        change(desk, batch, {0: "name"})
    assert batch.mapping == {str(number): name for number, name in enumerate(
        ("name", "uscc", "legal_representative", "address", "phone", "state")
    )}  # fmt: skip
    assert len(HEADER) == 6
