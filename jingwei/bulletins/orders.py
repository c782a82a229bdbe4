"""What a paper is made from, and what making it gives, before anything is stored."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.utils import timezone

from jingwei.bulletins.frozen_rows import Ground
from jingwei.bulletins.models import Paper, PaperFile
from jingwei.core.permissions import Actor
from jingwei.domain.papers.checks import Outcome, Result
from jingwei.domain.papers.content import Edition
from jingwei.domain.papers.grids import Gap
from jingwei.indicators.models import Snapshot
from jingwei.places.models import Place

# Papers of figures by area: a line for each county of a city or each area of a county, beside an earlier snapshot.
# They alone have a public edition; the others name single units, or count so few that hiding would empty them.
COMPARING = frozenset({Paper.Kind.BULLETIN, Paper.Kind.MONTHLY})


@dataclass(frozen=True, slots=True)
class Wishes:
    """What the maker of a paper may say beside its ground; None leaves it to the product.

    ``report_to``, ``send_to`` and ``issue_to`` are 报, 送 and 发; ``units`` are ids for the form with a sheet a unit.
    """

    edition: Edition = Edition.INTERNAL
    issue: int | None = None
    total_issue: int | None = None
    issuer: str | None = None
    issued_on: date | None = None
    report_to: str | None = None
    send_to: str | None = None
    issue_to: str | None = None
    copies: int | None = None
    next_steps: tuple[str, ...] | None = None
    units: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Order:
    """One paper to be made, with the snapshot it stands on and the one it is compared with."""

    kind: str
    ground: Ground
    compared: Snapshot | None
    by: Actor
    on: datetime
    wishes: Wishes

    @property
    def snapshot(self) -> Snapshot:
        """The snapshot whose figures and rows the paper shows."""
        return self.ground.snapshot

    @property
    def place(self) -> Place:
        """The place the paper is about."""
        return self.ground.place

    @property
    def day(self) -> date:
        """The local day of making."""
        return timezone.localtime(self.on).date()

    @property
    def limit(self) -> int:
        """Counts under it are hidden; 0 in the offices' own edition."""
        public = self.wishes.edition is Edition.PUBLIC
        return int(self.ground.rules.number("indicators.suppress_below")) if public else 0

    def source_notes(self) -> list[str]:
        """口径, time and number of the snapshot, as papers cite it."""
        taken = timezone.localtime(self.snapshot.taken_at)
        cited = (
            f"口径版本：{self.snapshot.definitions}。取数时间：{taken.year} 年 {taken.month} 月 {taken.day} 日"
            f" {taken.hour} 时；快照号：{self.snapshot.number}。"
        )
        compared = f"对比快照：{self.compared.number}（截至 {self.compared.as_of:%Y-%m-%d}）。" if self.compared else ""
        revised = (
            f"本快照为第 {self.snapshot.revision} 次：{self.snapshot.reason}。" if self.snapshot.revision > 1 else ""
        )
        return [cited + compared + revised]


@dataclass(frozen=True, slots=True)
class Draft:
    """A paper as made: its title, what its page shows, what its checks say, and its files."""

    title: str
    content: Mapping[str, Any]
    files: Mapping[PaperFile.Format, bytes]
    checks: tuple[Result, ...] = ()
    issue: int | None = None


def checks_data(results: tuple[Result, ...]) -> list[dict[str, Any]]:
    """Checks as JSON: those that failed or could not be tried; what holds needs no word."""
    return [
        {"check": item.check, "outcome": item.outcome.value, "cells": list(item.cells), "text": item.text}
        for item in results
        if item.outcome is not Outcome.HOLDS
    ]


def gaps_data(gaps: tuple[Gap, ...]) -> list[dict[str, Any]]:
    """Lines of the sheet 缺项 as JSON."""
    return [{"cells": gap.cells, "zh": gap.zh, "missing": gap.missing, "units": gap.units} for gap in gaps]
