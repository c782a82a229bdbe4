"""The sheets that follow a form: what the checks say, what is missing, and where the figures come from."""

from collections.abc import Sequence

from django.utils import timezone

from jingwei.bulletins.orders import Order
from jingwei.bulletins.spreadsheets import Book
from jingwei.domain.papers.checks import Outcome, Result
from jingwei.domain.papers.grids import Gap


def add_checks(book: Book, results: Sequence[Result]) -> None:
    """校核: failed checks with their cells first, then those that could not be tried; at the end how many hold."""
    sheet = book.sheet("校核", (36, 12, 30, 70))
    counted = {outcome: sum(1 for item in results if item.outcome is outcome) for outcome in Outcome}
    sheet.title("校核", "，".join(f"{outcome.zh} {counted[outcome]} 项" for outcome in Outcome))
    sheet.header([("", "校核式"), ("", "结果"), ("", "单元格"), ("", "说明")])
    for outcome in (Outcome.FAILS, Outcome.OPEN):
        for item in results:
            if item.outcome is outcome:
                texts = (item.check, outcome.zh, "、".join(item.cells), item.text)
                sheet.line((text, "text") for text in texts)


def add_gaps(book: Book, gaps: Sequence[Gap]) -> None:
    """缺项: where, which fact is missing, and how many units stand aside for it."""
    sheet = book.sheet("缺项", (16, 46, 54, 14))
    sheet.title("缺项", "空着的栏目缺少下列事实；列有家数的，是因该事实未知而没有计入的单位，未知不作 0。")
    sheet.header([("", "位置"), ("", "栏目"), ("", "缺少的事实"), ("", "未计入（家）")])
    for gap in gaps:
        sheet.line([(gap.cells, "text"), (gap.zh, "text"), (gap.missing, "text"), (gap.units, "count")])


def add_about(book: Book, order: Order, notes: Sequence[str]) -> None:
    """说明: place, snapshot, versions, time, and the notes on what counts as what."""
    sheet = book.sheet("说明", (18, 90), landscape=False)
    sheet.title("说明")
    snapshot = order.snapshot
    facts = [
        ("区域", order.place.name),
        ("截至日期", f"{snapshot.as_of:%Y-%m-%d}"),
        ("快照号", snapshot.number),
        ("快照校验值", snapshot.hash),
        ("口径版本", snapshot.definitions),
        ("规则版本", snapshot.rulebook_version),
        ("取数时间", f"{timezone.localtime(snapshot.taken_at):%Y-%m-%d %H:%M}"),
        ("修订", f"第 {snapshot.revision} 次：{snapshot.reason}" if snapshot.revision > 1 else ""),
        ("生成", f"{timezone.localtime(order.on):%Y-%m-%d %H:%M} {order.by.name}"),
    ]
    for label, value in facts:
        if value:
            sheet.line([(label, "text"), (value, "text")])
    for number, note in enumerate(notes, start=1):
        sheet.line([(f"注 {number}", "text"), (note, "text")])
