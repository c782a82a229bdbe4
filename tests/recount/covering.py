"""Which Party organization reaches an entity, and what coverage asks of it.

Written from the rule catalogue (R-ORG-01 to 03, R-COV-18); numbers and word lists come from the rulebook.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from classing import Standing
from placing import Atlas, Spot
from reading import PARTY, CoveredName, Row, fold

STRENGTH = (
    "committee", "general_branch", "branch", "joint", "attached", "flow",
    "temporary", "functional", "instructor", "liaison", "mass", "none",
)  # fmt: skip
# A list may name a unit by its code alone; a sound code settles it, though a row of a list would wait.
_BY_CODE = "仅代码一致"
# The core of a name that one unit of all registers has: certain only inside the superior's own area.
_BY_CORE = "字号与行业唯一"
_CITY = "市"


@dataclass(frozen=True)
class Roster:
    """What organizations are read against: names and places of the entities by key, the superiors, the rules."""

    names: Mapping[str, str]
    spots: Mapping[str, Spot]
    superiors: "Superiors"
    atlas: Atlas
    rules: Mapping[str, Any]
    day: date


class Superiors:
    """The bodies that organizations hang on, by their full and their short names."""

    def __init__(self, rows: Iterable[Mapping[str, str]], atlas: Atlas) -> None:
        self._full: dict[str, set[tuple[str, str]]] = defaultdict(set)
        self._short: dict[str, set[tuple[str, str]]] = defaultdict(set)
        for row in rows:
            code = row["区域代码"]
            body = (row["名称"], "" if atlas.levels.get(code) == _CITY else code)
            self._full[_evened(row["名称"])].add(body)
            if row["简称"]:
                for before in self._places_before(code, atlas):
                    self._short[_evened(before + row["简称"])].add(body)

    def find(self, text: str) -> tuple[str, str] | None:
        """(full name, code of the area) of the one body of that name; several mean none."""
        key = _evened(text)
        found = next((names[key] for names in (self._full, self._short) if len(names.get(key, ())) == 1), None)
        return next(iter(found)) if found else None

    @staticmethod
    def _places_before(code: str, atlas: Atlas) -> set[str]:
        """What people write before a short name: nothing, the county or the city, both."""
        city, county = atlas.places[atlas.city].name, atlas.county_name(code)
        return {"", county or city, city + county}


def _evened(text: str) -> str:
    return "".join(mark for mark in fold(text) if mark.isalnum()).removeprefix("中共")


@dataclass
class Organization:
    """One row of the list of organizations, with the keys of the entities that it covers beyond doubt."""

    name: str
    form: str
    level: str
    founded: date | None
    units: int
    covers: list[str] = field(default_factory=list)


def organizations(
    tables: Mapping[str, tuple[str, list[Row]]],
    refused: set[tuple[str, int]],
    covered: Mapping[int, list[CoveredName]],
    roster: Roster,
) -> list[Organization]:
    """Every organization of the list but the rows that were ``refused``; rows of one name and one superior are one."""
    same: dict[tuple[str, str], list[Row]] = defaultdict(list)
    for kind, rows in tables.values():
        for row in rows:
            if kind == PARTY and (row.file, row.number) not in refused and row.get("name"):
                superior = roster.superiors.find(row.get("superior"))
                same[_evened(row.get("name")), superior[0] if superior else _evened(row.get("superior"))].append(row)
    return [_organization(rows, covered, roster) for rows in same.values()]


def _organization(rows: list[Row], covered: Mapping[int, list[CoveredName]], roster: Roster) -> Organization:
    name = rows[0].get("name")
    form, superior = (next((row.get(field) for row in rows if row.get(field)), "") for field in ("form", "superior"))
    units = [unit for row in rows for unit in covered.get(row.number, [])]
    body = roster.superiors.find(superior)
    area = body[1] if body else ""
    days = [day for row in rows if (day := day_in(row.get("founded"))) and day <= roster.day]
    return Organization(
        name=name,
        form=form_of(form, name, roster.rules),
        level=level_of(name, roster.rules),
        founded=min(days, default=None),
        units=len({unit.spelt for unit in units}),
        covers=[unit.entity for unit in units if unit.entity in roster.names and _is_certain(unit, name, area, roster)],
    )


def _is_certain(unit: CoveredName, organization: str, area: str, roster: Roster) -> bool:
    """Whether a covered name counts without a person: a fixed rule, its own code, the organization's own name, or
    the only such core of a name inside the superior's area.
    """
    if not unit.waits or unit.ground == _BY_CODE:
        return True
    if unit_in(organization, roster.rules) == fold(roster.names[unit.entity]):
        return True
    return unit.ground == _BY_CORE and bool(area) and roster.atlas.lies_in(roster.spots[unit.entity], area)


def unit_in(name: str, rules: Mapping[str, Any]) -> str:
    """The unit that an organization bears the name of: what stands between 中共 and what it is."""
    text = fold(name).removeprefix("中共")
    for table in ("organization.level_words", "organization.form_name_words"):
        text = text.removesuffix(next((word for word in rules[table] if text.endswith(word)), ""))
    return text


def form_of(text: str, name: str, rules: Mapping[str, Any]) -> str:
    """How the organization was set up; the name speaks only where the cell is empty."""
    if fold(text):
        words = rules["organization.form_words"].items()
        return next((form for word, form in words if word in fold(text)), "unknown")
    words = rules["organization.form_name_words"].items()
    return next((form for word, form in words if word in fold(name)), "unknown")


def level_of(name: str, rules: Mapping[str, Any]) -> str:
    """Committee, general branch, branch or group by the end of the name, else by a word inside it."""
    words, text = rules["organization.level_words"], fold(name)
    ended = next((level for word, level in words.items() if text.rstrip(")]").endswith(word)), "")
    return ended or next((level for word, level in words.items() if word in text), "branch")


def day_in(text: str) -> date | None:
    """A date written year first, with any marks between, or as a spreadsheet's day number."""
    text = fold(text).removesuffix("00:00:00").rstrip("T")
    parts = [int(part) for part in "".join(mark if mark.isdigit() else " " for mark in text).split()]
    if len(parts) == 1 and len(text) == 8:
        parts = [int(text[:4]), int(text[4:6]), int(text[6:])]
    if len(parts) == 1 and 10_000 <= parts[0] <= 73_050:
        return date(1899, 12, 30) + timedelta(days=parts[0])
    try:
        return date(*parts) if len(parts) == 3 else None
    except ValueError:
        return None


def covered_as(found: list[Organization], rules: Mapping[str, Any]) -> dict[str, str]:
    """By entity the strongest form that reaches it; a Party group is a part of a branch elsewhere."""
    forms: dict[str, set[str]] = defaultdict(set)
    for item in found:
        if item.level not in rules["coverage.own_levels"]:
            continue
        # Nobody wrote how it was set up: it covers like a joint one and fulfils no duty.
        form = {"independent": item.level, "unknown": "joint"}.get(item.form, item.form)
        for key in item.covers:
            forms[key].add(form)
    return {key: min(reached, key=STRENGTH.index) for key, reached in forms.items()}


def state_of(item: Standing, form: str, rules: Mapping[str, Any]) -> str:
    """What coverage asks, the first that holds; an unknown count is never zero."""
    if not item.operating:
        return "closed"
    is_due = item.full is not None and item.full >= rules["branch.min_full_members"]
    if is_due and form not in rules["coverage.own_levels"]:
        return "should"
    if form in rules["coverage.organization_forms"]:
        return "covered"
    if item.full is None or (item.full == 0 and item.probationary is None):
        return "canvass"
    if item.full + (item.probationary or 0) > 0:
        return "few"
    return "work" if form in rules["coverage.work_forms"] else "blank"
