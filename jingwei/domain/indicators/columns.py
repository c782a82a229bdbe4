"""Columns that formulas may name, by population: their type, their words, and what in them means unknown.

The live tables and the states of a snapshot carry the same columns, so that one formula counts both.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType

from jingwei.domain.coverage import CoverageState, CoveredAs
from jingwei.domain.coverage.organization_kind import OrganizationForm, OrganizationLevel
from jingwei.domain.indicators.terms import Population
from jingwei.domain.legal_form import LegalForm, Roster
from jingwei.domain.lists import ListKind
from jingwei.domain.ownership import Ownership
from jingwei.domain.registration_state import RegistrationState
from jingwei.domain.screening import Screening


class Type(StrEnum):
    """Type of an expression."""

    CONDITION = "condition"
    NUMBER = "number"
    TEXT = "text"
    DATE = "date"
    ID = "id"


@dataclass(frozen=True, slots=True)
class Column:
    """One column. ``unknown`` is the text that stands for 未知, beside null; ``words`` are its only texts if any.

    ``sql`` replaces the plain name where the column is derived from others.
    """

    name: str
    zh: str
    type: Type
    nullable: bool = False
    unknown: str | None = None
    words: frozenset[str] | None = None
    derived: str = ""

    @property
    def may_be_unknown(self) -> bool:
        return self.nullable or self.unknown is not None

    @property
    def sql(self) -> str:
        """SQL of the value; null where it is unknown."""
        text = self.derived or self.name
        return text if self.unknown is None else f"nullif({text}, '{self.unknown}')"


BITS: Mapping[ListKind, int] = MappingProxyType({kind: 1 << bit for bit, kind in enumerate(ListKind)})
_REGISTERS = BITS[ListKind.MARKET] | BITS[ListKind.CIVIL] | BITS[ListKind.JUSTICE]


def listed_sql(mask: int) -> str:
    """SQL condition: at least one of the lists of the mask names the entity."""
    return f"(sources & {mask}) <> 0"


def _evidence() -> str:
    masks = (_REGISTERS, BITS[ListKind.TAX], BITS[ListKind.SOCIAL])
    return "(" + " + ".join(f"CAST({listed_sql(mask)} AS integer)" for mask in masks) + ")"


_UNKNOWN = "unknown"
_PLACES = (
    Column("place_id", "落点", Type.ID, nullable=True),
    Column("county_id", "区县", Type.ID, nullable=True),
    Column("town_id", "镇街", Type.ID, nullable=True),
)
_ENTITY = (
    *_PLACES,
    Column("roster", "所在名册", Type.TEXT, words=frozenset(Roster)),
    Column("legal_form", "法律形式", Type.TEXT, unknown=_UNKNOWN, words=frozenset(LegalForm)),
    Column("ownership", "所有制", Type.TEXT, unknown=_UNKNOWN, words=frozenset(Ownership)),
    Column("state", "登记状态", Type.TEXT, unknown=_UNKNOWN, words=frozenset(RegistrationState)),
    Column("operating", "在营", Type.CONDITION),
    Column("screening", "三有初筛", Type.TEXT, unknown=_UNKNOWN, words=frozenset(Screening)),
    Column("counts_in_base", "计入底数", Type.CONDITION),
    Column("overlay_id", "园区楼宇", Type.ID, nullable=True),
    Column("industry_body_id", "行业党委", Type.ID, nullable=True),
    Column("industry_code", "行业代码", Type.TEXT, unknown=""),
    Column("staff", "职工数", Type.NUMBER, nullable=True),
    Column("full_members", "正式党员", Type.NUMBER, nullable=True),
    Column("probationary_members", "预备党员", Type.NUMBER, nullable=True),
    Column("evidence", "登记、纳税、社保印证数", Type.NUMBER, derived=_evidence()),
    Column("founded_on", "成立日期", Type.DATE, nullable=True),
    Column("covered_as", "覆盖形式", Type.TEXT, words=frozenset(CoveredAs)),
    Column("coverage_state", "覆盖状态", Type.TEXT, words=frozenset(CoverageState)),
)
_ORGANIZATION = (
    *_PLACES,
    Column("form", "组建方式", Type.TEXT, unknown=_UNKNOWN, words=frozenset(OrganizationForm)),
    Column("level", "类别", Type.TEXT, words=frozenset(OrganizationLevel)),
    Column("superior_id", "上级党组织", Type.ID, nullable=True),
    Column("founded_on", "成立日期", Type.DATE, nullable=True),
    Column("units", "覆盖单位数", Type.NUMBER),
)
_LETTER = (
    Column("issued_on", "发函日期", Type.DATE),
    Column("answered_on", "答复日期", Type.DATE, nullable=True),
    Column("reply_due_on", "回复期限", Type.DATE),
)


def _by_name(columns: tuple[Column, ...]) -> Mapping[str, Column]:
    return MappingProxyType({column.name: column for column in columns})


COLUMNS: Mapping[Population, Mapping[str, Column]] = MappingProxyType(
    {
        Population.ENTITY: _by_name(_ENTITY),
        Population.ORGANIZATION: _by_name(_ORGANIZATION),
        Population.LETTER: _by_name(_LETTER),
    }
)
