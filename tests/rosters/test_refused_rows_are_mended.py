"""The repair sheet: what it says, that it acts on nobody's computer, and that it comes back."""

from pathlib import Path

import openpyxl
import pytest

from jingwei.accounts.scope import acting
from jingwei.core.models import JournalEntry
from jingwei.rosters import services
from jingwei.rosters.models import Batch, RejectedRow, SourceRecord
from jingwei.rosters.selectors import refused_lines, refused_rows
from tests.city import NOW
from tests.rosters.desk import HEADER, Desk, csv_of, firm

pytestmark = pytest.mark.django_db

FORMULA = '=HYPERLINK("http://127.0.0.1")'


@pytest.fixture
def refused(desk: Desk) -> Batch:
    rows = [firm(1), firm(2, name="无", uscc="91990102O8PBRNYT"), [FORMULA[:1], "", "@SUM(1)", FORMULA, "+86", "存续"]]
    return desk.bring_in(csv_of([*rows, ["合计", "", "", "", "", "3"]]))


def sheet_of(desk: Desk, batch: Batch, folder: Path) -> Path:
    path = folder / services.repair_sheet_name(batch)
    with acting(desk.actor):
        services.write_repair_sheet(batch=batch, path=path, by=desk.actor, on=NOW)
    return path


def lines_of(path: Path) -> list[list[str]]:
    book = openpyxl.load_workbook(path)
    lines = [[str(cell.value or "") for cell in row] for row in book.active.iter_rows()]
    book.close()
    return lines


def test_the_sheet_names_row_field_value_reason_and_proposal_and_keeps_all_columns(
    desk: Desk, refused: Batch, tmp_path: Path
) -> None:
    header, first, second, total = lines_of(sheet_of(desk, refused, tmp_path))
    assert header == ["原批次", "行号", "字段", "原值", "原因", "建议", *HEADER, "多出的单元格"]
    assert first[:4] == [str(refused.pk), "2", "企业名称", "无"]
    assert "既没有可用的名称" in first[4]
    assert "不是 18 位" in first[4]
    assert first[6:12] == firm(2, name="无", uscc="91990102O8PBRNYT")
    assert second[9] == FORMULA
    assert total[4:6] == ["本行是合计行，不是一个单位", "无须处理，不是一个单位"]


def test_cells_of_the_sheet_are_text_that_no_spreadsheet_runs(desk: Desk, refused: Batch, tmp_path: Path) -> None:
    book = openpyxl.load_workbook(sheet_of(desk, refused, tmp_path))
    types = {cell.data_type for row in book.active.iter_rows() for cell in row if cell.value is not None}
    book.close()
    assert types == {"s"}


def test_a_mended_sheet_is_a_new_batch_whose_rows_know_what_they_mend(
    desk: Desk, refused: Batch, tmp_path: Path
) -> None:
    path = sheet_of(desk, refused, tmp_path)
    book = openpyxl.load_workbook(path)
    book.active["G2"] = "安澜市第2号机械有限公司"
    book.save(path)
    book.close()
    batch = desk.bring_in(path.read_bytes(), path.name)
    assert (batch.list_kind, batch.counts["new"], batch.counts["rejected"]) == ("market", 1, 2)
    record = SourceRecord.objects.get(batch=batch)
    assert (record.mends.batch_id, record.mends.row) == (refused.pk, 2)
    with acting(desk.actor):
        lines = list(refused_lines(refused, refused_rows(actor=desk.actor, batch=refused)))
    assert [(line.row, line.mended) for line in lines] == [(2, True), (3, False), (4, False)]


def test_the_sheet_can_be_had_before_storing_too(desk: Desk, tmp_path: Path) -> None:
    batch = desk.check(csv_of([firm(1), firm(2, name="无", uscc="无")]))
    assert [line[1] for line in lines_of(sheet_of(desk, batch, tmp_path))] == ["行号", "2"]
    assert RejectedRow.objects.count() == 0


def test_a_download_is_journaled_without_a_value(desk: Desk, refused: Batch, tmp_path: Path) -> None:
    sheet_of(desk, refused, tmp_path)
    entry = JournalEntry.objects.get(verb="batch.download_rejected")
    assert (entry.subject_id, entry.detail) == (str(refused.pk), {"rows": 3})
