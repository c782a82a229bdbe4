"""A paper as its page shows it: the text and table of a bulletin, the cells of a form, the first lines of a list."""

from collections.abc import Callable
from itertools import groupby
from typing import Any

from django.urls import reverse

from jingwei.bulletins.links import links_of
from jingwei.bulletins.models import Paper
from jingwei.bulletins.word import MARK
from jingwei.domain.papers.content import Bulletin, Row, Source, Span, Table, bulletin_of, table_of

Address = Callable[[Source | None], str]


def preview(paper: Paper) -> dict[str, Any]:
    """Name of the template that shows a paper, and its context."""
    return _PREVIEWS[paper.kind](paper)


def _bulletin(paper: Paper) -> dict[str, Any]:
    bulletin, address = bulletin_of(paper.content["bulletin"]), links_of(paper)
    return {
        "preview_template": "bulletins/_bulletin.html",
        "bulletin": bulletin,
        "sections": _sections(bulletin, address),
        "table": _table(bulletin.table, address),
        "addressees": [
            {"label": label, "text": text}
            for label, text in (
                ("报", bulletin.imprint.report_to),
                ("送", bulletin.imprint.send_to),
                ("发", bulletin.imprint.issue_to),
            )
            if text
        ],
    }


def _monthly(paper: Paper) -> dict[str, Any]:
    table = table_of(paper.content["table"])
    return {"preview_template": "bulletins/_monthly.html", "wide": True, "table": _table(table, links_of(paper))}


def _form(paper: Paper) -> dict[str, Any]:
    form = paper.content["form"]
    rows = [row | {"cells": [cell | {"url": _cell_url(paper, cell)} for cell in row["cells"]]} for row in form["rows"]]
    return {
        "preview_template": "bulletins/_form.html",
        "wide": True,
        "form_title": paper.title,
        "unit": form["unit"],
        "columns": form["columns"],
        "groups": _groups(form["columns"]),
        "blocks": [{"group": group, "rows": list(held)} for group, held in groupby(rows, key=lambda row: row["group"])],
        "notes": form["notes"],
    }


def _cell_url(paper: Paper, cell: dict[str, Any]) -> str:
    """Cells that count something open to their units."""
    return reverse("bulletins:cell", args=[paper.pk, cell["id"]]) if cell["value"] else ""


def _ledger(paper: Paper) -> dict[str, Any]:
    content = paper.content
    return {
        "preview_template": "bulletins/_lines.html",
        "wide": True,
        "columns": content["columns"],
        "groups": _groups(content["columns"]),
        "lines": [{"cells": cells} for cells in content["lines"]],
        "total": content["total"],
        "unit": "家企业",
    }


def _should_have(paper: Paper) -> dict[str, Any]:
    content = paper.content
    columns = [{"group": "", "zh": name} for name in content["header"]]
    counts = {area["name"]: area["units"] for area in content["areas"]}
    blocks = groupby(content["lines"], key=lambda line: line["area"])
    lines: list[dict[str, Any]] = []
    for area, held in blocks:
        lines.append({"band": f"{area}　{counts[area]} 家"})
        lines += [{"cells": line["cells"], "url": reverse("workbench:entity", args=[line["id"]])} for line in held]
    return {
        "preview_template": "bulletins/_lines.html",
        "wide": True,
        "columns": columns,
        "groups": _groups(columns),
        "lines": lines,
        "total": content["total"],
        "unit": "家单位",
    }


def _sheets(paper: Paper) -> dict[str, Any]:
    return {"preview_template": "bulletins/_sheets.html", "units": paper.content["units"]}


def _sections(bulletin: Bulletin, address: Address) -> list[dict[str, Any]]:
    return [
        {
            "heading": section.heading,
            "paragraphs": [[_figure(span, address) for span in paragraph] for paragraph in section.paragraphs],
        }
        for section in bulletin.sections
    ]


def _table(table: Table, address: Address) -> dict[str, Any]:
    columns = [{"group": column.group, "zh": column.zh} for column in table.columns]
    return {
        "title": table.title,
        "lead": table.lead,
        "columns": columns,
        "groups": _groups(columns),
        "rows": [_row(row, address) for row in table.rows],
        "total": _row(table.total, address),
        "notes": table.notes,
    }


def _row(row: Row, address: Address) -> dict[str, Any]:
    return {
        "name": row.name + (MARK if row.marked else ""),
        "cells": [_figure(cell, address) for cell in row.cells],
    }


def _figure(span: Span, address: Address) -> dict[str, Any]:
    return {"text": span.text, "url": address(span.source), "hidden": span.hidden}


def _groups(columns: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The upper row of a header: groups over their columns, single columns over both rows."""
    found: list[dict[str, Any]] = []
    for group, held in groupby(columns, key=lambda column: column["group"]):
        members = list(held)
        if group:
            found.append({"zh": group, "columns": members, "span": len(members)})
        else:
            found += [{"zh": column["zh"], "columns": [], "span": 1} for column in members]
    return found


_PREVIEWS: dict[str, Callable[[Paper], dict[str, Any]]] = {
    Paper.Kind.BULLETIN: _bulletin,
    Paper.Kind.MONTHLY: _monthly,
    Paper.Kind.SHOULD_HAVE: _should_have,
    Paper.Kind.FORM_A: _form,
    Paper.Kind.FORM_B: _form,
    Paper.Kind.LEDGER_C: _ledger,
    Paper.Kind.FORM_D: _sheets,
}
