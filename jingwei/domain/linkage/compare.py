"""What agrees between a record and an entity it may belong to: the evidence, and its weight in bits.

Writes `linkage.evidence`, one line for each pair of `linkage.pair`. Every outcome of a comparison has a
number of its own; the rules of the cascade and the weights of the model are written in them.
"""

from typing import Final

from jingwei.domain.linkage.engine import MOST_EDITS, Engine
from jingwei.domain.linkage.likeness import Likeness
from jingwei.domain.linkage.model import LEVELS, MOST_DOUBLINGS, Level, Model, scale
from jingwei.domain.linkage.names_sql import LIKENESS
from jingwei.domain.linkage.pairs import Via

# The number an outcome has in `linkage.evidence`; a comparison not listed there says nothing (0).
VALUES: Final = {
    ("code", "same"): 5,
    ("code", "repaired"): 4,
    ("code", "organization"): 3,
    ("code", "number"): 2,
    ("code", "borrowed"): 1,
    ("code", "differs"): -1,
    ("name", "common"): 7,
    ("name", "former"): 6,
    ("name", "equal"): int(Likeness.EQUAL),
    ("name", "core"): int(Likeness.CORE),
    ("name", "sound"): int(Likeness.SOUND),
    ("name", "near"): int(Likeness.NEAR),
    ("name", "loose"): int(Likeness.LOOSE),
    ("name", "none"): 0,
    ("name", "clash"): int(Likeness.CLASH),
    ("person", "equal"): 1,
    ("person", "differs"): -1,
    ("site", "equal"): 2,
    ("site", "road"): 1,
    ("site", "differs"): -1,
    ("area", "same"): 1,
    ("area", "differs"): -1,
    ("phone", "equal"): 1,
    ("phone", "differs"): -1,
    ("state", "ended"): -1,
    ("founded", "same"): 1,
    ("founded", "differs"): -1,
}
FIELDS: Final = ("code", "name", "person", "site", "area", "phone", "state", "founded")

_COMPARED = """
CREATE OR REPLACE TABLE linkage.compared AS
SELECT p.rid, p.aid, r.eid, p.via,
  {likeness} AS level,
  l.name_key IS NULL OR r.name_key IS NULL AS nameless,
  (p.via & {former}) <> 0 AS is_former,
  CASE WHEN l.person = r.person THEN 1 WHEN l.person <> r.person THEN -1 ELSE 0 END AS person,
  CASE WHEN l.phone = r.phone THEN 1 WHEN l.phone <> r.phone THEN -1 ELSE 0 END AS phone,
  CASE WHEN l.site = r.site THEN 2 WHEN l.road = r.road THEN 1
    WHEN l.site <> r.site THEN -1 ELSE 0 END AS site,
  CASE WHEN l.district = r.district THEN 1 WHEN l.district <> r.district THEN -1 ELSE 0 END AS area,
  CASE WHEN l.founded = r.founded THEN 1 WHEN l.founded <> r.founded THEN -1 ELSE 0 END AS founded,
  CASE WHEN l.uscc = r.uscc THEN 5
    WHEN (p.via & {repair}) <> 0 THEN 4
    WHEN l.org = r.org THEN 3
    WHEN l.number = r.number THEN 2
    WHEN l.uscc <> r.uscc AND l.code_taken AND l.branch <> '' AND r.branch = l.branch THEN 1
    WHEN l.uscc <> r.uscc THEN -1 ELSE 0 END AS code,
  CASE WHEN l.rank >= {registers} AND NOT r.active THEN -1 ELSE 0 END AS state,
  coalesce(l.start = r.start AND l.numerals = r.numerals, false) AS kin,
  coalesce(l.uscc <> r.uscc AND l.org <> r.org, false) AS conflict,
  l.phone_shared, l.site_shared OR r.site_shared AS site_shared,
  r.firm, l.placed, r.rank < {registers} AS register,
  coalesce(l.founded <> r.founded, false) OR coalesce(l.active <> r.active, false)
    OR coalesce(l.number <> r.number, false) AS other_life,
  l.code_taken, coalesce(l.branch <> '' OR r.branch <> '', false) AS branch,
  l.bearers, coalesce(b.entities, 0) AS core_bearers,
  l.name_count, coalesce(c.times, 1) AS core_count, l.person_count, l.site_count, l.phone_count
FROM linkage.pair p JOIN linkage.lhs l ON l.rid = p.rid JOIN linkage.rhs r ON r.aid = p.aid
LEFT JOIN linkage.core_bearers b ON b.text = r.core
LEFT JOIN linkage.frequency c ON c.field = 'core' AND c.text = r.core
"""

