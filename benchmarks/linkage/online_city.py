"""A register and the single registrations that come after it: known units written at a desk, and new ones."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

import numpy as np

from benchmarks.linkage.city import COMPANY, COOPERATIVE, SOLE, Numbers, make_city
from benchmarks.linkage.noise import damage
from benchmarks.linkage.rates import PROFILES
from benchmarks.linkage.sheets import Sheet, make_sheets

NEW_SHARE: Final = 0.3
# Of a registration's fields those a desk writes down, by the generator's names.
_FIELDS: Final = {
    "name": "name", "code": "uscc", "person": "legal_representative", "address": "address", "founded": "founded_on",
    "old_number": "registration_number", "company_type": "company_type", "state": "state", "former": "former_names",
}  # fmt: skip
_ASKED: Final = ("name", "code", "person", "address")


@dataclass(frozen=True, slots=True)
class Query:
    """One registration; `entity` is the registered entity it is, None for a new one."""

    values: dict[str, str]
    entity: int | None


@dataclass(frozen=True, slots=True)
class Register:
    """The register's rows without those of the new units, and the queries in random order."""

    sheet: Sheet
    kept: Numbers
    counties: tuple[str, ...]
    city_name: str
    queries: list[Query]

    def rows(self) -> Iterator[tuple[int, dict[str, str]]]:
        """Entity and values of each row."""
        names = [name for name in self.sheet.columns if name in _FIELDS]
        columns = [self.sheet.columns[name] for name in names]
        for at in self.kept.tolist():
            values = {_FIELDS[name]: column[at] for name, column in zip(names, columns, strict=True) if column[at]}
            yield int(self.sheet.entity[at]), values


def make_register(rows: int, queries: int, *, profile: str, seed: int) -> Register:
    """A register of about `rows` rows and queries against it, written as in the profile's tax list."""
    chosen = PROFILES[profile]
    rng = np.random.default_rng([seed, chosen.divisions])
    new = round(queries * NEW_SHARE)
    city = make_city(chosen, rows + 4 * new, rng)
    market, desk = make_sheets(city, chosen.shape, rows + 4 * new, ("market", "tax"), rng)
    damage(market, city, chosen, seed)
    damage(desk, city, chosen, seed)
    of_register = np.isin(city.kind, (COMPANY, SOLE, COOPERATIVE)) & ~city.outside
    written = np.flatnonzero(of_register[desk.entity])
    strangers = rng.choice(np.unique(desk.entity[written]), size=new, replace=False)
    is_new = np.isin(desk.entity[written], strangers)
    known = rng.choice(written[~is_new], size=queries - new, replace=False)
    first_of_new = written[is_new][np.unique(desk.entity[written[is_new]], return_index=True)[1]]
    asked = [_query(desk, at, known=True) for at in known.tolist()]
    asked += [_query(desk, at, known=False) for at in first_of_new.tolist()]
    rng.shuffle(asked)  # type: ignore[arg-type]
    kept = np.flatnonzero(~np.isin(market.entity, strangers))
    divisions = city.divisions
    return Register(market, kept, tuple(county.name for county in divisions.counties), divisions.city, asked)


def _query(desk: Sheet, at: int, *, known: bool) -> Query:
    values = {_FIELDS[name]: desk.columns[name][at] for name in _ASKED if desk.columns[name][at]}
    return Query(values, int(desk.entity[at]) if known else None)
