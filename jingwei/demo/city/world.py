"""All the generator knows about the city in one month, handed from module to module."""

from dataclasses import dataclass

import numpy as np

from jingwei.demo.city import forms
from jingwei.demo.city.addresses import AddressBook
from jingwei.demo.city.calendar import Month
from jingwei.demo.city.mess import Mess
from jingwei.demo.city.naming import Naming, make_naming
from jingwei.demo.city.noise import Flags, Ints, Noise
from jingwei.demo.city.places import make_places
from jingwei.demo.city.population import Population, make_population
from jingwei.demo.city.settling import Land, survey
from jingwei.demo.city.streets import make_streets

_COPY_IDS = 1 << 40


@dataclass(frozen=True)
class City:
    """What does not change from month to month."""

    noise: Noise
    land: Land
    book: AddressBook
    registered: int
    first: Month


@dataclass(frozen=True)
class World:
    city: City
    mess: Mess
    month: Month
    units: Population
    naming: Naming

    @property
    def later(self) -> int:
        """Months since the first one."""
        return self.month.since(self.city.first)

    def desk(self, department: str) -> Noise:
        """The draws of a department: its own mistakes, the same ones every month."""
        return self.city.noise.child(department)

    def ids(self, rows: Ints, copy: Ints | int = 0) -> Ints:
        """What a department's draws go by: the unit, and whether it is mentioned a second time."""
        return self.units.serial[rows] + _COPY_IDS * np.asarray(copy, dtype=np.int64)

    def registered_at(self, registrar: str) -> Flags:
        return np.array([form.registrar == registrar for form in forms.FORMS])[self.units.form]


def found_city(seed: int, registered: int, first: Month) -> City:
    noise = Noise(seed)
    places = make_places(noise, registered)
    land = survey(places, make_streets(noise, places, registered))
    return City(noise, land, AddressBook(land), registered, first)


def world_in(city: City, mess: Mess, month: Month) -> World:
    units = make_population(city.noise, city.land, city.registered, month, city.first)
    return World(city, mess, month, units, make_naming(city.noise, city.land, units))
