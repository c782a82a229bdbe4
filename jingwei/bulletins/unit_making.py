"""Make the papers with a line or a sheet a unit: ledger C, form D, and the list of those that should have."""

from collections import Counter
from collections.abc import Iterator
from itertools import groupby

from jingwei.bulletins import should_have, unit_lines
from jingwei.bulletins.models import PaperFile
from jingwei.bulletins.orders import Draft, Order, gaps_data
from jingwei.bulletins.side_sheets import add_about, add_checks, add_gaps
from jingwei.bulletins.spreadsheets import Book, Sheet
from jingwei.core.refusal import Refused
from jingwei.domain.papers import records
from jingwei.domain.papers.checks import Result
from jingwei.domain.papers.grids import Gap
from jingwei.domain.papers.records import Amount, ColumnText, FactText, Missing, Record

MOST_LINES, MOST_SHEETS, SHOWN = 30_000, 200, 300


def make_ledger(order: Order, layout: str) -> Draft:
    """One line a unit. Raises Refused where there are more than a spreadsheet is good for."""
    form = records.record(layout, order.ground.rules)
    number = unit_lines.count(form, order.ground)
    if number > MOST_LINES:
        raise Refused(f"{order.place.name}有 {number:,} 家，超过一份台账的 {MOST_LINES:,} 行。请按区县或镇街分别生成。")
    title = f"{order.place.name}{form.title}（{order.snapshot.as_of:%Y-%m-%d}）"
    book, empty = Book(), Counter[int]()
    sheet = book.sheet("台账", (6, *(_width(field.zh) for field in form.fields)))
    sheet.title(title, *form.notes)
    sheet.header([("", "序号"), *((field.group, field.zh) for field in form.fields)])
    shown: list[list[str]] = []
    for at, values in enumerate(unit_lines.lines(form, order.ground), start=1):
        sheet.line([(at, "count"), *((_number_or_text(value), "text") for value in values)], drawn=False)
        empty.update(place for place, value in enumerate(values) if not value)
        if at <= SHOWN:
            shown.append(values)
    gaps = (*records.missing(form), *_unfilled(form, empty))
    add_gaps(book, gaps)
    add_about(book, order, form.notes)
    content = {
        "columns": [{"group": field.group, "zh": field.zh} for field in form.fields],
        "lines": shown,
        "total": number,
        "gaps": gaps_data(gaps),
        "edition": order.wishes.edition.value,
    }
    return Draft(title, content, {PaperFile.Format.XLSX: book.finish()})


def make_sheets(order: Order, layout: str) -> Draft:
    """One sheet a unit, for the units asked for. Raises Refused where none is named, or too many are."""
    wanted = order.wishes.units
    if not wanted:
        raise Refused("请选定至少一家社会组织。")
    if len(wanted) > MOST_SHEETS:
        raise Refused(f"一次最多生成 {MOST_SHEETS} 家，请分批生成。")
    form = records.record(layout, order.ground.rules)
    book = Book()
    results: list[Result] = []
    names: list[str] = []
    for values in unit_lines.lines(form, order.ground, ids=wanted):
        names.append(values[0])
        found = records.check(form, values)
        _write_sheet(book.sheet(values[0], (16, 26, 46, 40), landscape=False), form, values, found, order)
        results += [Result(f"{values[0]}：{item.check}", item.outcome, item.cells, item.text) for item in found]
    if not names:
        raise Refused("选定的单位在这期快照中不是在营的社会组织，或不在本区域。")
    gaps = records.missing(form)
    add_checks(book, results)
    add_gaps(book, gaps)
    add_about(book, order, form.notes)
    title = f"{order.place.name}{form.title}（{len(names)} 家，{order.snapshot.as_of:%Y-%m-%d}）"
    content = {"units": names, "gaps": gaps_data(gaps), "edition": order.wishes.edition.value}
    return Draft(title, content, {PaperFile.Format.XLSX: book.finish()}, tuple(results))


def make_should_have(order: Order) -> Draft:
    """The list of those that should have an organization of their own, in blocks by area, with counts by area."""
    rows = should_have.units(order.ground)
    areas = should_have.areas_of(rows)
    title = f"{order.place.name}应建未建党组织单位清单（{order.snapshot.as_of:%Y-%m-%d}）"
    book = Book()
    sheet = book.sheet("清单", (34, 22, 10, 12, 14, 16, 24, 44, 12, 9, 18, 30))
    sheet.title(
        title, "正式党员达到应建人数、没有单独组建党组织的在营单位，不以三有为限；按行政区划顺序、单位名称排列。"
    )
    sheet.header([("", name) for name in should_have.HEADER])
    for area, members in groupby(rows, key=lambda row: row.area):
        held = list(members)
        sheet.band(f"{area}　{len(held)} 家")
        for row in held:
            sheet.line([(_number_or_text(value), "text") for value in row.cells])
    sheet.line([(f"合计　{len(rows)} 家", "total"), *((None, "total") for _ in should_have.HEADER[1:])])
    summary = book.sheet("汇总", (30, 14), landscape=False)
    summary.title("各地应建未建单位数")
    summary.header([("", "单位"), ("", "应建未建（家）")])
    for area in areas:
        summary.line([(area["name"], "text"), (area["units"], "count")])
    summary.line([("合　计", "total"), (len(rows), "total_count")])
    add_about(book, order, order.source_notes())
    content = {
        "header": list(should_have.HEADER),
        "areas": areas,
        "lines": [{"id": row.entity_id, "area": row.area, "cells": list(row.cells)} for row in rows[:SHOWN]],
        "total": len(rows),
        "edition": order.wishes.edition.value,
    }
    return Draft(title, content, {PaperFile.Format.XLSX: book.finish()})


def _write_sheet(sheet: Sheet, form: Record, values: list[str], found: tuple[Result, ...], order: Order) -> None:
    """One unit on one sheet: block, field, value, and for an empty one the fact it lacks; its checks below."""
    sheet.title(form.title, f"填报区域：{order.place.name}　　截至 {order.snapshot.as_of:%Y-%m-%d}")
    sheet.line((name, "head") for name in ("类别", "项目", "内容", "缺少的事实"))
    top = sheet.row
    for field, value in zip(form.fields, values, strict=True):
        lacking = field.source.fact if isinstance(field.source, Missing) else ("" if value else "未知")
        sheet.line(
            [
                (field.group, "centre"),
                (field.zh, "text"),
                (_number_or_text(value), "text" if value else "empty"),
                (lacking, "text"),
            ]
        )
    at = top
    for group, fields in groupby(form.fields, key=lambda field: field.group):
        number = len(list(fields))
        if number > 1:
            sheet.merge_down(at, at + number - 1, 0, group, "centre")
        at += number
    sheet.band("校核")
    for result in found:
        sheet.line([(result.outcome.zh, "centre"), (result.check, "text"), (result.text, "text"), (None, "text")])


def _unfilled(form: Record, empty: Counter[int]) -> Iterator[Gap]:
    """Fields that a list fills, and for how many units none does."""
    for place, field in enumerate(form.fields):
        # Where no organization or cause stands, there is nothing to say; a fact is there or lacks.
        if empty[place] and isinstance(field.source, ColumnText | Amount | FactText):
            yield Gap(field.zh, f"{field.group}：{field.zh}", f"{field.zh}未知", empty[place])


def _number_or_text(value: str) -> str | int:
    """Counts as numbers; codes, also of digits alone, stay text."""
    return int(value) if value.isdecimal() and len(value) < 9 and (value == "0" or value[0] != "0") else value


def _width(name: str) -> float:
    return max(8.0, min(30.0, len(name) * 2.2))
