"""An invented city: entities with names, codes, persons and addresses, in whole columns."""

from dataclasses import dataclass, field
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from benchmarks.linkage import codes, words
from benchmarks.linkage.divisions import DIVISIONS, Divisions
from benchmarks.linkage.people import person_names, persons, phones
from benchmarks.linkage.rates import CIVIL_ROWS, JUSTICE_ROWS, TAX_ROWS, Profile, Shape
from benchmarks.linkage.sites import add_sites

Texts = npt.NDArray[np.object_]
Numbers = npt.NDArray[np.int64]

COMPANY, SOLE, COOPERATIVE, SOCIAL, LAWYERS = range(5)
_MODERN_FROM = 2015.75  # codes that begin with MA, in years
_NUMERALS: Final = np.array(list("一二三四五六甲乙丙丁"), dtype=object)
_SAME_HEIR: Final = 0.85  # of those registered again keep their person and address


@dataclass(slots=True)
class City:
    """Columns of equal length, one line per entity. `source` is the parent of a branch, the first
    life of one registered again, the elder of a sister or namesake; -1 otherwise.
    """

    divisions: Divisions
    kind: Numbers
    source: Numbers
    outside: npt.NDArray[np.bool_]
    columns: dict[str, Texts] = field(default_factory=dict)
    numbers: dict[str, npt.NDArray[Any]] = field(default_factory=dict)
    accountants: list[str] = field(default_factory=list)

    def __len__(self) -> int:
        return len(self.kind)

    def __getitem__(self, name: str) -> Texts:
        return self.columns[name]


