"""Find, for each organization a list describes, the row that already stands for it."""

from collections import defaultdict
from collections.abc import Iterable

from jingwei.branches.models import Organization
from jingwei.branches.reading import Described, Home
from jingwei.domain.search_keys import search_text


class Standing:
    """The organizations that came from lists, each to be claimed once."""

    def __init__(self, organizations: Iterable[Organization]) -> None:
        self._by_unit: dict[int, Organization] = {}
        self._by_name: dict[tuple[Home, str], list[Organization]] = defaultdict(list)
        self._unclaimed: dict[int, Organization] = {}
        for organization in organizations:
            assert organization.unit is not None
            self._by_unit[organization.unit.pk] = organization
            self._by_name[home_of(organization), search_text(organization.name)].append(organization)
            self._unclaimed[organization.pk] = organization

    def claim_by_unit(self, described: Described) -> Organization | None:
        """The one whose source unit the list names again; of several the living, then the oldest."""
        return self._claim(self._by_unit.get(unit_id) for unit_id in described.unit_ids)

    def claim_by_name(self, described: Described) -> Organization | None:
        """One of the same list and name, where rows that repeat each other have changed their numbers."""
        named = self._by_name.get((described.home, search_text(described.name)), ())
        same = [organization for organization in named if not has_other_superior(organization, described)]
        return self._claim(same or named)

    def left(self) -> list[Organization]:
        """Those that no list names any more."""
        return list(self._unclaimed.values())

    def _claim(self, found: Iterable[Organization | None]) -> Organization | None:
        free = [each for each in found if each is not None and each.pk in self._unclaimed]
        if not free:
            return None
        return self._unclaimed.pop(min(free, key=lambda each: (is_ended(each), each.pk)).pk)


def home_of(organization: Organization) -> Home:
    """Place and body of the list the organization came from."""
    unit = organization.unit
    return (unit.place_id, unit.body_id) if unit else (None, None)


def is_ended(organization: Organization) -> bool:
    return not organization.valid.upper_inf


def has_other_superior(organization: Organization, described: Described) -> bool:
    """Whether the superior has changed; a name that is only now recognised, or no longer, has not."""
    if organization.superior_id == described.superior_id and described.superior_id is not None:
        return False
    if organization.superior_id is not None and described.superior_id is not None:
        return True
    return search_text(organization.superior_text) != search_text(described.superior_text)