_WEIGHED = """
CREATE OR REPLACE TABLE linkage.evidence AS
SELECT *, {prior} + {total} AS millibits
FROM (SELECT c.*, {weights} FROM linkage.compared c)
"""


def compare(engine: Engine, model: Model, *, registers: int, size: int) -> None:
    """Make `linkage.evidence` of `linkage.pair`, `linkage.lhs` and `linkage.rhs`.

    `registers` is the number of list ranks that are registers, `size` the binary logarithm of the
    number of entities to choose from.
    """
    engine.execute(
        _COMPARED.format(
            likeness=LIKENESS.format(edits=MOST_EDITS, by_number=int(Via.BY_NUMBER)),
            former=int(Via.FORMER),
            repair=int(Via.REPAIR),
            registers=registers,
        )
    )
    weights = ", ".join(f"{_weight(field, model, size)} AS {field}_weight" for field in FIELDS)
    total = " + ".join(f"{field}_weight" for field in FIELDS)
    prior = model.prior(size=size).millibits
    engine.execute(_WEIGHED.format(prior=prior, total=total, weights=weights))


def _weight(field: str, model: Model, size: int) -> str:
    """SQL for the weight of a comparison's outcome."""
    cases = " ".join(
        f"WHEN {outcome_value(field)} = {VALUES[item.field, item.level]} THEN {_level_weight(item, model, size)}"
        for item in LEVELS
        if item.field == field
    )
    unknown = "nameless OR" if field == "name" else ""
    return f"CASE WHEN {unknown} {_silent(field)} THEN 0 {cases} ELSE 0 END"


def outcome_value(field: str) -> str:
    """SQL for the number of a comparison's outcome in `linkage.evidence`."""
    if field == "name":
        return (
            f"(CASE WHEN is_former AND level < {int(Likeness.SOUND)} THEN 6"
            f" WHEN level >= {int(Likeness.CORE)} AND NOT firm THEN 7 ELSE level END)"
        )
    return field


def _silent(field: str) -> str:
    """When an outcome says nothing although both sides have a value."""
    return "(phone < 0 AND phone_shared)" if field == "phone" else "false"


def _level_weight(item: Level, model: Model, size: int) -> str:
    key = (item.field, item.level)
    base = model.weights[key] + (scale(size) if item.scaled else 0)
    if not item.counted:
        return str(base)
    steps = " ".join(
        f"WHEN {item.counted}_count - 1 < {2 ** (step + 1)} THEN {base - 1000 * step}" for step in range(MOST_DOUBLINGS)
    )
    return (
        f"(CASE WHEN {item.counted}_count <= 1 THEN {base + model.once[key]} {steps}"
        f" ELSE {base - 1000 * MOST_DOUBLINGS} END)"
    )


def contributions(model: Model, *, size: int) -> str:
    """SQL for the contributions of a line of `linkage.evidence`: a JSON list of [field, level, millibits]
    of the comparisons that say something, the prior first.
    """
    prior = model.prior(size=size)
    parts = [f'\'["{prior.field}","{prior.level}",{prior.millibits}]\'']
    for field in FIELDS:
        names = " ".join(
            f"WHEN {value} THEN '{level}'" for (of_field, level), value in VALUES.items() if of_field == field
        )
        parts.append(
            f'CASE WHEN {field}_weight <> 0 THEN \'["{field}","\' || (CASE {outcome_value(field)} {names} END)'
            f" || '\",' || CAST({field}_weight AS VARCHAR) || ']' END"
        )
    return f"'[' || concat_ws(',', {', '.join(parts)}) || ']'"
