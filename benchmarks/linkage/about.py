"""What a damage needs to know of the entity behind a cell."""

from dataclasses import dataclass
from random import Random
from typing import Protocol

from benchmarks.linkage.city import City


@dataclass(slots=True)
class About:
    """One entity of a city, read by column; moved from row to row."""

    city: City
    at: int = 0

    def __getitem__(self, name: str) -> str:
        return str(self.city.columns[name][self.at])

    @property
    def parent_code(self) -> str:
        """Code of the parent of a branch, else ''."""
        is_branch = self.city.columns["role"][self.at] == "branch"
        return str(self.city.columns["code"][self.city.source[self.at]]) if is_branch else ""


class Damage(Protocol):
    """Returns the damaged text, or None where it cannot happen to this one."""

    def __call__(self, text: str, about: About, draw: Random, /) -> str | None: ...
