"""Make the monthly table: every area and the whole with merged headers, what is not known beside, and definitions."""

from jingwei.bulletins.bulletin_making import areas_zh, sums
from jingwei.bulletins.figure_facts import figures_of
from jingwei.bulletins.models import PaperFile
from jingwei.bulletins.orders import Draft, Order
from jingwei.bulletins.side_sheets import add_about
from jingwei.bulletins.spreadsheets import Book
from jingwei.bulletins.word import MARK
from jingwei.domain.indicators import definitions
from jingwei.domain.papers.content import Part, Table, as_data
from jingwei.domain.papers.figure_tables import FigureLayout, figure_layout, fill
from jingwei.domain.papers.figures import Figures, Line

LAYOUT = "monthly"
_LOOKS = {Part.PERCENT: "rate", Part.CHANGE: "change"}


def make_monthly(order: Order) -> Draft:
    """The table of one month as xlsx."""
    figures = figures_of(snapshot=order.snapshot, compared=order.compared, place=order.place, on=order.day)
    layout, month = figure_layout(LAYOUT), order.snapshot.month
    title = f"{order.place.name}“两个覆盖”月度统计表（{month.year} 年 {month.month} 月）"
    unconfirmed = any(line.confirmed is False for line in figures.lines)
    marks = [f"{MARK} 为取数时尚未确认，所列为系统数。"] if unconfirmed else []
    table = fill(
        layout,
        figures,
        title=title,
        lead=areas_zh(order.place),
        notes=(*layout.notes, "".join([*marks, *order.source_notes()])),
        limit=order.limit,
    )
    book = Book()
    _write_table(book, layout, figures, table)
    _write_definitions(book, layout)
    add_about(book, order, table.notes)
    content = {"table": as_data(table), "edition": order.wishes.edition.value}
    return Draft(title, content, {PaperFile.Format.XLSX: book.finish()}, sums(figures))


def _write_table(book: Book, layout: FigureLayout, figures: Figures, table: Table) -> None:
    sheet = book.sheet("月度统计表", (16, *(9 for _ in layout.columns)))
    sheet.title(table.title)
    sheet.header([("", table.lead), *((column.group, column.zh) for column in layout.columns)])
    for line, row in zip(figures.all_lines(), table.rows, strict=True):
        name = row.name + (MARK if row.marked else "")
        hidden = [cell.hidden for cell in row.cells]
        sheet.line([(name, "text"), *_cells(layout, line, hidden, "")])
    hidden = [cell.hidden for cell in table.total.cells]
    sheet.line([(table.total.name, "total"), *_cells(layout, figures.total, hidden, "total_")])
    sheet.notes(table.notes)


def _cells(layout: FigureLayout, line: Line, hidden: list[bool], prefix: str) -> list[tuple[float | str | None, str]]:
    """Numbers as numbers; what is held back as a star, what is not there as an empty cell."""
    cells: list[tuple[float | str | None, str]] = []
    for column, is_hidden in zip(layout.columns, hidden, strict=True):
        value = line.value(column.indicator, column.part, column.label)
        look = prefix + _LOOKS.get(column.part, "count")
        cells.append(("＊", "centre") if is_hidden else (None if value is None else float(value), look))
    return cells


def _write_definitions(book: Book, layout: FigureLayout) -> None:
    """口径: what each indicator of the table counts, and where the definition comes from."""
    sheet = book.sheet("口径", (14, 24, 70, 44, 22))
    sheet.title("口径")
    sheet.header([("", name) for name in ("指标", "名称", "含义", "来源", "规则")])
    known = definitions()
    for name in layout.indicators:
        held = known[name]
        texts = (held.id, held.zh, held.meaning, held.source, "、".join(held.rules))
        sheet.line((text, "text") for text in texts)
