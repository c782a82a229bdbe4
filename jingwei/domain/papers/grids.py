"""Forms whose cells count rows: a condition for each row and each column of the form, as data.

Cells are named as in a spreadsheet, by column letter and row number: A1, B16. A condition that is unknown for a unit
neither counts it nor leaves it out in silence: the cell says how many units stand aside, and which fact they lack.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from jingwei.domain.indicators import Population
from jingwei.domain.indicators.tree import Node
from jingwei.domain.papers import checks, layout_files
from jingwei.domain.papers.checks import Check, Outcome, Result
from jingwei.domain.papers.layout_files import LayoutError
from jingwei.domain.rulebook import Rules

ROW, COLUMN, ORGANIZED = "row", "column", "organized"
UNKNOWN = "未知"
_KINDS = {"company_type": "控股情况（登记类型）", "name": "名称"}
_RESTS: Mapping[str, bool | None] = {"out": False, "unknown": None}


@dataclass(frozen=True, slots=True)
class Words:
    """A condition on a text: it holds none of ``excludes`` and one of ``contains``; ``rest`` answers for the others.

    ``of`` is ``name`` or a kind of fact, for instance ``company_type``. Without the fact the answer is unknown.
    """

    of: str
    contains: tuple[str, ...]
    excludes: tuple[str, ...]
    rest: bool | None


@dataclass(frozen=True, slots=True)
class GridColumn:
    """A column of a form. Without ``where`` and ``words`` it takes every unit; ``missing`` leaves it empty."""

    id: str
    zh: str
    group: str
    where: Node | None
    words: Words | None
    missing: str


@dataclass(frozen=True, slots=True)
class GridRow:
    """A row of a form: which units, and what is counted of them.

    ``amount`` is a number summed over the units; without it the units are counted. ``organized`` takes units that
    such an organization covers; ``organizations`` counts the organizations themselves. ``missing`` leaves it empty.
    """

    id: str
    zh: str
    group: str
    inner: bool
    where: Node | None
    amount: Node | None
    organized: Node | None
    organizations: Node | None
    missing: str


@dataclass(frozen=True, slots=True)
class GridCheck:
    """A check of every column (terms are rows) or of every row (terms are columns)."""

    check: Check
    of_columns: bool


@dataclass(frozen=True, slots=True)
class Grid:
    """A form on the day of the rules it was read for."""

    id: str
    title: str
    unit: str
    among: Node
    beside: Mapping[str, Node]
    columns: tuple[GridColumn, ...]
    rows: tuple[GridRow, ...]
    checks: tuple[GridCheck, ...]
    notes: tuple[str, ...]

    @property
    def amounts(self) -> tuple[Node, ...]:
        """The numbers that rows sum, each once."""
        return tuple(dict.fromkeys(row.amount for row in self.rows if row.amount is not None))


@dataclass(frozen=True, slots=True)
class Group:
    """Units that answer every condition alike. A flag is None where the condition is unknown for them.

    ``sums`` holds for each number its sum over the units that have it and how many units lack it.
    """

    flags: Mapping[tuple[str, str], bool | None]
    units: int
    sums: tuple[tuple[Decimal, int], ...] = ()


@dataclass(frozen=True, slots=True)
class Cell:
    """A filled cell, or an empty one (value None) with what is missing. ``aside`` units are undecided."""

    id: str
    value: Decimal | None
    aside: int = 0
    missing: str = ""


@dataclass(frozen=True, slots=True)
class Gap:
    """A line of the sheet 缺项: where, which fact is missing, and how many units stand aside for it."""

    cells: str
    zh: str
    missing: str
    units: int | None


@dataclass(frozen=True, slots=True)
class FilledGrid:
    """A form with its cells by id, what is missing, and what the checks say."""

    cells: Mapping[str, Cell]
    gaps: tuple[Gap, ...]
    results: tuple[Result, ...]

    @property
    def failed(self) -> tuple[Result, ...]:
        """The checks that do not hold."""
        return tuple(result for result in self.results if result.outcome is Outcome.FAILS)


def grid(name: str, rules: Rules) -> Grid:
    """The packaged form of this name under the rules of a day; raises LayoutError."""
    return parse_grid(name, layout_files.read(name), rules)


def parse_grid(name: str, data: Mapping[str, Any], rules: Rules) -> Grid:
    """A form out of the data of its file; raises LayoutError that names the entry at fault."""
    values = layout_files.parameters(data, rules)
    columns = tuple(_column(name, item, values) for item in data["columns"])
    rows = tuple(_row(name, item, values) for item in data["rows"])
    among = layout_files.condition(f"{name} among", data["among"], values)
    if among is None:
        raise LayoutError(f"{name}: 缺少 among")
    beside = {
        label: node
        for label, text in data.get("beside", {}).items()
        if (node := layout_files.condition(f"{name} beside", text, values))
    }
    known = {column.id for column in columns} | {row.id for row in rows}
    found = tuple(_check(name, item, known) for item in data.get("checks", ()))
    return Grid(
        name, data["title"], data["unit"], among, beside, columns, rows, found, tuple(data.get("notes", ()))
    )  # fmt: skip


def fill(form: Grid, groups: Sequence[Group], organizations: Mapping[str, Sequence[Group]]) -> FilledGrid:
    """Fill every cell. ``organizations`` holds, by row, organizations grouped by the columns their units fall into."""
    cells = {
        f"{column.id}{row.id}": _cell(form, row, column, groups, organizations.get(row.id, ()))
        for row in form.rows
        for column in form.columns
    }
    return FilledGrid(cells, tuple(_gaps(form, cells)), tuple(_results(form, cells)))


def _cell(
    form: Grid, row: GridRow, column: GridColumn, groups: Sequence[Group], organizations: Sequence[Group]
) -> Cell:
    name = f"{column.id}{row.id}"
    missing = row.missing or column.missing
    if missing:
        return Cell(name, None, missing=missing)
    if row.organizations is not None:
        return _sum(name, organizations, [(COLUMN, column.id)], None)
    keys = [(ROW, row.id), (ORGANIZED, row.id), (COLUMN, column.id)]
    return _sum(name, groups, keys, form.amounts.index(row.amount) if row.amount is not None else None)


def _sum(name: str, groups: Sequence[Group], keys: Sequence[tuple[str, str]], amount: int | None) -> Cell:
    total, aside = Decimal(0), 0
    for group in groups:
        answer = _all(group.flags.get(key, True) for key in keys)
        if answer is None:
            aside += group.units
        elif answer and amount is None:
            total += group.units
        elif answer and amount is not None:
            number, without = group.sums[amount]
            total, aside = total + number, aside + without
    if aside and not total:
        return Cell(name, None, aside, UNKNOWN)  # nothing but unknown ones is not 0
    return Cell(name, total, aside)


def _all(flags: Iterable[bool | None]) -> bool | None:
    """Three-valued and: no if any says no, else unknown if any is."""
    held = list(flags)
    if False in held:
        return False
    return None if None in held else True


def _gaps(form: Grid, cells: Mapping[str, Cell]) -> Iterable[Gap]:
    """Rows and columns without their fact, then the units that stand aside for a row and for a column.

    The total column tells of a row, the first row of a column; the cells between them follow from both.
    """
    for row in form.rows:
        if row.missing:
            yield Gap(f"第 {row.id} 行", row.zh, row.missing, None)
    for column in form.columns:
        if column.missing:
            yield Gap(f"{column.id} 列", column.zh, column.missing, None)
    for row in form.rows:
        cell = cells[f"{form.columns[0].id}{row.id}"]
        if cell.aside:
            yield Gap(f"第 {row.id} 行", row.zh, _unknown(row, form.columns[0]), cell.aside)
    for column in form.columns[1:]:
        cell = cells[f"{column.id}{form.rows[0].id}"]
        if cell.aside:
            yield Gap(f"{column.id} 列", column.zh, _unknown(form.rows[0], column), cell.aside)


def _unknown(row: GridRow, column: GridColumn) -> str:
    facts = [
        *layout_files.uncertain_facts(row.where),
        *layout_files.uncertain_facts(row.amount),
        *layout_files.uncertain_facts(column.where),
        *([_KINDS.get(column.words.of, column.words.of)] if column.words else []),
    ]
    return "、".join(dict.fromkeys(facts)) + UNKNOWN


def _results(form: Grid, cells: Mapping[str, Cell]) -> Iterable[Result]:
    for item in form.checks:
        others: Sequence[GridColumn | GridRow] = form.columns if item.of_columns else form.rows
        for other in others:
            places = {
                name: f"{other.id}{name}" if item.of_columns else f"{name}{other.id}" for name in item.check.names
            }
            values = {name: cells[place].value for name, place in places.items()}
            result = checks.evaluate(item.check, values, places)
            yield _with_aside(result, cells) if result.outcome is Outcome.FAILS else result


def _with_aside(result: Result, cells: Mapping[str, Cell]) -> Result:
    """Say of a failed check how many units stand aside in its cells: that is where the difference comes from."""
    aside = [f"{place} 另有 {cells[place].aside:,} 家未知" for place in result.cells if cells[place].aside]
    if not aside:
        return result
    return Result(result.check, result.outcome, result.cells, f"{result.text}（{'，'.join(aside)}）")


def _column(name: str, item: Mapping[str, Any], values: Mapping[str, str]) -> GridColumn:
    where = f"{name} 第 {item['id']} 列"
    return GridColumn(
        id=str(item["id"]),
        zh=item["zh"],
        group=item.get("group", ""),
        where=layout_files.condition(where, item.get("where"), values),
        words=_words(item["words"]) if "words" in item else None,
        missing=item.get("missing", ""),
    )


def _words(item: Mapping[str, Any]) -> Words:
    return Words(item["of"], tuple(item["contains"]), tuple(item.get("excludes", ())), _RESTS[item["rest"]])


def _row(name: str, item: Mapping[str, Any], values: Mapping[str, str]) -> GridRow:
    where = f"{name} 第 {item['id']} 行"
    return GridRow(
        id=str(item["id"]),
        zh=item["zh"],
        group=item.get("group", ""),
        inner=item.get("inner", False),
        where=layout_files.condition(where, item.get("where"), values),
        amount=layout_files.condition(where, item.get("sum"), values),
        organized=layout_files.condition(where, item.get("organized"), values, Population.ORGANIZATION),
        organizations=layout_files.condition(where, item.get("organizations"), values, Population.ORGANIZATION),
        missing=item.get("missing", ""),
    )


def _check(name: str, item: Mapping[str, Any], known: set[str]) -> GridCheck:
    check = checks.parse(item["text"])
    strange = [term for term in check.names if term not in known]
    if strange:
        raise LayoutError(f"{name}: 校核式“{item['text']}”中没有 {'、'.join(strange)}")
    return GridCheck(check, of_columns=item["each"] == "column")
