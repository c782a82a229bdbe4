"""Rows of a roster as a file, every cell as text."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import datetime
from itertools import islice
from pathlib import Path
from typing import Protocol

from jingwei.base_roster.models import Entity
from jingwei.base_roster.selectors import RosterRow, newest_list_days
from jingwei.core import journal
from jingwei.core.permissions import Actor, Permission, require
from jingwei.core.tables.write import write_csv, write_xlsx
from jingwei.workbench import labels

_COLUMNS: tuple[tuple[str, Callable[[RosterRow], str]], ...] = (
    ("主体编号", lambda row: f"E-{row.id:07d}"),
    ("名称", lambda row: row.name),
    ("统一社会信用代码", lambda row: row.uscc),
    ("区县", lambda row: row.county or ""),
    ("镇街", lambda row: row.town or ""),
    ("园区楼宇", lambda row: row.overlay or ""),
    ("法律形式", lambda row: labels.legal_form(row.legal_form)),
    ("所有制", lambda row: labels.ownership(row.ownership)["label"]),
    ("登记状态", lambda row: labels.state(row.state, operating=row.operating)["label"]),
    ("三有初筛", lambda row: labels.screening(row.screening)["label"]),
    ("计入底数", lambda row: "是" if row.counts_in_base else "否"),
    ("行业代码", lambda row: row.industry_code),
    ("职工数", lambda row: "未知" if row.staff is None else str(row.staff)),
    ("正式党员", lambda row: "未知" if row.full_members is None else str(row.full_members)),
    ("覆盖方式", lambda row: str(Entity.CoveredAs(row.covered_as).label)),
    ("覆盖状态", lambda row: str(Entity.CoverageState(row.coverage_state).label)),
    ("来源名单", lambda row: "、".join(mark["label"] for mark in labels.sources(row.sources, row.roster) if mark["state"] == "present")),
    ("事实最近变动日", lambda row: row.as_of.isoformat()),
)  # fmt: skip
NEWEST_LIST = "最近名单日期"
AT_ONCE = 2000


class Writer(Protocol):
    """Writes a header and rows into a file and returns the number of rows."""

    def __call__(self, path: Path, header: Sequence[str], rows: Iterable[Sequence[str | None]]) -> int: ...


WRITERS: dict[str, Writer] = {"csv": write_csv, "xlsx": write_xlsx}


def write(*, path: Path, form: str, roster: str, rows: Iterable[RosterRow], by: Actor, on: datetime) -> int:
    """Write the rows and journal how many went out; what was searched for is not kept.

    Returns the number of rows. Needs an open transaction. Raises ``NotPermitted``, and ``TableError`` when the disk is full.
    """
    require(by, Permission.ROSTER_EXPORT)
    header = [*(name for name, _ in _COLUMNS), NEWEST_LIST]
    written = WRITERS[form](path, header, _cells(rows))
    journal.record(
        verb="roster.export", subject_type="roster", subject_id=roster, by=by, on=on, fields=header,
        detail={"rows": written, "form": form},
    )  # fmt: skip
    return written


def _cells(rows: Iterable[RosterRow]) -> Iterator[list[str]]:
    """Cells row by row; when a list last named the entities is asked for many of them at once."""
    rows = iter(rows)
    while part := list(islice(rows, AT_ONCE)):
        days = newest_list_days([row.id for row in part])
        for row in part:
            day = days.get(row.id)
            yield [*(cell(row) for _, cell in _COLUMNS), day.isoformat() if day else ""]
