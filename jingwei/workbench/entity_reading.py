"""What the departments say about one entity, side by side: agreement, old values, contradictions."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from jingwei.base_roster.derivation import Statement, staff_of
from jingwei.base_roster.models import Entity, EntitySource, Identifier
from jingwei.domain import registration_state
from jingwei.domain.lists import LISTS, ListKind
from jingwei.domain.placement import parse_road
from jingwei.domain.rulebook import Rules
from jingwei.domain.search_keys import search_text
from jingwei.domain.uscc import normalize_code

SAME, OLD, DIFFERS, ABSENT, NONE = "same", "old", "differs", "absent", "none"
_LONGEST = 16
_USUAL = {
    "social": (ListKind.CIVIL, ListKind.JUSTICE, ListKind.TAX, ListKind.SOCIAL),
}
_OTHERWISE = (ListKind.MARKET, ListKind.TAX, ListKind.SOCIAL)
_OFFICE = (ListKind.PARTY_ORG, ListKind.PARTY_COUNT)


@dataclass(frozen=True, slots=True)
class Cell:
    """What one list says about one thing: ``kind`` is same, old, differs, absent or none."""

    kind: str
    text: str = ""


@dataclass(frozen=True)
class Record:
    """What one list says of the entity; raw values and flags only where the list lies in the reader's scope."""

    said: Statement
    raw: Mapping[str, str]
    flags: Mapping[str, Mapping[str, Any]]

    @property
    def kind(self) -> ListKind:
        return self.said.list_kind

    @property
    def as_of(self) -> date:
        return self.said.as_of


def records_of(statements: Iterable[Statement], links: Iterable[EntitySource]) -> list[Record]:
    """Statements with the visible records they come from. No query: the records came with the links."""
    visible = {link.unit_id: link.unit.last_record for link in links}
    found = []
    for said in statements:
        record = visible.get(said.unit_id) if said.unit_id is not None else None
        raw = record.values if record else said.values
        flags = {flag["field"]: flag for flag in record.flags} if record else {}
        found.append(Record(said, raw, flags))
    return found


def evidence(
    *, entity: Entity, records: Sequence[Record], identifiers: Sequence[Identifier], rules: Rules
) -> dict[str, Any]:
    """The matrix of departments and facts."""
    kinds = _columns(entity, records)
    newest = {kind: max((item for item in records if item.kind is kind), key=_age, default=None) for kind in kinds}
    known = {(item.kind, item.value) for item in identifiers}
    rows = (
        ("名称", [_name_cell(entity, newest[kind], kind, known) for kind in kinds]),
        ("代码", [_code_cell(entity, newest[kind], kind, known) for kind in kinds]),
        ("地址", [_address_cell(newest[kind], kind, _first_address(newest.values())) for kind in kinds]),
        ("人员", [_staff_cell(newest[kind], kind) for kind in kinds]),
        ("状态", [_state_cell(entity, newest[kind], kind, rules) for kind in kinds]),
    )
    cells = [cell for _, row in rows for cell in row]
    return {
        "summary": _summary(newest, cells),
        "departments": [{"name": LISTS[kind].zh, "date": _day(newest[kind])} for kind in kinds],
        "rows": [{"label": label, "cells": row} for label, row in rows],
    }


def _columns(entity: Entity, records: Sequence[Record]) -> list[ListKind]:
    usual = _USUAL.get(entity.roster, _OTHERWISE)
    there = {record.kind for record in records}
    return [kind for kind in ListKind if kind in usual or kind in there or kind in _OFFICE]


def _age(record: Record) -> date:
    return record.as_of


def _day(record: Record | None) -> str:
    return f"{record.as_of:%m-%d}" if record else "—"


def _summary(newest: dict[ListKind, Record | None], cells: Sequence[Cell]) -> str:
    there = sum(record is not None for record in newest.values())
    against = sum(cell.kind == DIFFERS for cell in cells)
    return f"{len(newest)} 份名单，{there} 份有记录，{against} 处不一致"


def _has(kind: ListKind, *fields: str) -> bool:
    return any(field.name in fields for field in LISTS[kind].fields)


