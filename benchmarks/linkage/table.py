"""The tables that the benchmark prints."""

from collections.abc import Sequence
from typing import Final

from rich.table import Table

from benchmarks.linkage.accuracy import JINGWEI, Outcome, average, profiles, spread
from benchmarks.linkage.reach import Check
from benchmarks.linkage.size import Sized

_FIGURES: Final = (("f1", "F1"), ("hard_f1", "难对 F1"), ("precision", "精确率"), ("recall", "召回率"))
_CAPTION: Final = (
    "经纬：引擎提出的全部归并，与对手同样计数；其中“待核”的要等人确认才生效，“直接生效”一行不计它们。"
    "Splink 单链*：另告知市场监管名单没有重复行。"
)
_MARKS: Final = {True: "[green]达到[/green]", False: "[red]未达到[/red]", None: "[yellow]未测[/yellow]"}


def accuracy_table(outcomes: Sequence[Outcome]) -> Table:
    """Means over the seeds; the spread is the largest F1 less the smallest."""
    table = Table(
        "名单", "方法", *(zh for _, zh in _FIGURES), "F1 波动", "待核", "秒", "内存 MB", title="准确率（按行对计）"
    )
    for column in table.columns[2:]:
        column.justify = "right"
    for profile in profiles(outcomes):
        names = dict.fromkeys(item.contestant for item in outcomes if item.profile == profile)
        for at, name in enumerate(names):
            table.add_row(
                profile if at == 0 else "", name, *_cells(outcomes, name, profile), end_section=at == len(names) - 1
            )
    return table


def _cells(outcomes: Sequence[Outcome], name: str, profile: str) -> list[str]:
    efforts = [
        item.effort
        for item in outcomes
        if (item.contestant, item.profile) == (name, profile) and item.effort is not None
    ]
    figures = [f"{average(outcomes, name, profile, figure):.4f}" for figure, _ in _FIGURES]
    waiting = f"{average(outcomes, name, profile, 'waiting'):,.0f}" if name == JINGWEI else ""
    seconds = f"{sum(effort.seconds for effort in efforts) / len(efforts):.1f}" if efforts else ""
    peak = f"{max(effort.peak_mb for effort in efforts):,.0f}" if efforts else ""
    return [*figures, f"{spread(outcomes, name, profile, 'f1'):.4f}", waiting, seconds, peak]


def size_table(found: Sequence[Sized]) -> Table:
    """Seconds and memory of the whole way from files to results, with ratios to the floor and to Splink."""
    heads = (
        "市场行",
        "总行数",
        "经纬 秒",
        "下限 秒",
        "为下限的倍数",
        "Splink 秒",
        "Splink / 经纬",
        "处理器秒 经纬/下限/Splink",
        "经纬 MB",
        "Splink MB",
        "经纬 F1",
        "Splink F1",
    )
    table = Table(*heads, title="用时与内存（从文件到结果，含规范化）")
    for column in table.columns:
        column.justify = "right"
    for item in found:
        ratio = item.jingwei.seconds / item.floor.seconds
        splink = item.splink
        table.add_row(
            f"{item.market_rows:,}",
            f"{item.rows:,}",
            f"{item.jingwei.seconds:.2f}",
            f"{item.floor.seconds:.2f}",
            f"{ratio:.1f}",
            f"{splink.seconds:.1f}" if splink else "",
            f"{splink.seconds / item.jingwei.seconds:.2f}" if splink else "",
            _processor_seconds(item),
            f"{item.jingwei.peak_mb:,.0f}",
            f"{splink.peak_mb:,.0f}" if splink else "",
            "" if item.jingwei_f1 is None else f"{item.jingwei_f1:.4f}",
            "" if item.splink_f1 is None else f"{item.splink_f1:.4f}",
        )
    return table


def _processor_seconds(item: Sized) -> str:
    efforts = (item.jingwei, item.floor, item.splink)
    return " / ".join(f"{effort.cpu_seconds:.1f}" for effort in efforts if effort)


def reach_table(checks: Sequence[Check]) -> Table:
    """What has to be reached and what was."""
    table = Table("项目", "目标", "实测", "", title="目标与实测")
    table.columns[1].justify = table.columns[2].justify = "right"
    for check in checks:
        table.add_row(check.what, check.goal, check.reached, _MARKS[check.met])
    return table
