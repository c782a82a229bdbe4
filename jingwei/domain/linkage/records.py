"""Records as the linkage takes them in: one line per row of a list, and per unit a row covers."""

from collections.abc import Iterator
from typing import Any, Final

import pyarrow as pa

from jingwei.domain import uscc
from jingwei.domain.intake import CheckedRow, check_row, parse_date, split_names
from jingwei.domain.lists import ListKind

# The order in which lists found entities: registers first, each later list joins what stands.
LIST_ORDER: Final = (
    ListKind.MARKET,
    ListKind.CIVIL,
    ListKind.JUSTICE,
    ListKind.TAX,
    ListKind.SOCIAL,
    ListKind.PARTY_COUNT,
    ListKind.PARTY_ORG,
)
REGISTERS: Final = (ListKind.MARKET, ListKind.CIVIL, ListKind.JUSTICE)
RANK: Final = {kind: rank for rank, kind in enumerate(LIST_ORDER)}

# `unit` is 0 for the row itself and counts from 1 for the units a Party organization covers.
SCHEMA: Final = pa.schema(
    [
        ("rank", pa.int32()),
        ("list_kind", pa.string()),
        ("file", pa.string()),
        ("row", pa.int64()),
        ("unit", pa.int32()),
        ("name", pa.string()),
        ("code_text", pa.string()),
        ("uscc", pa.string()),
        ("repairs", pa.list_(pa.string())),
        ("organization_code", pa.string()),
        ("registration_number", pa.string()),
        ("person", pa.string()),
        ("address", pa.string()),
        ("phone", pa.string()),
        ("former_names", pa.list_(pa.string())),
        ("founded_on", pa.string()),
        ("active", pa.bool_()),
        ("sole_trader", pa.bool_()),
        ("joint", pa.bool_()),
    ]
)
# Ways to set up a Party organization (组建方式) that make it more than that of the unit it covers.
_JOINT = ("联合", "联建", "统建", "区域", "行业", "挂靠")
_ENDED = ("吊销", "注销", "撤销", "迁出", "除名", "关闭")


class RecordBuilder:
    """Collects checked rows into one Arrow table of `SCHEMA`; rejected rows do not belong here."""

    def __init__(self) -> None:
        self._columns: dict[str, list[Any]] = {name: [] for name in SCHEMA.names}

    def __len__(self) -> int:
        return len(self._columns["row"])

    def add(self, kind: ListKind, file: str, row: int, checked: CheckedRow) -> None:
        """Add one row, and after it one record for each unit a Party organization covers."""
        self._append(kind, file, row, 0, checked)
        if kind is ListKind.PARTY_ORG:
            for unit, covered in enumerate(covered_units(checked), start=1):
                self._append(kind, file, row, unit, covered)

    def take(self) -> pa.Table:
        """The records added since the last call."""
        table = pa.table(self._columns, schema=SCHEMA)
        self._columns = {name: [] for name in SCHEMA.names}
        return table

    def _append(self, kind: ListKind, file: str, row: int, unit: int, checked: CheckedRow) -> None:
        values = checked.values
        bad = {flag.field for flag in checked.flags}
        usable = {field: text for field, text in values.items() if text and field not in bad}
        code_text = values.get("uscc")
        line = (
            RANK[kind],
            kind.value,
            file,
            row,
            unit,
            checked.name,
            None if code_text is None else uscc.normalize_code(code_text) or None,
            checked.uscc,
            [] if checked.uscc else list(checked.repairs),
            checked.organization_code,
            checked.registration_number,
            usable.get("legal_representative"),
            usable.get("address"),
            usable.get("phone"),
            list(split_names(usable.get("former_names", ""))),
            iso_date(usable.get("founded_on")),
            is_active(usable.get("state")),
            is_sole_trader(checked.uscc, usable.get("company_type")),
            any(word in usable.get("form", "") for word in _JOINT),
        )
        for column, value in zip(self._columns.values(), line, strict=True):
            column.append(value)


def covered_units(checked: CheckedRow) -> Iterator[CheckedRow]:
    """The units a Party organization's row names, each checked like a row with only that name or
    code; units that are neither are left out.
    """
    for text in split_names(checked.values.get("covered_units", "")):
        is_code = uscc.kind_of_number(text) != "unknown"
        unit = check_row(ListKind.PARTY_COUNT, {"uscc" if is_code else "name": text})
        if unit.rejected is None:
            yield unit


def iso_date(text: str | None) -> str | None:
    """A date as it is compared; None where there is none."""
    value = None if text is None else parse_date(text)
    return None if value is None else value.isoformat()


def is_active(state: str | None) -> bool | None:
    """Whether a state says that the unit still exists; None where nothing is known."""
    return None if state is None else not any(word in state for word in _ENDED)


def is_sole_trader(code: str | None, company_type: str | None) -> bool | None:
    """Whether the code, or without one the type of enterprise, is that of a sole trader."""
    if code is not None:
        return code.startswith("92")
    return None if company_type is None else "个体" in company_type


_iso_date, _is_active, _is_sole_trader = iso_date, is_active, is_sole_trader
