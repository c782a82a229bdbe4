"""What units, people and phones are called, from the numbers of the population."""

from dataclasses import dataclass

import numpy as np

from jingwei.demo.city import codes, forms, trades, words
from jingwei.demo.city.noise import Flags, Ints, Noise, Texts, blank, occurrence, spread, texts
from jingwei.demo.city.population import LABEL, MARKED, OLD_LABEL, Population
from jingwei.demo.city.settling import Land

_BRANDS = texts(words.stems(words.BRAND_HEADS, words.BRAND_TAILS))
_THIRDS = texts(list(words.BRAND_THIRDS))
_TRADES = trades.FIRM_TRADES
_HOUSE_SERIALS = 80_000_000
_TOPICS = 90_000_000
_PREFIXES = 6
_SUFFIXES = ("分公司", "门店", "营业部", "销售部", "店")


def _column(items: tuple[trades.Trade, ...], field: str) -> Texts:
    return texts([getattr(item, field) for item in items])


@dataclass(frozen=True)
class Naming:
    """Names and numbers of a population's units; rows are given as index arrays."""

    noise: Noise
    land: Land
    units: Population
    ordinal: Ints
    """How many namesakes came before among branches, associations and institutions of a community."""

    def name(self, rows: Ints) -> Texts:
        """Registered names of today."""
        return self._named(rows, self.units.label[rows])

    def former_name(self, rows: Ints) -> Texts:
        """Names before the last change, empty for units that never changed theirs."""
        label = self.units.label[rows]
        names = self._named(rows, np.where(label == MARKED, LABEL, OLD_LABEL))
        return np.where(self.units.renamed_on[rows] >= 0, names, "")

    def short_name(self, rows: Ints) -> Texts:
        """Names as people say them: without the legal ending and often without the place."""
        return texts([_shortened(name) for name in self.name(rows)])

    def code(self, rows: Ints) -> Texts:
        """Unified social credit codes."""
        units = self.units
        return credit_codes(units.serial[rows], units.form[rows], units.area[rows], units.is_legacy[rows])

    def parent_code(self, rows: Ints) -> Texts:
        """The code of a branch's parent, wherever that is; empty for other units."""
        parent, house = self.units.parent[rows], self.units.house[rows]
        found = blank(len(rows))
        found[parent >= 0] = self.code(parent[parent >= 0])
        found[house >= 0] = _house_codes()[house[house >= 0]]
        return found

    def parent_name(self, rows: Ints) -> Texts:
        parent, house = self.units.parent[rows], self.units.house[rows]
        found = blank(len(rows))
        found[parent >= 0] = self.name(parent[parent >= 0])
        found[house >= 0] = texts([item.name for item in trades.HOUSES])[house[house >= 0]]
        return found

    def old_tax_number(self, rows: Ints) -> Texts:
        """15-character tax numbers; only units older than the single code had one."""
        units = self.units
        body = codes.organization_bodies(units.serial[rows], units.is_legacy[rows], "MA")
        return codes.tax_numbers(units.area[rows], body)

    def registration_number(self, rows: Ints) -> Texts:
        """15-digit registration numbers of the old units of the market file, else empty."""
        units = self.units
        at_market = np.array([form.registrar == forms.MARKET for form in forms.FORMS])[units.form[rows]]
        numbers = codes.registration_numbers(units.area[rows], units.serial[rows] % 10_000_000)
        return np.where(at_market & units.is_legacy[rows], numbers, "")

    def representative(self, rows: Ints) -> Texts:
        """Invented people; the same one for a unit and the one it was registered anew as."""
        person, noise = self.units.person[rows], self.noise.child("people")
        given = texts(list(words.GIVEN))
        second = np.where(noise.chance("two", person, 0.75), noise.pick("given 2", person, given), "")
        surname = noise.pick("surname", person, texts(list(words.SURNAMES)))
        return np.asarray(surname + noise.pick("given 1", person, given) + second)

    def phone(self, rows: Ints, of_agent: Flags) -> Texts:
        """Eleven digits that begin with 100, as no phone number does."""
        person, noise = self.units.person[rows], self.noise.child("phones")
        own = noise.below("own", person, 10**8)
        agents = max(3, len(self.units) // 400)
        agent = noise.below("agent number", noise.below("agent", person, agents), 10**8)
        return texts([f"100{number:08}" for number in np.where(of_agent, agent, own).tolist()])

    def industry(self, rows: Ints) -> Texts:
        """GB/T 4754 class with its letter; social organizations and others have one too."""
        form, trade = self.units.form[rows], self.units.trade[rows]
        found = blank(len(rows))
        for kind, column in _industries().items():
            found[form == kind] = column[trade[form == kind] % len(column)]
        found = np.where(self.units.house[rows] >= 0, _HOUSE_INDUSTRIES[self.units.house[rows]], found)
        parent = self.units.parent[rows]
        has_parent = np.flatnonzero(parent >= 0)
        found[has_parent] = self.industry(parent[has_parent]) if len(has_parent) else ""
        return found

    def scope(self, rows: Ints) -> Texts:
        """Business scopes for the market file."""
        form, trade = self.units.form[rows], self.units.trade[rows]
        found = np.full(len(rows), "总公司授权范围内的业务", dtype=object)
        tables = {
            forms.FIRM: _TRADES,
            forms.SOLE_TRADER: trades.SHOP_TRADES,
            forms.COOPERATIVE: trades.COOPERATIVE_TRADES,
        }
        for kind, table in tables.items():
            found[form == kind] = _column(table, "scope")[trade[form == kind]]
        found[form == forms.ACCOUNTING] = "审计、验资、会计咨询"
        return found

    def _named(self, rows: Ints, label: Ints) -> Texts:
        form = self.units.form[rows]
        found = blank(len(rows))
        makers = {
            forms.FIRM: self._firms,
            forms.BRANCH: self._branches,
            forms.SOLE_TRADER: self._shops,
            forms.COOPERATIVE: self._cooperatives,
            forms.ACCOUNTING: self._offices,
            forms.ASSOCIATION: self._associations,
            forms.WELFARE: self._welfare,
            forms.FOUNDATION: self._offices,
            forms.LAW: self._offices,
            forms.LEGAL_SERVICE: self._offices,
            forms.INSTITUTION: self._institutions,
            forms.VISITOR: self._visitors,
        }
        for kind, make in makers.items():
            chosen = form == kind
            if chosen.any():
                found[chosen] = make(rows[chosen], label[chosen])
        return found

    def _firms(self, rows: Ints, label: Ints) -> Texts:
        number = self._scattered(rows, len(_BRANDS) * _PREFIXES)
        prefix = self._prefix(rows, number % _PREFIXES)
        trade, mark_of = self.units.trade[rows], self.units.rank[rows] % len(words.RENAME_MARKS)
        labels = np.where(label == OLD_LABEL, _column(_TRADES, "former")[trade], _column(_TRADES, "label")[trade])
        mark = np.where(label == MARKED, texts(list(words.RENAME_MARKS))[mark_of], "")
        ending = texts([kind.ending for kind in trades.FIRM_KINDS])[self.units.kind[rows]]
        brand = _BRANDS[number // _PREFIXES] + self._third(rows, len(_BRANDS) * _PREFIXES)
        return np.asarray(prefix + brand + mark + labels + ending)

    def _brand(self, rows: Ints) -> Texts:
        """Two or three characters; no two units of one form and trade share them."""
        return np.asarray(_BRANDS[self._scattered(rows, len(_BRANDS))] + self._third(rows, len(_BRANDS)))

    def _draws(self, rows: Ints) -> Ints:
        """Numbers shared by nobody but a unit and the one it was registered anew as."""
        units = self.units
        return units.rank[rows] + 10_000_000 * (100 * units.form[rows] + units.trade[rows])

    def _scattered(self, rows: Ints, space: int) -> Ints:
        """The rank within form and trade, sent all over `space`; it comes round again after that."""
        return spread(self._draws(rows), space)

    def _third(self, rows: Ints, space: int) -> Texts:
        """Third characters: none or one at will in the first round, in later rounds one kept for it."""
        draws, rank = self._draws(rows), self.units.rank[rows]
        third = np.where(self.noise.chance("third", draws, 0.4), self.noise.pick("thirds", draws, _THIRDS[:20]), "")
        later = np.minimum(19 + rank // space, len(_THIRDS) - 1)
        return np.where(rank < space, third, _THIRDS[later])

    def _prefix(self, rows: Ints, prefix: Ints) -> Texts:
        counties = self.land.places.counties
        county = self.land.places.county_of[self.units.home[rows]]
        choices = (
            np.full(len(rows), words.CITY, dtype=object),
            np.full(len(rows), words.CITY_SHORT, dtype=object),
            texts([item.short for item in counties])[county],
            texts([words.CITY + item.name for item in counties])[county],
            np.full(len(rows), words.PROVINCE, dtype=object),
            np.full(len(rows), words.PROVINCE[:-1], dtype=object),
        )
        return np.asarray(np.choose(prefix, choices))

    def _stem(self, rows: Ints) -> Texts:
        stems = texts([community.stem for community in self.land.places.communities])
        return stems[self.units.home[rows]]

    def _county(self, rows: Ints) -> Texts:
        names = texts([county.name for county in self.land.places.counties])
        return names[self.land.places.county_of[self.units.home[rows]]]

    def _branches(self, rows: Ints, label: Ints) -> Texts:
        del label  # a branch is called after what its parent is called now
        house = self.units.house[rows]
        endings = texts([item.ending for item in trades.HOUSES])
        own = self.noise.pick("branch suffix", self.units.serial[rows], texts(_SUFFIXES))
        ending = np.where(house >= 0, endings[house], own)
        place = np.where(house >= 0, words.CITY_SHORT, "")
        return np.asarray(self.parent_name(rows) + place + self._stem(rows) + self._ordinal(rows) + ending)

    def _ordinal(self, rows: Ints) -> Texts:
        ordinals = _ordinals(int(self.ordinal.max(initial=0)) + 2)
        return np.where(self.ordinal[rows] > 0, ordinals[self.ordinal[rows] + 1], "")

    def _shops(self, rows: Ints, label: Ints) -> Texts:
        del label
        ids, noise = self.units.person[rows], self.noise.child("shops")
        heads = [surname + "记" for surname in words.SURNAMES] + list(words.SHOP_HEADS)
        tiles = self.land.places.tiles
        towns = texts([tiles[tile.owner].name for tile in tiles])[self.land.places.tile_of[self.units.home[rows]]]
        level = noise.choice("level", ids, (0.65, 0.2, 0.15))
        county = self._county(rows)
        prefix = np.select([level == 0, level == 1], [county, county + towns], words.CITY + county)
        labels = _column(trades.SHOP_TRADES, "label")[self.units.trade[rows]]
        own_name = noise.chance("own name", ids, 0.35)
        head = np.where(own_name, self.representative(rows), noise.pick("head", ids, texts(heads)))
        return np.asarray(prefix + head + labels)

    def _cooperatives(self, rows: Ints, label: Ints) -> Texts:
        del label
        labels = _column(trades.COOPERATIVE_TRADES, "label")[self.units.trade[rows]]
        return np.asarray(self._county(rows) + self._brand(rows) + labels + "专业合作社")

    def _welfare(self, rows: Ints, label: Ints) -> Texts:
        del label
        labels = _column(trades.WELFARE_TRADES, "label")[self.units.trade[rows]]
        return np.asarray(words.CITY + self._county(rows) + self._brand(rows) + labels)

    def _associations(self, rows: Ints, label: Ints) -> Texts:
        del label
        topics = texts(trades.ASSOCIATION_TOPICS)[self.units.trade[rows]]
        ending = self.noise.pick("association", self.units.serial[rows], texts(trades.ASSOCIATION_ENDINGS))
        return np.asarray(self._county(rows) + self._stem(rows) + self._ordinal(rows) + topics + ending)

    def _offices(self, rows: Ints, label: Ints) -> Texts:
        """Law firms, legal services, accountants and foundations: a brand says it all."""
        del label
        form, ids = self.units.form[rows], self.units.serial[rows]
        foundation = self.noise.pick("foundation", ids, texts(trades.FOUNDATION_ENDINGS))
        prefix = np.where(form == forms.LEGAL_SERVICE, words.CITY, words.PROVINCE[:-1])
        ending = np.select(
            [form == forms.LAW, form == forms.LEGAL_SERVICE, form == forms.ACCOUNTING],
            ["律师事务所", "法律服务所", "会计师事务所(普通合伙)"],
            foundation,
        )
        return np.asarray(prefix.astype(object) + self._brand(rows) + ending.astype(object))

    def _institutions(self, rows: Ints, label: Ints) -> Texts:
        del label
        kinds = texts([kind for kind, _ in trades.INSTITUTION_KINDS])[self.units.trade[rows]]
        return np.asarray(words.CITY + self._county(rows) + self._stem(rows) + self._ordinal(rows) + kinds)

    def _visitors(self, rows: Ints, label: Ints) -> Texts:
        del label
        serial = self.units.serial[rows]
        cities = texts(words.OTHER_CITIES)[serial % len(words.OTHER_CITIES)]
        trade = _column(_TRADES, "label")[self.units.trade[rows]]
        return np.asarray(cities + self._brand(rows) + trade + "有限公司")


def make_naming(noise: Noise, land: Land, units: Population) -> Naming:
    namesake = np.where(units.house >= 0, _HOUSE_SERIALS + units.house, units.parent)
    is_topical = np.isin(units.form, (forms.ASSOCIATION, forms.INSTITUTION))
    namesake = np.where(is_topical, _TOPICS + 1000 * units.form + units.trade, namesake)
    named = np.flatnonzero(namesake >= 0)
    ordinal = np.zeros(len(units), dtype=np.int64)
    ordinal[named] = occurrence(namesake[named] * len(land.places.communities) + units.home[named])
    return Naming(noise.child("names"), land, units, ordinal)


def credit_codes(serial: Ints, form: Ints, area: Ints, is_legacy: Flags) -> Texts:
    """Codes by form: prefix and letters are the form's."""
    prefix = texts([item.prefix for item in forms.FORMS])[form]
    found = blank(len(serial))
    for letters in {item.letters for item in forms.FORMS}:
        chosen = np.array([item.letters == letters for item in forms.FORMS])[form]
        body = codes.organization_bodies(serial[chosen], is_legacy[chosen], letters)
        found[chosen] = codes.credit_codes(prefix[chosen], area[chosen], body)
    return found


def _house_codes() -> Texts:
    count = len(trades.HOUSES)
    serial = _HOUSE_SERIALS + np.arange(count)
    area = np.array(words.OTHER_AREAS)[np.arange(count) % len(words.OTHER_AREAS)]
    return credit_codes(serial, np.full(count, forms.FIRM), area, np.arange(count) % 3 == 0)


def _ordinals(count: int) -> Texts:
    digits = words.NUMERALS
    return texts(
        [f"第{digits[n] if n <= 10 else digits[n // 10] + '十' + digits[n % 10] * (n % 10 > 0)}" for n in range(count)]
    )


def _industries() -> dict[int, Texts]:
    return {
        forms.FIRM: _column(_TRADES, "industry"),
        forms.SOLE_TRADER: _column(trades.SHOP_TRADES, "industry"),
        forms.COOPERATIVE: _column(trades.COOPERATIVE_TRADES, "industry"),
        forms.WELFARE: _column(trades.WELFARE_TRADES, "industry"),
        forms.VISITOR: _column(_TRADES, "industry"),
        forms.ACCOUNTING: texts(["L7241"]),
        forms.ASSOCIATION: texts(["S9521"]),
        forms.FOUNDATION: texts(["S9530"]),
        forms.LAW: texts(["L7231"]),
        forms.LEGAL_SERVICE: texts(["L7239"]),
        forms.INSTITUTION: texts([industry for _, industry in trades.INSTITUTION_KINDS]),
    }


_HOUSE_INDUSTRIES = texts([house.industry for house in trades.HOUSES])


def _shortened(name: str) -> str:
    for ending in ("有限责任公司", "股份有限公司", "集团有限公司", "有限公司", "专业合作社"):
        name = name.replace(ending, "")
    for place in (words.PROVINCE, words.CITY, words.CITY_SHORT):
        name = name.removeprefix(place)
    return name
