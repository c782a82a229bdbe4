"""A list of coverage as a file; above all the list of those that ought to have an organization."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Any, NamedTuple, Protocol

from jingwei.core import journal
from jingwei.core.permissions import Actor
from jingwei.core.tables.write import write_csv, write_xlsx
from jingwei.coverage import labels
from jingwei.coverage.computing import rules_of
from jingwei.coverage.filters import CoverageFilters
from jingwei.coverage.joint_groups import read_name
from jingwei.coverage.selectors import CoverageRow, should_have
from jingwei.domain.coverage import CoveredAs, article
from jingwei.domain.legal_form import LegalForm
from jingwei.domain.rulebook import Rules

UNKNOWN = "未知"


class Writer(Protocol):
    """Writes a header and rows into a file and returns the number of rows."""

    def __call__(self, path: Path, header: Sequence[str], rows: Iterable[Sequence[str | None]]) -> int: ...


WRITERS: dict[str, Writer] = {"csv": write_csv, "xlsx": write_xlsx}


class Line(NamedTuple):
    """One entity with what its cells are written from."""

    row: CoverageRow
    day: date
    rules: Rules


_COLUMNS: tuple[tuple[str, Callable[[Line], str]], ...] = (
    ("主体编号", lambda line: f"E-{line.row.id:07d}"),
    ("名称", lambda line: line.row.name),
    ("统一社会信用代码", lambda line: line.row.uscc),
    ("区县", lambda line: line.row.county or ""),
    ("镇街", lambda line: line.row.town or ""),
    ("园区楼宇", lambda line: line.row.overlay or ""),
    ("法律形式", lambda line: LegalForm(line.row.legal_form).zh),
    ("计入底数", lambda line: "是" if line.row.counts_in_base else "否"),
    ("职工数", lambda line: _count(line.row.staff)),
    ("正式党员", lambda line: _count(line.row.full_members)),
    ("预备党员", lambda line: _count(line.row.probationary_members)),
    ("现有覆盖", lambda line: CoveredAs(line.row.covered_as).zh),
    ("所在党组织", lambda line: line.row.organization or ""),
    ("适用形式", lambda line: labels.fit(line.row.fit)),
    ("依据", lambda line: article(line.row.rule, line.rules) if line.row.rule else ""),
    ("应建起算日", lambda line: line.row.due_since.isoformat() if line.row.due_since else ""),
    ("应建已过天数", lambda line: "" if line.row.due_since is None else str((line.day - line.row.due_since).days)),
    ("联建分组（示意）", lambda line: _group(line.row.proposal)),
    ("未建原因", lambda line: labels.cause(line.row.cause)),
    ("提示函", lambda line: line.row.letter["number"] if line.row.letter else ""),
    ("回复期限", lambda line: line.row.letter["reply_due_on"] if line.row.letter else ""),
    ("答复", lambda line: _answer(line.row.letter)),
)  # fmt: skip


def write(*, path: Path, form: str, filters: CoverageFilters, day: date, by: Actor, on: datetime) -> int:
    """Write a list of one state and journal how many rows went out; what was searched for is not kept.

    ``form`` is a key of ``WRITERS``. Returns the number of rows. Raises ``NotPermitted``, and
    ``TableError`` when the disk is full. Needs an open transaction under the actor's scope.
    """
    rules = rules_of(day)
    header = [name for name, _ in _COLUMNS]
    lines = (Line(row, day, rules) for row in should_have(actor=by, filters=filters, day=day))
    rows = WRITERS[form](path, header, _cells(lines))
    journal.record(
        verb="coverage.export", subject_type="roster", subject_id=filters.state, by=by, on=on, fields=header,
        detail={"rows": rows, "form": form},
    )  # fmt: skip
    return rows


def _cells(lines: Iterable[Line]) -> Iterator[list[str]]:
    for line in lines:
        yield [cell(line) for _, cell in _COLUMNS]


def _count(number: int | None) -> str:
    return UNKNOWN if number is None else str(number)


def _answer(letter: dict[str, Any] | None) -> str:
    """The answer to the newest letter, or why none is awaited."""
    if letter is None or not (letter["answer"] or letter["closed_because"]):
        return ""
    return labels.letter_state(answered=letter["answer"], closed=letter["closed_because"], overdue=False)["label"]


def _group(proposal: str | None) -> str:
    name = read_name(proposal or "")
    return name.zh if name else ""
