"""Write the journal, seal it into a sha256 chain, read it by cursor, prove it."""

import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection, transaction
from django.utils import timezone

from jingwei.core.models import JournalCursor, JournalEntry
from jingwei.core.permissions import Actor

SEAL_LOCK = 7_310_001
GENESIS = "0" * 64

# The first transaction that may still add rows here; what runs in other databases of the server does not
# count. A running transaction shows the lower half of its number, which is completed from the next one's.
_FIRST_OPEN = """
WITH next AS (SELECT pg_snapshot_xmax(pg_current_snapshot())::text::bigint AS number),
     running AS (SELECT number, (number - backend_xid::text::bigint) & 4294967295 AS age
                   FROM next, pg_stat_activity WHERE datname = current_database() AND backend_xid IS NOT NULL)
SELECT least((SELECT number FROM next), (SELECT min(number - age) FROM running WHERE age < 2147483648))
"""

# Every transaction of this database below this number has ended. A snapshot's xmin would do, but it
# counts the other databases of the server too, and one idle session there would stop the sealing.
# backend_xid has 32 bits; the upper ones are those of the next number to be given.
_FINISHED_BELOW = """
SELECT coalesce(min(top - ((top - backend_xid::text::bigint) & 4294967295)), min(top))
  FROM (SELECT pg_snapshot_xmax(pg_current_snapshot())::text::bigint AS top, pg_stat_clear_snapshot()) AS now
  LEFT JOIN pg_stat_activity ON datname = current_database() AND backend_xid IS NOT NULL
"""


def record(
    *,
    verb: str,
    subject_type: str,
    subject_id: object,
    by: Actor,
    on: datetime,
    fields: Sequence[str] = (),
    detail: Mapping[str, Any] | None = None,
    place_id: int | None = None,
    body_id: int | None = None,
) -> None:
    """Add one row in the caller's transaction. ``detail`` holds counts and ids, no personal value."""
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO core_journalentry (at, actor_id, actor_name, verb, subject_type, subject_id, fields, detail,"
            " place_id, body_id, transaction)"
            " VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, pg_current_xact_id()::text::bigint)",
            [on, by.user_id, by.name, verb, subject_type, str(subject_id), json.dumps(list(fields)),
             json.dumps(dict(detail or {}), ensure_ascii=False), place_id, body_id],
        )  # fmt: skip


@transaction.atomic
def seal(*, on: datetime | None = None, limit: int = 5000) -> int:
    """Number and chain the committed rows that no running transaction can still precede.

    Returns how many rows were sealed. One sealer at a time; a second one returns 0 at once.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [SEAL_LOCK])
        if not cursor.fetchone()[0]:
            return 0
        cursor.execute(_FINISHED_BELOW)
        cursor.execute(
            "SELECT id FROM core_journalentry WHERE seq IS NULL AND transaction < %s ORDER BY id LIMIT %s",
            [cursor.fetchone()[0], limit],
        )
        waiting = [row[0] for row in cursor.fetchall()]
    if not waiting:
        return 0
    last = JournalEntry.objects.filter(seq__isnull=False).order_by("-seq").first()
    seq, previous = (last.seq or 0, last.hash or GENESIS) if last else (0, GENESIS)
    sealed_at = on or timezone.now()
    rows = list(JournalEntry.objects.filter(pk__in=waiting).order_by("pk"))
    for row in rows:
        seq += 1
        previous = chain_hash(row, seq=seq, previous=previous)
        row.seq, row.hash, row.sealed_at = seq, previous, sealed_at
    JournalEntry.objects.bulk_update(rows, ["seq", "hash", "sealed_at"], batch_size=500)
    return len(rows)


def chain_hash(row: JournalEntry, *, seq: int, previous: str) -> str:
    """Hash of one row and of the row before it, over a canonical JSON text."""
    content = {
        "seq": seq,
        "at": row.at.timestamp(),
        "actor": [row.actor_id, row.actor_name],
        "verb": row.verb,
        "subject": [row.subject_type, row.subject_id],
        "fields": row.fields,
        "detail": row.detail,
        "scope": [row.place_id, row.body_id],
        "previous": previous,
    }
    text = json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


@dataclass(frozen=True)
class ChainCheck:
    """Result of proving the chain: rows read, and the first broken sequence number if any."""

    rows: int
    broken_at: int | None


def verify() -> ChainCheck:
    """Recompute the whole chain. A changed, missing or re-ordered row breaks it at its number."""
    previous, expected = GENESIS, 1
    for row in JournalEntry.objects.filter(seq__isnull=False).order_by("seq").iterator(chunk_size=2000):
        previous = chain_hash(row, seq=expected, previous=previous)
        if row.seq != expected or row.hash != previous:
            return ChainCheck(rows=expected - 1, broken_at=expected)
        expected += 1
    return ChainCheck(rows=expected - 1, broken_at=None)


def unread(*, reader: str, limit: int = 500) -> Iterator[JournalEntry]:
    """Sealed rows after the reader's cursor, in order."""
    cursor = JournalCursor.objects.filter(pk=reader).first()
    yield from JournalEntry.objects.filter(seq__gt=cursor.seq if cursor else 0).order_by("seq")[:limit]


def advance(*, reader: str, seq: int) -> None:
    """Move the reader's cursor; call it in the transaction that stores the reader's own effect."""
    JournalCursor.objects.update_or_create(reader=reader, defaults={"seq": seq})
