"""Write the rows of a snapshot to a file, so that figures can be counted again outside the product."""

from pathlib import Path

import pyarrow as pa
from django.db import connection
from pyarrow import csv, parquet

from jingwei.domain.indicators import Population
from jingwei.indicators.models import Snapshot
from jingwei.indicators.populations import frozen

# Names and division codes of the places, beside the ids that the formulas use.
_WITH_PLACES = """
SELECT population.*, county.name AS county_name, county_code.code AS county_code, town.name AS town_name,
       town_code.code AS town_code, area.name AS area_name
  FROM ({population}) AS population
  LEFT JOIN places_place county ON county.id = population.county_id
  LEFT JOIN places_place town ON town.id = population.town_id
  LEFT JOIN places_place area ON area.id = population.area_id
  LEFT JOIN places_placecode county_code ON county_code.place_id = county.id AND county_code.system = 'division'
       AND county_code.valid @> %s::date
  LEFT JOIN places_placecode town_code ON town_code.place_id = town.id AND town_code.system = 'division'
       AND town_code.valid @> %s::date
 ORDER BY population.id
"""
_WHOLE = frozenset(
    {
        "id", "place_id", "county_id", "town_id", "overlay_id", "area_id", "body_id", "industry_body_id", "staff",
        "full_members", "probationary_members", "sources", "superior_id", "units",
    }
)  # fmt: skip
_DATES = frozenset({"founded_on", "ended_on", "issued_on", "answered_on", "reply_due_on"})
_FLAGS = frozenset({"operating", "counts_in_base"})


def export_population(*, snapshot: Snapshot, path: Path, population: Population = Population.ENTITY) -> Path:
    """The rows of a snapshot that the caller may see, as parquet, or as csv where the path ends so.

    Columns are those of the formulas under their own names, with names and codes of the places; unknown numbers,
    days and places are null.
    """
    table = _table(snapshot, population)
    if path.suffix == ".csv":
        csv.write_csv(table, path)
    else:
        parquet.write_table(table, path)
    return path


def _table(snapshot: Snapshot, population: Population) -> pa.Table:
    rows = frozen(population, snapshot.pk)
    statement = _WITH_PLACES.format(population=rows.text)
    sink = pa.BufferOutputStream()
    with connection.cursor() as cursor:
        parameters = (*rows.parameters, snapshot.as_of, snapshot.as_of)
        cursor.execute(f"SELECT * FROM ({statement}) AS none LIMIT 0", parameters)  # noqa: S608
        names = [column.name for column in cursor.description]
        with cursor.copy(f"COPY ({statement}) TO STDOUT (FORMAT csv)", parameters) as copy:
            for block in copy:
                sink.write(block)
    kinds = {name: _kind(name) for name in names}
    if not sink.tell():
        return pa.table({name: pa.array([], kind) for name, kind in kinds.items()})
    return csv.read_csv(
        pa.BufferReader(sink.getvalue()),
        read_options=csv.ReadOptions(column_names=names),
        parse_options=csv.ParseOptions(newlines_in_values=True),
        convert_options=csv.ConvertOptions(
            column_types=kinds, true_values=["t"], false_values=["f"], strings_can_be_null=False
        ),
    )


def _kind(name: str) -> pa.DataType:
    if name in _WHOLE:
        return pa.int64()
    if name in _DATES:
        return pa.date32()
    return pa.bool_() if name in _FLAGS else pa.string()
