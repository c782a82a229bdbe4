"""Hand everything to the engine: every unit's newest record, and what people have decided of pairs."""

import duckdb
import pyarrow as pa

from jingwei.core.permissions import Actor
from jingwei.domain.intake import check_row
from jingwei.domain.linkage import RecordBuilder, begin, receive
from jingwei.linkage.models import Decision
from jingwei.rosters.selectors import current_units

PART = 50_000
# A record stands in the engine under its list and its unit's id.
_DECISIONS = "INSERT INTO linkage.verdict SELECT * FROM linkage_decided"


def fill(engine: duckdb.DuckDBPyConnection, by: Actor) -> None:
    """Hand every unit's newest record to the engine; the unit's id stands in for file and row.

    Pairs that people have decided go with them: what is one entity, and what is never compared again.
    """
    begin(engine)
    builder = RecordBuilder()
    for unit in current_units(actor=by, with_personal=True):
        kind = unit.list_kind
        builder.add(kind, kind.value, unit.unit_id, check_row(kind, {**unit.values, **unit.personal}))
        if len(builder) >= PART:
            receive(engine, builder.take())
    receive(engine, builder.take())
    _tell_decisions(engine)


def _tell_decisions(engine: duckdb.DuckDBPyConnection) -> None:
    firm = Decision.objects.filter(undone_at__isnull=True).exclude(verdict=Decision.Verdict.UNSURE)
    rows = firm.order_by("lower_id", "higher_id").values_list(
        "lower__list_kind", "lower_id", "higher__list_kind", "higher_id", "verdict"
    )
    lines = [(*units, verdict == Decision.Verdict.SAME) for *units, verdict in rows]
    if not lines:
        return
    columns = zip(*lines, strict=True)
    names = ("file", "row", "other_file", "other_row", "same")
    engine.register("linkage_decided", pa.table(list(map(list, columns)), names=names))
    engine.execute(_DECISIONS)
    engine.unregister("linkage_decided")
