"""`keys.build_keys` on Spark: the same functions over the parts of the records, wherever they lie.

What one row says is made part by part; what all rows say together (places, shared sites and phones, the
district of an area code) is counted by the cluster, and of it only the places come to the driver.
"""

from collections.abc import Callable, Collection, Iterator

import pyarrow as pa
from pyspark.sql import DataFrame
from pyspark.sql.pandas.types import from_arrow_schema, to_arrow_schema

from jingwei.domain.linkage import bulk_keys, keys
from jingwei.domain.linkage.bulk_names import Places
from jingwei.domain.linkage.normalize import learn_places
from jingwei.domain.linkage.spark_engine import SparkEngine

_Batches = Iterator[pa.RecordBatch]
_TableFunction = Callable[[pa.Table], pa.Table]

# Only runs that compare with an earlier one need them.
_NO_HASH = "CAST(NULL AS BIGINT)"
_COUNTED = "SELECT place, sum(times) FROM linkage.place_count GROUP BY place"


def build_keys(engine: SparkEngine, *, party_rank: int, registers: int, divisions: Collection[str] = ()) -> None:
    """Make `linkage.keyed`, `linkage.former` and `linkage.place` of `linkage.records`; as `keys.build_keys`,
    but without hashes of the rows.
    """
    records = engine.query(keys._TAKEN.format(party_rank=party_rank, row_hash=_NO_HASH))
    former = engine.query(keys._FORMER_TAKEN.format(party_rank=party_rank))
    known = _learned(engine, records, former) | {name for name in divisions if len(name) > 1}
    engine.store("place", records.sparkSession.createDataFrame([(name,) for name in sorted(known)], "name string"))
    engine.store("made", _mapped(records, _taken_apart(known)))
    for statement in keys.keyed_of_made(registers=registers):
        engine.execute(statement)
    engine.store("former", _mapped(former, _former_keys(known)))
    engine.execute(keys._FORMER)


def _learned(engine: SparkEngine, records: DataFrame, former: DataFrame) -> frozenset[str]:
    counted = _mapped(records, _places_of_records).unionAll(_mapped(former, _places_of_former))
    engine.store("place_count", counted)
    counts = dict(engine.execute(_COUNTED).fetchall())
    return learn_places(counts, counts.pop(None, 0))


def _mapped(frame: DataFrame, function: _TableFunction) -> DataFrame:
    """What the function makes of each part; its answer to no rows tells the columns."""
    empty = pa.table({field.name: pa.array([], field.type) for field in to_arrow_schema(frame.schema)})
    return frame.mapInArrow(_over_batches(function), from_arrow_schema(function(empty).schema))


def _over_batches(function: _TableFunction) -> Callable[[_Batches], _Batches]:
    def over_batches(batches: _Batches) -> _Batches:
        for batch in batches:
            yield from function(pa.Table.from_batches([batch])).combine_chunks().to_batches()

    return over_batches


def _places_of_records(part: pa.Table) -> pa.Table:
    return _counted(bulk_keys._evened(part))


def _places_of_former(part: pa.Table) -> pa.Table:
    return _counted(bulk_keys._evened_former(part))


def _counted(part: bulk_keys._Part) -> pa.Table:
    """How often each place begins a text; in a line without a place, how many texts there are."""
    places = [*part.places, None]
    times = [*part.places.values(), part.texts]
    return pa.table({"place": pa.array(places, pa.string()), "times": pa.array(times, pa.int64())})


def _taken_apart(known: frozenset[str]) -> _TableFunction:
    return lambda part: bulk_keys._taken_apart(bulk_keys._evened(part), Places(known))


def _former_keys(known: frozenset[str]) -> _TableFunction:
    return lambda part: bulk_keys._former_keys(bulk_keys._evened_former(part), Places(known))
