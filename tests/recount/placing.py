"""Where an entity lies, from the tables an office delivers: sets of communities, narrowed name by name.

Every place is the set of the smallest pieces it holds (communities, and for each town and county the rest of
it), kept as bits of a number. What an address says narrows the set: the district, the town, the road with its
number, the building. A word that would leave nothing contradicts what stands and is passed over. A town, a
park or a county is proven when nothing of the set lies outside it.
"""

import re
from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path

from reading import PRECEDENCE, REGISTERS, Unit, csv_rows, fold, sound_code

_ROAD_ENDS = ("大道", "大街", "公路", "路", "街", "巷", "弄", "胡同", "道")
# A name that goes on as that of a road is no place; behind 区, 镇 or 村 only the bare ending makes a road of it.
_GOES_ON = re.compile(
    r"[东南西北中上下前后新老一二三四五六七八九十]{0,2}(?:路|大道|大街|街(?!道)|巷|弄|道|胡同|桥|立交)"
)
_GOES_ON_AT_ONCE = re.compile(r"[路巷弄桥]")
# What may follow a town that is written without its ending.
_AFTER_SHORT = re.compile(r"$|[(,、;]|村|社区|居委|集镇|圩|墟")
_BEFORE = frozenset("省市区县旗镇乡村屯组社里街路道巷弄号楼栋幢座室层内侧旁与及处、,()[];:#-/·.0123456789")
_NUMBER = re.compile(r"(?:[东南西北中]段)?(?:[东南西北]侧)?([0-9]{1,5})(?:[-~至.、][0-9]{1,5})*号")
_OTHER_CITY = re.compile(r"(?:[^省]{2,4}省)?[^省市区县路街道号]{2,5}(?:市(?![场政民中区])|自治州|盟)")
_VARIANTS = (
    ("街道办事处", ("街道", "街办")),
    ("街道", ("街办", "街道办事处")),
    ("社区居民委员会", ("社区", "社区居委会", "居委会")),
    ("社区居委会", ("社区", "居委会")),
    ("居民委员会", ("居委会", "社区")),
    ("社区", ("居委会", "社区居委会")),
    ("村民委员会", ("村", "村委会")),
    ("村委会", ("村",)),
    ("村", ("村委会", "村民委员会")),
)


@dataclass(frozen=True)
class Area:
    """A place of today: its code, its name, its pieces; `answers` marks a park that is responsible for its units."""

    code: str
    name: str
    pieces: int
    answers: bool = False


@dataclass(frozen=True)
class Spot:
    """Where an entity lies: codes of county, town and responsible park, each empty where it is not proven; and the
    pieces that are left of the city.
    """

    county: str
    town: str
    park: str
    pieces: int

    @property
    def area(self) -> str:
        """The responsible park, else the town, else nothing: rows over it add up."""
        return self.park or self.town


def _public_divisions(folder: Path, city: str) -> list[dict[str, str]]:
    """The rows of one city out of the public division table of the whole country (cities.csv, areas.csv …)."""
    found = [
        row for row in csv_rows(folder / "cities.csv") if row["name"].removesuffix("市") == city.removesuffix("市")
    ]
    if len(found) != 1:
        raise SystemExit(f"{folder} 中没有唯一的城市“{city}”")
    own = found[0]["code"]
    rows = [_division(f"{own}00", found[0]["name"], "", "市")]
    for name, above, level in (
        ("areas", "", "区县"),
        ("streets", "areaCode", "镇街"),
        ("villages", "streetCode", "村（社区）"),
    ):
        lines = (row for row in csv_rows(folder / f"{name}.csv") if row["cityCode"] == own)
        rows += [_division(row["code"], row["name"], row[above] if above else f"{own}00", level) for row in lines]
    return rows


def _division(code: str, name: str, above: str, level: str) -> dict[str, str]:
    return {"代码": code, "名称": name, "上级代码": above, "级别": level, "停用日期": ""}


