"""What the reader answers, and within which limits it works."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from jingwei.domain.lists import ListKind


@dataclass(frozen=True)
class TableLimits:
    """Bounds on one file. The last four hold for the parser process only.

    Sizes are bytes, `max_cell_chars` characters (a spreadsheet allows 32,767; quoted CSV cells are
    bounded by 131,072 in any case), times seconds.
    """

    max_bytes: int = 1 << 30
    max_unpacked_bytes: int = 3 << 30
    max_rows: int = 2_000_000
    max_columns: int = 256
    max_cell_chars: int = 32_767
    memory_bytes: int = 3 << 30
    cpu_seconds: int = 300
    wall_seconds: int = 600
    max_output_bytes: int = 4 << 30


DEFAULT = TableLimits()


@dataclass(frozen=True)
class Conflict:
    """Several columns of one meaning. `chosen` is the one taken, None if that cannot be told."""

    field: str
    columns: tuple[int, ...]
    chosen: int | None


@dataclass(frozen=True)
class Suggestion:
    """An unmapped column whose header resembles a field; `confidence` lies between 0 and 1."""

    column: int
    field: str
    confidence: float


@dataclass(frozen=True)
class ParsedTable:
    """A file that was read whole.

    `header_row` is the row of the header as the spreadsheet counts (the lower one of a header in two
    rows). `row_count` counts the rows in `rows_path`, `blank_rows` those left out. Columns count
    from 0. `unmapped` leaves out `ignored` (running numbers and foreign ids).

    The parquet file at `rows_path` holds: `row` (1 = first row below the header row, blank rows
    counted), `c0`… (the text of each cell as delivered, "" where empty), `note` (`RowNote` or null)
    and `extra` (a JSON list of the cells beyond the header, or null).
    """

    source_name: str
    sheet: str | None
    encoding: str | None
    header_row: int
    header: tuple[str, ...]
    title_rows: tuple[str, ...]
    row_count: int
    blank_rows: int
    kind: ListKind | None
    mapping: Mapping[int, str]
    unmapped: tuple[int, ...]
    ignored: tuple[int, ...]
    conflicts: tuple[Conflict, ...]
    suggestions: tuple[Suggestion, ...]
    notes: tuple[str, ...]
    rows_path: Path

    def to_json(self) -> dict[str, Any]:
        """Plain values that survive JSON."""
        return asdict(self) | {
            "rows_path": str(self.rows_path),
            "mapping": {str(column): field for column, field in self.mapping.items()},
        }

    @classmethod
    def from_json(cls, plain: Mapping[str, Any]) -> "ParsedTable":
        """The table whose `to_json` this is."""
        sequences = ("header", "title_rows", "unmapped", "ignored", "notes")
        return cls(
            **{
                **plain,
                **{name: tuple(plain[name]) for name in sequences},
                "kind": ListKind(plain["kind"]) if plain["kind"] else None,
                "mapping": {int(column): field for column, field in plain["mapping"].items()},
                "conflicts": tuple(
                    Conflict(each["field"], tuple(each["columns"]), each["chosen"]) for each in plain["conflicts"]
                ),
                "suggestions": tuple(Suggestion(**each) for each in plain["suggestions"]),
                "rows_path": Path(plain["rows_path"]),
            }
        )
