"""The lists as the departments would write them, before anything goes wrong."""

from collections import Counter
from dataclasses import dataclass, field
from typing import Final

import numpy as np

from benchmarks.linkage import words
from benchmarks.linkage.city import COMPANY, COOPERATIVE, LAWYERS, SOCIAL, SOLE, City, Numbers, Texts
from benchmarks.linkage.rates import INSURANCE_ROWS, TAX_ROWS, Shape

# File stem, then (field, header) in the order of the file.
LAYOUTS: Final = {
    "market": (
        "市场监管",
        (
            ("name", "企业名称"), ("code", "统一社会信用代码"), ("old_number", "注册号"), ("person", "法定代表人"),
            ("address", "住所"), ("registrar", "登记机关"), ("founded", "成立日期"), ("company_type", "企业类型"),
            ("industry", "行业代码"), ("state", "登记状态"), ("former", "曾用名"),
        ),
    ),
    "tax": (
        "税务",
        (
            ("code", "纳税人识别号"), ("name", "纳税人名称"), ("address", "生产经营地址"), ("person", "法人"),
            ("staff", "从业人数"), ("office", "主管税务所"),
        ),
    ),
    "insurance": (
        "社保",
        (
            ("name", "单位名称"), ("code", "统一社会信用代码"), ("insured", "参保人数"), ("address", "单位地址"),
            ("phone", "联系电话"),
        ),
    ),
    "civil": (
        "民政",
        (
            ("name", "社会组织名称"), ("code", "统一社会信用代码"), ("type", "类型"), ("supervisor", "业务主管单位"),
            ("person", "法定代表人"), ("address", "住所"),
        ),
    ),
    "justice": (
        "司法",
        (
            ("name", "机构名称"), ("code", "统一社会信用代码"), ("license", "执业许可证号"), ("person", "负责人"),
            ("address", "住所"), ("lawyers", "执业律师数"),
        ),
    ),
}  # fmt: skip
_COMPANY_TYPES: Final = {COMPANY: "有限责任公司(自然人投资或控股)", SOLE: "个体工商户", COOPERATIVE: "农民专业合作社"}
_OLD_NUMBER_SHOWN, _TYPE_SHOWN = 0.6, 0.7


@dataclass(slots=True)
class Sheet:
    """One list under way: text columns by field, the true entity of each row, what was damaged."""

    list_name: str
    columns: dict[str, Texts]
    entity: Numbers
    damages: list[tuple[str, list[int]]] = field(default_factory=list)

    def __len__(self) -> int:
        return len(self.entity)

    def counted(self) -> Counter[str]:
        """Rows by kind of damage."""
        return Counter(
            {name: sum(len(rows) for other, rows in self.damages if other == name) for name, _ in self.damages}
        )


def make_sheets(city: City, shape: Shape, rows: int, lists: tuple[str, ...], rng: np.random.Generator) -> list[Sheet]:
    """The lists asked for, rows in random order, each entity in those it would stand in."""
    tax = _members(city, _tax_weights(city, lists), round(rows * TAX_ROWS), shape, rng)
    insurance = _members(city, _insurance_weights(city, tax, lists), round(rows * INSURANCE_ROWS), shape, rng)
    chosen = {
        "market": _with_doubles(
            np.flatnonzero(np.isin(city.kind, (COMPANY, SOLE, COOPERATIVE)) & ~city.outside), shape, rng
        ),
        "tax": tax,
        "insurance": insurance,
        "civil": np.flatnonzero(city.kind == SOCIAL),
        "justice": np.flatnonzero(city.kind == LAWYERS),
    }
    return [_sheet(city, name, rng.permutation(chosen[name]), shape, rng) for name in lists]


def _with_doubles(members: Numbers, shape: Shape, rng: np.random.Generator) -> Numbers:
    """The register itself holds a fifth as many rows twice as the lists made from it."""
    return np.concatenate([members, members[rng.random(len(members)) < shape.twice * 0.2]])


