"""The dated history of one fact of an entity: every value, who said it when and why, and which one is in force."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from jingwei.base_roster.corrections import CORRECTABLE, LONGEST_FACT, OWNERSHIP, shown
from jingwei.base_roster.derivation import Statement, first_value
from jingwei.base_roster.explaining import Explained, explain
from jingwei.base_roster.models import Entity, Fact
from jingwei.base_roster.reading import whole_roster
from jingwei.core.permissions import Actor, Permission, require
from jingwei.domain.lists import LISTS, ListKind
from jingwei.rosters.models import SourceUnit
from jingwei.rosters.selectors import newest_list_days

CLERK_ZH = "经办人更正"
_FIELD_ZH = {field.name: field.zh for listed in reversed(tuple(LISTS.values())) for field in listed.fields}


class Standing(StrEnum):
    """What a value of the history is worth now."""

    IN_FORCE = "in_force"
    STATED = "stated"
    EARLIER = "earlier"
    DROPPED = "dropped"
    WITHDRAWN = "withdrawn"
    OVERRULED = "overruled"


@dataclass(frozen=True, slots=True)
class FactEntry:
    """One value of the history.

    ``standing``: in force; stated by its list now, but another word goes first; earlier; dropped by its
    list; or a correction that was withdrawn or overruled. ``by`` and ``reason`` are a clerk's. ``note``
    is a Chinese remark, for instance 本期名单未再列出. A withdrawal is an entry without a value.
    """

    value: str
    text: str
    source_zh: str
    as_of: date
    recorded_at: datetime
    by: str
    reason: str
    standing: Standing
    note: str


@dataclass(frozen=True)
class FactHistory:
    """All values of one fact, the newest first.

    ``text`` is the value in force as a page shows it, empty where nothing is known. ``is_corrected``
    tells that a clerk's word is in force, ``contradictions`` what lists say against it.
    """

    kind: str
    zh: str
    value: str
    text: str
    is_correctable: bool
    is_corrected: bool
    contradictions: tuple[str, ...]
    entries: tuple[FactEntry, ...]


def fact_history(*, actor: Actor, entity: Entity, kind: str, on: date) -> FactHistory:
    """The history of one fact, in eight to eleven queries. ``entity`` has been read under the actor's scope.

    Whoever sees the entity sees what is known of it, whichever office's list says so. Personal fields
    are never facts. Raises ``NotPermitted`` without the permission to see rosters.
    """
    require(actor, Permission.ROSTER_VIEW)
    facts = list(Fact.objects.filter(entity=entity).order_by("as_of", "recorded_at", "pk"))
    why = explain(entity, on=on, facts=facts)
    with whole_roster():
        units = SourceUnit.objects.filter(entity_link__entity=entity)
        unlisted = last_seen(units)
    reading = _Reading(kind, why, unlisted)
    told = [fact for fact in facts if fact.kind == kind]
    return FactHistory(
        kind=kind,
        zh=CORRECTABLE[kind].zh if kind in CORRECTABLE else _FIELD_ZH.get(kind, kind),
        value=reading.value,
        text=shown(kind, reading.value),
        is_correctable=kind in CORRECTABLE,
        is_corrected=reading.is_corrected,
        contradictions=reading.contradictions(),
        entries=tuple(reading.entry(fact, told[at + 1 :]) for at, fact in reversed([*enumerate(told)])),
    )


def last_seen(units: Iterable[SourceUnit]) -> dict[int, date]:
    """Unit -> day on which its list last named it, of those that the newest whole list names no more.

    What they say is data of the former period (上期数据): it stands, but nobody confirms it. One query
    beside that of the units; it sees the lists in scope.
    """
    newest = newest_list_days()
    found = {}
    for unit in units:
        day = newest.get((unit.list_kind, unit.place_id, unit.body_id))
        if day and unit.last_as_of and unit.last_as_of < day:
            found[unit.pk] = unit.last_as_of
    return found


class _Reading:
    """What the lists and the clerk say now of one fact."""

    def __init__(self, kind: str, why: Explained, unlisted: Mapping[int, date]) -> None:
        self._kind, self._unlisted = kind, unlisted
        self._speaking = [said for said in why.statements if said.values.get(kind)]
        self.is_corrected = _is_corrected(kind, why)
        self.value = _value_in_force(kind, why)

    def contradictions(self) -> tuple[str, ...]:
        """What lists say now against a correction in force."""
        if not self.is_corrected:
            return ()
        against = [said for said in self._speaking if said.values[self._kind] != self.value]
        return tuple(
            f"{LISTS[said.list_kind].zh}（{said.as_of.isoformat()}）为“{said.values[self._kind]}”" for said in against
        )

    def entry(self, fact: Fact, later: Sequence[Fact]) -> FactEntry:
        """One line of the history; ``later`` are the newer facts of the same kind."""
        is_manual = fact.list_kind == Fact.MANUAL
        newer = [each for each in later if each.list_kind == fact.list_kind]
        standing, note = self._of_clerk(fact, newer) if is_manual else self._of_list(fact, newer)
        return FactEntry(
            value=fact.value,
            text=shown(self._kind, fact.value) if fact.value else "撤回更正",
            source_zh=CLERK_ZH if is_manual else LISTS[ListKind(fact.list_kind)].zh,
            as_of=fact.as_of,
            recorded_at=fact.recorded_at,
            by=fact.stated_by,
            reason=fact.reason,
            standing=standing,
            note=note,
        )

    def _of_clerk(self, fact: Fact, newer: Sequence[Fact]) -> tuple[Standing, str]:
        if newer or not fact.value:
            withdrawn = bool(newer and not newer[0].value and fact.value)
            return (Standing.WITHDRAWN, "已撤回") if withdrawn else (Standing.EARLIER, "")
        if self.is_corrected:
            return Standing.IN_FORCE, ""
        return Standing.OVERRULED, "此后名单另有说法，更正不再适用"

    def _of_list(self, fact: Fact, newer: Sequence[Fact]) -> tuple[Standing, str]:
        stating = [said for said in self._of(fact.list_kind) if said.values[self._kind][:LONGEST_FACT] == fact.value]
        if any(each.value == fact.value for each in newer) or (newer and not stating):
            return Standing.EARLIER, ""
        if not stating:
            return Standing.DROPPED, "本期名单未再列出此项"
        last = max((self._unlisted.get(said.unit_id or 0, date.max) for said in stating), default=date.max)
        note = "" if last == date.max else f"本期名单未再列出该单位，最近一次为 {last.isoformat()}"
        first = self._speaking[0]
        leads = not self.is_corrected and first in stating
        return (Standing.IN_FORCE if leads else Standing.STATED), note

    def _of(self, list_kind: str) -> list[Statement]:
        return [said for said in self._speaking if said.list_kind == list_kind]


def _is_corrected(kind: str, why: Explained) -> bool:
    if kind == OWNERSHIP:
        return any(item.field == "correction" for item in why.verdicts.ownership.evidence)
    return kind in why.account.corrections


def _value_in_force(kind: str, why: Explained) -> str:
    if kind == OWNERSHIP:
        return why.verdicts.ownership.value.value
    if kind == "name":
        return why.verdicts.name
    lists = CORRECTABLE[kind].lists if kind in CORRECTABLE else None
    return first_value(why.account, kind, lists)
