"""State of registration from its many spellings (R-STATE-01)."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

from jingwei.domain.evidence import Evidence
from jingwei.domain.glossary import Labelled
from jingwei.domain.rulebook import Rules
from jingwei.domain.rulebook.words import first_contained, fold

_PUNCTUATION = re.compile(r"[()\[\]{}<>,，、。;；:：/\\·—_-]")


class RegistrationState(Labelled):
    """Where a registration stands."""

    EXISTING = "existing"
    SUSPENDED = "suspended"
    REVOKED = "revoked"
    REVOKED_CANCELLED = "revoked_cancelled"
    CANCELLED = "cancelled"
    WITHDRAWN = "withdrawn"
    MOVED_OUT = "moved_out"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class StateVerdict:
    """The state. `operating` is None while the state is unknown: nothing leaves a denominator on silence."""

    value: RegistrationState
    operating: bool | None
    rule: str
    reasons: tuple[str, ...]
    evidence: tuple[Evidence, ...]


@lru_cache(maxsize=4096)
def decide(text: str, rules: Rules) -> StateVerdict:
    """The state a department wrote; an empty or unread text gives UNKNOWN. Never raises."""
    words, operating = _words(rules)
    folded = _PUNCTUATION.sub("", fold(text))
    found = first_contained(folded, words)
    state = RegistrationState(found[1]) if found else RegistrationState.UNKNOWN
    rule = "registration.operating_states" if found else "registration.state_words"
    known = state is not RegistrationState.UNKNOWN
    return StateVerdict(
        state,
        (state in operating) if known else None,
        rule,
        (_reason(text, state, found is not None),),
        (Evidence("state", text),) if text else (),
    )


@lru_cache(maxsize=32)
def _words(rules: Rules) -> tuple[Mapping[str, str], frozenset[str]]:
    return (
        rules.table("registration.state_words"),
        frozenset(rules.words("registration.operating_states")),
    )


def _reason(text: str, state: RegistrationState, read: bool) -> str:
    if not text.strip():
        return "没有登记状态"
    return f"登记状态“{text}”即{state.zh}" if read else f"登记状态“{text}”不在已知写法之内"
