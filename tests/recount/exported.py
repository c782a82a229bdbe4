"""Published rows as they are exported, counted once more in DuckDB by the recount's own reading of the indicators."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb

from jingwei.domain.indicators import Cut, Population
from jingwei.indicators.models import Snapshot
from jingwei.indicators.selectors import export_population
from tests.recount import figures

# Which list names an entity, as bits of its sources: market, tax, social insurance, civil affairs, justice.
_MARKET, _TAX, _INSURANCE, _CIVIL, _JUSTICE = 1, 2, 4, 8, 16
_REGISTERS = _MARKET | _CIVIL | _JUSTICE
_ENTITIES = f"""
CREATE TABLE entity AS
SELECT *, counts_in_base AS counts, legal_form AS form, coalesce(CAST(county_id AS varchar), '') AS county,
       coalesce(CAST(area_id AS varchar), '') AS area, coalesce(CAST(industry_body_id AS varchar), '') AS industry_body,
       (mask & {_MARKET}) <> 0 AS in_market, (mask & {_CIVIL | _JUSTICE}) <> 0 AS in_civil,
       (mask & {_REGISTERS}) <> 0 AS registered,
       CAST((mask & {_REGISTERS}) <> 0 AS int) + CAST((mask & {_TAX}) <> 0 AS int)
         + CAST((mask & {_INSURANCE}) <> 0 AS int) AS sources
  FROM (SELECT * RENAME (sources AS mask) FROM read_parquet(?))
"""
_PARTIES = """
CREATE TABLE party AS
SELECT * REPLACE (nullif(form, 'unknown') AS form), founded_on AS founded,
       coalesce(CAST(county_id AS varchar), '') AS county, coalesce(CAST(area_id AS varchar), '') AS area
  FROM read_parquet(?)
"""
# An entity stands under every tag that fits its trade, written with the letter or without; else under none.
_TAGGED = """
(SELECT e.*, coalesce(t.tag, '') AS tag FROM entity e LEFT JOIN (
   SELECT DISTINCT e.id, t.tag FROM entity e JOIN tag t
       ON starts_with(e.industry_code, t.prefix) OR starts_with(e.industry_code, t.prefix[2:])) t USING (id))
"""
_COLUMNS = {
    Cut.TOTAL: "''",
    Cut.COUNTY: "county",
    Cut.AREA: "area",
    Cut.INDUSTRY_BODY: "industry_body",
    Cut.SIZE: "size",
    Cut.FORM: "form",
    Cut.ROSTER: "roster",
    Cut.TAG: "tag",
}
Cell = tuple[str, Cut, str]


@dataclass(frozen=True)
class Recounted:
    """Figures by indicator, cut and member; a cell that no row falls into is not there."""

    cells: Mapping[Cell, Mapping[str, Any]]
    indicators: frozenset[str]

    def at(self, indicator: str, cut: Cut, member: str) -> Mapping[str, Any]:
        """The figure of a cell; of one without rows nothing of nothing."""
        return self.cells.get((indicator, cut, member), {"numerator": 0, "denominator": 0, "beside": {}})

    def counting(self, indicator: str) -> set[Cell]:
        """The cells in which the indicator counts anything."""
        held = (cell for cell in self.cells if cell[0] == indicator)
        return {cell for cell in held if self.cells[cell]["numerator"] or self.cells[cell]["denominator"]}

    def number(self, indicator: str, cut: Cut, member: str, part: str) -> int:
        """The numerator, the denominator, or what stands beside under a label."""
        figure = self.at(indicator, cut, member)
        if part in {"numerator", "denominator"}:
            return int(figure[part] or 0)
        beside = figure["beside"]
        return int(beside.get(part, beside.get(figures.UNKNOWN, 0)))


def recount(snapshot: Snapshot, rules: Mapping[str, Any], folder: Path) -> Recounted:
    """Export the rows of a snapshot and count every indicator in every cut."""
    engine = duckdb.connect()
    for population, statement in ((Population.ENTITY, _ENTITIES), (Population.ORGANIZATION, _PARTIES)):
        path = folder / f"{population}.parquet"
        engine.execute(statement, [str(export_population(snapshot=snapshot, path=path, population=population))])
    _add_groups(engine, rules)
    cells = dict(_cells(engine, figures.parameters(rules, snapshot.as_of.isoformat())))
    counted = {*figures.ENTITY_FIGURES, *figures.PERSON_FIGURES, *figures.ORGANIZATION_FIGURES}
    return Recounted(cells, frozenset(counted))


def _add_groups(engine: duckdb.DuckDBPyConnection, rules: Mapping[str, Any]) -> None:
    """Bands of staff, and the beginnings of trade codes by tag."""
    bounds = sorted(map(int, rules["indicators.size_bands"]), reverse=True)
    cases = " ".join(f"WHEN staff >= {bound} THEN '{bound}'" for bound in bounds)
    engine.execute(f"ALTER TABLE entity ADD COLUMN size varchar; UPDATE entity SET size = CASE {cases} ELSE '' END")
    engine.execute("CREATE TABLE tag (tag varchar, prefix varchar)")
    pairs = [[tag, code] for tag, codes in rules["indicators.industry_tags"].items() for code in codes.split()]
    engine.executemany("INSERT INTO tag VALUES (?, ?)", pairs)


def _cells(engine: duckdb.DuckDBPyConnection, values: Mapping[str, str]) -> Iterator[tuple[Cell, Mapping[str, Any]]]:
    for cut, column in _COLUMNS.items():
        source = _TAGGED if cut is Cut.TAG else "entity"
        found = figures.entity_figures(engine, column, values, source)
        if cut in {Cut.TOTAL, Cut.COUNTY, Cut.AREA}:
            for member, counted in figures.organization_figures(engine, column, values).items():
                found[member] |= counted
        for member, counted in found.items():
            for indicator, figure in counted.items():
                yield (indicator, cut, member), figure
