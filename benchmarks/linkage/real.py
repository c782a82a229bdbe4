"""Real company names: a market-regulation list as it is, and damaged tax and insurance lists made from it.

    python -m benchmarks.linkage.real MARKET.csv OUT_DIR --profile export --seed 1

Persons that the list lacks, phones and old numbers are invented; rows with the same code are one entity.
"""

import argparse
import csv
import gzip
import re
from collections import Counter
from dataclasses import replace
from pathlib import Path

import numpy as np

from benchmarks.linkage import codes
from benchmarks.linkage.city import COMPANY, COOPERATIVE, SOCIAL, SOLE, City, Texts
from benchmarks.linkage.divisions import Divisions
from benchmarks.linkage.noise import damage
from benchmarks.linkage.people import person_names, phones
from benchmarks.linkage.rates import PROFILES, Profile
from benchmarks.linkage.sheets import LAYOUTS, Sheet, make_sheets
from benchmarks.linkage.writing import write_lists

_KINDS = {"92": SOLE, "93": COOPERATIVE, "51": SOCIAL, "52": SOCIAL}
_HEADERS = {
    "name": "企业名称",
    "code": "统一社会信用代码",
    "person": "法定代表人",
    "address": "住所",
    "founded": "成立日期",
}
_ADDRESS = re.compile(
    r"(?P<region>(?:[^省市区县]{2,3}省)?(?:[^省市区县]{2,3}市)?)"
    r"(?P<county>[^省市区县路街号]{2,6}(?<!园)[区县])?(?P<town>[^省市区县路街号]{2,5}(?:街道|镇|乡))?(?P<rest>.*)",
    re.DOTALL,
)
_ROAD = re.compile(r"[^\d号]{1,8}?(?:大道|大街|路|街|巷)")
_ROOM = re.compile(r"(?<=号)[^号]*(?:室|单元|栋|幢|楼|\d)$")
_NAME = re.compile(r"(?P<place>(?:[^省市区县]{2,3}省)?(?:[^省市区县]{2,3}市)?(?:[^省市区县]{1,3}[区县])?)(?P<rest>.*)")
_FORM = re.compile(r"(?:集团)?(?:股份)?有限(?:责任)?公司|(?:集团)?公司|专业合作社|厂|店|部|中心$")
_BRAND = 2
_LAST_OLD_NUMBER = "2015-10"


def generate_real(market: Path, folder: Path, *, profile: str, seed: int) -> list[Sheet]:
    """Write the market list unchanged, damaged lists beside it, and the truth, as `generate` does."""
    chosen = PROFILES[profile]
    shape = replace(chosen.shape, elsewhere=0.0)
    rng = np.random.default_rng([seed, 3])
    city, entity = _city(read_rows(market), chosen, rng)
    _, *made = make_sheets(city, shape, len(city), ("market", "tax", "insurance"), rng)
    for sheet in made:
        sheet.entity = entity[sheet.entity]
        damage(sheet, city, chosen, seed)
    given = [name for name in _HEADERS if name in city.columns]
    register = Sheet("market", {name: city["given_" + name] for name in given}, entity)
    write_lists([register, *made], chosen.sheets, folder, city_name=city.divisions.city)
    return [register, *made]


def read_rows(path: Path) -> list[dict[str, str]]:
    """The rows of a market-regulation CSV in UTF-8, plain or gzipped. ValueError if a column is missing."""
    opener = gzip.open if path.suffix == ".gz" else Path.open
    with opener(path, "rt", encoding="utf-8-sig", newline="") as stream:
        reader = csv.DictReader(stream)
        missing = set(_HEADERS.values()) - set(reader.fieldnames or ())
        if missing:
            raise ValueError(f"{path.name}：缺列 {'、'.join(sorted(missing))}")
        return [{name: (row.get(title) or "").strip() for name, title in _HEADERS.items()} for row in reader]


