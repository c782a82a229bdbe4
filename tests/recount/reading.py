"""Reads the lists, the results of the matching and the rulebook as plain rows. Nothing of the product is used.

A row keeps its number below the header row, blank rows counted, because that is how `links.csv` names it.
"""

import csv
import io
import re
import unicodedata
from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

import yaml
from python_calamine import CalamineWorkbook

MARKET, CIVIL, JUSTICE, TAX, SOCIAL, COUNTS, PARTY = "市场监管", "民政", "司法", "税务", "社保", "党员数", "党组织"
# Whose word goes first where two lists disagree.
PRECEDENCE = (MARKET, CIVIL, JUSTICE, TAX, SOCIAL, COUNTS, PARTY)
REGISTERS = (MARKET, CIVIL, JUSTICE)
FOUNDING = (*REGISTERS, TAX, SOCIAL)

_HEADERS = {
    MARKET: "name 企业名称 code 统一社会信用代码 address 住所 registrar 登记机关 type 企业类型 state 登记状态 "
    "capital 注册资本 industry 行业代码 founded 成立日期",
    CIVIL: "name 社会组织名称 code 统一社会信用代码 address 住所 kind 类型 state 登记状态 founded 成立日期",
    JUSTICE: "name 机构名称 code 统一社会信用代码 address 住所 people 执业律师数",
    TAX: "name 纳税人名称 code 纳税人识别号 address 生产经营地址 people 从业人数 type 登记注册类型",
    SOCIAL: "name 单位名称 code 统一社会信用代码 address 单位地址 people 参保人数",
    COUNTS: "name 单位名称 code 统一社会信用代码 full 正式党员数 probationary 预备党员数",
    PARTY: "name 党组织名称 form 组建方式 superior 上级党组织 founded 成立日期 units 覆盖单位",
}
_EMPTY = frozenset({"", "无", "/", "暂无", "-", "—", "不详", "未知", "n/a", "null", "待补录"})
_ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
_WIDE_ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"


@dataclass(frozen=True)
class Row:
    """One row of a list, by short field names; `number` counts from 1 below the header."""

    kind: str
    file: str
    number: int
    values: dict[str, str]

    def get(self, name: str) -> str:
        return self.values.get(name, "")


@dataclass
class Unit:
    """One entity of the roster: the rows that take effect for it, registers first."""

    key: str
    rows: list[Row] = field(default_factory=list)

    def of(self, *kinds: str) -> list[Row]:
        return [row for row in self.rows if row.kind in kinds]

    def first(self, name: str, *kinds: str) -> str:
        return next((row.get(name) for row in self.of(*(kinds or PRECEDENCE)) if row.get(name)), "")


@dataclass(frozen=True)
class CoveredName:
    """A unit that an organization's row names, and the entity it was matched with."""

    row: int
    spelt: str
    entity: str
    ground: str
    waits: bool


def fold(text: str) -> str:
    """Half-width, no blanks."""
    return "".join(unicodedata.normalize("NFKC", text).split())


def meant(text: str) -> str:
    """The text, or nothing where it only fills its cell."""
    text = text.strip(" \t\u3000'’`")
    return "" if fold(text).lower() in _EMPTY else text


def number_in(text: str) -> int | None:
    """A whole number as such; an estimate (约20人, 十余人) is no number."""
    found = re.fullmatch(r"([0-9]{1,9})(?:\.0+)?(?:人|名)?", fold(text).replace(",", ""))
    return int(found.group(1)) if found else None


def sound_code(text: str) -> str:
    """The 18-character code if both of its check characters hold, else nothing (GB 32100, GB 11714)."""
    code = re.sub(r"[\s'‘’`.\-·,]", "", unicodedata.normalize("NFKC", text)).upper()
    if len(code) != 18 or any(mark not in _ALPHABET for mark in code) or not code[2:8].isdigit():
        return ""
    inner = sum(
        _WIDE_ALPHABET.index(mark) * weight for mark, weight in zip(code[8:16], (3, 7, 9, 10, 5, 8, 4, 2), strict=True)
    )
    whole = sum(_ALPHABET.index(mark) * pow(3, place, 31) for place, mark in enumerate(code[:17]))
    good = code[16] == "0X987654321"[inner % 11] and code[17] == _ALPHABET[-whole % 31]
    return code if good and len(set(code[8:16])) > 1 else ""


def tables_in(folder: Path) -> dict[str, tuple[str, list[Row]]]:
    """File name and rows of every list of the folder that is known by the beginning of its name."""
    found = {}
    for path in sorted(folder.iterdir()):
        kind = next((kind for kind in PRECEDENCE if path.name.startswith(kind)), None)
        if kind and path.suffix in {".csv", ".xlsx"}:
            found[path.name] = (kind, list(_rows(path, kind)))
    return found


