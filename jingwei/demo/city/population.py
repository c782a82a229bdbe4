"""The truth: every unit of the invented city in a given month, as columns of numbers.

A column's value follows from the seed and the unit's serial number alone, and newcomers take further
serials. So a later month holds the same units, changed only by that month's events.
"""

from dataclasses import dataclass, replace
from datetime import date
from typing import Any

import numpy as np

from jingwei.demo.city import forms, trades, words
from jingwei.demo.city.calendar import Month, day_number
from jingwei.demo.city.noise import Flags, Ints, Noise, occurrence
from jingwei.demo.city.settling import Land, Where, settle

_OUTSIDER_SERIALS = 50_000_000
_SINGLE_CODE_SINCE = day_number(date(2015, 10, 1))
_NEWCOMERS = 0.006  # of the registered units, each month
_CLOSURES, _RENAMES, _MOVES = 0.004, 0.0015, 0.003

# What a unit was and is called: `trades.Trade.former`, `.label`, or a mark added to the label.
OLD_LABEL, LABEL, MARKED = 0, 1, 2
NEVER = -1


@dataclass(frozen=True)
class Population:
    """One row per unit. Dates are days since 1970-01-01, `NEVER` if the event did not happen."""

    serial: Ints
    form: Ints
    rank: Ints
    """Running number within form and trade, shared by a unit and the one it was registered anew as."""
    person: Ints
    """Whose draws give the legal representative; shared as above."""
    state: Ints
    founded: Ints
    closed: Ints
    kind: Ints
    """Of `trades.FIRM_KINDS`, for firms."""
    trade: Ints
    """In the list of trades of its form."""
    parent: Ints
    """Row of the parent inside the city, or -1."""
    house: Ints
    """Of `trades.HOUSES`, the parent outside the city, or -1."""
    predecessor: Ints
    """Row of the cancelled unit that this one was registered anew from, or -1."""
    home: Ints
    """Community of the first site: names and codes are given there and stay."""
    where: Where
    was: Where
    """Site before the last move."""
    moved_on: Ints
    label: Ints
    renamed_on: Ints
    works: Flags
    staff: Ints
    insured: Ints
    pays_tax: Flags
    insures: Flags
    full_members: Ints
    probationary_members: Ints
    area: Ints
    """Six digits of the registrar inside the code."""
    is_legacy: Flags
    """Founded before the 18-digit code."""

    def __len__(self) -> int:
        return len(self.serial)

    @property
    def ids(self) -> list[str]:
        return [f"E{serial:08}" for serial in self.serial.tolist()]


@dataclass(frozen=True)
class _Frame:
    """What the other columns hang on: who there is, and between which months things happen."""

    noise: Noise
    land: Land
    ids: Ints
    """Serial numbers: registered units first, units registered nowhere in the city after them."""
    form: Ints
    registered: int
    """How many registered units there were in the first month."""
    first: Month
    later: int
    """Months since then."""

    @property
    def is_outsider(self) -> Flags:
        return self.ids >= _OUTSIDER_SERIALS

    @property
    def first_firms(self) -> Ints:
        """Rows of the firms of the first month: no later month adds to them."""
        return np.flatnonzero((self.form == forms.FIRM) & (self.ids < self.registered))

    @property
    def months(self) -> list[tuple[int, Month]]:
        """The months after the first, numbered from 1."""
        return [(number, self.first.plus(number)) for number in range(1, self.later + 1)]


@dataclass(frozen=True)
class _Lives:
    """Founding, state and end of every unit, and what it was registered anew from."""

    founded: Ints
    state: Ints
    closed: Ints
    predecessor: Ints

    @property
    def heir(self) -> Ints:
        """For each row itself, or the row whose name, person and site it took over."""
        return np.where(self.predecessor >= 0, self.predecessor, np.arange(len(self.predecessor)))