def _city(rows: list[dict[str, str]], profile: Profile, rng: np.random.Generator) -> tuple[City, Texts]:
    """The city of the list, and for each row the first row of its entity."""
    given = {name: _texts([row[name] for row in rows]) for name in _HEADERS}
    kind = np.array([_KINDS.get(code[:2], COMPANY) for code in given["code"]])
    kind[kind == SOCIAL] = COMPANY  # they stand in the market list and are damaged like firms
    source, branch = _parents(given["name"])
    city = City(_divisions(given["address"]), kind, source, np.zeros(len(rows), dtype=bool))
    city.columns |= {"given_" + name: column for name, column in given.items()}
    city.columns |= dict(given)
    _take_apart(city, branch)
    count = len(rows)
    person = given["person"].copy()
    lacking = person == ""
    person[lacking] = person_names(int(lacking.sum()), 0.0, rng)
    city.accountants = person_names(max(5, count // 400), 0.0, rng).tolist()
    phone = phones(kind, np.zeros(count, dtype=np.int64), profile.shape, rng)
    area = np.array([code[2:8] if len(code) == 18 and code[2:8].isdigit() else "999999" for code in given["code"]])
    numbers = codes.registration_numbers(rng, area).astype(object)
    is_old = np.array(["" < day < _LAST_OLD_NUMBER for day in given["founded"]]) & (area != "999999")
    city.columns |= {"person": person, "phone": phone, "old_number": np.where(is_old, numbers, "").astype(object)}
    first: dict[str, int] = {}
    entity = np.array([first.setdefault(code or f"row {at}", at) for at, code in enumerate(given["code"])])
    return city, entity


def _parents(names: Texts) -> tuple[Texts, Texts]:
    """For each name the line of the longest other name it begins with, and what comes behind that."""
    lines: dict[str, int] = {}
    for at, name in enumerate(names):
        lines.setdefault(name, at)
    source, branch = np.full(len(names), -1), np.full(len(names), "", dtype=object)
    for at, name in enumerate(names):
        for end in range(len(name) - 2, 5, -1):
            parent = lines.get(name[:end])
            if parent is not None and name[:end].endswith("公司"):
                source[at], branch[at] = parent, name[end:]
                break
    return source, branch


def _divisions(addresses: Texts) -> Divisions:
    found = Counter(match["region"] for text in addresses if (match := _ADDRESS.match(text)))
    region = max(
        (text for text in found if "省" in text and text.endswith("市")), key=lambda text: found[text], default=""
    )
    province, _, city = region.partition("省")
    return Divisions("", province + "省" if city else "", city, (), ())


def _take_apart(city: City, branch: Texts) -> None:
    """The parts of names and addresses that damages refer to; '' where a text shows none."""
    names = [_NAME.fullmatch(name.removesuffix(end)) for name, end in zip(city["name"], branch, strict=True)]
    places = [match["place"] if match else "" for match in names]
    rests = [match["rest"] if match else "" for match in names]
    forms = [found[-1] if (found := _FORM.findall(rest)) and rest.endswith(found[-1]) else "" for rest in rests]
    cores = [rest.removesuffix(form) for rest, form in zip(rests, forms, strict=True)]
    parts = [_ADDRESS.fullmatch(text) for text in city["address"]]
    sites = [match["rest"] if match else "" for match in parts]
    count = len(city)
    city.columns |= {
        "place": _texts(places),
        "brand": _texts([core[:_BRAND] for core in cores]),
        "trade": _texts([core[_BRAND:] for core in cores]),
        "form": _texts(forms),
        "branch": branch,
        "former": _texts([""] * count),
        "former_told": _texts([""] * count),
        "role": np.where(city.source >= 0, "branch", "first").astype(object),
        "state": _texts(["存续"] * count),
        "region": _texts([match["region"] if match else "" for match in parts]),
        "county_name": _texts([(match["county"] or "") if match else "" for match in parts]),
        "town_text": _texts([(match["town"] or "") if match else "" for match in parts]),
        "site": _texts(sites),
        "road": _texts([found[0] if (found := _ROAD.search(text)) else "" for text in sites]),
        "room": _texts([found[0] if (found := _ROOM.search(text)) else "" for text in sites]),
    }


def _texts(values: list[str]) -> Texts:
    made = np.empty(len(values), dtype=object)
    made[:] = values
    return made


def main() -> None:
    """Read the arguments, write the lists and say how many rows each has."""
    parser = argparse.ArgumentParser(description="Damaged lists made from a real market list.")
    parser.add_argument("market", type=Path)
    parser.add_argument("out", type=Path)
    parser.add_argument("--profile", choices=sorted(PROFILES), default="export")
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    for sheet in generate_real(given.market, given.out, profile=given.profile, seed=given.seed):
        print(f"{LAYOUTS[sheet.list_name][0]}\t{len(sheet)}\t{dict(sheet.counted())}")


if __name__ == "__main__":
    main()
