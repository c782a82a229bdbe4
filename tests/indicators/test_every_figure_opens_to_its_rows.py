"""Figure on the page = sum of its drill rows = recount in DuckDB from the export, for every indicator and group."""

from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest

from jingwei.base_roster.models import Entity
from jingwei.domain.indicators import COMPLEMENT, DENOMINATOR, NUMERATOR, Cut, Population, definitions
from jingwei.domain.indicators.cuts import key
from jingwei.domain.indicators.sql import Sql
from jingwei.indicators import selectors
from jingwei.indicators.city import city_on
from jingwei.indicators.models import Snapshot
from jingwei.indicators.readings import Reading
from tests.city import TODAY
from tests.indicators.rows import WHOLE, as_whole_city, take

pytestmark = [pytest.mark.slow, pytest.mark.django_db]
COUNTED = [item.id for item in definitions().values() if item.is_counted]


def parts_of(reading: Reading) -> Iterator[tuple[str, int]]:
    """Every part of a figure with its number."""
    definition = definitions()[reading.indicator]
    assert reading.numerator is not None
    yield NUMERATOR, int(reading.numerator)
    if reading.denominator is not None:
        yield DENOMINATOR, int(reading.denominator)
        if not definition.is_sum:
            unknown = reading.beside.get(definition.unknown, 0)
            yield COMPLEMENT, int(reading.denominator - reading.numerator) - unknown
    yield from reading.beside.items()


def drilled(reading: Reading, part: str, snapshot: Snapshot | None) -> int:
    found = selectors.drill(
        actor=WHOLE, snapshot=snapshot, indicator=reading.indicator, part=part, cut=reading.cut,
        member=reading.member, on=TODAY,
    )  # fmt: skip
    assert found.outside == 0
    assert found.shown == found.total == sum(row.amount for row in found.rows)
    return int(found.total)


def recount(held: duckdb.DuckDBPyConnection, amount: Sql, where: Sql, group: Sql) -> dict[str, int]:
    """What rows of the export add up to, by group."""
    found = held.execute(
        f"SELECT {group.text}, sum({amount.text}) FROM rows WHERE {where.text} GROUP BY 1".replace("%s", "?"),
        [*group.parameters, *amount.parameters, *where.parameters],
    ).fetchall()
    return {member: int(total) for member, total in found}


@pytest.mark.parametrize("population", list(Population))
def test_snapshot_drill_and_recount_agree(rows: dict[str, Entity], population: Population, tmp_path: Path) -> None:
    with as_whole_city():
        snapshot = take()
        city = city_on(snapshot.as_of)
        path = selectors.export_population(snapshot=snapshot, path=tmp_path / "rows.parquet", population=population)
        held = duckdb.connect()
        held.execute(f"CREATE TABLE rows AS SELECT * FROM '{path}'")
        compared = 0
        for cut in (Cut.TOTAL, Cut.AREA):
            ids = [name for name in COUNTED if definitions()[name].population is population]
            figures = selectors.figures(snapshot=snapshot, cut=cut, ids=ids)
            for name in ids:
                counted = city.plans[population].parts[name]
                recounts = {
                    part: recount(held, counted.amount(part), where, key(cut, city.rules))
                    for part, where in counted.rows.items()
                }
                for reading in (item for item in figures if item.indicator == name):
                    for part, number in parts_of(reading):
                        assert recounts[part].get(reading.member, 0) == number, (name, cut, reading.member, part)
                        if number:
                            assert drilled(reading, part, snapshot) == number
                            compared += 1
        assert compared > 3


@pytest.mark.parametrize("cut", [Cut.COUNTY, Cut.INDUSTRY_BODY, Cut.TAG, Cut.SIZE, Cut.FORM, Cut.ROSTER])
def test_every_group_of_a_cut_opens_to_its_rows(rows: dict[str, Entity], cut: Cut) -> None:
    with as_whole_city():
        snapshot = take()
        opened = 0
        for reading in selectors.figures(snapshot=snapshot, cut=cut, ids=["COV-ORG", "IND-02", "BASE-N"]):
            for part, number in parts_of(reading):
                if number:
                    assert drilled(reading, part, snapshot) == number
                    opened += 1
    assert opened > 3


def test_live_figures_and_their_rows_agree_and_equal_a_snapshot_of_the_same_rows(
    rows: dict[str, Entity],
) -> None:
    with as_whole_city():
        live = selectors.live_by_cut(actor=WHOLE, on=TODAY, cuts=list(Cut), ids=COUNTED)
        snapshot = take()
        for cut in Cut:
            published = selectors.figures(snapshot=snapshot, cut=cut, ids=COUNTED)
            assert [(r.indicator, r.member, r.numerator, r.denominator, r.beside, r.text) for r in live[cut]] == [
                (r.indicator, r.member, r.numerator, r.denominator, r.beside, r.text) for r in published
            ]
        for reading in live[Cut.AREA]:
            for part, number in parts_of(reading):
                if number:
                    assert drilled(reading, part, None) == number


def test_the_groups_of_every_cut_but_tags_add_up_to_the_total(rows: dict[str, Entity]) -> None:
    with as_whole_city():
        found = selectors.live_by_cut(actor=WHOLE, on=TODAY, cuts=list(Cut), ids=COUNTED)
    totals = {reading.indicator: reading for reading in found[Cut.TOTAL]}
    for cut in set(Cut) - {Cut.TOTAL, Cut.TAG}:
        for name, total in totals.items():
            groups = [reading for reading in found[cut] if reading.indicator == name]
            if groups:
                assert sum(reading.numerator or 0 for reading in groups) == total.numerator, (cut, name)
                assert sum(reading.denominator or 0 for reading in groups) == (total.denominator or 0), (cut, name)
