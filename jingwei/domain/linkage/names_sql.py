"""`likeness` of two names as one SQL expression over the columns of `l` (record) and `r` (anchor).

The Python function is the definition; a test holds the two together.
"""

from typing import Final

from jingwei.domain.linkage.likeness import (
    SHORTEST_CORE_FOR_ONE_EDIT,
    SHORTEST_CUT_NAME,
    SHORTEST_FOR_ONE_EDIT,
    SHORTEST_FOR_TWO_EDITS,
    Likeness,
)
from jingwei.domain.linkage.normalize import _BRANCH_WORD, _STRONG_FORM

# Without look-behind, as database engines read them.
BRANCH_ENDING = rf"{_BRANCH_WORD}$"
WHOLE_ENDING = rf"{_STRONG_FORM.pattern.replace('(?<![分支])', '')}|{BRANCH_ENDING}"

_NAMED_BRANCH = f"regexp_matches({{rest}}, '{BRANCH_ENDING}') AND length({{rest}}) >= 4"


def _is_parent(parent: str, branch: str) -> str:
    """SQL: the second name is the first with a branch behind it, legal form left out or not."""
    starts = []
    for column in ("name_key", "core"):
        rest = f"substr({branch}.{column}, length({parent}.{column}) + 1)"
        starts.append(f"starts_with({branch}.{column}, {parent}.{column}) AND {_NAMED_BRANCH.format(rest=rest)}")
    return f"(({starts[0]}) OR ({starts[1]}))"


def _is_cut(short: str, whole: str) -> str:
    return (
        f"(length({short}.name_key) >= {SHORTEST_CUT_NAME} AND starts_with({whole}.name_key, {short}.name_key)"
        f" AND NOT regexp_matches({short}.name_key, '{WHOLE_ENDING}'))"
    )


_SHORTER = "least(length(l.name_key), length(r.name_key))"
_LONGER = "greatest(length(l.name_key), length(r.name_key))"
_MISSPELT = (
    f"({_SHORTER} >= {SHORTEST_FOR_ONE_EDIT} AND {_LONGER} - {_SHORTER} <= {{edits}}"
    f" AND jw_edits(l.name_key, r.name_key)"
    f" <= (CASE WHEN {_SHORTER} >= {SHORTEST_FOR_TWO_EDITS} THEN {{edits}} ELSE 1 END))"
)
_CORE_MISSPELT = (
    f"(least(length(l.core), length(r.core)) >= {SHORTEST_CORE_FOR_ONE_EDIT}"
    " AND abs(length(l.core) - length(r.core)) <= 1 AND jw_edits(l.core, r.core) <= 1)"
)

# The likeness of brands only guards a join by code or number, so it is worked out for no other pair.
LIKENESS: Final = f"""CASE
    WHEN l.name_key IS NULL OR r.name_key IS NULL THEN {int(Likeness.NONE)}
    WHEN l.name_key = r.name_key THEN {int(Likeness.EQUAL)}
    WHEN l.core = r.core THEN {int(Likeness.CORE)}
    WHEN {_is_parent("l", "r")} OR {_is_parent("r", "l")} THEN {int(Likeness.CLASH)}
    WHEN {_is_cut("l", "r")} OR {_is_cut("r", "l")} THEN {int(Likeness.NEAR)}
    WHEN l.branch <> r.branch THEN CASE
      WHEN l.branch = '' OR r.branch = '' OR l.numerals <> r.numerals THEN {int(Likeness.CLASH)}
      WHEN jw_edits(l.branch, r.branch) <= 1 THEN {int(Likeness.NONE)}
      ELSE {int(Likeness.CLASH)} END
    WHEN l.numerals <> r.numerals THEN {int(Likeness.NONE)}
    WHEN l.sound = r.sound THEN {int(Likeness.SOUND)}
    WHEN {_MISSPELT} OR {_CORE_MISSPELT} THEN {int(Likeness.NEAR)}
    WHEN length(r.brand) >= 2 AND contains(l.brand, r.brand)
      OR length(l.brand) >= 2 AND contains(r.brand, l.brand) THEN {int(Likeness.LOOSE)}
    WHEN (p.via & {{by_number}}) <> 0 AND jw_likeness(l.brand, r.brand) > 0 THEN {int(Likeness.LOOSE)}
    ELSE {int(Likeness.NONE)} END"""
