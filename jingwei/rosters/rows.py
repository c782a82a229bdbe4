"""One pass over the parsed rows of a file: every row comes out once, accepted or refused.

Rows stream in chunks of bounded size, so that a million of them need no more memory than a few
thousand do.
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

import pyarrow.compute as pc
import pyarrow.parquet as pq
from django.utils import timezone

from jingwei.domain.headers import header_key, unit_of_header
from jingwei.domain.intake import MESSAGES, CheckedRow, ErrorCode, Flag, check_row
from jingwei.domain.lists import LISTS, ListKind
from jingwei.rosters.keys import source_key
from jingwei.rosters.models import Batch
from jingwei.rosters.sealing import canonical_json, content_hash, installation_key

CHUNK_ROWS = 5000
# Headers of the repair sheet that lead a mended row back to the row it mends.
ORIGIN_BATCH, ORIGIN_ROW = "原批次", "行号"
# Key of the cells beyond the header among a refused row's cells.
EXTRA = "extra"

_LONGEST_REASON = 200
_SAMPLES_A_CODE = 3
_MOST_SAMPLES = 60
_HIDDEN = "（个人信息，不显示）"
_NO_UNIT = frozenset({ErrorCode.R_TOTAL, ErrorCode.R_REPEATED_HEADER, ErrorCode.R_FOOTER})


@dataclass(frozen=True, slots=True)
class AcceptedRow:
    """A row that becomes a source record. ``plain_json`` and ``flags_json`` hold no personal value."""

    row: int
    source_key: str
    name: str
    uscc: str
    plain_json: str
    flags_json: str
    personal: Mapping[str, str]
    content_hash: bytes
    mends: tuple[int | None, int | None]


@dataclass(frozen=True, slots=True)
class RefusedRow:
    """A row that is not stored. ``cells`` are all its cells by column number, from "0"."""

    row: int
    field: str
    code: str
    reason: str
    repair: str
    cells: Mapping[str, str]


@dataclass
class Tally:
    """Counts and examples of one pass: what page 核对 shows of the rows."""

    kind: ListKind
    rows: int = 0
    rejected: int = 0
    flagged: int = 0
    codes: Counter[str] = field(default_factory=Counter)
    sample: list[dict[str, Any]] = field(default_factory=list)

    def count_accepted(self, row: int, flags: Sequence[Flag]) -> None:
        self.rows += 1
        self.flagged += bool(flags)
        for flag in flags:
            self._note(row, flag, rejected=False)

    def count_refused(self, refused: RefusedRow, value: str) -> None:
        self.rows += 1
        self.rejected += 1
        flag = Flag(refused.field, ErrorCode(refused.code), value, refused.reason, refused.repair)
        self._note(refused.row, flag, rejected=True)

    def _note(self, row: int, flag: Flag, *, rejected: bool) -> None:
        self.codes[flag.code] += 1
        if self.codes[flag.code] > _SAMPLES_A_CODE or len(self.sample) >= _MOST_SAMPLES:
            return
        personal = flag.field in personal_fields(self.kind)
        self.sample.append(
            {
                "row": row,
                "field": flag.field,
                "value": _HIDDEN if personal and flag.value else flag.value[:_LONGEST_REASON],
                "code": str(flag.code),
                "problem": flag.message_zh,
                "repair": "" if personal else flag.repair or "",
                "rejected": rejected,
            }
        )


@dataclass(frozen=True)
class RowPlan:
    """How the columns of one batch are read."""

    kind: ListKind
    columns: tuple[tuple[int, str], ...]
    personal: frozenset[str]
    origin: tuple[int, int] | None
    on: date
    capital_unit: str | None
    hash_key: bytes

    @classmethod
    def of(cls, batch: Batch) -> "RowPlan":
        """The plan of a batch whose list and columns are known."""
        kind = ListKind(batch.list_kind)
        header: list[str] = batch.parsed["header"]
        columns = tuple((int(column), name) for column, name in batch.mapping.items())
        capital = next((header[column] for column, name in columns if name == "capital"), "")
        return cls(
            kind=kind,
            columns=columns,
            personal=personal_fields(kind),
            origin=_origin_columns(header),
            on=timezone.localdate(batch.created_at),
            capital_unit=unit_of_header(capital),
            hash_key=installation_key("content"),
        )


def is_repair_sheet(batch: Batch) -> bool:
    """Whether the file holds mended rows of an earlier batch, and so is no whole list."""
    return _origin_columns(batch.parsed["header"]) is not None


def personal_fields(kind: ListKind) -> frozenset[str]:
    """Canonical names of the list's columns that are kept apart and encrypted."""
    return _PERSONAL[kind]


