"""What a roster list is narrowed by, and what somebody meant by the text he typed."""

import json
import re
import unicodedata
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from typing import Any

from django.db.models import Q

from jingwei.base_roster.corrections import REGISTERS
from jingwei.base_roster.derivation import SOURCE_BITS
from jingwei.domain.lists import ListKind
from jingwei.domain.screening import EvidenceCombination, Screening, combination_of
from jingwei.domain.search_keys import bigrams, search_text

SHORTEST_NAME, SHORTEST_CODE, SHORTEST_INITIALS = 2, 4, 2
CODE_LENGTH = 18
# A trigram index serves three letters anywhere, two only at the beginning.
SHORTEST_INITIALS_INSIDE = 3
CONFIRMED = "confirmed"

_CODE = re.compile(r"[0-9A-Z]*[0-9][0-9A-Z]*")
_LETTERS = re.compile(r"[A-Z]+")


class Sort(StrEnum):
    """Orders of a list; all but the first only where the whole result is at hand."""

    RECENT = "recent"
    NAME = "name"
    STAFF = "staff"


@dataclass(frozen=True, slots=True)
class SearchText:
    """A typed text, read: part of a name, beginning of a code, initials, an old number or former name.

    ``initials`` is a LIKE pattern. Empty parts look for nothing; a text with only empty parts is too short.
    """

    needle: str = ""
    code: str = ""
    initials: str = ""
    number: str = ""

    @property
    def is_empty(self) -> bool:
        return not (self.needle or self.code or self.initials)

    @property
    def grams(self) -> list[str]:
        return bigrams(self.needle)


@dataclass(frozen=True, slots=True)
class RosterFilters:
    """Conditions of a roster list; empty ones do not narrow. ``industry`` is a letter or longer code prefix.

    ``evidence`` is one of ``EvidenceCombination`` or ``CONFIRMED``: known to two or more sources.
    ``covered_as`` are the forms of coverage wanted, any of them; ``min_members`` and ``max_members`` bound
    the full members, both inclusive, and leave out whose number is unknown.
    """

    text: str = ""
    roster: str = ""
    county: int | None = None
    town: int | None = None
    overlay: int | None = None
    industry: str = ""
    ownership: str = ""
    screening: str = ""
    state: str = ""
    legal_form: str = ""
    evidence: str = ""
    coverage: str = ""
    covered_as: tuple[str, ...] = ()
    min_staff: int | None = None
    min_members: int | None = None
    max_members: int | None = None
    members_unknown: bool = False
    counts_in_base: bool = False
    operating: bool = False
    unplaced: bool = False
    placed: bool = False
    sort: Sort = Sort.RECENT

    @property
    def is_kept(self) -> bool:
        """Whether the kept counts know the total: no condition beyond their dimensions."""
        beyond = (self.text, self.industry, self.state, self.legal_form, self.min_staff is not None, *self._coverage())
        return not any(beyond) and self.evidence in {"", CONFIRMED}

    def condition(self) -> Q:
        """The conditions but the text, on columns of the entity. Every one of them can use an index."""
        condition = Q(**self._equal()) & self._flags()
        if self.industry:
            condition &= Q(industry_code__gte=self.industry, industry_code__lt=after(self.industry))
        if self.evidence:
            condition &= Q(sources__in=source_values(self.evidence))
        if self.min_staff is not None:
            condition &= Q(staff__gte=self.min_staff)
        for lookup, value in self._coverage().items():
            condition &= Q(**{lookup: value})
        return condition

    def as_json(self) -> str:
        """The same conditions for the search of texts in the database."""
        others = {
            "industry_code": self.industry,
            "sources": source_values(self.evidence) if self.evidence else (),
            "min_staff": str(self.min_staff) if self.min_staff is not None else "",
            "counts_in_base": self.counts_in_base,
            "operating": self.operating,
            "unplaced": self.unplaced,
            "placed": self.placed,
            "coverage_state": self.coverage,
            "covered_as": self.covered_as,
            "min_members": str(self.min_members) if self.min_members is not None else "",
            "max_members": str(self.max_members) if self.max_members is not None else "",
            "members_unknown": self.members_unknown,
        }
        return json.dumps(self._equal() | {name: value for name, value in others.items() if value})

    def kept_condition(self) -> Q:
        """The same on columns of the kept counts; only where ``is_kept``."""
        confirmed = Q(confirmed=True) if self.evidence else Q()
        return Q(**self._equal()) & self._flags() & confirmed

    def _equal(self) -> dict[str, str | int]:
        values: dict[str, str | int | None] = {
            "roster": self.roster, "county_id": self.county, "town_id": self.town, "overlay_id": self.overlay,
            "ownership": self.ownership, "screening": self.screening, "state": self.state,
            "legal_form": self.legal_form,
        }  # fmt: skip
        return {name: value for name, value in values.items() if value}

    def _coverage(self) -> dict[str, Any]:
        """Look-ups on what Party building knows of the entity."""
        wanted: dict[str, Any] = {}
        if self.coverage:
            wanted["coverage_state"] = self.coverage
        if self.covered_as:
            wanted["covered_as__in"] = self.covered_as
        if self.min_members is not None:
            wanted["full_members__gte"] = self.min_members
        if self.max_members is not None:
            wanted["full_members__lte"] = self.max_members
        if self.members_unknown:
            wanted["full_members__isnull"] = True
        return wanted

    def _flags(self) -> Q:
        condition = Q()
        if self.counts_in_base:
            # Who counts has passed the screening; said so, the index on it narrows.
            condition &= Q(counts_in_base=True, screening=Screening.IN.value)
        if self.operating or self.unplaced:
            condition &= Q(operating=True)
        if self.unplaced:
            condition &= Q(town_id__isnull=True, overlay_id__isnull=True)
        if self.placed:
            condition &= Q(town_id__isnull=False) | Q(overlay_id__isnull=False)
        return condition


