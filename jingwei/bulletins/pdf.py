"""A bulletin as PDF, set by typst with the fonts of the npm packages and no other."""

import json
from functools import lru_cache
from importlib.resources import files
from itertools import groupby
from pathlib import Path
from typing import Any

import typst

from jingwei.bulletins.word import MARK, fields
from jingwei.core.instance import PROJECT_ROOT
from jingwei.domain.papers.content import Bulletin, Table

FONT_PACKAGES = PROJECT_ROOT / "node_modules" / "@expo-google-fonts"
_FACES = (
    "noto-serif-sc/400Regular",
    "noto-serif-sc/700Bold",
    "noto-sans-sc/400Regular",
    "noto-sans-sc/500Medium",
    "noto-sans-sc/700Bold",
)


class FontsMissing(RuntimeError):
    """The fonts that the set-up brings are not there; the message says so in Chinese with the way out."""


def write_pdf(bulletin: Bulletin) -> bytes:
    """The bulletin as a PDF file. Raises FontsMissing."""
    found = _compile(bulletin, "pdf")
    return found if isinstance(found, bytes) else b"".join(found)


def write_pages(bulletin: Bulletin, *, ppi: float = 96) -> list[bytes]:
    """The pages of the PDF as pictures. Raises FontsMissing."""
    found = _compile(bulletin, "png", ppi)
    return [found] if isinstance(found, bytes) else list(found)


def _compile(bulletin: Bulletin, form: Any, ppi: float | None = None) -> Any:
    source: Any = _template()  # the package's types know paths and texts only
    return typst.compile(
        source,
        format=form,
        ppi=ppi,
        font_paths=[str(folder) for folder in _folders()],
        ignore_system_fonts=True,
        sys_inputs={"bulletin": json.dumps(_values(bulletin), ensure_ascii=False)},
    )


@lru_cache(maxsize=1)
def _template() -> bytes:
    return files("jingwei.bulletins").joinpath("data/bulletin.typ").read_bytes()


def _folders() -> list[Path]:
    folders = [FONT_PACKAGES / face for face in _FACES]
    missing = [folder for folder in folders if not folder.is_dir()]
    if missing:
        raise FontsMissing(f"缺少排版字体 {missing[0].parent.name}：请运行 ./jw，它会重新取得（npm ci）。")
    return folders


def _values(bulletin: Bulletin) -> dict[str, Any]:
    values = fields(bulletin)
    table = bulletin.table
    values["table"] = {
        "title": table.title,
        "lead": table.lead,
        "widths": [column.width for column in table.columns],
        "groups": _groups(table),
        "rows": [
            {"name": row.name + (MARK if row.marked else ""), "cells": [cell.text for cell in row.cells]}
            for row in table.rows
        ],
        "total": {"name": table.total.name, "cells": [cell.text for cell in table.total.cells]},
        "notes": list(table.notes),
    }
    return values


def _groups(table: Table) -> list[dict[str, Any]]:
    """The columns of the header: neighbours of one group together, the others each alone."""
    held = groupby(table.columns, key=lambda column: column.group or column.id)
    return [
        {"name": members[0].group, "columns": [column.zh for column in members]}
        for members in (list(group) for _, group in held)
    ]