def read_chunks(plan: RowPlan, path: Path, tally: Tally) -> Iterator[tuple[list[AcceptedRow], list[RefusedRow]]]:
    """Check all rows of a parsed file, a chunk at a time, and count them in the tally."""
    with pq.ParquetFile(path) as rows:
        for chunk in rows.iter_batches(batch_size=CHUNK_ROWS):
            accepted: list[AcceptedRow] = []
            refused: list[RefusedRow] = []
            numbers, notes, extras, cells = _unpacked(chunk)
            for number, note, extra, row in zip(numbers, notes, extras, zip(*cells, strict=True), strict=True):
                values = {name: row[column] for column, name in plan.columns}
                checked = check_row(plan.kind, values, note, on=plan.on, capital_unit=plan.capital_unit)
                if checked.rejected is None:
                    tally.count_accepted(number, checked.flags)
                    accepted.append(_accept(plan, number, checked, row))
                else:
                    line = _refuse(plan, number, checked, _kept_cells(row, extra))
                    tally.count_refused(line, values.get(line.field, ""))
                    refused.append(line)
            yield accepted, refused


def _unpacked(chunk: Any) -> tuple[list[int], list[str | None], list[str | None], list[list[str]]]:
    """Row numbers, notes, cells beyond the header, and the cells column by column.

    The database takes no zero character, and a spreadsheet can spell one.
    """
    count = chunk.num_columns - 3
    cells = [pc.replace_substring(chunk.column(f"c{index}"), "\x00", "").to_pylist() for index in range(count)]
    return (
        chunk.column("row").to_pylist(),
        chunk.column("note").to_pylist(),
        chunk.column("extra").to_pylist(),
        cells,
    )


def _accept(plan: RowPlan, number: int, checked: CheckedRow, cells: Sequence[str]) -> AcceptedRow:
    plain = {name: text for name, text in checked.values.items() if text and name not in plan.personal}
    personal = {name: text for name, text in checked.values.items() if text and name in plan.personal}
    plain_json = canonical_json(plain)
    return AcceptedRow(
        row=number,
        source_key=source_key(checked),
        name=checked.name or "",
        uscc=checked.uscc or "",
        plain_json=plain_json,
        flags_json=canonical_json([_stored_flag(flag, plan) for flag in checked.flags]) if checked.flags else "[]",
        personal=personal,
        content_hash=content_hash(plan.hash_key, plan.kind, plain_json, canonical_json(personal)),
        mends=_origin(plan, cells),
    )


def _stored_flag(flag: Flag, plan: RowPlan) -> dict[str, str]:
    stored = {"field": flag.field, "code": str(flag.code), "message": flag.message_zh}
    if flag.repair and flag.field not in plan.personal:
        stored["repair"] = flag.repair
    return stored


def _refuse(plan: RowPlan, number: int, checked: CheckedRow, cells: Mapping[str, str]) -> RefusedRow:
    code = checked.rejected or ErrorCode.R_NO_KEY
    if code in _NO_UNIT:
        return RefusedRow(number, "", str(code), MESSAGES[code], "无须处理，不是一个单位", cells)
    definition = LISTS[plan.kind]
    faults = [flag for flag in checked.flags if flag.field in definition.key_fields]
    filled = next((flag for flag in faults if flag.value.strip()), None)
    names = "或".join(definition.field(name).zh for name in definition.key_fields)
    reason = "；".join([MESSAGES[code], *(flag.message_zh for flag in faults)])
    return RefusedRow(
        row=number,
        field=filled.field if filled else definition.name_field,
        code=str(code),
        reason=reason[:_LONGEST_REASON],
        repair=((filled.repair if filled else None) or f"请补上{names}后重新上传")[:_LONGEST_REASON],
        cells=cells,
    )


def _kept_cells(cells: Sequence[str], extra: str | None) -> dict[str, str]:
    kept = {str(column): text for column, text in enumerate(cells) if text}
    return kept | {EXTRA: extra} if extra else kept


def _origin_columns(header: Sequence[str]) -> tuple[int, int] | None:
    """The two columns by which a mended row tells where it came from, if the file has both."""
    keys = [header_key(name) for name in header]
    if ORIGIN_BATCH not in keys or ORIGIN_ROW not in keys:
        return None
    return keys.index(ORIGIN_BATCH), keys.index(ORIGIN_ROW)


def _origin(plan: RowPlan, cells: Sequence[str]) -> tuple[int | None, int | None]:
    if plan.origin is None:
        return None, None
    batch, row = (cells[column].strip() for column in plan.origin)
    if not (_is_small_number(batch) and _is_small_number(row)):
        return None, None
    return int(batch), int(row)


def _is_small_number(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) <= 9


_PERSONAL = {
    kind: frozenset(column.name for column in definition.fields if column.personal)
    for kind, definition in LISTS.items()
}
