"""List columns, facts, identifiers and placements of entities, computed from their statements."""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import chain
from typing import Any, NamedTuple

from jingwei.base_roster.corrections import LONGEST_FACT, REGISTERS, Correction
from jingwei.base_roster.derivation import (
    EVIDENCE_ORDER,
    SOURCE_BITS,
    Account,
    Context,
    Statement,
    Verdicts,
    decide,
    first_value,
    founded_on,
    member_counts,
    staff_column,
)
from jingwei.base_roster.models import Entity, Fact, Identifier
from jingwei.bodies.selectors import IndustryClaim, industry_committee_for
from jingwei.domain.intake import split_names
from jingwei.domain.legal_form import LegalForm
from jingwei.domain.lists import LISTS
from jingwei.domain.ownership import Ownership, OwnershipVerdict
from jingwei.domain.placement import PlaceKind
from jingwei.domain.screening import Counting
from jingwei.domain.search_keys import bigrams, initials, pinyin_key, search_text

ENTITY_COLUMNS = (
    "name", "uscc", "roster", "legal_form", "ownership", "state", "operating", "screening", "counts_in_base",
    "place_id", "county_id", "town_id", "overlay_id", "industry_body_id", "industry_code", "staff", "full_members",
    "probationary_members", "sources", "parent_id", "parent_name", "founded_on", "road", "road_number",
    "search_name", "bigrams", "pinyin", "initials", "as_of",
)  # fmt: skip
PERSONAL = frozenset(field.name for listed in LISTS.values() for field in listed.fields if field.personal)


@dataclass(frozen=True, slots=True)
class PlaceLevels:
    """For each place id its kind and its chain upwards, so that columns need no query."""

    kinds: Mapping[int, str]
    parents: Mapping[int, int | None]
    parks: Mapping[int, int]

    def at(self, place_id: int | None, kind: PlaceKind) -> int | None:
        """The place of this level at or above the given one."""
        while place_id is not None and self.kinds.get(place_id) != kind.value:
            place_id = self.parents.get(place_id)
        return place_id

    def overlay(self, place_id: int | None, overlay_id: int | None) -> int | None:
        """The responsible park that the place lies in, before any building or market inside it."""
        while place_id is not None and place_id not in self.parks:
            place_id = self.parents.get(place_id)
        return overlay_id if place_id is None else self.parks[place_id]


@dataclass(frozen=True, slots=True)
class HumanPlacement:
    """A place that a person chose for one entity; it stands until somebody changes it."""

    place_id: int | None
    overlay_id: int | None


