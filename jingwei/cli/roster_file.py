"""roster.xlsx: every entity with its facts and verdicts, one row each; no column holds personal data."""

from collections.abc import Callable, Iterator
from datetime import date, datetime
from itertools import islice
from pathlib import Path
from typing import Any

from jingwei.accounts.scope import acting
from jingwei.base_roster.derivation import SOURCE_BITS
from jingwei.base_roster.models import Entity
from jingwei.base_roster.selectors import newest_list_days
from jingwei.core import journal
from jingwei.core.permissions import Actor, Permission, require
from jingwei.core.tables.write import write_csv, write_xlsx
from jingwei.coverage.models import Verdict
from jingwei.domain.glossary import term
from jingwei.domain.lists import LISTS

# A spreadsheet holds 1,048,576 rows; beyond that the roster is a csv.
MOST_XLSX_ROWS = 1_000_000
READ_AT_ONCE = 5000
Cell = Callable[[Any], str]


def text(value: Any) -> str:
    return "" if value is None else str(value)


def unknown_or(value: Any) -> str:
    """A missing count is unknown, never 0."""
    return "未知" if value is None else str(value)


def word(group: str) -> Cell:
    """The Chinese word of a value of this group of the glossary."""
    return lambda value: term(f"{group}.{value}").zh


def choice(labels: Any) -> Cell:
    words = {str(value): str(label) for value, label in labels.choices}
    return lambda value: words.get(value or "", "")


def lists_of(bits: int) -> str:
    return "、".join(LISTS[kind].zh for kind, bit in SOURCE_BITS.items() if bits & bit)


COLUMNS: tuple[tuple[str, str, Cell], ...] = (
    ("主体编号", "pk", lambda value: f"E-{value:07d}"),
    ("名称", "name", text),
    ("统一社会信用代码", "uscc", text),
    ("名册", "roster", choice(Entity.Roster)),
    ("法律形式", "legal_form", word("legal_form")),
    ("所有制", "ownership", choice(Entity.Ownership)),
    ("登记状态", "state", word("registration_state")),
    ("在营", "operating", lambda value: "是" if value else "否"),
    ("三有初筛", "screening", choice(Entity.Screening)),
    ("计入底数", "counts_in_base", lambda value: "是" if value else "否"),
    ("区县", "county__name", text),
    ("镇街", "town__name", text),
    ("园区楼宇", "overlay__name", text),
    ("行业党委", "industry_body__name", text),
    ("行业代码", "industry_code", text),
    ("职工数", "staff", unknown_or),
    ("正式党员", "full_members", unknown_or),
    ("预备党员", "probationary_members", unknown_or),
    ("覆盖形式", "covered_as", choice(Entity.CoveredAs)),
    ("覆盖状态", "coverage_state", choice(Entity.CoverageState)),
    ("所在党组织", "verdict__organization__name", text),
    ("适用形式", "verdict__fit", choice(Verdict.Fit)),
    ("规则", "verdict__rule", text),
    ("应建起算日", "verdict__due_since", text),
    ("联建分组", "verdict__proposal", text),
    ("来源名单", "sources", lists_of),
    ("事实最近变动日", "as_of", date.isoformat),
)
NEWEST_LIST = "最近名单日期"


def write_roster(folder: Path, *, by: Actor, on: datetime) -> Path:
    """Write the whole roster in scope and journal how many rows went out."""
    require(by, Permission.ROSTER_EXPORT)
    header = [*(name for name, _, _ in COLUMNS), NEWEST_LIST]
    with acting(by):
        is_large = Entity.objects.count() > MOST_XLSX_ROWS
        path = folder / ("roster.csv" if is_large else "roster.xlsx")
        rows = write_csv(path, header, cells()) if is_large else write_xlsx(path, header, cells(), sheet="基础名册")
        journal.record(
            verb="roster.export", subject_type="roster", subject_id="*", by=by, on=on, fields=header,
            detail={"rows": rows},
        )  # fmt: skip
    return path


def cells() -> Iterator[list[str]]:
    """The roster in administrative order, what is not placed last."""
    order = ("county__position", "town__position", "pk")
    found = Entity.objects.order_by(*order).values_list(*(field for _, field, _ in COLUMNS))
    makers = [make for _, _, make in COLUMNS]
    rows = found.iterator(chunk_size=READ_AT_ONCE)
    while part := list(islice(rows, READ_AT_ONCE)):
        days = newest_list_days([pk for pk, *_ in part])
        for row in part:
            yield [*(make(value) for make, value in zip(makers, row, strict=True)), text(days.get(row[0]))]
