"""The line of thirteen months: drawn within its frame, labels apart, the table the same."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any, cast

import pytest

from jingwei.workbench.dashboard.board import Board
from jingwei.workbench.dashboard.focus import Focus
from jingwei.workbench.dashboard.trend import CARD, trend

MONTHS = [date(2026, month, 1) for month in range(1, 11)]
EMPTY = Board(
    actor=cast(Any, None), on=date(2026, 11, 3), focus=Focus("全市"), snapshot=None, previous=None, months=(), places=(),
    waiting=cast(Any, None), readings={}, parts={},
)  # fmt: skip


def board(organized: list[float], worked: list[float], **targets: int) -> Board:
    past = {
        name: dict(zip(MONTHS, (Decimal(str(value)) for value in values), strict=False))
        for name, values in (("COV-ORG", organized), ("COV-WORK", worked))
    }
    aims = {name.replace("_", "-"): Decimal(value) for name, value in targets.items()}
    return replace(EMPTY, past=past, targets=aims)


def test_one_month_is_no_line() -> None:
    assert trend(board([60.0], [80.0])) is None
    assert trend(board([], [])) is None


def test_the_lines_rise_within_the_frame_and_end_with_their_value() -> None:
    drawn = trend(board([60.0, 62.5, 65.48], [88.0, 90.0, 91.4], COV_ORG=70, COV_WORK=90))
    assert drawn is not None
    assert [line["label"] for line in drawn["series"]] == ["工作 91.40%", "组织 65.48%"]
    for line in drawn["series"]:
        spots = [tuple(map(float, spot.split(","))) for spot in line["points"].split()]
        assert all(40 <= x <= CARD.right and 0 <= y <= CARD.bottom for x, y in spots)
        assert spots[0][1] > spots[-1][1]
    assert [target["label"] for target in drawn["targets"]] == ["目标 90%", "目标 70%"]
    assert "组织覆盖率由 2026-01 的 60.00% 到 2026-03 的 65.48%" in drawn["summary"]


def test_labels_of_lines_that_end_together_do_not_lie_on_one_another() -> None:
    drawn = trend(board([28.0, 28.3], [29.0, 29.9]))
    assert drawn is not None
    upper, lower = sorted(line["y"] for line in drawn["series"])
    assert lower - upper >= 15


def test_a_month_nobody_published_stays_a_gap_in_the_table() -> None:
    held = board([60.0, 61.0, 62.0, 63.0], [80.0] * 4)
    past = {
        name: {month: value for month, value in values.items() if month.month != 2}
        for name, values in held.past.items()
    }
    drawn = trend(replace(held, past=past))
    assert drawn is not None
    assert [row["cells"] for row in drawn["rows"]][1] == ["—", "—"]
    assert len(drawn["series"][0]["points"].split()) == 3


@pytest.mark.parametrize("values", [[0.0, 0.0], [99.0, 100.0], [50.0, 50.0]])
def test_the_scale_stays_between_0_and_100(values: list[float]) -> None:
    drawn = trend(board(values, values))
    assert drawn is not None
    labels = [int(tick["label"].rstrip("%")) for tick in drawn["ticks"]]
    assert min(labels) >= 0
    assert max(labels) <= 100
    assert len(labels) >= 3
