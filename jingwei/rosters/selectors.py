"""Reads of the intake: batches, their columns and refused rows, and the units' current records."""

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

import pyarrow.parquet as pq
from django.core.paginator import Page, Paginator
from django.db import connection
from django.db.models import Exists, Max, OuterRef, Q, QuerySet

from jingwei.core.permissions import Actor, Permission, require
from jingwei.domain.lists import LISTS, ListKind
from jingwei.places.models import Place
from jingwei.rosters import files
from jingwei.rosters.errors import KeyDestroyed
from jingwei.rosters.models import Batch, RejectedRow, SourceRecord
from jingwei.rosters.rows import ORIGIN_BATCH, RefusedRow
from jingwei.rosters.sealing import BatchCipher, open_cipher

PAGE_SIZE = 50
_IMPORTED_FOR = (Place.Kind.CITY, Place.Kind.COUNTY, Place.Kind.TOWN)
_STREAMED_AT_ONCE = 5000
_SAMPLE_ROWS = 20
_SAMPLES = 3

_CURRENT = """
SELECT unit.id, record.id, unit.list_kind, unit.place_id, unit.body_id, unit.last_as_of, record.batch_id,
       record.row, record.name, record.uscc, record.values, {sealed}
  FROM rosters_sourceunit unit JOIN rosters_sourcerecord record ON record.id = unit.last_record_id
  {personal}
 WHERE {scope}
 ORDER BY unit.id
"""


@dataclass(frozen=True, slots=True)
class UnitRow:
    """What a department says of one of its units, by its latest record.

    ``values`` are the texts as delivered by canonical field, without the personal ones; ``personal``
    holds those where they were asked for and are not destroyed. ``name`` and ``uscc`` are "" where
    the delivered ones cannot serve as keys.
    """

    unit_id: int
    record_id: int
    list_kind: ListKind
    place_id: int | None
    body_id: int | None
    as_of: date
    batch_id: int
    row: int
    name: str
    uscc: str
    values: dict[str, str]
    personal: dict[str, str]


@dataclass(frozen=True)
class FileColumn:
    """A column of the file: number from 0, header, first different texts, field it is taken for."""

    number: int
    header: str
    samples: tuple[str, ...]
    field: str
    resembles: str


@dataclass(frozen=True)
class RefusedLine:
    """A row that was not stored, as page and repair sheet show it."""

    row: int
    field_zh: str
    value: str
    code: str
    reason: str
    repair: str
    cells: Mapping[str, str]
    mended: bool


def batches(*, actor: Actor) -> QuerySet[Batch]:
    """Batches in the actor's scope, latest first, without their large columns."""
    require(actor, Permission.BATCH_VIEW)
    seen = Batch.objects.in_scope(actor).select_related("file", "place", "body", "department")
    return seen.defer("parsed", "sample", "mapping")


def batches_page(*, actor: Actor, number: str | int | None, list_kind: str = "", state: str = "") -> Page[Batch]:
    """One page of the batches, filtered by list and state where these are given."""
    found = batches(actor=actor)
    if list_kind:
        found = found.filter(list_kind=list_kind)
    if state:
        found = found.filter(state=state)
    return Paginator(found, PAGE_SIZE).get_page(number)


def batch_detail(*, actor: Actor, pk: int) -> Batch:
    """One batch in scope; raises Batch.DoesNotExist where there is none."""
    require(actor, Permission.BATCH_VIEW)
    return Batch.objects.in_scope(actor).select_related("file", "place", "body", "department").get(pk=pk)


def places_of(actor: Actor) -> list[Place]:
    """Administrative places an actor may import for, the widest first; towns where he has no more."""
    places = Place.objects.filter(kind__in=_IMPORTED_FOR)
    if not actor.everything:
        places = places.filter(pk__in=actor.place_ids)
    found = sorted(places, key=lambda place: (_IMPORTED_FOR.index(Place.Kind(place.kind)), place.position, place.pk))
    return [place for place in found if place.kind != Place.Kind.TOWN] or found


def file_columns(batch: Batch) -> list[FileColumn]:
    """The columns of a file that was read, with a few of their texts while the batch is not settled."""
    header: list[str] = batch.parsed["header"]
    samples = _samples(batch, len(header))
    alike = {each["column"]: each["field"] for each in batch.parsed["suggestions"]}
    return [
        FileColumn(number, name, samples[number], batch.mapping.get(str(number), ""), alike.get(number, ""))
        for number, name in enumerate(header)
    ]


def newest_list_days() -> dict[tuple[str, int | None, int | None], date]:
    """(list, place, body) -> day of the newest whole list stored for them; sheets of mended rows are none. One query."""
    mended = Q(parsed__header__isnull=False, parsed__header__contains=[ORIGIN_BATCH])
    whole = Batch.objects.filter(~mended, state=Batch.State.COMMITTED)
    rows = whole.order_by().values_list("list_kind", "place_id", "body_id").annotate(newest=Max("as_of"))
    return {(list_kind, place_id, body_id): newest for list_kind, place_id, body_id, newest in rows}


