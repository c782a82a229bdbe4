"""The sheet of refused rows: downloaded, mended at the desk, and sent again as a new file."""

import json
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

from django.db import transaction

from jingwei.core import journal
from jingwei.core.permissions import Actor, Permission, require_scope
from jingwei.core.tables import write_xlsx
from jingwei.domain.lists import ListKind
from jingwei.rosters.models import Batch
from jingwei.rosters.rows import EXTRA, ORIGIN_BATCH, ORIGIN_ROW, RowPlan, Tally, read_chunks
from jingwei.rosters.selectors import RefusedLine, refused_line, refused_lines, refused_rows
from jingwei.rosters.services.reading import parsed_rows

_WHY = (ORIGIN_BATCH, ORIGIN_ROW, "字段", "原值", "原因", "建议")
_BEYOND = "多出的单元格"


def repair_sheet_name(batch: Batch) -> str:
    """A file name by which the list is recognised when the sheet comes back."""
    return f"{batch.get_list_kind_display()}_未入库行_批次{batch.pk}.xlsx"


@transaction.atomic
def write_repair_sheet(*, batch: Batch, path: Path, by: Actor, on: datetime) -> int:
    """Write the refused rows with reason, proposal and all their cells; returns their number.

    The sheet names batch and row of each line, so that a mended row is tied to the one it mends. It
    shows personal columns in the clear, hence the permission to import and the journal row. Raises
    TableError.
    """
    require_scope(by, Permission.BATCH_IMPORT, place_id=batch.place_id, body_id=batch.body_id)
    header: list[str] = batch.parsed["header"]
    count = write_xlsx(path, [*_WHY, *header, _BEYOND], _lines(batch, by, len(header)), sheet="未入库行")
    journal.record(
        verb="batch.download_rejected", subject_type="batch", subject_id=batch.pk, by=by, on=on,
        detail={"rows": count}, place_id=batch.place_id, body_id=batch.body_id,
    )  # fmt: skip
    return count


def _lines(batch: Batch, by: Actor, width: int) -> Iterator[list[str]]:
    for line in _stored(batch, by) if batch.state == Batch.State.COMMITTED else _tried(batch):
        beyond = " | ".join(json.loads(line.cells.get(EXTRA, "[]")))
        why = [str(batch.pk), str(line.row), line.field_zh, line.value, line.reason, line.repair]
        yield [*why, *(line.cells.get(str(column), "") for column in range(width)), beyond]


def _stored(batch: Batch, by: Actor) -> Iterator[RefusedLine]:
    return refused_lines(batch, refused_rows(actor=by, batch=batch).iterator(chunk_size=2000))


def _tried(batch: Batch) -> Iterator[RefusedLine]:
    """What would be refused: the rows are checked once more, since a dry run keeps none of them."""
    tally = Tally(ListKind(batch.list_kind))
    for _, refused in read_chunks(RowPlan.of(batch), parsed_rows(batch), tally):
        for each in refused:
            yield refused_line(batch, each, each.cells)