class Atlas:
    """The places of one day with all their names, the codes of all times, and the roads."""

    def __init__(self, folder: Path, day: str, city: str = "") -> None:
        rows = csv_rows(folder / "区划.csv") or _public_divisions(folder, city)
        divisions = [row for row in rows if not row["停用日期"] or day < row["停用日期"]]
        self._bits: dict[str, int] = {}
        self.names: dict[str, int] = {}
        self.places: dict[str, Area] = {}
        self._weak: set[str] = set()
        self._shorts: dict[str, int] = {}
        self.levels = {row["代码"]: row["级别"] for row in divisions}
        self._number(divisions)
        for row in divisions:
            self.places[row["代码"]] = Area(row["代码"], row["名称"], self._bits[row["代码"]])
            self._learn(row["名称"], row["代码"], divided=True)
        self.city = next(code for code, level in self.levels.items() if level == "市")
        self.everything = self._bits[self.city]
        self._past(folder)
        self.parks = self._overlays(folder, day)
        self.counties = self._level("区县")
        self.towns = self._level("镇街")
        self._roads = self._road_table(folder)
        self._longest = max(map(len, self.names))

    def _level(self, level: str) -> list[Area]:
        return [self.places[code] for code, found in self.levels.items() if found == level]

    def _number(self, divisions: list[dict[str, str]]) -> None:
        """A bit for each place, and for each place the bits of all below it."""
        above = {row["代码"]: row["上级代码"] for row in divisions}
        for number, code in enumerate(above):
            here: str = code
            while here:
                self._bits[here] = self._bits.get(here, 0) | 1 << number
                here = above.get(here, "")

    def _learn(self, name: str, code: str, *, divided: bool = False) -> None:
        """A name and its usual short forms; a name of several places stands for all of them."""
        spellings = [fold(name)]
        if divided and self.levels[code] in {"镇街", "村（社区）"}:
            end, others = next(((end, others) for end, others in _VARIANTS if name.endswith(end)), ("", ()))
            spellings += [name.removesuffix(end) + other for other in others if end and name != end]
        for number, spelling in enumerate(spellings):
            if len(spelling) >= (3 if number else 2):
                self.names[spelling] = self.names.get(spelling, 0) | self._bits[code]
        if divided and self.levels[code] in {"市", "区县", "镇街"}:
            short = re.sub(r"(?:街道办事处|街道|镇|乡|区|县|市)$", "", fold(name))
            if len(short) >= 2:
                self._shorts[short] = self._shorts.get(short, 0) | self._bits[code]

    def _past(self, folder: Path) -> None:
        """Former names and codes lead to the places of today; a name in use today is no former one."""
        today = set(self.names)
        for row in csv_rows(folder / "区划沿革.csv"):
            target = self._bits.get(row["新代码"])
            if target is None:
                continue
            self._bits[row["旧代码"]] = self._bits.get(row["旧代码"], 0) | target
            name = fold(row["旧名称"])
            if name and name not in today:
                self.names[name] = self.names.get(name, 0) | target
                if not any(word in name for word in ("开发区", "高新区", "园")):
                    self._weak.add(name)

    def _overlays(self, folder: Path, day: str) -> list[Area]:
        responsible = []
        for row in csv_rows(folder / "载体.csv"):
            if row.get("停用日期") and day >= row["停用日期"]:
                continue
            pieces = 0
            for code in row["所在区划代码"].split("、"):
                pieces |= self._bits[code]
            self._bits[row["编号"]] = pieces
            name = fold(row["名称"])
            self.names[name] = self.names.get(name, 0) | pieces
            if row["承担管理责任"] == "是":
                responsible.append(Area(row["编号"], row["名称"], pieces, True))
        return responsible

    def _road_table(self, folder: Path) -> dict[str, list[tuple[int, range, str, int]]]:
        """By road: pieces of the county, numbers, side, pieces of the place."""
        roads: dict[str, list[tuple[int, range, str, int]]] = defaultdict(list)
        for row in csv_rows(folder / "路段.csv"):
            place = self._bits.get(row["所属代码"])
            if place is not None:
                numbers = range(int(row["起号"] or 0), int(row["止号"] or 99_999) + 1)
                side = row["单双"][:1].replace("全", "")
                roads[fold(row["道路"])].append((self._bits[row["区县代码"]], numbers, side, place))
        return roads

    def spot(self, unit: Unit) -> Spot:
        """The first address that leads below the county, else the first that leads to one."""
        code = next((sound_code(row.get("code")) for row in unit.rows if sound_code(row.get("code"))), "")
        registrar = unit.first("registrar", *REGISTERS)
        addresses = [row.get("address") for row in unit.of(*PRECEDENCE) if row.get("address")]
        spots = [self._spot(text, registrar, code) for text in dict.fromkeys(addresses or [""])]
        return next((spot for spot in spots if spot.area), next((spot for spot in spots if spot.county), spots[0]))

    def _spot(self, address: str, registrar: str, code: str) -> Spot:
        """What the address proves; an office or a code goes on where the address says less, and never against it.

        They name an area. Which of several villages of one name is meant they do not tell.
        """
        pieces = self.narrowed(fold(address), self.everything)
        office = self.narrowed(fold(registrar), self.everything) if registrar else self.everything
        hints = [hint for hint in (office, self._bits.get(code[2:8], self.everything)) if hint & pieces]
        below = next((proof for proof in (pieces, *hints) if self._holder(proof, [*self.towns, *self.parks])), 0)
        within = pieces
        for hint in hints:
            within = within & hint or within
        county = self._holder(within, self.counties)
        town, park = (self._holder(below, level) if below else None for level in (self.towns, self.parks))
        return Spot(
            county.code if county else "",
            town.code if town else "",
            park.code if park else "",
            below or (county.pieces if county else self.everything),
        )

    @staticmethod
    def _holder(pieces: int, areas: list[Area]) -> Area | None:
        """The area outside of which nothing of the pieces lies."""
        return next((area for area in areas if not pieces & ~area.pieces), None)

    def lies_in(self, spot: Spot, code: str) -> bool:
        """Whether everything that is left of a spot lies in the place of this code."""
        return code in self._bits and not spot.pieces & ~self._bits[code]

    def county_name(self, code: str) -> str:
        """The county a place lies in, or the county itself; empty above."""
        pieces = self._bits.get(code, self.everything)
        return next((item.name for item in self.counties if not pieces & ~item.pieces), "")

    def narrowed(self, text: str, pieces: int) -> int:
        """What of the pieces the text leaves."""
        hits = self._hits(text)
        if _OTHER_CITY.match(text[: hits[0][0]] if hits else text):
            return pieces
        is_former, end = False, 0
        for start, stop, name in hits:
            left = pieces & self.names[name]
            if left:
                pieces, is_former, end = left, name in self._weak, stop
            elif is_former:
                # The land of an abolished district may have gone to several: neither name is proven.
                return self.everything
            elif start == end or not self._is_community(name):
                # Two names that exclude each other: what comes after them proves nothing. A hamlet or an
                # estate further on may bear the name of a village elsewhere.
                return pieces
        return self._by_road(text, self._by_short(text, end, pieces))

    def _is_community(self, name: str) -> bool:
        return self.names[name].bit_count() == 1

    def _by_short(self, text: str, end: int, pieces: int) -> int:
        """A town without its ending, where it plainly is one."""
        for length in range(min(6, len(text) - end), 1, -1):
            left = self._shorts.get(text[end : end + length], 0) & pieces
            if left and left != pieces and _AFTER_SHORT.match(text, end + length):
                return left
        return pieces

    def _hits(self, text: str) -> list[tuple[int, int, str]]:
        """Names from left to right, the longest at each character, none inside another or inside a road's name."""
        found: list[tuple[int, int, str]] = []
        at = 0
        while at < len(text):
            name = self._name_at(text, at, found[-1][1] if found else 0)
            if name:
                found.append((at, at + len(name), name))
            at += len(name) or 1
        return found

    def _name_at(self, text: str, at: int, end_before: int) -> str:
        for length in range(min(self._longest, len(text) - at), 1, -1):
            name = text[at : at + length]
            goes_on = _GOES_ON_AT_ONCE if name[-1] in "市区县旗镇乡村" else _GOES_ON
            if name in self.names and not goes_on.match(text, at + length) and self._begins(text, at, name, end_before):
                return name
        return ""

    def _begins(self, text: str, at: int, name: str, end_before: int) -> bool:
        """Whether a name may begin here: not in the middle of a longer word."""
        if at in {0, end_before} or text[at - 1] in _BEFORE or (len(name) >= 3 and name[-1] in "市区县"):
            return True
        pieces = self.names[name]
        return any(pieces & self._shorts.get(text[start:at], 0) for start in range(max(0, at - 6), at - 1))

    def _by_road(self, text: str, pieces: int) -> int:
        """The road table answers for a number, within the one county that is known."""
        if not any(not pieces & ~county.pieces for county in self.counties):
            return pieces
        road, end = self._road_in(text, pieces)
        found = _NUMBER.match(text, end) if road else None
        if found is None:
            return pieces
        number, left = int(found.group(1)), 0
        for county, numbers, side, place in self._roads[road]:
            fits = number in numbers and side in {"", "双单"[number % 2]}
            left |= place if fits and county & pieces else 0
        return pieces & left or pieces

    def _road_in(self, text: str, pieces: int) -> tuple[str, int]:
        """The longest known road of the county that the text names, and where its name ends."""
        best, end = "", 0
        for road, stretches in self._roads.items():
            at = text.find(road)
            if at >= 0 and len(road) > len(best) and any(county & pieces for county, *_ in stretches):
                best, end = road, at + len(road)
        return best, end
