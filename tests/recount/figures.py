"""The figures of the bulletin, counted in DuckDB over one row for each entity and each organization."""

import csv
import tempfile
from collections import defaultdict
from collections.abc import Iterator, Mapping
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

import duckdb

# For every indicator its own reading: what is counted, out of what (empty: a plain count), the sum if it is one.
# {own}, {organized}, {working}, {least}, {priority}, {agreeing}, {wide} are parameters of the rulebook.
ENTITY_FIGURES = {
    "BASE-N": ("counts", ""),
    "BASE-ENT": ("counts AND roster IN {priority}", ""),
    "BASE-SOC": ("counts AND roster = 'social'", ""),
    "BASE-PENDING": (
        "operating AND screening = 'unknown' AND nullif(form, 'unknown') IN {forms} AND ownership <> 'public'",
        "",
    ),
    "COV-ORG": ("covered_as IN {organized}", "counts"),
    "COV-WORK": ("covered_as IN {organized} OR covered_as IN {working}", "counts"),
    "COV-INDEP": ("covered_as IN {own}", "counts"),
    "COV-OWN3": ("covered_as IN {own}", "operating AND full_members >= {least}"),
    "COV-SHOULD": ("coverage_state = 'should'", ""),
    "COV-FEW": ("coverage_state = 'few'", ""),
    "COV-BLANK": ("coverage_state = 'blank'", ""),
    "COV-CANVASS": ("coverage_state = 'canvass'", ""),
    "FUN-REG": ("operating AND roster IN {two_new} AND registered", ""),
    "FUN-TWO": ("operating AND roster IN {two_new} AND registered AND sources >= {agreeing}", ""),
    "FUN-THREE": ("counts", ""),
    "FUN-WORK": ("counts AND (covered_as IN {organized} OR covered_as IN {working})", ""),
    "FUN-ORG": ("counts AND covered_as IN {organized}", ""),
    "REG-ENT": ("operating AND roster = 'enterprise' AND in_market AND ownership <> 'public'", ""),
    "REG-SOC": ("operating AND roster = 'social' AND in_civil", ""),
    "REG-MARKET": ("operating AND in_market", ""),
    "IND-01": (
        "full_members >= {members} OR full_members + probationary_members >= {members}",
        "counts AND roster IN {priority}",
    ),
    "IND-01-FULL": ("full_members >= {least}", "counts AND roster IN {priority}"),
    "IND-05": (
        "counts",
        "operating AND roster = 'enterprise' AND in_market AND ownership <> 'public'",
    ),
} | {
    f"FORM-{form}": (f"counts AND covered_as = '{form}'", "")
    for form in (
        "committee", "general_branch", "branch", "joint", "attached", "flow", "temporary", "functional",
        "instructor", "liaison", "mass", "none",
    )
}  # fmt: skip
# Sums of persons: over which rows, what is summed, over what it is divided.
PERSON_FIGURES = {
    "MEM-N": ("counts", "full_members + probationary_members", ""),
    "IND-02": ("counts AND roster = 'enterprise'", "full_members + probationary_members", "staff"),
    "IND-03": ("counts AND roster = 'social'", "full_members + probationary_members", "staff"),
}
ORGANIZATION_FIGURES = {
    "ORG-N": "level IN {own}",
    "ORG-INDEPENDENT": "level IN {own} AND form = 'independent'",
    "ORG-JOINT": "level IN {own} AND form = 'joint'",
    "ORG-JOINT-WIDE": "level IN {own} AND form = 'joint' AND units > {wide}",
    "ORG-NEW": "level IN {own} AND date_trunc('year', founded) = date_trunc('year', {day})",
}
# What stands beside a figure, counted within the rows it is counted out of (of a plain count: within its own). Any
# other label names the rows of which nobody knows whether they belong: those stand under UNKNOWN.
BESIDE = {
    "entity": {
        "性质未知": "ownership = 'unknown'",
        "待摸排": "coverage_state = 'canvass'",
        "三有待判": "screening = 'unknown'",
        "其中三有": "counts",
        "未落到镇街园区": "area = ''",
    },
    "party": {"组建方式未知": "form IS NULL"},
}
UNKNOWN = "未知"
CUTS = {"total": "''", "county": "county", "area": "area", "roster": "roster", "form": "form"}
GROUPS = ("roster", "form", "ownership", "screening", "coverage_state", "covered_as")
_FLAGS = ("operating", "counts", "registered", "in_market", "in_civil")
_NUMBERS = ("staff", "full_members", "probationary_members", "sources")
_TEXTS = ("roster", "form", "ownership", "screening", "covered_as", "coverage_state", "county", "area")
_ENTITY = dict.fromkeys(_FLAGS, "BOOLEAN") | dict.fromkeys(_NUMBERS, "INTEGER") | dict.fromkeys(_TEXTS, "VARCHAR")
_PARTY = {"form": "VARCHAR", "level": "VARCHAR", "units": "INTEGER", "founded": "DATE"}
_NULL = "~"
_HUNDREDTH = Decimal("0.01")


def parameters(rules: Mapping[str, Any], day: str) -> dict[str, str]:
    """Rulebook values as SQL."""

    def words(rule: str) -> str:
        return "(" + ", ".join(f"'{word}'" for word in rules[rule]) + ")"

    return {
        "own": words("coverage.own_levels"),
        "organized": words("coverage.organization_forms"),
        "working": words("coverage.work_forms"),
        "forms": words("screening.counted_forms"),
        "priority": words("indicators.priority_rosters"),
        "two_new": words("indicators.two_new_rosters"),
        "least": str(rules["branch.min_full_members"]),
        "members": str(rules["indicators.members_from"]),
        "agreeing": str(rules["indicators.agreeing_sources"]),
        "wide": str(rules["branch.joint_max_units"]),
        "day": f"DATE '{day}'",
    }