def _tax_weights(city: City, lists: tuple[str, ...]) -> Texts:
    weights = np.where(city.kind == SOLE, 0.6, 1.0)
    weights[city["state"] != "存续"] *= 0.12
    weights[city["role"] == "branch"] *= 0.7
    for kind, name in ((SOCIAL, "civil"), (LAWYERS, "justice")):
        weights[city.kind == kind] = 0.6 if name in lists else 0.0
    return weights


def _insurance_weights(city: City, tax: Numbers, lists: tuple[str, ...]) -> Texts:
    """Who pays tax mostly insures; sole traders rarely have staff."""
    weights = _tax_weights(city, lists) * np.where(city.kind == SOLE, 0.15, 0.3)
    weights[np.unique(tax)] *= 12.0
    return weights


def _members(city: City, weights: Texts, rows: int, shape: Shape, rng: np.random.Generator) -> Numbers:
    """Entities of a list of so many rows, some of them twice, some of them registered elsewhere."""
    outside = np.flatnonzero(city.outside)
    strangers = rng.choice(outside, size=min(len(outside), round(rows * shape.elsewhere)), replace=False)
    doubles = round(rows * shape.twice)
    own = np.flatnonzero((weights > 0) & ~city.outside)
    # The smallest of exponential draws with these rates are a weighted sample without replacement.
    order = np.argsort(rng.exponential(1.0, len(own)) / weights[own], kind="stable")
    members = np.concatenate([own[order[: max(0, rows - doubles - len(strangers))]], strangers])
    return np.concatenate([members, rng.choice(members, size=doubles)])


def _sheet(city: City, list_name: str, entity: Numbers, shape: Shape, rng: np.random.Generator) -> Sheet:
    fields = [name for name, _ in LAYOUTS[list_name][1] if name != "former" or shape.former_told]
    columns = {name: _column(city, name, entity, rng).copy() for name in fields}
    return Sheet(list_name, columns, entity)


def _column(city: City, name: str, entity: Numbers, rng: np.random.Generator) -> Texts:
    if name in ("name", "code", "person", "address", "phone", "founded", "state"):
        return city[name][entity]
    if name == "former":
        return city["former_told"][entity]
    if name == "old_number":
        return np.where(rng.random(len(entity)) < _OLD_NUMBER_SHOWN, city["old_number"][entity], "").astype(object)
    if name in ("registrar", "office", "company_type", "type"):
        return _office_column(city, name, entity, rng)
    return _filled_column(name, len(entity), rng)


def _office_column(city: City, name: str, entity: Numbers, rng: np.random.Generator) -> Texts:
    if name == "registrar":
        return city["county_name"][entity] + "市场监督管理局"
    if name == "office":
        return city["county_name"][entity] + "税务局第" + _text(rng.integers(1, 6, len(entity))) + "税务所"
    if name == "type":
        return city["social_kind"][entity]
    kinds = np.array([_COMPANY_TYPES.get(kind, "") for kind in range(5)], dtype=object)[city.kind[entity]]
    kinds = np.where(city["role"][entity] == "branch", "分公司", kinds)
    return np.where(rng.random(len(entity)) < _TYPE_SHOWN, kinds, "").astype(object)


def _filled_column(name: str, count: int, rng: np.random.Generator) -> Texts:
    if name == "industry":
        return np.array(words.INDUSTRIES, dtype=object)[rng.integers(0, len(words.INDUSTRIES), count)]
    if name == "supervisor":
        return np.array(words.SUPERVISORS, dtype=object)[rng.integers(0, len(words.SUPERVISORS), count)]
    if name == "license":
        return "23990" + _text(rng.integers(10**11, 10**12 - 1, count))
    return _text(np.minimum(3000, np.exp(rng.normal(2.0, 1.1, count)).astype(int) + 1))


def _text(numbers: Numbers) -> Texts:
    return numbers.astype("U12").astype(object)
