"""Keep the keys of all entities: made once from facts, followed by the journal, compared every night."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import datetime
from uuid import uuid4

from django.db import connection, transaction
from psycopg import sql

from jingwei.core import journal
from jingwei.core.models import JournalEntry
from jingwei.core.permissions import Actor, Permission
from jingwei.domain.linkage.records import REGISTERS
from jingwei.domain.linkage.single_keys import Learned, Learning
from jingwei.places.models import Place
from jingwei.places.services.guards import require_whole_city
from jingwei.registrations.founding import founding_rows, registered_rows
from jingwei.registrations.keying import COLUMNS, basis_of, stored_rows, version
from jingwei.registrations.models import MatchBasis

READER = "registrations.follow"
MOST_AT_ONCE = 20_000
AT_ONCE = 2000
Progress = Callable[[int], None]
OF_ALL = frozenset({"base_roster.build", "base_roster.rebuild"})
OF_ENTITIES = frozenset({"fact.correct", "fact.withdraw", "entity.merge", "entity.unmerge", "entity.move_unit"})
FORGOTTEN = "batch.forget_personal"
_DIVISIONS = (Place.Kind.CITY, Place.Kind.COUNTY)
_LOCK = 7_310_009

_NAMES = sql.SQL(", ").join([sql.Identifier(column) for column in COLUMNS])
_STAGE = """
CREATE TEMP TABLE IF NOT EXISTS staged_anchor (LIKE registrations_anchor) ON COMMIT DROP;
TRUNCATE staged_anchor
"""
_COPY = sql.SQL("COPY staged_anchor ({}) FROM STDIN").format(_NAMES)
# Only what changed is written: an entity that is computed again mostly has the keys it had.
_DROP_KEYS = """
DELETE FROM registrations_anchorkey k
 USING registrations_anchor a CROSS JOIN LATERAL unnest(a.keys) AS old (hash)
  LEFT JOIN staged_anchor s ON s.entity_id = a.entity_id
 WHERE a.entity_id = ANY(%(ids)s) AND (s.entity_id IS NULL OR old.hash <> ALL(s.keys))
   AND k.hash = old.hash AND k.anchor_id = a.entity_id
"""
_ADD_KEYS = """
INSERT INTO registrations_anchorkey (hash, anchor_id)
SELECT fresh.hash, s.entity_id
  FROM staged_anchor s LEFT JOIN registrations_anchor a ON a.entity_id = s.entity_id
 CROSS JOIN LATERAL unnest(s.keys) AS fresh (hash)
 WHERE a.entity_id IS NULL OR a.keys IS DISTINCT FROM s.keys
ON CONFLICT DO NOTHING
"""
_DROP = """
DELETE FROM registrations_anchor a
 WHERE a.entity_id = ANY(%(ids)s) AND NOT EXISTS (SELECT 1 FROM staged_anchor s WHERE s.entity_id = a.entity_id)
"""
_STORE = sql.SQL(
    "INSERT INTO registrations_anchor ({names}) SELECT {names} FROM staged_anchor"
    " ON CONFLICT (entity_id) DO UPDATE SET {changes}"
).format(
    names=_NAMES,
    changes=sql.SQL(", ").join(
        [sql.SQL("{0} = EXCLUDED.{0}").format(sql.Identifier(column)) for column in COLUMNS if column != "entity_id"]
    ),
)
_STALE = """
SELECT e.id FROM base_roster_entity e LEFT JOIN registrations_anchor a ON a.entity_id = e.id
 WHERE a.computed_at IS DISTINCT FROM e.computed_at
UNION ALL
SELECT a.entity_id FROM registrations_anchor a
 WHERE NOT EXISTS (SELECT 1 FROM base_roster_entity e WHERE e.id = a.entity_id)
"""
_ALL = """
SELECT id FROM base_roster_entity UNION SELECT entity_id FROM registrations_anchor ORDER BY 1
"""
_OF_BATCHES = """
SELECT DISTINCT s.entity_id FROM rosters_sourcerecord r JOIN rosters_sourceunit u ON u.last_record_id = r.id
  JOIN base_roster_entitysource s ON s.unit_id = u.id WHERE r.batch_id = ANY(%s)
"""
_COUNT = """
DELETE FROM registrations_valuecount;
INSERT INTO registrations_valuecount (hash, times)
SELECT value, count(*) FROM registrations_anchor a
 CROSS JOIN LATERAL (VALUES (a.name_hash), (a.core_hash), (a.person), (a.site), (a.phone)) AS v (value)
 WHERE value IS NOT NULL AND a.rank < {registers} GROUP BY value HAVING count(*) > 1