def read_text(raw: str) -> SearchText:
    """Tell what a typed text may be; a text that is too short gives an empty one."""
    folded = unicodedata.normalize("NFKC", raw).strip()
    needle = search_text(folded)
    needle = needle if len(needle) >= SHORTEST_NAME else ""
    compact = re.sub(r"[\s\-]", "", folded).upper()
    if len(compact) >= SHORTEST_CODE and _CODE.fullmatch(compact):
        whole = len(compact) >= CODE_LENGTH
        return SearchText(needle="" if whole else needle, code=compact[:CODE_LENGTH], number=compact)
    if len(compact) >= SHORTEST_INITIALS and _LETTERS.fullmatch(compact):
        return SearchText(needle=needle, initials=initials_pattern(compact.lower()))
    return SearchText(needle=needle, number=folded if needle else "")


def initials_pattern(letters: str) -> str:
    return f"%{letters}%" if len(letters) >= SHORTEST_INITIALS_INSIDE else f"{letters}%"


def after(prefix: str) -> str:
    """The least text greater than everything that begins with the prefix."""
    return prefix[:-1] + chr(ord(prefix[-1]) + 1)


@lru_cache(maxsize=16)
def source_values(evidence: str) -> tuple[int, ...]:
    """All values of the column ``sources`` that make a combination of register, tax and insurance."""
    values = range(1 << len(ListKind))
    if evidence == CONFIRMED:
        return tuple(value for value in values if combination(value).count("-") <= 1)
    return tuple(value for value in values if combination(value) == evidence)


def combination(sources: int) -> EvidenceCombination:
    """The cell of the three-source matrix that the bits of an entity's sources stand for."""
    return combination_of(
        registered=any(sources & SOURCE_BITS[kind] for kind in REGISTERS),
        tax=bool(sources & SOURCE_BITS[ListKind.TAX]),
        insurance=bool(sources & SOURCE_BITS[ListKind.SOCIAL]),
    )
