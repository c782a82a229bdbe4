"""How rows fall into the groups of a cut, as SQL over the columns of a population."""

import re
from collections.abc import Mapping
from types import MappingProxyType

from jingwei.domain.indicators.sql import EVERYTHING, Sql, joined
from jingwei.domain.indicators.terms import Cut, Population
from jingwei.domain.industry import SECTIONS, canonical, section_of
from jingwei.domain.rulebook import Rules

# Organizations have a place only; letters go by the entity they were sent to.
CUTS: Mapping[Population, tuple[Cut, ...]] = MappingProxyType(
    {
        Population.ENTITY: tuple(Cut),
        Population.LETTER: tuple(Cut),
        Population.ORGANIZATION: (Cut.TOTAL, Cut.COUNTY, Cut.AREA),
    }
)
# area_id is the responsible park or else the town.
IDS: Mapping[Cut, str] = MappingProxyType(
    {Cut.COUNTY: "county_id", Cut.AREA: "area_id", Cut.INDUSTRY_BODY: "industry_body_id"}
)
_WORDS: Mapping[Cut, str] = MappingProxyType({Cut.FORM: "legal_form", Cut.ROSTER: "roster"})
_DIVISIONS = range(1, 98)


def size_bands(rules: Rules) -> dict[str, str]:
    """Names of the bands of staff by their lower bound as text, the lowest first."""
    bands = rules.table("indicators.size_bands")
    return {str(bound): bands[str(bound)] for bound in sorted(map(int, bands))}


def tags(rules: Rules) -> dict[str, Sql]:
    """Condition of each industry tag, in the order of the rulebook; an entity may fit several."""
    return {tag: _of_trades(text.split()) for tag, text in rules.table("indicators.industry_tags").items()}


def key(cut: Cut, rules: Rules) -> Sql:
    """The member of the cut a row belongs to, as text; empty where that is not known. Not for TAG."""
    if cut is Cut.TOTAL:
        return Sql("''")
    if cut in IDS:
        return Sql(f"coalesce(CAST({IDS[cut]} AS varchar), '')")
    if cut in _WORDS:
        return Sql(_WORDS[cut])
    if cut is Cut.SIZE:
        bounds = [int(bound) for bound in reversed(size_bands(rules))]
        cases = " ".join("WHEN staff >= %s THEN %s" for _ in bounds)
        values = tuple(value for bound in bounds for value in (bound, str(bound)))
        return Sql(f"CASE {cases} ELSE '' END", values)
    raise ValueError(f"a row may have several members of {cut}")


def belongs(cut: Cut, member: str, rules: Rules) -> Sql:
    """Condition: the row belongs to the member of the cut; never null."""
    if cut is Cut.TOTAL:
        return EVERYTHING
    if cut is Cut.TAG:
        return _tagged(member, rules)
    own = key(cut, rules)
    if cut in IDS:
        return Sql(f"{IDS[cut]} = %s", (int(member),)).holds() if member else Sql(f"{IDS[cut]} IS NULL")
    return Sql(f"{own.text} = %s", (*own.parameters, member))


def _tagged(member: str, rules: Rules) -> Sql:
    known = tags(rules)
    if member:
        return known[member]
    every = joined("OR", *known.values())
    return Sql(f"NOT ({every.text})", every.parameters)


def _of_trades(codes: list[str]) -> Sql:
    """The industry code begins with one of these; lists write codes with and without their letter."""
    spellings = [spelling for code in codes for spelling in _spellings(code)]
    return Sql(" OR ".join(["starts_with(industry_code, %s)"] * len(spellings)), tuple(spellings))


def _spellings(code: str) -> list[str]:
    known = canonical(code) or code
    if known in SECTIONS:
        return [known, *(f"{division:02}" for division in _DIVISIONS if section_of(division) == known)]
    return [known, re.sub(r"^[A-Z]", "", known)]
