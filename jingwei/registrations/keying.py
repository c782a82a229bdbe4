"""From rows to keys as they are stored, under the installation's own secret."""

import hashlib
from collections.abc import Sequence
from dataclasses import replace
from functools import lru_cache
from typing import NamedTuple
from uuid import UUID

from jingwei.domain.intake import CheckedRow
from jingwei.domain.linkage.records import REGISTERS
from jingwei.domain.linkage.single_keys import (
    Learned,
    Probe,
    RecordKeys,
    blind,
    counted_of,
    fingerprint,
    keys_of,
    keys_of_rows,
    probes_of,
)
from jingwei.domain.lists import ListKind
from jingwei.registrations.founding import Founding
from jingwei.registrations.models import Anchor, MatchBasis
from jingwei.rosters.sealing import installation_key

COLUMNS = tuple(str(field.column) for field in Anchor._meta.concrete_fields)
_OF_RECORD = tuple(name for name in COLUMNS if name in RecordKeys.__dataclass_fields__)


class Basis(NamedTuple):
    """What keys stand on, as a process keeps it."""

    stamp: UUID
    learned: Learned


class Asked(NamedTuple):
    """A new record ready to be looked up."""

    record: RecordKeys
    probes: list[Probe]
    counted: list[int | None]


@lru_cache(maxsize=1)
def secret() -> bytes:
    """The key of all hashes; it lies outside the database."""
    return installation_key("matching")


def version() -> str:
    """Which keys this product makes; other ones, or another installation's, are made anew."""
    return hashlib.sha256(secret() + fingerprint().encode()).hexdigest()[:40]


def stored_rows(foundings: Sequence[Founding], learned: Learned) -> list[tuple[object, ...]]:
    """One line of `COLUMNS` for each entity."""
    keyed = keys_of_rows([(each.kind, each.checked) for each in foundings], learned)
    return [_stored(each, blind(record, secret())) for each, record in zip(foundings, keyed, strict=True)]


def asked(kind: ListKind, checked: CheckedRow, learned: Learned) -> Asked:
    """The keys of a checked row, the probes by which candidates are found, and what is counted of it."""
    keyed = keys_of_rows([(kind, checked)], learned)[0]
    # It is judged as a row of a list that comes after all registers: what has ended there is another life.
    record = replace(blind(keyed, secret()), rank=len(REGISTERS))
    counted = counted_of(record, secret())
    return Asked(record, probes_of(record, secret()), [counted.name, counted.person, counted.site, counted.phone])


def basis_of(kept: MatchBasis) -> Basis:
    """The stored basis in the form the matching uses."""
    return Basis(kept.stamp, Learned(frozenset(kept.places), kept.areas))


def _stored(founding: Founding, record: RecordKeys) -> tuple[object, ...]:
    counted = counted_of(record, secret())
    values: dict[str, object] = {name: getattr(record, name) for name in _OF_RECORD}
    values |= {
        "entity_id": founding.entity_id,
        "name_hash": counted.name,
        "core_hash": counted.core,
        "keys": sorted(keys_of(record, secret())),
        "computed_at": founding.computed_at,
    }
    return tuple(values[column] for column in COLUMNS)
