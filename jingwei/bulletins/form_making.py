"""Make the yearly forms whose cells count units: A for enterprises, B for social organizations."""

from itertools import groupby
from typing import Any

from jingwei.bulletins import counted_cells
from jingwei.bulletins.models import PaperFile
from jingwei.bulletins.orders import Draft, Order, gaps_data
from jingwei.bulletins.side_sheets import add_about, add_checks, add_gaps
from jingwei.bulletins.spreadsheets import Book, Sheet
from jingwei.domain.papers.grids import FilledGrid, Gap, Grid, fill, grid


def make_form(order: Order, layout: str) -> Draft:
    """The form of this layout as xlsx: the form, 校核, 缺项, 说明."""
    form = grid(layout, order.ground.rules)
    filled = fill(form, counted_cells.groups(form, order.ground), counted_cells.organizations(form, order.ground))
    outside = counted_cells.aside(form, order.ground)
    gaps = (
        *filled.gaps,
        *(Gap("全表", label, label.partition("、")[0], units) for label, units in outside.items() if units),
    )
    title = f"{order.place.name}{form.title}（{order.snapshot.as_of:%Y-%m-%d}）"
    book = Book()
    _write(book, form, filled, order, title)
    add_checks(book, filled.results)
    add_gaps(book, gaps)
    add_about(book, order, form.notes)
    content = {"form": _page(form, filled), "gaps": gaps_data(gaps), "edition": order.wishes.edition.value}
    return Draft(title, content, {PaperFile.Format.XLSX: book.finish()}, filled.results)


def _write(book: Book, form: Grid, filled: FilledGrid, order: Order, title: str) -> None:
    sheet = book.sheet("报表", (16, 40, 5, *(11 for _ in form.columns)))
    sheet.title(title, f"填报单位：{order.place.name}　　单位：{form.unit}")
    sheet.header([("", "类别"), ("", "指标"), ("", "行"), *((column.group, column.zh) for column in form.columns)])
    sheet.line([(None, "head"), (None, "head"), (None, "head"), *((column.id, "head") for column in form.columns)])
    top = sheet.row
    for row in form.rows:
        cells = [filled.cells[f"{column.id}{row.id}"] for column in form.columns]
        figures = [(None, "empty") if cell.value is None else (float(cell.value), "count") for cell in cells]
        sheet.line([(row.group, "centre"), (row.zh, "inner" if row.inner else "text"), (row.id, "centre"), *figures])
    _join_groups(sheet, form, top)


def _join_groups(sheet: Sheet, form: Grid, top: int) -> None:
    """Neighbouring rows of one group share the cell that names it."""
    at = top
    for group, rows in groupby(form.rows, key=lambda row: row.group):
        number = len(list(rows))
        if group and number > 1:
            sheet.merge_down(at, at + number - 1, 0, group, "centre")
        at += number


def _page(form: Grid, filled: FilledGrid) -> dict[str, Any]:
    """What the page of the paper shows of the form."""
    return {
        "title": form.title,
        "unit": form.unit,
        "columns": [{"id": column.id, "zh": column.zh, "group": column.group} for column in form.columns],
        "rows": [
            {
                "id": row.id,
                "zh": row.zh,
                "group": row.group,
                "inner": row.inner,
                "cells": [_cell(filled, f"{column.id}{row.id}") for column in form.columns],
            }
            for row in form.rows
        ],
        "notes": list(form.notes),
    }


def _cell(filled: FilledGrid, name: str) -> dict[str, Any]:
    cell = filled.cells[name]
    value = None if cell.value is None else int(cell.value)
    return {"id": name, "value": value, "aside": cell.aside, "missing": cell.missing}
