"""One small city for all tests of the generator, written once a session: two months, usual mess."""

import csv
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core.management import call_command
from python_calamine import CalamineWorkbook

from jingwei.demo.city import CitySummary, Mess, generate

FIRST, SECOND = "2026-10", "2026-11"
ENCODINGS = {"市场监管": "gb18030", "税务": "utf-8-sig", "党员数": "utf-16"}
TITLES = 2  # lines above the header of every xlsx list

Record = dict[str, str]


def read_csv(path: Path) -> list[Record]:
    with path.open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


def read_list(path: Path) -> tuple[list[str], dict[int, list[str]]]:
    """Header and non-blank rows of a department's file, by row number from 1 below the header."""
    if path.suffix == ".xlsx":
        sheet = CalamineWorkbook.from_path(path).get_sheet_by_index(0)
        lines = [[str(cell) for cell in line] for line in sheet.to_python(skip_empty_area=False)][TITLES:]
    else:
        with path.open(encoding=ENCODINGS[path.stem], newline="") as stream:
            lines = list(csv.reader(stream))
    return lines[0], {number: line for number, line in enumerate(lines[1:], 1) if any(line)}


@dataclass(frozen=True)
class Written:
    """A generated city, read back."""

    summary: CitySummary

    @property
    def out(self) -> Path:
        return self.summary.out

    def files(self, month: str = FIRST) -> list[Path]:
        return sorted((self.out / "files" / month).iterdir())

    def rows(self, month: str = FIRST) -> list[Record]:
        return read_csv(self.out / "truth" / month / "rows.csv")

    def entities(self, month: str = FIRST) -> dict[str, Record]:
        return {row["entity_id"]: row for row in read_csv(self.out / "truth" / month / "entities.csv")}

    def place(self, name: str) -> list[Record]:
        return read_csv(self.out / "places" / name)

    @cached_property
    def bodies(self) -> list[Record]:
        return read_csv(self.out / "bodies" / "机构.csv")

    def records(self, department: str, month: str = FIRST) -> list[tuple[Record, Record]]:
        """Each row about an entity as (what the file says, what is true)."""
        path = next(path for path in self.files(month) if path.stem == department)
        header, lines = read_list(path)
        entities = self.entities(month)
        about = {int(row["row"]): row["entity_id"] for row in self.rows(month) if row["file"] == path.name}
        return [
            (dict(zip(header, line, strict=False)), entities[about[number]])
            for number, line in lines.items()
            if about[number] in entities
        ]


@pytest.fixture(scope="session")
def write_city(tmp_path_factory: pytest.TempPathFactory) -> Callable[..., Written]:
    def write(*, registered: int = 2500, seed: int = 2026, months: int = 1, mess: Mess | None = None) -> Written:
        out = tmp_path_factory.mktemp("city") / "out"
        return Written(generate(out, registered=registered, seed=seed, month=FIRST, months=months, mess=mess))

    return write


@pytest.fixture(scope="session")
def city(write_city: Callable[..., Written]) -> Written:
    return write_city(months=2)


@pytest.fixture(scope="session")
def clean_city(write_city: Callable[..., Written]) -> Written:
    return write_city(mess=Mess.none())


@pytest.fixture(scope="module")
def lasting_demo(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    """A database in which a module stores a demo city once for all its tests; emptied after the last of them."""
    with django_db_blocker.unblock(), pytest.MonkeyPatch.context() as patch:
        patch.setattr(settings, "DEMO", True)
        yield
        call_command("flush", verbosity=0, interactive=False, reset_sequences=False)
