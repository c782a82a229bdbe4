"""Derive tax, social-insurance and Party lists from any market-regulation list, with the truth beside them.

    python -m benchmarks.derived_lists MARKET.csv OUT_DIR --seed 7

writes 税务.csv, 社保.csv, 党员数.csv and 党组织.csv to OUT_DIR, each with the headers such files arrive with, and
to OUT_DIR/truth
- units.csv: for every row of the market list whether the unit pays tax and insures, its staff, its members, the
  organization that covers it;
- rows.csv: for every derived row the market row it is about (empty for an organization of several units);
- covered.csv: for every organization and position the market row it covers.

Equal arguments give equal bytes: a draw depends on the seed and on the market row alone. Nothing here is
measured: the shares below are invented so that they are plausible and that every case occurs. In particular
- pays tax 0.58 (branch offices 0.40); insures 0.62 of those, 0.03 of the others;
- staff log-normal with median 8 (branch offices 5), at most 3,000; the tax list is off by up to a fifth in 0.25;
  half to all of the staff are insured;
- 0.35 of the taxpayers with five staff or more have members at all, then about one in 25 of the staff, at least
  one; one probationary member for 18 full ones;
- the counts list knows 0.96 of the units with members, 0.85 of the others with ten staff or more, 0.05 of the rest;
- of units with three full members or more 0.78 have an organization of their own, 0.06 share a joint one all the
  same; of those with one or two 0.50 share a joint one, 0.08 are attached, 0.05 have a functional one.
Mess: codes missing, mistyped or as old tax numbers, names in other width or without their legal ending, addresses
cut or missing, rows twice, counts that are no numbers.
"""

import argparse
import csv
import io
import random
import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path

_BRANCH = re.compile(r"公司.*(?:分公司|支公司|支行|营业部|门市部|分店|店|办事处|销售部|经营部)$")
_DISTRICT = re.compile(r"(?:省|市|^)([^省市区县]{2,4}[区县])")
_DIGITS = "0123456789"
_LETTERS = "ABCDEFGHJKLMNPQRTUWXY"
_LATEST = date(2019, 3, 31)
_TO_FULL, _TO_HALF = str.maketrans("()", "（）"), str.maketrans("（）", "()")
_GROUP_SIZES = (2, 2, 3, 3, 3, 4, 4, 5, 5, 6)  # the largest is above what a joint branch should cover


@dataclass(frozen=True)
class Market:
    """One row of the market list; `row` counts from 1 below the header."""

    row: int
    name: str
    code: str
    person: str
    address: str
    founded: str

    @property
    def is_branch(self) -> bool:
        return _BRANCH.search(self.name) is not None

    @property
    def district(self) -> str:
        found = _DISTRICT.search(self.address)
        return found.group(1) if found else ""


@dataclass
class Unit:
    """What is true of one market row, invented."""

    market: Market
    pays: bool
    insures: bool
    staff: int
    insured: int
    full: int
    probationary: int
    is_counted: bool
    organization: str = ""


@dataclass(frozen=True)
class Organization:
    name: str
    form: str
    superior: str
    since: str
    units: tuple[Unit, ...]


@dataclass
class Derived:
    """A list under way: its lines and the market row each of them is about."""

    header: tuple[str, ...]
    lines: list[Sequence[object]] = field(default_factory=list)
    about: list[int | None] = field(default_factory=list)

    def add(self, about: int | None, *cells: object) -> None:
        self.lines.append(cells)
        self.about.append(about)


def main() -> None:
    """Read the arguments, write the lists and say how many rows each has."""
    parser = argparse.ArgumentParser(description="Derive tax, insurance and Party lists from a market list.")
    parser.add_argument("market", type=Path)
    parser.add_argument("out", type=Path)
    parser.add_argument("--seed", type=int, default=7)
    given = parser.parse_args()
    for name, lines in derive(given.market, given.out, seed=given.seed).items():
        print(f"{name}\t{lines}")


def derive(market: Path, out: Path, *, seed: int = 7) -> dict[str, int]:
    """Write all lists and the truth; returns the data rows of each list by file name.

    ValueError where the market list lacks 企业名称 or 统一社会信用代码.
    """
    units = [_unit(row, seed) for row in read_market(market)]
    organizations = _organizations(units, seed)
    lists = {
        "税务.csv": (_tax_list(units, seed), "utf-8-sig"),
        "社保.csv": (_insurance_list(units, seed), "gb18030"),
        "党员数.csv": (_count_list(units, seed), "utf-16"),
        "党组织.csv": (_organization_list(organizations, seed), "utf-8"),
    }
    (out / "truth").mkdir(parents=True, exist_ok=True)
    for name, (made, encoding) in lists.items():
        _write(out / name, made.header, made.lines, encoding)
    _write_truth(out / "truth", units, organizations, {name: made for name, (made, _) in lists.items()})
    return {name: len(made.lines) for name, (made, _) in lists.items()}