class KnownParent(NamedTuple):
    """A decided entity that branch offices may hang on."""

    entity_id: int
    ownership: Ownership


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What the projection looks up beside the context of verdicts."""

    context: Context
    levels: PlaceLevels
    industry_claims: tuple[IndustryClaim, ...]
    human_placements: Mapping[int, HumanPlacement]
    corrections: Mapping[int, Sequence[Correction]]
    stored_parents: Callable[[Collection[str]], Iterable[tuple[str, KnownParent]]]


@dataclass(frozen=True, slots=True)
class Projected:
    """Everything to store about one entity."""

    entity_id: int
    columns: Mapping[str, Any]
    verdicts: Verdicts
    account: Account


def project_all(statements: Iterable[tuple[int, list[Statement]]], surroundings: Surroundings) -> Iterator[Projected]:
    """Decide every entity; branch offices wait until their possible parents have been decided.

    Only names, ids and ownership of parents are kept in memory, and the statements of branch offices.
    """
    known: dict[str, KnownParent] = {}
    decided: set[int] = set()
    waiting: list[tuple[int, Account, Verdicts]] = []
    for entity_id, said in statements:
        account = Account.of(said, surroundings.corrections.get(entity_id, ()))
        verdicts = decide(account, surroundings.context)
        decided.add(entity_id)
        if verdicts.form.value is LegalForm.BRANCH_OFFICE and verdicts.form.parent_names:
            waiting.append((entity_id, account, verdicts))
            continue
        note_parent(known, search_text(verdicts.name), KnownParent(entity_id, verdicts.ownership.value))
        yield projected(entity_id, account, verdicts, None, surroundings)
    wanted = {search_text(name) for _, _, verdicts in waiting for name in verdicts.form.parent_names}
    for name, parent in surroundings.stored_parents(wanted):
        if parent.entity_id not in decided:
            note_parent(known, name, parent)
    for entity_id, account, verdicts in waiting:
        keys = (search_text(name) for name in verdicts.form.parent_names)
        found = next((known[key] for key in keys if key in known), None)
        yield branch_office(entity_id, account, verdicts, found, surroundings)


def note_parent(known: dict[str, KnownParent], name: str, parent: KnownParent) -> None:
    """Of several entities with one name the oldest is the parent."""
    held = known.get(name)
    if held is None or parent.entity_id < held.entity_id:
        known[name] = parent


def branch_office(
    entity_id: int, account: Account, verdicts: Verdicts, parent: KnownParent | None, surroundings: Surroundings
) -> Projected:
    """A branch office hangs on its parent and shares its ownership."""
    if parent is None:
        return projected(entity_id, account, verdicts, None, surroundings)
    above = OwnershipVerdict(parent.ownership, EVIDENCE_ORDER, (f"上级单位为{parent.ownership.zh}",), ())
    return projected(entity_id, account, decide(account, surroundings.context, above), parent.entity_id, surroundings)


def projected(
    entity_id: int, account: Account, verdicts: Verdicts, parent_id: int | None, surroundings: Surroundings
) -> Projected:
    full, probationary = member_counts(account)
    industry = first_value(account, "industry_code").upper()[:6]
    name = verdicts.name or verdicts.uscc
    columns: dict[str, Any] = {
        "name": name[:200],
        "uscc": verdicts.uscc,
        "roster": verdicts.roster.value,
        "legal_form": verdicts.form.value.value,
        "ownership": verdicts.ownership.value.value,
        "state": verdicts.state.value.value,
        "operating": verdicts.state.operating is not False,
        "screening": verdicts.screening.value.value,
        "counts_in_base": verdicts.counting.value is Counting.COUNTED,
        "industry_code": industry,
        "staff": staff_column(account),
        "full_members": full,
        "probationary_members": probationary,
        "sources": source_bits(account.ordered),
        "parent_id": parent_id,
        "parent_name": verdicts.parent_name[:200],
        "founded_on": founded_on(account),
        "as_of": newest_day(account),
    }
    columns |= place_columns(entity_id, verdicts, surroundings) | search_columns(name)
    columns["industry_body_id"] = industry_committee_for(
        industry, claims=surroundings.industry_claims, county_id=columns["county_id"]
    )
    return Projected(entity_id, columns, verdicts, account)


def newest_day(account: Account) -> date:
    """Since when everything known of the entity has been as it is."""
    corrected = (correction.as_of for correction in account.corrections.values())
    return max(chain((item.since for item in account.ordered), corrected))


def source_bits(ordered: Sequence[Statement]) -> int:
    bits = 0
    for item in ordered:
        bits |= SOURCE_BITS[item.list_kind]
    return bits


def place_columns(entity_id: int, verdicts: Verdicts, surroundings: Surroundings) -> dict[str, Any]:
    """Deepest place and its levels; a person's choice stands before the computed one."""
    chosen = surroundings.human_placements.get(entity_id)
    placed = verdicts.placement
    place_id = chosen.place_id if chosen else placed.place_id
    overlay_id = chosen.overlay_id if chosen else placed.overlay_id
    levels = surroundings.levels
    road = placed.road
    return {
        "place_id": place_id,
        "overlay_id": levels.overlay(place_id, overlay_id),
        "county_id": levels.at(place_id or overlay_id, PlaceKind.COUNTY),
        "town_id": levels.at(place_id, PlaceKind.TOWN),
        "road": road.name[:60] if road else "",
        "road_number": road.number if road else None,
    }


def search_columns(name: str) -> dict[str, Any]:
    text = search_text(name)
    return {
        "search_name": text[:200],
        "bigrams": list(bigrams(text)),
        "pinyin": pinyin_key(name)[:120],
        "initials": initials(name)[:60],
    }


def fact_rows(item: Projected) -> Iterator[tuple[int, str, str, str, date, int | None]]:
    """(entity, kind, value, list, date, record) of every non-personal field that has a text."""
    for said in item.account.ordered:
        for field, text in said.values.items():
            if text and field not in PERSONAL:
                yield item.entity_id, field, text[:LONGEST_FACT], said.list_kind.value, said.since, said.record_id


def identifier_rows(item: Projected) -> Iterator[tuple[int, str, str, str, date]]:
    """(entity, kind, value, list, date) of names, codes and old numbers."""
    seen: set[tuple[str, str]] = set()
    for source, day, pairs in identifying(item):
        for kind, value in pairs:
            if value and (kind, value) not in seen:
                seen.add((kind, value))
                yield item.entity_id, kind, value[:200], source, day


def identifying(item: Projected) -> Iterator[tuple[str, date, Iterable[tuple[str, str]]]]:
    """(source, date, (kind, value) pairs) of all that names the entity, whose word goes first in front."""
    kinds = Identifier.Kind
    correction = item.account.corrections.get("name")
    if correction:
        yield Fact.MANUAL, correction.as_of, [(kinds.NAME, correction.value)]
    for said in item.account.ordered:
        pairs = [(kinds.USCC, said.uscc), (kinds.REGISTRATION, said.values.get("registration_number", ""))]
        if said.list_kind in REGISTERS:
            pairs.append((kinds.NAME if said.name == item.columns["name"] else kinds.FORMER_NAME, said.name))
        pairs += [(kinds.FORMER_NAME, name) for name in split_names(said.values.get("former_names", ""))]
        yield said.list_kind.value, said.since, pairs


def differing_columns(stored: Entity, fresh: Mapping[str, Any]) -> list[str]:
    """Names of the columns in which the kept projection differs from a fresh computation."""
    return [name for name in ENTITY_COLUMNS if getattr(stored, name) != fresh[name]]
