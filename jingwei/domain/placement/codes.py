"""Division codes of all times, resolved to the places of one day."""

from collections.abc import Iterable
from datetime import date

from jingwei.domain.placement.records import DatedText, PlaceRecord, in_force, known_by
from jingwei.domain.placement.tree import Tree

_DIGITS = 6
_USCC_LENGTH = 18
_OLD_NUMBER_LENGTH = 15


def area_code_of(number: str) -> str:
    """The six digits of the place of registration in an 18- or 15-character number, else empty."""
    if len(number) == _USCC_LENGTH:
        digits = number[2:8]
    elif len(number) == _OLD_NUMBER_LENGTH:
        digits = number[:6]
    else:
        return ""
    return digits if digits.isdigit() else ""


class CodeTable:
    """Six-digit codes; where several places had a code, the one that has it now goes first."""

    def __init__(self, records: Iterable[PlaceRecord], tree: Tree, on: date) -> None:
        current: dict[str, set[int]] = {}
        former: dict[str, set[int]] = {}
        for record in records:
            if record.id not in tree.records and record.id not in tree.overlays:
                continue
            for code in known_by(record.codes, on):
                if digits := _six_digits(code):
                    table = current if in_force(code.since, code.until, on) else former
                    table.setdefault(digits, set()).add(record.id)
        self._places = {**former, **current}

    def find(self, code: str) -> tuple[int, ...]:
        """Ids of places or overlays with the code; an unknown county code proves its city only."""
        found = self._places.get(code) or self._places.get(f"{code[:4]}00") or ()
        return tuple(sorted(found))


def _six_digits(code: DatedText) -> str:
    # A table of 12-digit codes fills up with zeros; a town's own code is longer and never in a number.
    return code.text[:_DIGITS] if not code.text[_DIGITS:].strip("0") else ""
