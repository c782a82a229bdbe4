"""What a registration may say, and what is wrong with it: the fields of the register's list, checked as a row is."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from jingwei.domain.intake import CheckedRow, check_row
from jingwei.domain.intake.errors import MESSAGES
from jingwei.domain.linkage.records import REGISTERS
from jingwei.domain.lists import LISTS, Field, ListKind
from jingwei.registrations.matching import Match, match

LONGEST = 400
# What a clerk sees on a licence decides which list it is: the register that issued it.
KINDS: Mapping[ListKind, str] = {
    ListKind.MARKET: "企业、个体工商户、农民专业合作社",
    ListKind.CIVIL: "社会组织",
    ListKind.JUSTICE: "律师事务所、基层法律服务所",
}
assert tuple(KINDS) == REGISTERS


class Problem(NamedTuple):
    """What is wrong with one field of a registration, by canonical name ("" for the whole)."""

    field: str
    message: str


class Unusable(Exception):
    """The registration cannot be taken as it is; ``problems`` name the fields."""

    def __init__(self, problems: list[Problem]) -> None:
        super().__init__("；".join(problem.message for problem in problems))
        self.problems = problems


@dataclass(frozen=True, slots=True)
class Check:
    """A registration after its check: the row, and what the roster has that is like it."""

    kind: ListKind
    checked: CheckedRow
    match: Match


def fields_of(kind: ListKind) -> Mapping[str, Field]:
    """The fields that a registration of this kind may fill."""
    return {field.name: field for field in LISTS[kind].fields}


def check(kind: ListKind, values: Mapping[str, str], *, on: date) -> Check:
    """Check the values and match them against the roster; nothing is stored. Raises ``Unusable``, ``KeysMissing``."""
    said = {name: text.strip() for name, text in values.items() if text.strip()}
    too_long = [
        Problem(name, f"{fields_of(kind)[name].zh}不能超过 {LONGEST} 个字")
        for name, text in said.items()
        if len(text) > LONGEST
    ]
    if too_long:
        raise Unusable(too_long)
    if not any(said.get(name) for name in LISTS[kind].key_fields):
        raise Unusable([Problem(LISTS[kind].name_field, "请填写名称，或填写有效的代码")])
    checked = check_row(kind, said, on=on)
    if checked.rejected is not None:
        raise Unusable(_why_rejected(kind, checked))
    return Check(kind, checked, match(kind, checked))


def _why_rejected(kind: ListKind, checked: CheckedRow) -> list[Problem]:
    faults = [flag for flag in checked.flags if flag.field in LISTS[kind].key_fields]
    if not faults or checked.rejected is None:
        return [Problem(LISTS[kind].name_field, MESSAGES[checked.rejected] if checked.rejected else "")]
    return [
        Problem(flag.field, flag.message_zh + (f"，可能是 {flag.repair}" if flag.repair else "")) for flag in faults
    ]