def make_city(profile: Profile, rows: int, rng: np.random.Generator) -> City:
    """A city with `rows` market entities, further social organizations and law firms, and firms of
    other cities that only tax and insurance lists know.
    """
    divisions, shape = DIVISIONS[profile.divisions], profile.shape
    city = _frame(divisions, shape, rows, rng)
    _place(city, rng)
    _name_parts(city, shape, rng)
    _make_distinct(city, rng)
    _derive(city, shape, rng)
    city.columns["person"] = persons(len(city), shape, rng)
    city.accountants = person_names(max(5, len(city) // 400), 0.0, rng).tolist()
    city.columns["phone"] = phones(city.kind, city.numbers["county"], shape, rng)
    _number(city, rng)
    add_sites(city, shape, rng)
    _inherit(city, rng)
    _compose(city)
    _rename(city, shape, rng)
    return city


def _frame(divisions: Divisions, shape: Shape, rows: int, rng: np.random.Generator) -> City:
    social, lawyers = round(rows * CIVIL_ROWS), round(rows * JUSTICE_ROWS)
    outside = round(rows * TAX_ROWS * shape.elsewhere * 1.2)
    kind = np.full(rows + social + lawyers + outside, COMPANY)
    drawn = rng.random(rows)
    kind[:rows][drawn < shape.sole_trader] = SOLE
    kind[:rows][(drawn >= shape.sole_trader) & (drawn < shape.sole_trader + shape.cooperative)] = COOPERATIVE
    kind[rows : rows + social] = SOCIAL
    kind[rows + social : rows + social + lawyers] = LAWYERS
    city = City(divisions, kind, np.full(len(kind), -1), np.arange(len(kind)) >= len(kind) - outside)
    _relate(city, shape, rows, rng)
    return city


def _relate(city: City, shape: Shape, rows: int, rng: np.random.Generator) -> None:
    """Choose who is a branch, sister, second life or namesake, and of whom."""
    role = np.full(len(city), "first", dtype=object)
    drawn = rng.random(rows)
    shares = {"branch": shape.branch, "sister": shape.sister, "again": shape.again, "namesake": shape.namesake}
    start = 0.0
    for name, share in shares.items():
        role[:rows][(drawn >= start) & (drawn < start + share)] = name
        start += share
    first = np.flatnonzero((role == "first") & ~city.outside & (np.arange(len(city)) < rows))
    for name, kinds in (
        ("branch", (COMPANY,)),
        ("sister", (COMPANY,)),
        ("again", (COMPANY, SOLE)),
        ("namesake", (SOLE,)),
    ):
        own = np.flatnonzero(role == name)
        pool = rng.permutation(first[np.isin(city.kind[first], kinds)])
        if not len(own) or not len(pool):
            continue
        # A few parents have very many branches; the other relations are one to one or nearly.
        skew = 3.0 if name == "branch" else 1.0
        city.source[own] = pool[(len(pool) * rng.random(len(own)) ** skew).astype(int)]
        city.kind[own] = city.kind[city.source[own]]
    city.columns["role"] = role


def _place(city: City, rng: np.random.Generator) -> None:
    """County, town and year of founding; firms of other cities get one of those."""
    counties = city.divisions.counties
    weights = 1.0 / (np.arange(len(counties)) + 2.0)
    county = rng.choice(len(counties), size=len(city), p=weights / weights.sum())
    same = np.isin(city["role"], ["sister", "again", "namesake"])
    county[same] = county[city.source[same]]
    city.numbers["county"] = county
    town = rng.integers(0, 1_000, len(city))
    town[same] = town[city.source[same]]
    city.numbers["town"] = town
    year = 2025.5 - np.minimum(rng.exponential(7.5, len(city)), 40.0)
    again = city["role"] == "again"
    year[again] = np.minimum(year[city.source[again]] + 1 + rng.random(again.sum()) * 6, 2026.0)
    city.numbers["year"] = year
    elsewhere = city.divisions.elsewhere
    city.numbers["city"] = np.where(city.outside, rng.integers(0, len(elsewhere), len(city)), -1)


def _zipf(rng: np.random.Generator, values: Any, count: int, power: float = 0.7) -> Texts:
    weights = (np.arange(len(values)) + 3.0) ** -power
    return np.array(values, dtype=object)[rng.choice(len(values), size=count, p=weights / weights.sum())]


def _brands(rng: np.random.Generator, count: int, rare: float) -> Texts:
    """Two to four characters; brands repeat as Zipf has it, and a few hold a rare character."""
    size = max(500, count // 3)
    pool = _zipf(rng, words.BRAND_CHARACTERS, size, 0.4) + _zipf(rng, words.BRAND_CHARACTERS, size, 0.4)
    more = rng.random(size)
    pool[more < 0.35] += _zipf(rng, words.BRAND_CHARACTERS, int((more < 0.35).sum()), 0.3)
    pool[more < 0.06] += _zipf(rng, words.BRAND_CHARACTERS, int((more < 0.06).sum()), 0.3)
    odd = rng.random(size) < rare
    pool[odd] = _zipf(rng, words.RARE_CHARACTERS, int(odd.sum()), 0.2) + np.array(
        [text[1:] for text in pool[odd]], dtype=object
    )
    return _zipf(rng, pool, count, 0.5)


def _name_parts(city: City, shape: Shape, rng: np.random.Generator) -> None:
    """Place, brand, trade and form of every entity, each as its kind has them."""
    count = len(city)
    brand, trade = _brands(rng, count, shape.rare), _zipf(rng, words.TRADES, count, 0.6)
    forms, shares = zip(*words.FORMS, strict=True)
    form = np.array(forms, dtype=object)[rng.choice(len(forms), size=count, p=np.array(shares) / sum(shares))]
    group = rng.random(count) < shape.group
    form[group] = np.where(rng.random(int(group.sum())) < 0.3, "集团股份有限公司", "集团有限公司")
    sole = city.kind == SOLE
    brand[sole] = _shop_brands(rng, int(sole.sum()))
    trade[sole], form[sole] = _zipf(rng, words.SHOP_TRADES, int(sole.sum())), ""
    coop = city.kind == COOPERATIVE
    trade[coop], form[coop] = _zipf(rng, words.COOPERATIVE_TRADES, int(coop.sum())), "专业合作社"
    social = np.flatnonzero(city.kind == SOCIAL)
    which = rng.integers(0, len(words.SOCIAL_KINDS), len(social))
    trade[social] = np.array([name for name, _ in words.SOCIAL_KINDS], dtype=object)[which]
    city.columns["social_kind"] = np.full(count, "", dtype=object)
    city.columns["social_kind"][social] = np.array([kind for _, kind in words.SOCIAL_KINDS], dtype=object)[which]
    form[social] = ""
    lawyers = city.kind == LAWYERS
    trade[lawyers], form[lawyers] = "律师", "事务所"
    city.columns |= {"brand": brand, "trade": trade, "form": form, "branch": np.full(count, "", dtype=object)}
    city.columns["place"] = _name_places(city, rng)
    # A place in brackets between brand and trade, as firms of other places' brands have it.
    inner = (city.kind == COMPANY) & (rng.random(count) < 0.05)
    short = np.array([county.name[:-1] for county in city.divisions.counties], dtype=object)[city.numbers["county"]]
    city.columns["inner"] = np.where(inner, "（" + short + "）", "").astype(object)


def _shop_brands(rng: np.random.Generator, count: int) -> Texts:
    own = _zipf(rng, words.NICKNAMES, count) + _zipf(rng, words.SURNAMES, count)
    made = _zipf(rng, words.GIVEN_CHARACTERS, count, 0.4) + _zipf(rng, words.GIVEN_CHARACTERS, count, 0.4)
    known = _zipf(rng, words.SHOP_BRANDS, count, 0.5)
    drawn = rng.random(count)
    return np.where(drawn < 0.2, own, np.where(drawn < 0.75, made, known)).astype(object)


def _name_places(city: City, rng: np.random.Generator) -> Texts:
    """What a name begins with: city, county, city and county, province, or nothing."""
    divisions = city.divisions
    counties = np.array([county.name for county in divisions.counties], dtype=object)[city.numbers["county"]]
    drawn = rng.random(len(city))
    of_city = np.where(drawn < 0.25, divisions.city[:-1], divisions.city)
    both = divisions.city + counties
    place = np.select(
        [drawn < 0.55, drawn < 0.8, drawn < 0.88, drawn < 0.94],
        [of_city, counties, both, np.full(len(city), divisions.province, dtype=object)],
        default="",
    ).astype(object)
    local = np.isin(city.kind, (SOLE, COOPERATIVE))
    place[local] = np.where(drawn[local] < 0.6, counties[local], both[local])
    others = np.array([name for _, name in divisions.elsewhere], dtype=object)
    place[city.outside] = others[city.numbers["city"][city.outside]]
    return place


def _stem(city: City) -> Texts:
    return city["place"] + city["brand"] + city["inner"] + city["trade"] + city["form"]


def _make_distinct(city: City, rng: np.random.Generator) -> None:
    """No two registered firms of one place carry the same full name; sole traders may."""
    free = (city["role"] == "first") & (city.kind != SOLE)
    for _ in range(8):
        again = _repeated(_stem(city), free)
        if not len(again):
            return
        city["brand"][again] += _zipf(rng, words.BRAND_CHARACTERS, len(again), 0.2)
        longest = np.array([len(text) > 4 for text in city["brand"][again]], dtype=bool)
        city["trade"][again[longest]] = _zipf(rng, words.TRADES, int(longest.sum()), 0.1)


def _repeated(names: Texts, among: npt.NDArray[np.bool_]) -> Numbers:
    """Lines whose name an earlier line among them carries already."""
    seen: set[str] = set()
    found = []
    for at in np.flatnonzero(among).tolist():
        if names[at] in seen:
            found.append(at)
        seen.add(names[at])
    return np.array(found, dtype=np.int64)


def _derive(city: City, shape: Shape, rng: np.random.Generator) -> None:
    """Give branches, sisters, second lives and namesakes the name parts of their source."""
    derived = np.flatnonzero(city.source >= 0)
    for name in ("place", "brand", "inner", "trade", "form"):
        city[name][derived] = city[name][city.source[derived]]
    sisters = np.flatnonzero(city["role"] == "sister")
    city["brand"][sisters] += _NUMERALS[rng.integers(0, len(_NUMERALS), len(sisters))]
    branches = np.flatnonzero(city["role"] == "branch")
    roads = [county.roads for county in city.divisions.counties]
    kinds = np.array(words.BRANCH_WORDS, dtype=object)[rng.integers(0, len(words.BRANCH_WORDS), len(branches))]
    style, number, pick = (
        rng.random(len(branches)),
        rng.integers(1, 80, len(branches)),
        rng.integers(0, 10_000, len(branches)),
    )
    used: set[tuple[int, str]] = set()
    for at, entity in enumerate(branches.tolist()):
        county = city.divisions.counties[city.numbers["county"][entity]]
        own = roads[city.numbers["county"][entity]]
        place = (
            own[pick[at] % len(own)] if style[at] < 0.45 else f"第{number[at]}" if style[at] < 0.7 else county.name[:-1]
        )
        text, parent = f"{place}{kinds[at]}", int(city.source[entity])
        while (parent, text) in used:
            text = f"{place}第{pick[at] % 97 + 2}{kinds[at]}"
            pick[at] += 1
            if pick[at] % 97 == 0:
                place = own[pick[at] % len(own)]
        used.add((parent, text))
        city["branch"][entity] = text


def _number(city: City, rng: np.random.Generator) -> None:
    """Codes, registration numbers and dates; a sixth of the codes were given out by the city."""
    county = np.array([item.code for item in city.divisions.counties])[city.numbers["county"]]
    area = np.where(rng.random(len(city)) < 0.17, city.divisions.code, county)
    others = np.array([code for code, _ in city.divisions.elsewhere])
    area = np.where(city.outside, others[city.numbers["city"]], area).astype("U6")
    prefix = np.array(
        [codes.TYPE_OF[name] for name in ("enterprise", "sole_trader", "cooperative", "social", "lawyers")]
    )
    year = city.numbers["year"]
    organization = codes.organization_codes(rng, year >= _MODERN_FROM)
    city.columns["code"] = codes.codes(prefix[city.kind], area, organization).astype(object)
    has_number = (year < _MODERN_FROM) & np.isin(city.kind, (COMPANY, SOLE, COOPERATIVE))
    number = codes.registration_numbers(rng, area).astype(object)
    city.columns["old_number"] = np.where(has_number, number, "").astype(object)
    days = ((year - 1970) * 365.2425).astype("datetime64[D]")
    city.columns["founded"] = days.astype(str).astype(object)
    ended = rng.random(len(city))
    city.columns["state"] = np.where(ended < 0.08, "注销", np.where(ended < 0.11, "吊销", "存续")).astype(object)
    again = np.flatnonzero(city["role"] == "again")
    city["state"][city.source[again]] = "注销"
    city["state"][again] = "存续"


def _inherit(city: City, rng: np.random.Generator) -> None:
    """Second lives mostly, sisters and branches sometimes share person and address with their source."""
    for role, person, site in (("again", _SAME_HEIR, _SAME_HEIR), ("sister", 0.6, 0.4), ("branch", 0.3, 0.0)):
        own = np.flatnonzero(city["role"] == role)
        for share, names in ((person, ("person", "phone")), (site, ("town_text", "road", "house", "room", "site"))):
            kept = own[rng.random(len(own)) < share]
            for name in names:
                city[name][kept] = city[name][city.source[kept]]
            if "site" in names:
                city.numbers["county"][kept] = city.numbers["county"][city.source[kept]]


def _compose(city: City) -> None:
    city.columns["name"] = _stem(city) + city["branch"]
    shown = np.where(city.outside, "", city.divisions.province + city.divisions.city).astype(object)
    city.columns["region"] = shown
    counties = np.array([item.name for item in city.divisions.counties], dtype=object)[city.numbers["county"]]
    others = np.array([name for _, name in city.divisions.elsewhere], dtype=object)
    city.columns["county_name"] = np.where(city.outside, others[city.numbers["city"]], counties).astype(object)
    city.columns["address"] = city["region"] + city["county_name"] + city["town_text"] + city["site"]


def _rename(city: City, shape: Shape, rng: np.random.Generator) -> None:
    """Former names: another brand, trade or form; told in the market list or not."""
    count = len(city)
    free = np.flatnonzero((city["role"] == "first") & (city.kind == COMPANY) & (rng.random(count) < shape.former))
    drawn, size = rng.random(len(free)), len(free)
    brand = np.where(drawn < 0.6, _brands(rng, size, 0.0), city["brand"][free])
    trade = np.where((drawn >= 0.4), _zipf(rng, words.TRADES, size, 0.3), city["trade"][free])
    city.columns["former"] = np.full(count, "", dtype=object)
    city["former"][free] = city["place"][free] + brand + city["inner"][free] + trade + city["form"][free]
    city.columns["former_told"] = np.full(count, "", dtype=object)
    told = free[rng.random(size) < shape.former_told]
    city["former_told"][told] = city["former"][told]
