"""Entities that the name of a covered unit may mean, for a person to choose from."""

import json
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.db import connection
from rapidfuzz import fuzz

from jingwei.base_roster.filters import SearchText, read_text
from jingwei.base_roster.selectors import RosterRow, rows_of
from jingwei.branches.models import CoveredUnit
from jingwei.domain import rulebook
from jingwei.domain.coverage.organization_kind import unit_in_name
from jingwei.domain.linkage.normalize import fold_names, split_name
from jingwei.domain.rulebook import Rules
from jingwei.domain.search_keys import search_text
from jingwei.places.models import Place

MOST_SHOWN = 3
MOST_SEARCHED = 20
_FETCHED_A_TEXT = 40
_BRAND = 4
_SHORTEST_BRAND = 2

# One statement for all names of a page: each text is searched like one that somebody types.
_SEARCH = """
SELECT asked.row, found.id
  FROM jsonb_to_recordset(%s::jsonb)
       AS asked(row bigint, needle text, grams text[], code text, initials text, number text)
 CROSS JOIN LATERAL jw_entity_search(
       asked.needle, asked.grams, asked.code, asked.initials, asked.number, '{}'::jsonb, false, %s, 0) AS found(id)
"""


@dataclass(frozen=True, slots=True)
class Candidate:
    """An entity of the roster, and whether the matching itself proposed it."""

    row: RosterRow
    proposed: bool


def candidates(covered: Sequence[CoveredUnit], *, day: date, most: int = MOST_SHOWN) -> dict[int, list[Candidate]]:
    """Covered unit -> the likeliest entities, the proposed one first. At most three queries for all."""
    rules, places = rulebook.at(day), _place_names()
    asked = {row.pk: _texts(row, rules, places) for row in covered}
    found = _search(asked)
    proposed = {row.pk: row.entity_id for row in covered if row.entity_id is not None}
    ids = {pk for held in found.values() for pk in held} | set(proposed.values())
    entities = {entity.id: entity for entity in rows_of(sorted(ids))}
    ranked = {}
    for row in covered:
        first = proposed.get(row.pk)
        others = [entities[pk] for pk in found.get(row.pk, ()) if pk in entities and pk != first]
        others.sort(key=lambda entity: (-_likeness(asked[row.pk], entity.name), not entity.operating, entity.id))
        held = [Candidate(entities[first], True)] if first in entities else []
        ranked[row.pk] = [*held, *(Candidate(entity, False) for entity in others)][:most]
    return ranked


def search(text: str) -> list[Candidate]:
    """Entities that a typed text may mean, the likeliest first. Two queries."""
    asked = {0: [text]}
    entities = rows_of(sorted(_search(asked).get(0, set())))
    entities.sort(key=lambda entity: (-_likeness(asked[0], entity.name), not entity.operating, entity.id))
    return [Candidate(entity, False) for entity in entities[:MOST_SEARCHED]]


def _texts(row: CoveredUnit, rules: Rules, places: frozenset[str]) -> list[str]:
    """What to look for: the name as it is written, its core and its brand, and the unit in the organization's name."""
    parts = split_name(fold_names([row.spelt])[0], places)
    texts = [row.spelt, parts.core]
    texts += [parts.core[:length] for length in (_BRAND, _SHORTEST_BRAND) if len(parts.core) > length]
    if row.organization.form in ("independent", "functional"):
        texts.append(unit_in_name(row.organization.name, rules))
    return list(dict.fromkeys(texts))


def _search(asked: dict[int, list[str]]) -> dict[int, set[int]]:
    lines = []
    for row, texts in asked.items():
        for text in map(read_text, texts):
            if not text.is_empty:
                lines.append(_line(row, text))
    found: dict[int, set[int]] = defaultdict(set)
    if lines:
        with connection.cursor() as cursor:
            cursor.execute(_SEARCH, [json.dumps(lines), _FETCHED_A_TEXT])
            for row, entity_id in cursor.fetchall():
                found[row].add(entity_id)
    return found


def _line(row: int, text: SearchText) -> dict[str, object]:
    return {
        "row": row, "needle": text.needle, "grams": text.grams, "code": text.code, "initials": text.initials,
        "number": text.number,
    }  # fmt: skip


def _likeness(texts: Sequence[str], name: str) -> float:
    """How well the name fits the best of the texts: as a whole, or as a part of it, which says a little less."""
    evened = search_text(name)
    return max(
        (max(fuzz.ratio(text, evened), fuzz.partial_ratio(text, evened) - 100 / (1 + len(text))))
        for text in map(search_text, texts)
    )


def _place_names() -> frozenset[str]:
    """Names of the city and its counties as they begin names of units. One query."""
    held = Place.objects.filter(kind__in=(Place.Kind.CITY, Place.Kind.COUNTY)).values_list("name", "short_name")
    names = {text for pair in held for text in pair if text}
    return frozenset(names | {name[:-1] for name in names if len(name) > 2})