def read_market(path: Path) -> list[Market]:
    """The rows of a market-regulation CSV, UTF-8 or GB18030."""
    raw = path.read_bytes()
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = raw.decode("gb18030")
    reader = csv.DictReader(io.StringIO(text, newline=""))
    missing = {"企业名称", "统一社会信用代码"} - set(reader.fieldnames or ())
    if missing:
        raise ValueError(f"{path.name}：缺列 {'、'.join(sorted(missing))}")
    columns = ("企业名称", "统一社会信用代码", "法定代表人", "住所", "成立日期")
    return [Market(at, *((line.get(name) or "").strip() for name in columns)) for at, line in enumerate(reader, 1)]


def _draws(seed: int, what: str, row: int) -> random.Random:
    return random.Random(f"{seed}/{what}/{row}")


def _unit(market: Market, seed: int) -> Unit:
    draw = _draws(seed, "unit", market.row)
    pays = draw.random() < (0.40 if market.is_branch else 0.58)
    insures = draw.random() < (0.62 if pays else 0.03)
    staff = min(3000, max(1, round(draw.lognormvariate(1.6 if market.is_branch else 2.08, 1.15))))
    insured = max(1, round(staff * draw.uniform(0.5, 1.0))) if insures else 0
    full = probationary = 0
    if pays and staff >= 5 and draw.random() < 0.35:
        full = max(1, sum(draw.random() < 0.04 for _ in range(staff)))
        probationary = sum(draw.random() < 1 / 18 for _ in range(full))
    known = 0.96 if full else 0.85 if staff >= 10 else 0.05
    return Unit(market, pays, insures, staff, insured, full, probationary, draw.random() < known)


def _organizations(units: list[Unit], seed: int) -> list[Organization]:
    """Own and functional ones by unit, joint and attached ones by district."""
    found: list[Organization] = []
    waiting: dict[tuple[str, str], list[Unit]] = defaultdict(list)
    for unit in units:
        form = _form_of(unit, seed)
        if form in {"联合组建", "挂靠"}:
            waiting[form, unit.market.district or unit.market.code[2:8]].append(unit)
        elif form:
            found.append(_single(unit, form, seed))
    for (form, where), members in sorted(waiting.items(), key=lambda item: item[0]):
        found += _grouped(form, where, members, seed)
    for organization in found:
        for unit in organization.units:
            unit.organization = organization.name
    return sorted(found, key=lambda item: (item.since, item.name))


def _form_of(unit: Unit, seed: int) -> str:
    if unit.full == 0:
        return ""
    draw = _draws(seed, "form", unit.market.row).random()
    if unit.full >= 3:
        return "单独组建" if draw < 0.78 else "联合组建" if draw < 0.84 else ""
    return "联合组建" if draw < 0.50 else "挂靠" if draw < 0.58 else "功能型" if draw < 0.63 else ""


def _single(unit: Unit, form: str, seed: int) -> Organization:
    members = unit.full + unit.probationary
    title = "委员会" if members >= 100 else "总支部委员会" if members >= 50 else "支部委员会"
    if form == "功能型":
        title = "功能型支部委员会"
    since = _day(seed, unit.market.row, unit.market.founded)
    return Organization(f"中共{unit.market.name}{title}", form, _superior(unit.market.district), since, (unit,))


def _grouped(form: str, where: str, members: list[Unit], seed: int) -> Iterator[Organization]:
    title = "联合支部委员会" if form == "联合组建" else "综合支部委员会"
    start = number = 0
    while start < len(members):
        first = members[start].market
        size = _draws(seed, "size", first.row).choice(_GROUP_SIZES)
        number += 1
        name = f"中共{where}两新组织第{number}{title}"
        since = _day(seed, first.row, first.founded)
        yield Organization(name, form, _superior(where), since, tuple(members[start : start + size]))
        start += size


def _superior(where: str) -> str:
    return f"{where}委两新工委" if where.endswith(("区", "县")) else ""


def _day(seed: int, row: int, founded: str) -> str:
    """A day after the founding of the unit."""
    try:
        begun = date.fromisoformat(founded)
    except ValueError:
        begun = date(2010, 1, 1)
    span = max((_LATEST - begun).days, 1)
    return (begun + timedelta(days=_draws(seed, "since", row).randrange(span))).isoformat()


def _tax_list(units: list[Unit], seed: int) -> Derived:
    made = Derived(("纳税人识别号", "纳税人名称", "生产经营地址", "法人", "从业人数", "主管税务所"))
    for unit, draw in _listed(units, seed, "税务"):
        if unit.pays:
            market = unit.market
            staff = unit.staff if draw.random() >= 0.25 else max(1, round(unit.staff * draw.uniform(0.8, 1.2)))
            code = _old_number(market) if market.founded < "2015" and draw.random() < 0.06 else _code(market.code, draw)
            office = f"{market.district}税务局第{1 + market.row % 4}税务所" if market.district else ""
            address, person = _address(market.address, draw), market.person
            made.add(market.row, code, _name(market.name, draw), address, person, _count(staff, draw), office)
    return made


def _insurance_list(units: list[Unit], seed: int) -> Derived:
    made = Derived(("单位名称", "统一社会信用代码", "参保人数", "单位地址", "联系电话"))
    for unit, draw in _listed(units, seed, "社保"):
        if unit.insures:
            market = unit.market
            code, address = _code(market.code, draw), _address(market.address, draw)
            phone = f"0000-{draw.randrange(10**7, 10**8)}"
            made.add(market.row, _name(market.name, draw), code, _count(unit.insured, draw), address, phone)
    return made


