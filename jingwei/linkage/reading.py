"""What two departments say of their units, opened for whoever judges whether they are one."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from jingwei.domain.lists import LISTS, ListKind
from jingwei.rosters.errors import KeyDestroyed
from jingwei.rosters.models import SourcePersonal, SourceUnit
from jingwei.rosters.sealing import BatchCipher, open_cipher


@dataclass(frozen=True, slots=True)
class UnitRecord:
    """One unit by its newest record. ``values`` are by canonical field; ``personal`` those to be masked.

    ``is_closed`` says that the personal columns were destroyed with their key.
    """

    unit_id: int
    list_kind: ListKind
    name: str
    code: str
    as_of: date
    batch_id: int
    row: int
    file_name: str
    values: Mapping[str, str]
    personal: Mapping[str, str]
    is_closed: bool

    @property
    def list_zh(self) -> str:
        return LISTS[self.list_kind].zh

    @property
    def title(self) -> str:
        """What the row calls its unit."""
        return self.name or self.code or "（无名称）"

    def value(self, field: str) -> str:
        """The text of a field, personal or not; "" where the row says nothing."""
        return (self.values.get(field) or self.personal.get(field) or "").strip()


def records_of(unit_ids: Sequence[int]) -> dict[int, UnitRecord]:
    """Unit -> its newest record with the personal columns, for units in scope. Two queries and one a batch."""
    wanted = list(dict.fromkeys(unit_ids))
    units = SourceUnit.objects.filter(pk__in=wanted, last_record__isnull=False)
    units = units.select_related("last_record__batch__file")
    sealed = dict(SourcePersonal.objects.filter(record__unit__in=wanted).values_list("record_id", "sealed"))
    ciphers: dict[int, BatchCipher | None] = {}
    found = {}
    for unit in units:
        record = unit.last_record
        assert record is not None
        text = sealed.get(record.pk)
        if text is not None and record.batch_id not in ciphers:
            ciphers[record.batch_id] = _cipher(record.batch_id)
        cipher = ciphers.get(record.batch_id) if text is not None else None
        found[unit.pk] = UnitRecord(
            unit_id=unit.pk, list_kind=ListKind(unit.list_kind), name=record.name or record.values.get("name", ""),
            code=record.uscc or record.values.get("uscc", ""), as_of=record.batch.as_of, batch_id=record.batch_id,
            row=record.row, file_name=record.batch.file.name, values=record.values,
            personal=cipher.open(record.row, text) if cipher and text is not None else {},
            is_closed=text is not None and cipher is None,
        )  # fmt: skip
    return found


def _cipher(batch_id: int) -> BatchCipher | None:
    try:
        return open_cipher(batch_id)
    except KeyDestroyed:
        return None
