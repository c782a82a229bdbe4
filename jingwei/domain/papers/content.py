"""A paper as plain content: what stands on it and where each figure comes from. Writers give it its look."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import Any


class Edition(StrEnum):
    """Who reads a paper: the offices themselves, or anybody, which hides small counts."""

    INTERNAL = "internal"
    PUBLIC = "public"


class Part(StrEnum):
    """Which number of an indicator a figure shows; MOVES counts rows that entered or left since the compared day."""

    NUMERATOR = "numerator"
    DENOMINATOR = "denominator"
    PERCENT = "percent"
    CHANGE = "change"
    GAP = "gap"
    BESIDE = "beside"
    MOVES = "moves"


@dataclass(frozen=True, slots=True)
class Source:
    """Where a figure comes from: an indicator, the part of it, one member of a cut.

    ``label`` names what is counted beside a rate. ``earlier`` says that the compared snapshot holds it.
    """

    indicator: str
    part: Part
    cut: str
    member: str
    label: str = ""
    earlier: bool = False


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch of text, or a figure with its source. ``hidden`` marks a figure that was held back."""

    text: str
    source: Source | None = None
    hidden: bool = False


Paragraph = tuple[Span, ...]


@dataclass(frozen=True, slots=True)
class Section:
    """A part of the text under its heading."""

    heading: str
    paragraphs: tuple[Paragraph, ...]


@dataclass(frozen=True, slots=True)
class Column:
    """A column of figures: ``id`` is its name in templates, ``group`` the header that joins it to its neighbours.

    ``width`` is its share of the table beside a usual column.
    """

    id: str
    zh: str
    group: str = ""
    width: float = 1


@dataclass(frozen=True, slots=True)
class Row:
    """One line: an area with its figures in the order of the columns; ``marked`` is not confirmed yet."""

    name: str
    cells: tuple[Span, ...]
    marked: bool = False


@dataclass(frozen=True, slots=True)
class Table:
    """Figures by area with their total and the notes below."""

    title: str
    lead: str
    columns: tuple[Column, ...]
    rows: tuple[Row, ...]
    total: Row
    notes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Imprint:
    """版记: to whom it is reported, sent and issued; who printed it, when, and how many copies."""

    report_to: str
    send_to: str
    issue_to: str
    issuer: str
    printed_on: str
    copies: int


@dataclass(frozen=True, slots=True)
class Bulletin:
    """A whole bulletin. Dates are texts as printed."""

    masthead: str
    issue: str
    issuer: str
    issued_on: str
    title: str
    sections: tuple[Section, ...]
    table: Table
    imprint: Imprint


def plain(paragraph: Paragraph) -> str:
    """The text of a paragraph without its sources."""
    return "".join(span.text for span in paragraph)


def as_data(item: Bulletin | Table) -> dict[str, Any]:
    """A form that JSON can hold; ``bulletin_of`` and ``table_of`` read it back."""
    return asdict(item)


def bulletin_of(data: Mapping[str, Any]) -> Bulletin:
    """A bulletin out of what ``as_data`` gave."""
    return Bulletin(
        masthead=data["masthead"],
        issue=data["issue"],
        issuer=data["issuer"],
        issued_on=data["issued_on"],
        title=data["title"],
        sections=tuple(_section(item) for item in data["sections"]),
        table=table_of(data["table"]),
        imprint=Imprint(**data["imprint"]),
    )


def table_of(data: Mapping[str, Any]) -> Table:
    """A table out of what ``as_data`` gave."""
    return Table(
        title=data["title"],
        lead=data["lead"],
        columns=tuple(Column(**item) for item in data["columns"]),
        rows=tuple(_row(item) for item in data["rows"]),
        total=_row(data["total"]),
        notes=tuple(data["notes"]),
    )


def _section(data: Mapping[str, Any]) -> Section:
    return Section(data["heading"], tuple(_spans(item) for item in data["paragraphs"]))


def _row(data: Mapping[str, Any]) -> Row:
    return Row(data["name"], _spans(data["cells"]), data["marked"])


def _spans(items: Sequence[Mapping[str, Any]]) -> tuple[Span, ...]:
    return tuple(Span(item["text"], _source(item["source"]), item["hidden"]) for item in items)


def _source(data: Mapping[str, Any] | None) -> Source | None:
    return Source(**{**data, "part": Part(data["part"])}) if data else None