def _count_list(units: list[Unit], seed: int) -> Derived:
    made = Derived(("单位名称", "统一社会信用代码", "正式党员数", "预备党员数"))
    for unit, draw in _listed(units, seed, "党员数"):
        if unit.is_counted and (unit.pays or unit.insures):
            market = unit.market
            counts = _count(unit.full, draw), str(unit.probationary)
            made.add(market.row, _name(market.name, draw), _code(market.code, draw), *counts)
    return made


def _organization_list(organizations: list[Organization], seed: int) -> Derived:
    made = Derived(("党组织名称", "组建方式", "上级党组织", "成立日期", "覆盖单位"))
    for item in organizations:
        spelt = []
        for unit in item.units:
            draw = _draws(seed, "spelt", unit.market.row)
            by_code = draw.random() < 0.08 and len(unit.market.code) == 18
            spelt.append(unit.market.code if by_code else _name(unit.market.name, draw).replace("、", ""))
        about = item.units[0].market.row if len(item.units) == 1 else None
        made.add(about, item.name, item.form, item.superior, item.since, "、".join(spelt))
    return made


def _listed(units: list[Unit], seed: int, department: str) -> Iterator[tuple[Unit, random.Random]]:
    """The units in the department's order, three in a thousand twice, each time with damage of its own."""
    keyed = []
    for unit in units:
        draw = _draws(seed, f"{department}/order", unit.market.row)
        for copy in range(2 if draw.random() < 0.003 else 1):
            keyed.append((draw.random(), unit.market.row, copy, unit))
    for _, row, copy, unit in sorted(keyed, key=lambda item: item[:3]):
        yield unit, _draws(seed, f"{department}/{copy}", row)


def _code(code: str, draw: random.Random) -> str:
    """The code, or what a clerk made of it."""
    kind = draw.random()
    if kind < 0.02 or not code:
        return draw.choice(("", "", "无", "/"))
    if kind < 0.03:
        at = draw.randrange(len(code))
        pool = (_DIGITS if code[at].isdigit() else _LETTERS).replace(code[at], "")
        return code[:at] + draw.choice(pool) + code[at + 1 :]
    return draw.choice((code.lower(), f"'{code}", f"{code[:8]} {code[8:]}")) if kind < 0.045 else code


def _old_number(market: Market) -> str:
    """The 15-character number of the years before the code: area, then organization code."""
    return market.code[2:8] + market.code[8:17] if len(market.code) == 18 else market.code


def _name(name: str, draw: random.Random) -> str:
    kind = draw.random()
    if kind < 0.02:
        return name.translate(_TO_HALF if "（" in name else _TO_FULL)
    if kind < 0.035:
        return name.replace("有限责任公司", "有限公司") if "有限责任公司" in name else name.removesuffix("有限公司")
    if kind < 0.04 and len(name) > 8:
        at = draw.randrange(4, len(name) - 4)
        return name[:at] + name[at + 1 :]
    return f"{name[:4]} {name[4:]}" if kind < 0.05 else name


def _address(address: str, draw: random.Random) -> str:
    kind = draw.random()
    if kind < 0.02:
        return ""
    if kind < 0.32:
        return re.sub(r"^[^省市区县]{2,3}省", "", address)
    return re.sub(r"^(?:[^省市区县]{2,3}省)?[^省市区县]{2,3}市", "", address) if kind < 0.42 else address


def _count(number: int, draw: random.Random) -> str:
    return draw.choice((f"约{number}人", "—", "未统计")) if draw.random() < 0.003 else str(number)


def _write(path: Path, header: Sequence[str], lines: Sequence[Sequence[object]], encoding: str) -> None:
    with path.open("w", encoding=encoding, newline="") as stream:
        writer = csv.writer(stream, lineterminator="\n")
        writer.writerow(header)
        writer.writerows(lines)


def _write_truth(folder: Path, units: list[Unit], organizations: list[Organization], lists: dict[str, Derived]) -> None:
    header = ("market_row", "name", "uscc", "pays_tax", "insures", "staff", "insured", "full_members")
    lines = [
        (
            unit.market.row, unit.market.name, unit.market.code, int(unit.pays), int(unit.insures), unit.staff,
            unit.insured, unit.full, unit.probationary, unit.organization,
        )
        for unit in units
    ]  # fmt: skip
    _write(folder / "units.csv", (*header, "probationary_members", "organization"), lines, "utf-8")
    about = [
        (name, at, "" if row is None else row) for name, made in lists.items() for at, row in enumerate(made.about, 1)
    ]
    _write(folder / "rows.csv", ("file", "row", "market_row"), about, "utf-8")
    covered = [(item.name, at, unit.market.row) for item in organizations for at, unit in enumerate(item.units, 1)]
    _write(folder / "covered.csv", ("organization", "position", "market_row"), covered, "utf-8")


if __name__ == "__main__":
    main()