def _name_cell(entity: Entity, record: Record | None, kind: ListKind, known: set[tuple[str, str]]) -> Cell:
    if not _has(kind, "name"):
        return Cell(NONE)
    if record is None:
        return Cell(ABSENT)
    name = record.said.name or record.raw.get("name", "")
    if not name:
        return Cell(NONE)
    if search_text(name) == search_text(entity.name):
        return Cell(SAME, "本名")
    if (Identifier.Kind.FORMER_NAME, name) in known:
        return Cell(OLD, "旧名")
    return Cell(DIFFERS, _short(name))


def _code_cell(entity: Entity, record: Record | None, kind: ListKind, known: set[tuple[str, str]]) -> Cell:
    if not _has(kind, "uscc"):
        return Cell(NONE)
    if record is None:
        return Cell(ABSENT)
    if record.said.uscc and record.said.uscc == entity.uscc:
        return Cell(SAME, "18 位")
    raw = normalize_code(record.raw.get("uscc", ""))
    return _odd_code_cell(entity, record, raw, known) if raw else Cell(NONE)


def _odd_code_cell(entity: Entity, record: Record, raw: str, known: set[tuple[str, str]]) -> Cell:
    """A code other than the entity's own: one character off, an old number, or simply another one."""
    repair = (record.flags.get("uscc") or {}).get("repair")
    if entity.uscc and (repair == entity.uscc or _one_apart(raw, entity.uscc)):
        return Cell(OLD, "差 1 位")
    if (Identifier.Kind.REGISTRATION, raw) in known or (Identifier.Kind.TAX, raw) in known:
        return Cell(OLD, f"原 {len(raw)} 位号")
    return Cell(DIFFERS, _short(raw))


def _one_apart(one: str, other: str) -> bool:
    return len(one) == len(other) > 0 and sum(a != b for a, b in zip(one, other, strict=True)) == 1


def _first_address(records: Any) -> str:
    """The address that the others are compared with: the first register's, else the first at all."""
    return next(
        (record.said.values["address"] for record in records if record and record.said.values.get("address")), ""
    )


def _address_cell(record: Record | None, kind: ListKind, first: str) -> Cell:
    if not _has(kind, "address"):
        return Cell(NONE)
    if record is None:
        return Cell(ABSENT)
    address = record.said.values.get("address", "")
    if not address:
        return Cell(NONE)
    road = parse_road(address)
    text = f"{road.name}{f' {road.number} 号' if road.number else ''}" if road else address
    same = road == parse_road(first) if road else search_text(address) == search_text(first)
    return Cell(SAME if same else DIFFERS, _short(text))


def _staff_cell(record: Record | None, kind: ListKind) -> Cell:
    words = {"staff": "从业", "insured": "参保", "lawyers": "律师", "full_members": "正式"}
    fields = [name for name in words if _has(kind, name)]
    if not fields:
        return Cell(NONE)
    if record is None:
        return Cell(ABSENT)
    if kind is ListKind.PARTY_COUNT:
        full, probationary = (record.said.values.get(name, "") for name in ("full_members", "probationary_members"))
        return (
            Cell(SAME, f"正式 {full or '未知'} 预备 {probationary or '未知'}") if full or probationary else Cell(NONE)
        )
    number = staff_of(record.said)
    return Cell(NONE) if number is None else Cell(SAME, f"{words[fields[0]]} {number}")


def _state_cell(entity: Entity, record: Record | None, kind: ListKind, rules: Rules) -> Cell:
    """The state as written; a list without that column says by naming the entity that it is active."""
    if kind in _OFFICE:
        return Cell(NONE)
    if record is None:
        return Cell(ABSENT)
    text = record.said.values.get("state", "")
    if text:
        same = registration_state.decide(text, rules).value.value == entity.state
        return Cell(SAME if same else DIFFERS, _short(text))
    if _has(kind, "state"):
        return Cell(NONE)
    return Cell(SAME if entity.operating else DIFFERS, "名单中有")


def _short(text: str) -> str:
    return text if len(text) <= _LONGEST else f"{text[: _LONGEST - 1]}…"
