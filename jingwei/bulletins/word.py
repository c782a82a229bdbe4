"""A bulletin as a Word file, from the product's own template or one that the city has edited."""

from io import BytesIO
from typing import Any

from docxtpl import DocxTemplate  # type: ignore[import-untyped]
from jinja2 import StrictUndefined
from jinja2.sandbox import ImmutableSandboxedEnvironment

from jingwei.bulletins.template_making import own_template
from jingwei.domain.papers.content import Bulletin, Row, Table, plain

MARK = "※"


def write_docx(bulletin: Bulletin, template: bytes | None = None) -> bytes:
    """The bulletin as a docx file; the template of a city stands in the place of our own.

    Raises jinja2's UndefinedError or TemplateError where a template asks for what a bulletin does not hold.
    """
    document = DocxTemplate(BytesIO(template or own_template()))
    document.render(fields(bulletin), jinja_env=_environment(), autoescape=True)
    out = BytesIO()
    document.save(out)
    return out.getvalue()


def fields(bulletin: Bulletin) -> dict[str, Any]:
    """What a template may ask for: plain texts by name, nothing that could be called."""
    return {
        "masthead": bulletin.masthead,
        "issue": bulletin.issue,
        "issuer": bulletin.issuer,
        "issued_on": bulletin.issued_on,
        "title": bulletin.title,
        "sections": [
            {"heading": section.heading, "paragraphs": [plain(paragraph) for paragraph in section.paragraphs]}
            for section in bulletin.sections
        ],
        "table": _table(bulletin.table),
        "imprint": {
            "report_to": bulletin.imprint.report_to,
            "send_to": bulletin.imprint.send_to,
            "issue_to": bulletin.imprint.issue_to,
            "issuer": bulletin.imprint.issuer,
            "printed_on": bulletin.imprint.printed_on,
            "copies": str(bulletin.imprint.copies),
        },
    }


def _table(table: Table) -> dict[str, Any]:
    ids = [column.id for column in table.columns]
    return {
        "title": table.title,
        "rows": [_row(ids, row) for row in table.rows],
        "total": _row(ids, table.total),
        "notes": list(table.notes),
    }


def _row(ids: list[str], row: Row) -> dict[str, str]:
    figures = {name: cell.text for name, cell in zip(ids, row.cells, strict=True)}
    return {"name": row.name + (MARK if row.marked else "")} | figures


def _environment() -> ImmutableSandboxedEnvironment:
    """A template comes from outside: it may read the fields and nothing else."""
    environment = ImmutableSandboxedEnvironment(undefined=StrictUndefined)
    environment.globals.clear()
    return environment
