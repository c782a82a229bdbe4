"""Numbers and word lists of the rules: dated, cited, with overrides by place.

A decision never holds such a number itself. It asks `at(day, place_code)` for the rules in force and
names the id, so that every verdict can show value, date and source.
"""

from jingwei.domain.rulebook.entries import Entry, RulebookError, RuleValue, Source, Status
from jingwei.domain.rulebook.rules import RuleNotInForce, Rules, UnknownRule, at, entries, version

__all__ = [
    "Entry",
    "RuleNotInForce",
    "RuleValue",
    "RulebookError",
    "Rules",
    "Source",
    "Status",
    "UnknownRule",
    "at",
    "entries",
    "version",
]