def make_population(noise: Noise, land: Land, registered: int, month: Month, first: Month) -> Population:
    """The city in `month`; `registered` counts its registered units in the month `first`."""
    frame = _frame(noise.child("units"), land, registered, first, month.since(first))
    ids, form, noise = frame.ids, frame.form, frame.noise
    lives = _lives(frame)
    heir = lives.heir
    first_site = settle(noise.child("site"), land, ids, form)
    home = first_site.community[heir]
    where, was, moved_on = _moved(frame, first_site)
    where, was, moved_on = where.take(heir), was.take(heir), moved_on[heir]
    label, renamed_on = _labels(frame, lives)
    kind = np.where(form == forms.FIRM, noise.choice("kind", ids, trades.FIRM_KIND_SHARES), -1)[heir]
    parent, house = _parents(frame)
    named_as = np.where(parent >= 0, parent, np.arange(len(ids)))
    trade = _trades(frame, house)
    return Population(
        serial=ids,
        form=form,
        rank=occurrence(form * 1000 + trade)[heir],
        person=ids[heir],
        state=lives.state,
        founded=lives.founded,
        closed=lives.closed,
        kind=kind,
        trade=trade[heir],
        parent=parent,
        house=house,
        predecessor=lives.predecessor,
        home=home,
        where=where,
        was=was,
        moved_on=moved_on,
        label=label[named_as],
        renamed_on=renamed_on[named_as],
        area=_areas(frame, home, lives.founded),
        is_legacy=lives.founded < _SINGLE_CODE_SINCE,
        **_at_work(frame, lives.state, kind),
    )


def _at_work(frame: _Frame, state: Ints, kind: Ints) -> dict[str, Any]:
    """Who works there, by column: staff and members, and which offices hear of them."""
    noise, ids = frame.noise, frame.ids
    works = (state == forms.EXISTING) & noise.chance("works", ids, forms.trait("works")[frame.form])
    staff = _sizes(frame, kind, works)
    full, probationary = _members(frame, works, staff)
    return {
        "works": works,
        "staff": staff,
        "insured": np.floor(staff * (0.55 + 0.45 * noise.uniform("insured", ids))).astype(np.int64),
        "pays_tax": _reports(frame, "pays_tax", state, works),
        "insures": _reports(frame, "insures", state, works) & (staff > 0),
        "full_members": full,
        "probationary_members": probationary,
    }


def _frame(noise: Noise, land: Land, registered: int, first: Month, later: int) -> _Frame:
    ids = np.arange(registered + round(registered * _NEWCOMERS) * later)
    form = noise.choice("form", ids, forms.form_shares())
    outside = [np.full(round(registered * forms.FORMS[kind].share), kind) for kind in forms.OUTSIDERS]
    outsiders = np.concatenate(outside)
    ids = np.concatenate([ids, _OUTSIDER_SERIALS + np.arange(len(outsiders))])
    return _Frame(noise, land, ids, np.concatenate([form, outsiders]), registered, first, later)


def _lives(frame: _Frame) -> _Lives:
    founded = _founded(frame)
    state, closed = _states(frame, founded)
    return _registered_anew(frame, _Lives(founded, state, closed, _predecessors(frame, founded)))