def count(
    entities: list[dict[str, Any]], parties: list[dict[str, Any]], rules: Mapping[str, Any], day: str
) -> dict[str, Any]:
    """All figures: {"cuts": {cut: {member: {indicator: {...}}}}, "groups": ..., "organizations": ...}."""
    engine = duckdb.connect()
    values = parameters(rules, day)
    _fill(engine, "entity", _ENTITY, entities)
    _fill(engine, "party", _PARTY, parties)
    groups = {
        column: dict(engine.execute(f"SELECT {column}, count(*) FROM entity GROUP BY 1 ORDER BY 1").fetchall())
        for column in GROUPS
    }
    return {
        "cuts": {cut: entity_figures(engine, column, values) for cut, column in CUTS.items()},
        "organizations": organization_figures(engine, "''", values)[""],
        "groups": groups,
        "entities": len(entities),
    }


def entity_figures(
    engine: duckdb.DuckDBPyConnection, column: str, values: Mapping[str, str], source: str = "entity"
) -> dict[str, dict[str, Any]]:
    """By member of a cut and by indicator; ``source`` is a table or sub-select with the columns of entities."""
    found: dict[str, dict[str, Any]] = defaultdict(dict)
    for name, (numerator, denominator) in ENTITY_FIGURES.items():
        parts = numerator.format(**values), denominator.format(**values)
        for member, figure in _counted(engine, source, column, parts, BESIDE["entity"]):
            found[member][name] = figure
    for name, (among, summed, by) in PERSON_FIGURES.items():
        for member, figure in _summed(engine, source, column, among, summed, by):
            found[member][name] = figure
    return found


def organization_figures(
    engine: duckdb.DuckDBPyConnection, column: str, values: Mapping[str, str]
) -> dict[str, dict[str, Any]]:
    """The same for organizations."""
    found: dict[str, dict[str, Any]] = defaultdict(dict)
    for name, condition in ORGANIZATION_FIGURES.items():
        for member, figure in _counted(engine, "party", column, (condition.format(**values), ""), BESIDE["party"]):
            found[member][name] = figure
    return found


def _fill(engine: duckdb.DuckDBPyConnection, name: str, types: Mapping[str, str], rows: list[dict[str, Any]]) -> None:
    """A table of the rows, by way of a file: rows one by one would take the engine minutes."""
    with tempfile.NamedTemporaryFile("w", encoding="utf-8", newline="", suffix=".csv") as stream:
        writer = csv.writer(stream)
        writer.writerow(types)
        for row in rows:
            writer.writerow([_NULL if row[column] is None else row[column] for column in types])
        stream.flush()
        columns = ", ".join(f"'{column}': '{kind}'" for column, kind in types.items())
        engine.execute(
            f"CREATE TABLE {name} AS SELECT * FROM read_csv('{stream.name}', header = true, delim = ',', quote = '\"',"
            f" escape = '\"', nullstr = '{_NULL}', columns = {{{columns}}})"
        )


def _counted(
    engine: duckdb.DuckDBPyConnection, source: str, column: str, parts: tuple[str, str], beside: Mapping[str, str]
) -> Iterator[tuple[str, dict[str, Any]]]:
    """One figure by member. SQL's own third value finds what nobody knows: the rows of which a condition is null."""
    numerator, denominator = parts
    whole, within = denominator or "true", "whole" if denominator else "counted"
    labels = "".join(f", count(*) FILTER ({within} AND ({what}))" for what in beside.values())
    rows = engine.execute(
        f"SELECT {column}, count(*) FILTER (counted), count(*) FILTER (whole),"
        f" count(*) FILTER (whole IS NULL OR (whole AND counted IS NULL)){labels} FROM"
        f" (SELECT *, ({whole}) AS whole, ({whole}) AND ({numerator}) AS counted FROM {source}) GROUP BY 1"
    ).fetchall()
    for member, above, below, unknown, *others in rows:
        counted = {UNKNOWN: unknown} | dict(zip(beside, others, strict=True))
        yield member, _figure(above, below if denominator else None) | {"beside": counted}


def _summed(
    engine: duckdb.DuckDBPyConnection, source: str, column: str, among: str, summed: str, by: str
) -> Iterator[tuple[str, dict[str, Any]]]:
    """One sum of persons by member; a row whose numbers are not known adds to neither part."""
    known = f"({summed}) IS NOT NULL AND ({by or 0}) IS NOT NULL"
    rows = engine.execute(
        f"SELECT {column}, coalesce(sum({summed}) FILTER ({known}), 0), coalesce(sum({by or 0}) FILTER ({known}), 0),"
        f" count(*) FILTER (NOT ({known})) FROM (SELECT *, ({among}) AS among FROM {source}) WHERE among GROUP BY 1"
    ).fetchall()
    for member, above, below, unknown in rows:
        yield member, _figure(int(above), int(below) if by else None) | {"beside": {UNKNOWN: unknown}}


def _figure(above: int, below: int | None) -> dict[str, Any]:
    """A count, or a share in per cent to two decimals, halves upwards; no share of nothing."""
    if below is None:
        return {"numerator": above, "denominator": None, "value": above}
    share = (Decimal(above) * 100 / below).quantize(_HUNDREDTH, ROUND_HALF_UP) if below else None
    return {"numerator": above, "denominator": below, "value": None if share is None else str(share)}
