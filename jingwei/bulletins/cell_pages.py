"""A cell of a yearly form down to the units it counts."""

import re
from typing import Any

from django.urls import reverse

from jingwei.bulletins import counted_cells
from jingwei.bulletins.frozen_rows import Ground, ground_of
from jingwei.bulletins.models import Paper
from jingwei.bulletins.pages import crumbs
from jingwei.domain.papers.grids import Grid, GridColumn, GridRow, grid

GRIDS = {Paper.Kind.FORM_A: "form_a", Paper.Kind.FORM_B: "form_b"}
MOST = 500
_CELL = re.compile(r"([A-Z]+)(\d+)")


def cell_context(paper: Paper, name: str) -> dict[str, Any]:
    """Context of the page of a cell; what lies outside the reader's scope is not shown. KeyError for no such cell."""
    ground = ground_of(paper.snapshot, paper.place)
    form = grid(GRIDS[Paper.Kind(paper.kind)], ground.rules)
    row, column = _place(form, name)
    held = next(
        cell for line in paper.content["form"]["rows"] if line["id"] == row.id
        for cell in line["cells"] if cell["id"] == name
    )  # fmt: skip
    return {
        "page_title": f"{name}　{row.zh}",
        "lead": f"{column.zh}；快照 {paper.snapshot.number}",
        "crumbs": crumbs((paper.get_kind_display(), reverse("bulletins:paper", args=[paper.pk])), (name, "")),
        "value": held["value"],
        "missing": held["missing"],
        "aside": held["aside"],
        "is_sum": row.amount is not None,
        "rows": [] if held["value"] is None else _rows(form, ground, row, column),
        "most": MOST,
    }


def _rows(form: Grid, ground: Ground, row: GridRow, column: GridColumn) -> list[dict[str, Any]]:
    """The units of the cell, or its organizations, each with its own page."""
    if row.organizations is not None:
        organizations = counted_cells.cell_organizations(form, ground, row, column, limit=MOST)
        return [{"name": name, "code": "", "url": reverse("branches:detail", args=[pk])} for pk, name in organizations]
    units = counted_cells.cell_units(form, ground, row, column, limit=MOST)
    return [{"name": name, "code": code, "url": reverse("workbench:entity", args=[pk])} for pk, name, code in units]


def _place(form: Grid, name: str) -> tuple[GridRow, GridColumn]:
    match = _CELL.fullmatch(name)
    rows, columns = {row.id: row for row in form.rows}, {column.id: column for column in form.columns}
    if match is None:
        raise KeyError(name)
    return rows[match[2]], columns[match[1]]