def _founded(frame: _Frame) -> Ints:
    """Young units are common; a newcomer was founded in the month it came."""
    ids = frame.ids
    age = frame.noise.uniform("age", ids) ** 1.8 * 34 * 365
    founded = frame.first.last_day - 20 - np.floor(age).astype(np.int64)
    founded = np.where(frame.form == forms.INSTITUTION, founded - 3000, founded)
    newcomers = max(1, round(frame.registered * _NEWCOMERS))
    arrival = np.where(frame.is_outsider, 0, 1 + (ids - frame.registered) // newcomers)
    for number, month in frame.months:
        day = month.first_day + frame.noise.below("founding day", ids, month.days)
        founded = np.where(arrival == number, day, founded)
    return founded


def _states(frame: _Frame, founded: Ints) -> tuple[Ints, Ints]:
    """State now, and the day it ended if it did. Those registered nowhere exist."""
    noise, ids, last_day = frame.noise, frame.ids, frame.first.last_day
    state = noise.choice("state", ids, forms.STATE_SHARES)
    exempt = np.isin(frame.form, (forms.LAW, forms.LEGAL_SERVICE, *forms.OUTSIDERS))
    state = np.where(exempt | (founded > last_day - 200), forms.EXISTING, state)
    # Nobody revokes the licence of a social organization: civil affairs withdraw or cancel it.
    social = np.isin(frame.form, (forms.ASSOCIATION, forms.WELFARE, forms.FOUNDATION))
    state = np.where(social & (state == forms.REVOKED), forms.WITHDRAWN, state)
    state = np.where(social & (state == forms.REVOKED_CANCELLED), forms.CANCELLED, state)
    ended = ~np.isin(state, (forms.EXISTING, forms.SUSPENDED))
    age = np.clip(last_day - founded - 30, 1, 1500)
    closed = np.where(ended, last_day - noise.below("closed", ids, age), NEVER)
    for number, month in frame.months:
        closes = noise.chance(f"closes {number}", ids, _CLOSURES) & (founded < month.first_day - 60)
        closes &= (state == forms.EXISTING) & ~frame.is_outsider
        state = np.where(closes, forms.CANCELLED, state)
        closed = np.where(closes, month.first_day + noise.below("closing day", ids, 28), closed)
    return state, closed


def _predecessors(frame: _Frame, founded: Ints) -> Ints:
    """A few firms were cancelled and registered anew: same name, person and place, another code.

    Each such firm follows the firm in the row before it, if that one is older.
    """
    firms = frame.first_firms
    chosen = frame.noise.chance("anew", frame.ids[firms], 0.004)
    chosen[1:] &= ~chosen[:-1] & (founded[firms[:-1]] + 900 < founded[firms[1:]])
    chosen[:1] = False
    predecessor = np.full(len(frame.ids), -1)
    predecessor[firms[chosen]] = firms[np.flatnonzero(chosen) - 1]
    return predecessor


def _registered_anew(frame: _Frame, lives: _Lives) -> _Lives:
    """The older of such a pair is cancelled a little before the younger is founded."""
    younger = np.flatnonzero(lives.predecessor >= 0)
    older = lives.predecessor[younger]
    state, closed = lives.state.copy(), lives.closed.copy()
    state[older], state[younger], closed[younger] = forms.CANCELLED, forms.EXISTING, NEVER
    closed[older] = lives.founded[younger] - 5 - frame.noise.below("gap", frame.ids[younger], 80)
    return replace(lives, state=state, closed=closed)


def _moved(frame: _Frame, where: Where) -> tuple[Where, Where, Ints]:
    """Site now, site before the last move, day of that move."""
    noise, ids = frame.noise, frame.ids
    was, moved_on = where, np.full(len(ids), NEVER)
    # In the first month the moves of the two years before are still felt.
    for number, month in [(0, frame.first), *frame.months]:
        moves = noise.chance(f"moves {number}", ids, _MOVES * (1 if number else 12))
        back = 0 if number else 600
        day = month.first_day - back + noise.below("moving day", ids, back + 28)
        was = was.put(moves, where)
        where = where.put(moves, settle(noise.child(f"site {number}"), frame.land, ids, frame.form))
        moved_on = np.where(moves, day, moved_on)
    return where, was, moved_on


def _labels(frame: _Frame, lives: _Lives) -> tuple[Ints, Ints]:
    """How a firm is called now, and since when it is no longer called otherwise."""
    noise, ids, founded = frame.noise, frame.ids, lives.founded
    may = (frame.form == forms.FIRM) & (lives.predecessor < 0)
    may[lives.predecessor[lives.predecessor >= 0]] = False
    age = frame.first.last_day - founded
    renamed = may & (age > 1000) & noise.chance("renamed", ids, 0.06)
    day = founded + 365 + noise.below("renaming day", ids, np.maximum(age - 400, 1))
    label, renamed_on = np.full(len(ids), LABEL), np.where(renamed, day, NEVER)
    for number, month in frame.months:
        renames = may & ~renamed & noise.chance(f"renames {number}", ids, _RENAMES)
        renames &= (label == LABEL) & (founded < month.first_day - 60)
        label = np.where(renames, MARKED, label)
        renamed_on = np.where(renames, month.first_day + 11, renamed_on)
    return label, renamed_on


def _parents(frame: _Frame) -> tuple[Ints, Ints]:
    """Two branch offices in five belong to a firm of the city, the old ones having more of them."""
    noise, ids, firms = frame.noise, frame.ids, frame.first_firms
    is_branch = frame.form == forms.BRANCH
    inside = is_branch & noise.chance("parent inside", ids, 0.4)
    pick = np.floor(noise.uniform("parent", ids) ** 2.2 * len(firms)).astype(np.int64)
    parent = np.where(inside, firms[pick], -1)
    shares = tuple(house.share for house in trades.HOUSES)
    house = np.where(is_branch & ~inside, noise.choice("house", ids, shares), -1)
    return parent, house


def _trades(frame: _Frame, house: Ints) -> Ints:
    noise, ids, form = frame.noise, frame.ids, frame.form
    trade = noise.choice("trade", ids, trades.FIRM_SHARES)
    trade = np.where(form == forms.SOLE_TRADER, noise.choice("shop", ids, trades.SHOP_SHARES), trade)
    counts = {
        forms.COOPERATIVE: len(trades.COOPERATIVE_TRADES),
        forms.WELFARE: len(trades.WELFARE_TRADES),
        forms.ASSOCIATION: len(trades.ASSOCIATION_TOPICS),
        forms.INSTITUTION: len(trades.INSTITUTION_KINDS),
    }
    for kind, count in counts.items():
        trade = np.where(form == kind, noise.below(f"trade {kind}", ids, count), trade)
    is_single = np.isin(form, (forms.ACCOUNTING, forms.FOUNDATION, forms.LAW, forms.LEGAL_SERVICE))
    return np.where(house >= 0, house, np.where(is_single, 0, trade))


def _sizes(frame: _Frame, kind: Ints, works: Flags) -> Ints:
    """Staff: long-tailed for the working, nobody or one or two for the others; drifts by months."""
    noise, ids = frame.noise, frame.ids
    staff, spreads = forms.trait("staff")[frame.form], forms.trait("spread")[frame.form]
    public = np.array([item.ownership == trades.PUBLIC for item in trades.FIRM_KINDS])[kind] & (kind >= 0)
    logarithm = np.log(staff) + spreads * noise.normal("staff", ids) + 1.1 * public
    for number, _ in frame.months:
        drifts = noise.chance(f"staff changes {number}", ids, 0.04)
        logarithm = logarithm + drifts * 0.12 * noise.normal(f"staff change {number}", ids)
    working = np.clip(np.round(np.exp(logarithm)), 1, 4000)
    idle = noise.below("idle staff", ids, 3)
    return np.where(works, working, idle).astype(np.int64)


def _members(frame: _Frame, works: Flags, staff: Ints) -> tuple[Ints, Ints]:
    """Full and probationary members: the larger the unit, the likelier any and the more."""
    noise, ids = frame.noise, frame.ids
    ready = forms.trait("members")[frame.form]
    odds = np.minimum(0.85, ready * (0.04 + 0.13 * np.log1p(np.maximum(staff - 2, 0))))
    mean = staff * 0.045 * np.sqrt(ready)
    more = np.floor(-np.log1p(-noise.uniform("members", ids)) * mean).astype(np.int64)
    full = np.where(works & noise.chance("any member", ids, odds), 1 + more, 0)
    full = np.minimum(full, staff)
    probationary = noise.below("probation", ids, 2 + staff // 60) * noise.chance("any probation", ids, 0.25)
    return full, np.where(full > 0, np.minimum(probationary, staff - full), 0)


def _reports(frame: _Frame, to: str, state: Ints, works: Flags) -> Flags:
    """Whether the tax office or the insurance knows the unit; idle and closed ones linger in both."""
    rate = forms.trait(to)[frame.form]
    idle = 0.15 if to == "pays_tax" else 0.03
    rate = np.where(works, rate, np.where(state == forms.EXISTING, idle * rate, 0.03 * rate))
    return frame.noise.chance(to, frame.ids, rate)


def _areas(frame: _Frame, community: Ints, founded: Ints) -> Ints:
    """The area inside the code: county, city or province, an abolished district or a zone."""
    places, noise, ids = frame.land.places, frame.noise, frame.ids
    county = np.array([item.code for item in places.counties])[places.county_of[community]]
    level = noise.choice("registrar", ids, (0.50, 0.26, 0.06, 0.18))
    area = np.select([level == 1, level == 2], [words.CITY_AREA, words.PROVINCE_AREA], county)
    tile = places.tile_of[community]
    for number, old in enumerate(places.former_areas):
        here = np.array([item.former == number for item in places.tiles])[tile]
        then = (founded <= day_number(old.until)) & (founded >= day_number(old.since))
        area = np.where(here & then & ((level == 3) | (level == 0)), old.code, area)
    area = np.where(np.isin(frame.form, (forms.LAW, forms.LEGAL_SERVICE)), words.PROVINCE_AREA, area)
    others = np.array(words.OTHER_AREAS)[noise.below("other area", ids, len(words.OTHER_AREAS))]
    return np.where(frame.form == forms.VISITOR, others, area)