def _rows(path: Path, kind: str) -> list[Row]:
    cells = _sheet(path) if path.suffix == ".xlsx" else _lines(path)
    words = _HEADERS[kind].split()
    fields = dict(zip(words[1::2], words[::2], strict=True))
    top = next(at for at, line in enumerate(cells) if sum(fold(cell) in fields for cell in line) >= 2)
    columns = [(at, fields[fold(cell)]) for at, cell in enumerate(cells[top]) if fold(cell) in fields]
    return [
        Row(kind, path.name, at, {name: meant(line[column]) for column, name in columns if column < len(line)})
        for at, line in enumerate(cells[top + 1 :], 1)
    ]


def _sheet(path: Path) -> list[list[str]]:
    book = CalamineWorkbook.from_path(str(path))
    rows = book.get_sheet_by_index(0).to_python(skip_empty_area=False)
    return [[_text(cell) for cell in row] for row in rows]


def _text(cell: object) -> str:
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return cell.isoformat()[:10] if isinstance(cell, date) else str(cell)


def _lines(path: Path) -> list[list[str]]:
    return list(csv.reader(io.StringIO(_decoded(path.read_bytes()), newline="")))


def _decoded(raw: bytes) -> str:
    if raw.startswith((b"\xff\xfe", b"\xfe\xff")):
        return raw.decode("utf-16")
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        return raw.decode("gb18030")


def csv_rows(path: Path) -> list[dict[str, str]]:
    """A plain table as dictionaries; no rows where there is no such file."""
    if not path.exists():
        return []
    return list(csv.DictReader(io.StringIO(_decoded(path.read_bytes()), newline="")))


# Grounds that weigh likeness: a person approves each such link, so none of them has taken effect by itself.
_WEIGHED = frozenset({"名称相近且人员电话地址一致"})
# Grounds that join nothing: a register's row stands for itself until somebody decides.
_APART = frozenset({"同名单代码相同名称不符", "代码一致其他不符", "名称一致代码不同", "名称相近待核", "多户相符"})


def units_from(tables: dict[str, tuple[str, list[Row]]], links: Path) -> list[Unit]:
    """Entities with the rows that took effect, in the order of their numbers.

    A row that waits for review is left out, save that a register's row stands as a unit of its own. A party
    list alone founds no entity.
    """
    by_place = {(name, row.number): row for name, (_, rows) in tables.items() for row in rows}
    units: dict[str, Unit] = {}
    for link in csv_rows(links / "links.csv"):
        row = by_place.get((link["数据源"], int(link["行号"])))
        key = link["实体编号"]
        if row is None or not key:
            continue
        if link["待核"] == "是" or link["依据"] in _WEIGHED:
            if row.kind not in REGISTERS:
                continue
            if link["依据"] not in _APART:
                key = f"{row.file}#{row.number}"
        units.setdefault(key, Unit(key)).rows.append(row)
    for unit in units.values():
        unit.rows.sort(key=lambda row: (PRECEDENCE.index(row.kind), row.file, row.number))
    return [units[key] for key in sorted(units) if units[key].of(*FOUNDING)]


def refused_in(links: Path) -> set[tuple[str, int]]:
    """File and row of what was not taken in."""
    lines = csv_rows(links / "links.csv")
    return {(line["数据源"], int(line["行号"])) for line in lines if line["依据"] == "未采用"}


def covered_from(links: Path) -> dict[int, list[CoveredName]]:
    """By row of the list of organizations: the units it covers."""
    found: dict[int, list[CoveredName]] = defaultdict(list)
    for line in csv_rows(links / "party_units.csv"):
        waits = line["待核"] == "是" or line["依据"] in _WEIGHED
        name = CoveredName(int(line["行号"]), line["覆盖单位"], line["实体编号"], line["依据"], waits)
        found[name.row].append(name)
    return found


def rules_on(folder: Path, day: date, city: str) -> dict[str, Any]:
    """Values in force by rule id: the city's own before its province's before the general ones."""
    found: dict[str, Any] = {}
    for path in sorted(folder.glob("*.yaml")):
        for rule, body in yaml.safe_load(path.read_text("utf-8")).items():
            own = body.get("overrides") or {}
            series = [own[code] for code in (city[:6], f"{city[:4]}00", f"{city[:2]}0000") if code in own]
            for dated in [*series, body["values"]]:
                begun = [since for since in dated if date.fromisoformat(str(since)) <= day]
                if begun:
                    found.setdefault(rule, dated[max(begun)]["value"])
    return found