"""
_REGISTERED = "SELECT count(*) FROM registrations_anchor WHERE rank < %s"
_STORED = sql.SQL("SELECT {} FROM registrations_anchor WHERE entity_id = ANY(%s)").format(_NAMES)


def silent(_: int) -> None:
    """No progress wanted."""


@transaction.atomic
def rebuild_keys(*, by: Actor, on: datetime, progress: Progress = silent) -> int:
    """Learn from all rows anew and make the keys of every entity; returns of how many. Unchanged keys are not
    written again.
    """
    require_whole_city(by, Permission.BATCH_COMMIT)
    _wait_for_others()
    learned = _learn()
    done = 0
    for ids in _parts(_ids(_ALL)):
        _store(ids, learned)
        done += len(ids)
        progress(done)
    keep_basis(learned, on=on)
    journal.record(
        verb="registrations.rebuild", subject_type="entity", subject_id="*", by=by, on=on, detail={"computed": done}
    )
    return done


def keep_basis(learned: Learned, *, on: datetime) -> None:
    """Count the values all over and note what the keys stand on."""
    with connection.cursor() as cursor:
        cursor.execute(_COUNT.format(registers=len(REGISTERS)))
        cursor.execute(_REGISTERED, [len(REGISTERS)])
        registered = cursor.fetchone()[0]
    kept = {
        "stamp": uuid4(), "version": version(), "places": sorted(learned.places), "areas": dict(learned.areas),
        "registered": registered, "made_at": on,
    }  # fmt: skip
    MatchBasis.objects.update_or_create(pk=1, defaults=kept)


@transaction.atomic
def follow_journal(*, by: Actor, on: datetime) -> int:
    """Let what the journal tells take effect on the keys; returns how many entities were keyed.

    Without keys, or with those of another version of the product, all are made. Whatever fails is tried
    again: the cursor moves in the same transaction.
    """
    _wait_for_others()
    entries = list(journal.unread(reader=READER, limit=MOST_AT_ONCE))
    if entries:
        journal.advance(reader=READER, seq=entries[-1].seq or 0)
    kept = MatchBasis.objects.first()
    if kept is None or kept.version != version():
        return rebuild_keys(by=by, on=on)
    changed = _changed(entries)
    for ids in _parts(changed):
        _store(ids, basis_of(kept).learned)
    return len(changed)


@transaction.atomic
def key_differences(*, limit: int = 100) -> list[tuple[int, list[str]]]:
    """(entity id, columns) in which the kept keys differ from the facts; the nightly check wants none."""
    kept = MatchBasis.objects.first()
    if kept is None:
        return []
    learned = basis_of(kept).learned
    found: list[tuple[int, list[str]]] = []
    for ids in _parts(_ids(_ALL)):
        foundings = founding_rows(ids)
        rows = stored_rows(foundings, learned)
        fresh = {each.entity_id: row for each, row in zip(foundings, rows, strict=True)}
        stored = _stored(ids)
        for pk in sorted(fresh.keys() | stored.keys()):
            pairs = zip(COLUMNS, fresh.get(pk, ()), stored.get(pk, ()), strict=False)
            columns = [name for name, new, old in pairs if new != old] if pk in fresh and pk in stored else ["missing"]
            if columns:
                found.append((pk, columns))
        if len(found) >= limit:
            break
    return found[:limit]


def _learn() -> Learned:
    learning = Learning()
    for rows in registered_rows():
        learning.add(rows)
    return learning.learned(Place.objects.filter(kind__in=_DIVISIONS).values_list("name", flat=True))


def _changed(entries: Iterable[JournalEntry]) -> list[int]:
    """Entities that entries of the journal speak of, and after a build all whose keys are stale."""
    found: set[int] = set()
    batches = []
    build = False
    for entry in entries:
        build = build or entry.verb in OF_ALL
        if entry.verb in OF_ENTITIES:
            named = (entry.subject_id, entry.detail.get("before"), entry.detail.get("after"))
            found.update(int(pk) for pk in named if str(pk).isdigit())
        elif entry.verb == FORGOTTEN:
            batches.append(int(entry.subject_id))
    if build:
        found.update(_ids(_STALE))
    if batches:
        found.update(_ids(_OF_BATCHES, [batches]))
    return sorted(found)


def _store(ids: Sequence[int], learned: Learned) -> None:
    store_rows(ids, stored_rows(founding_rows(ids), learned))


def store_rows(ids: Sequence[int], rows: Iterable[Sequence[object]]) -> None:
    """Let the stored keys of these entities be exactly the rows given."""
    with connection.cursor() as cursor:
        cursor.execute(_STAGE)
        with cursor.copy(_COPY) as copy:
            for row in rows:
                copy.write_row(row)
        for statement in (_DROP_KEYS, _ADD_KEYS, _DROP, _STORE):
            cursor.execute(statement, {"ids": list(ids)})


def _stored(ids: Sequence[int]) -> dict[int, tuple[object, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(_STORED, [list(ids)])
        return {row[0]: row for row in cursor.fetchall()}


def _ids(statement: str, parameters: Sequence[list[int]] = ()) -> list[int]:
    with connection.cursor() as cursor:
        cursor.execute(statement, parameters)
        return [row[0] for row in cursor.fetchall()]


def _parts(ids: Sequence[int]) -> Iterator[Sequence[int]]:
    for start in range(0, len(ids), AT_ONCE):
        yield ids[start : start + AT_ONCE]


def _wait_for_others() -> None:
    """One at a time, until the end of the transaction."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK])
