"""Tables of figures by area, whose columns are data: indicator and part of each."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from typing import Any

from jingwei.domain.papers import layout_files, wording
from jingwei.domain.papers.content import Column, Part, Row, Source, Span, Table
from jingwei.domain.papers.figures import Figures, Line
from jingwei.domain.papers.layout_files import LayoutError
from jingwei.domain.papers.suppression import hidden

HELD_BACK = "＊"
TOTAL = "合　计"
_COUNTS = frozenset({Part.NUMERATOR, Part.DENOMINATOR, Part.GAP, Part.BESIDE})
_DERIVED = frozenset({Part.PERCENT, Part.CHANGE})
# Two parts of one whole: whoever knows one and the whole knows the other.
_TWINS = frozenset({Part.NUMERATOR, Part.GAP})


@dataclass(frozen=True, slots=True)
class FigureColumn:
    """One column of a table: which part of which indicator, and how the header calls it."""

    id: str
    zh: str
    indicator: str
    part: Part
    group: str = ""
    label: str = ""
    width: float = 1

    def head(self) -> Column:
        """The column as a table shows it."""
        return Column(self.id, self.zh, self.group, self.width)


@dataclass(frozen=True, slots=True)
class FigureLayout:
    """A table of figures: its columns in order and the sentence on what counts as what."""

    id: str
    columns: tuple[FigureColumn, ...]
    notes: tuple[str, ...]

    @property
    def indicators(self) -> tuple[str, ...]:
        """The indicators the table needs, each once."""
        return tuple(dict.fromkeys(column.indicator for column in self.columns))


@lru_cache(maxsize=8)
def figure_layout(name: str) -> FigureLayout:
    """The packaged layout of this name; raises LayoutError."""
    return parse_figure_layout(name, layout_files.read(name))


def parse_figure_layout(name: str, data: Mapping[str, Any]) -> FigureLayout:
    """A layout out of the data of its file; raises LayoutError that names the column at fault."""
    columns = tuple(_column(name, item) for item in data["columns"])
    if len({column.id for column in columns}) < len(columns):
        raise LayoutError(f"{name}: 列标识重复")
    return FigureLayout(name, columns, tuple(data.get("notes", ())))


def fill(layout: FigureLayout, figures: Figures, *, title: str, lead: str, notes: tuple[str, ...], limit: int) -> Table:
    """The table of a paper. ``limit`` hides counts under it together with the rates made of them; 0 hides nothing."""
    lines = figures.all_lines()
    held_back = _held_back(layout, lines, limit)
    rows = tuple(
        Row(line.name, _cells(layout, line, held_back[number]), marked=line.confirmed is False)
        for number, line in enumerate(lines)
    )
    small = {column.id for column in layout.columns if _is_small(figures.total, column, limit)}
    columns = tuple(column.head() for column in layout.columns)
    return Table(title, lead, columns, rows, Row(TOTAL, _cells(layout, figures.total, frozenset(small))), notes)


def shown(part: Part, value: Decimal | None) -> str:
    """A figure as a table prints it."""
    if part is Part.CHANGE:
        return wording.signed(value)
    return wording.rate(value) if part is Part.PERCENT else wording.count(value)


def source_of(line: Line, column: FigureColumn) -> Source | None:
    """Where the figure of a column comes from; a line that is in no cut of its own has none."""
    if not line.cut:
        return None
    return Source(column.indicator, column.part, line.cut, line.member, column.label)


def _cells(layout: FigureLayout, line: Line, held_back: frozenset[str]) -> tuple[Span, ...]:
    return tuple(_cell(line, column, column.id in held_back) for column in layout.columns)


def _cell(line: Line, column: FigureColumn, is_held_back: bool) -> Span:
    if is_held_back:
        return Span(HELD_BACK, hidden=True)
    value = line.value(column.indicator, column.part, column.label)
    return Span(shown(column.part, value), None if value is None else source_of(line, column))


def _held_back(layout: FigureLayout, lines: tuple[Line, ...], limit: int) -> list[frozenset[str]]:
    """For each line the columns that must not be printed."""
    found: list[set[str]] = [set() for _ in lines]
    for column in layout.columns:
        if column.part in _COUNTS:
            values = [line.value(column.indicator, column.part, column.label) for line in lines]
            for number in hidden(values, limit):
                found[number].add(column.id)
    return [
        frozenset(ids | {column.id for column in layout.columns if _gives_away(layout, column, ids, line, limit)})
        for ids, line in zip(found, lines, strict=True)
    ]


def _gives_away(layout: FigureLayout, column: FigureColumn, ids: set[str], line: Line, limit: int) -> bool:
    """Whether a column would tell what another one of the same indicator hides."""
    hidden_parts = {
        other.part for other in layout.columns if other.id in ids and other.indicator == column.indicator
    } - {Part.BESIDE}
    if column.part in _DERIVED:
        return bool(hidden_parts) or _is_small(line, column, limit)
    return column.part in _TWINS and bool(hidden_parts & _TWINS)


def _is_small(line: Line, column: FigureColumn, limit: int) -> bool:
    """Whether the figure, or for a rate a number it is made of, lies under the limit."""
    parts = (Part.NUMERATOR, Part.DENOMINATOR) if column.part in _DERIVED else (column.part,)
    values = (line.value(column.indicator, part, column.label) for part in parts)
    return any(value is not None and 0 < value < limit for value in values)


def _column(name: str, item: Mapping[str, Any]) -> FigureColumn:
    try:
        return FigureColumn(
            id=item["id"],
            zh=item["zh"],
            indicator=item["indicator"],
            part=Part(item["part"]),
            group=item.get("group", ""),
            label=item.get("label", ""),
            width=float(item.get("width", 1)),
        )
    except (KeyError, ValueError) as fault:
        raise LayoutError(f"{name}: 列 {item.get('id', '?')} 不完整（{fault}）") from fault