def refused_rows(*, actor: Actor, batch: Batch, code: str = "") -> QuerySet[RejectedRow]:
    """The rows of a batch that were not stored, with ``mended``: sent again and stored since."""
    require(actor, Permission.BATCH_VIEW)
    mended = Exists(SourceRecord.objects.filter(mends=OuterRef("pk")))
    rows = RejectedRow.objects.filter(batch=batch).annotate(mended=mended).order_by("row")
    return rows.filter(code=code) if code else rows


def refused_lines(batch: Batch, rows: Iterable[RejectedRow]) -> Iterator[RefusedLine]:
    """Open refused rows for show; after the key's destruction their cells are empty."""
    cipher = _cipher_or_none(batch.pk)
    for each in rows:
        cells = cipher.open(each.row, each.sealed) if cipher else {}
        yield refused_line(batch, each, cells, mended=getattr(each, "mended", False))


def refused_line(
    batch: Batch, refused: RejectedRow | RefusedRow, cells: Mapping[str, str], *, mended: bool = False
) -> RefusedLine:
    """A refused row, stored or of a dry run, with its cells by column number."""
    column = next((column for column, name in batch.mapping.items() if name == refused.field), "")
    return RefusedLine(
        row=refused.row,
        field_zh=field_zh(batch, refused.field),
        value=cells.get(column, ""),
        code=refused.code,
        reason=refused.reason,
        repair=refused.repair,
        cells=cells,
        mended=mended,
    )


def field_zh(batch: Batch, name: str) -> str:
    """What the batch's list calls a field; "整行" for the row as a whole."""
    return LISTS[ListKind(batch.list_kind)].field(name).zh if name else "整行"


def current_units(
    *,
    actor: Actor,
    place_id: int | None = None,
    body_id: int | None = None,
    list_kinds: Iterable[ListKind] = (),
    with_personal: bool = False,
) -> Iterator[UnitRow]:
    """Every source unit in scope with its latest record, by unit id, streamed in bounded memory.

    ``place_id`` and ``body_id`` narrow it to units imported for that place or by that body,
    ``list_kinds`` to some lists. Runs inside the caller's transaction (a server-side cursor).
    ``with_personal`` opens the personal columns, for matching; pages do not ask for them.
    """
    terms, facts = _unit_terms(actor, place_id, body_id, [kind.value for kind in list_kinds])
    statement = _CURRENT.format(
        scope=" AND ".join(terms),
        sealed="personal.sealed" if with_personal else "NULL",
        personal="LEFT JOIN rosters_sourcepersonal personal ON personal.record_id = record.id" if with_personal else "",
    )
    ciphers: dict[int, BatchCipher | None] = {}
    with connection.chunked_cursor() as cursor:
        cursor.execute(statement, facts)
        while found := cursor.fetchmany(_STREAMED_AT_ONCE):
            for *columns, values, sealed in found:
                batch_id, row = columns[6], columns[7]
                if sealed is not None and batch_id not in ciphers:
                    ciphers[batch_id] = _cipher_or_none(batch_id)
                cipher = ciphers.get(batch_id) if sealed is not None else None
                personal = cipher.open(row, sealed) if cipher else {}
                yield _unit_row(columns, json.loads(values), personal)


def _unit_row(columns: list[Any], values: dict[str, str], personal: dict[str, str]) -> UnitRow:
    unit_id, record_id, kind, place_id, body_id, as_of, batch_id, row, name, uscc = columns
    return UnitRow(
        unit_id, record_id, _KINDS[kind], place_id, body_id, as_of, batch_id, row, name, uscc, values, personal
    )


def _unit_terms(
    actor: Actor, place_id: int | None, body_id: int | None, kinds: list[str]
) -> tuple[list[str], list[Any]]:
    """First lock of two; what the policy will ask again."""
    terms, facts = ["true"], list[Any]()
    if not actor.everything:
        terms.append("(unit.place_id = ANY(%s) OR unit.body_id = ANY(%s))")
        facts += [list(actor.place_ids), list(actor.body_ids)]
    for column, value in (("place_id", place_id), ("body_id", body_id)):
        if value is not None:
            terms.append(f"unit.{column} = %s")
            facts.append(value)
    if kinds:
        terms.append("unit.list_kind = ANY(%s)")
        facts.append(kinds)
    return terms, facts


def _samples(batch: Batch, width: int) -> list[tuple[str, ...]]:
    path = files.rows_path(batch.pk)
    if not path.exists():
        return [()] * width
    names = [f"c{number}" for number in range(width)]
    with pq.ParquetFile(path) as rows:
        first = next(rows.iter_batches(batch_size=_SAMPLE_ROWS, columns=names), None)
    if first is None:
        return [()] * width
    texts = [first.column(name).to_pylist() for name in names]
    return [tuple(dict.fromkeys(text for text in column if text.strip()))[:_SAMPLES] for column in texts]


def _cipher_or_none(batch_id: int) -> BatchCipher | None:
    try:
        return open_cipher(batch_id)
    except KeyDestroyed:
        return None


_KINDS = {kind.value: kind for kind in ListKind}
