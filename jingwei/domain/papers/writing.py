"""The text of a bulletin, written from its figures and from the rows that changed them.

Places stand in administrative order and get no ranks; no person is named; every figure keeps its source.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from jingwei.domain.papers import wording
from jingwei.domain.papers.changes import Moves, reasons_for_fall
from jingwei.domain.papers.content import Paragraph, Part, Section, Source, Span
from jingwei.domain.papers.figures import Figures, Line

BASE, ORGANIZED, WORKED, OWN, UNCOVERED = "BASE-N", "COV-ORG", "COV-WORK", "COV-OWN3", "FORM-none"
NATURE_UNKNOWN, CANVASS = "性质未知", "待摸排"
Piece = str | Span


@dataclass(frozen=True, slots=True)
class Occasion:
    """What the text says beside its figures.

    ``whole`` is 全市 or 全区, ``areas`` what the lines are called, ``own_from`` the full members from which an
    organization of its own is due, ``due_on`` the day by which counts are to be settled, ``moves`` what happened
    to the rows of each area since ``compared_on``. Counts under ``limit`` are not named.
    """

    whole: str
    areas: str
    as_of: date
    own_from: int
    due_on: date
    compared_on: date | None = None
    moves: Mapping[str, Moves] = field(default_factory=dict)
    limit: int = 0


def sections(figures: Figures, occasion: Occasion) -> tuple[Section, ...]:
    """The three parts of the text."""
    voice = _Voice(figures, occasion)
    return (
        Section("一、总体情况", (_overall(voice),)),
        Section("二、需要关注的情况", tuple(_concerns(voice))),
        Section("三、下一步工作", (_next_steps(voice),)),
    )


@dataclass(frozen=True, slots=True)
class _Voice:
    """Says figures: with their source, and not at all where they are too small for the reader."""

    figures: Figures
    occasion: Occasion

    def count(
        self, line: Line, indicator: str, part: Part = Part.NUMERATOR, label: str = "", *, earlier: bool = False
    ) -> Span:
        value = line.value(indicator, part, label, earlier=earlier)
        if self.is_small(value):
            return Span(f"不足 {self.occasion.limit}", hidden=True)
        source = Source(indicator, part, line.cut, line.member, label, earlier) if line.cut else None
        return Span(wording.count(value), source)

    def rate(self, line: Line, indicator: str) -> Span:
        value = wording.rate(line.value(indicator, Part.PERCENT))
        return Span(f"{value}%", Source(indicator, Part.PERCENT, line.cut, line.member))

    def sum(self, lines: Iterable[Line], indicator: str, label: str) -> Decimal:
        return sum((line.value(indicator, Part.BESIDE, label) or Decimal(0) for line in lines), Decimal(0))

    def is_small(self, value: Decimal | None) -> bool:
        return value is not None and 0 < value < self.occasion.limit

    def may_compare(self, line: Line) -> bool:
        """Whether both fractions of the coverage rate may be printed."""
        parts = (Part.NUMERATOR, Part.DENOMINATOR)
        values = (line.value(ORGANIZED, part, earlier=earlier) for part in parts for earlier in (False, True))
        return not any(self.is_small(value) for value in values)

    def earlier(self) -> str:
        compared_on = self.occasion.compared_on
        return wording.end_of(compared_on, seen_from=self.occasion.as_of) if compared_on else ""


def _overall(voice: _Voice) -> Paragraph:
    total, occasion = voice.figures.total, voice.occasion
    pieces: list[Piece] = [
        f"截至 {wording.short_day(occasion.as_of)}，{occasion.whole}三有且非公有的新兴领域组织 ",
        voice.count(total, BASE),
        " 家，其中性质未知 ",
        voice.count(total, ORGANIZED, Part.BESIDE, NATURE_UNKNOWN),
        " 家。",
    ]
    pieces += [*_rate(voice, ORGANIZED, "组织覆盖", since=voice.earlier()), "；"]
    pieces += [*_rate(voice, WORKED, "工作覆盖", since=""), "。"]
    uncovered = (total.value(ORGANIZED, Part.DENOMINATOR) or Decimal(0)) - (
        total.value(WORKED, Part.NUMERATOR) or Decimal(0)
    )
    left = Span(wording.count(uncovered), Source(UNCOVERED, Part.NUMERATOR, total.cut, total.member))
    pieces += ["尚未覆盖 ", left, " 家；党员数未知、待摸排 "]
    pieces += [voice.count(total, ORGANIZED, Part.BESIDE, CANVASS), " 家。", *_own(voice)]
    return _said(pieces)


def _rate(voice: _Voice, indicator: str, name: str, *, since: str) -> list[Piece]:
    """已纳入组织覆盖 … 家，组织覆盖率 …%，比二季度末上升 … 个百分点."""
    total = voice.figures.total
    missing = total.now[indicator].missing if indicator in total.now else "该项指标"
    if missing:
        return [f"{name}本期缺少{missing}，不列"]
    said: list[Piece] = [
        f"已纳入{name} ",
        voice.count(total, indicator),
        f" 家，{name}率 ",
        voice.rate(total, indicator),
    ]
    change = total.change(indicator)
    if change is None:
        return said
    if not change:
        return [*said, f"，与{since or '上期'}持平"]
    source = Source(indicator, Part.CHANGE, total.cut, total.member)
    verb = f"{'比' + since if since else ''}{'上升' if change > 0 else '下降'}"
    return [*said, f"，{verb} ", Span(f"{abs(change):.2f}", source), " 个百分点"]


def _own(voice: _Voice) -> list[Piece]:
    total, members = voice.figures.total, voice.occasion.own_from
    if not total.value(OWN, Part.DENOMINATOR):
        return [f"目前掌握的党员数中，没有单位达到 {members} 名正式党员。"]
    return [
        f"有 {members} 名以上正式党员、应单独组建的单位 ",
        voice.count(total, OWN, Part.DENOMINATOR),
        " 家，已建 ",
        voice.count(total, OWN),
        " 家，未建 ",
        voice.count(total, OWN, Part.GAP),
        " 家，单建率 ",
        voice.rate(total, OWN),
        "。",
    ]


def _concerns(voice: _Voice) -> Iterable[Paragraph]:
    yield _said(_comparison(voice))
    below = [line for line in voice.figures.lines if _is_below(line)]
    canvass = _below_target(voice, below) if below else _concentration(voice)
    if canvass:
        yield _said(canvass)
    remarks = [*_unplaced(voice), *_unconfirmed(voice)]
    if remarks:
        yield _said(remarks)


def _comparison(voice: _Voice) -> list[Piece]:
    compared = [(line, change) for line in voice.figures.lines if (change := line.change(ORGANIZED)) is not None]
    if not compared:
        return ["没有可比的上期快照，本期不作比较。"]
    rising = sum(1 for _, change in compared if change > 0)
    level = sum(1 for _, change in compared if not change)
    falling = [(line, change) for line, change in compared if change < 0]
    said: list[Piece] = [f"{len(voice.figures.lines)} 个{voice.occasion.areas}中"]
    if rising:
        said.append(f"，{rising} 个的组织覆盖率比{voice.earlier()}上升")
    if level:
        said.append(f"，{level} 个持平" if rising else f"，{level} 个的组织覆盖率与{voice.earlier()}持平")
    if not rising and not level:
        said.append(f"，组织覆盖率比{voice.earlier()}均下降")
    for number, (line, change) in enumerate(falling):
        said += ["；" if number else "，", *_fall(voice, line, change)]
    without = len(voice.figures.lines) - len(compared)
    return [*said, f"；{without} 个没有可比的数。" if without else "。"]


def _fall(voice: _Voice, line: Line, change: Decimal) -> list[Piece]:
    """物流产业园下降 1.76 个百分点（83 ÷ 131 变为 77 ÷ 125），原因是 6 家已覆盖单位迁出."""
    said: list[Piece] = [f"{line.name}下降"]
    if voice.may_compare(line):
        source = Source(ORGANIZED, Part.CHANGE, line.cut, line.member)
        before = [voice.count(line, ORGANIZED, part, earlier=True) for part in (Part.NUMERATOR, Part.DENOMINATOR)]
        now = [voice.count(line, ORGANIZED, part) for part in (Part.NUMERATOR, Part.DENOMINATOR)]
        said += [" ", Span(f"{abs(change):.2f}", source), " 个百分点（"]
        said += [before[0], " ÷ ", before[1], " 变为 ", now[0], " ÷ ", now[1], "）"]
    reasons = reasons_for_fall(voice.occasion.moves.get(line.member, {}), limit=voice.occasion.limit)
    for number, (count, happened) in enumerate(reasons):
        moved = Span(count, Source(ORGANIZED, Part.MOVES, line.cut, line.member))
        said += ["，" if number else "，原因是 ", moved, f" {happened}"]
    return said


def _is_below(line: Line) -> bool:
    rate = line.value(ORGANIZED, Part.PERCENT)
    return rate is not None and line.target is not None and rate < line.target


def _below_target(voice: _Voice, below: Sequence[Line]) -> list[Piece]:
    said: list[Piece] = []
    for target in dict.fromkeys(line.target for line in below):
        names = wording.listed(line.name for line in below if line.target == target)
        said.append(f"{'；' if said else ''}{names}组织覆盖率低于目标 {_goal(target)}%")
    return [*said, "。", *_share_of_canvass(voice, below, "上述单位")]


def _goal(target: Decimal | None) -> str:
    """50 rather than 50.0000."""
    text = f"{target or 0:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def _concentration(voice: _Voice) -> list[Piece]:
    """The areas whose share of unknown member counts lies above that of the whole."""
    total = voice.figures.total
    overall = _canvass_rate(total)
    above = [line for line in voice.figures.lines if overall and (_canvass_rate(line) or 0) > overall]
    if not above:
        return []
    names = wording.listed(line.name for line in above)
    said = f"待摸排占三有组织的比重，{names}高于{voice.occasion.whole}的 {wording.rate(overall)}%。"
    return [said, *_share_of_canvass(voice, above, "上述单位")]


def _canvass_rate(line: Line) -> Decimal | None:
    waiting = line.value(ORGANIZED, Part.BESIDE, CANVASS)
    return wording.percent(waiting, line.value(ORGANIZED, Part.DENOMINATOR))


def _share_of_canvass(voice: _Voice, lines: Sequence[Line], who: str) -> list[Piece]:
    here = voice.sum(lines, ORGANIZED, CANVASS)
    whole = voice.figures.total.value(ORGANIZED, Part.BESIDE, CANVASS)
    share = wording.percent(here, whole)
    if not here or share is None or voice.is_small(here):
        return []
    together = "" if len(lines) == 1 else "共"
    return [
        f"{who}待摸排{together} {wording.count(here)} 家，占{voice.occasion.whole}待摸排的 {wording.rate(share)}%，应先核清党员数。"
    ]


def _unplaced(voice: _Voice) -> list[Piece]:
    rest = voice.figures.remainder()
    if rest is None or not rest.value(BASE, Part.NUMERATOR):
        return []
    return ["尚未落到", voice.occasion.areas, "的 ", voice.count(rest, BASE), " 家，列在表末。"]


def _unconfirmed(voice: _Voice) -> list[Piece]:
    names = [line.name for line in voice.figures.lines if line.confirmed is False]
    if not names:
        return []
    if len(names) == len(voice.figures.lines):
        return [f"至取数时，各{voice.occasion.areas}均未确认，所列为系统数。"]
    return [f"至取数时，{wording.listed(names)} {len(names)} 个单位尚未确认，所列为系统数。"]


def _next_steps(voice: _Voice) -> Paragraph:
    total, rest = voice.figures.total, voice.figures.remainder()
    steps: list[list[Piece]] = []
    if total.value(OWN, Part.GAP):
        steps.append(["对未建的 ", voice.count(total, OWN, Part.GAP), " 家逐户明确责任人和时限，批复后即计入"])
    if total.value(ORGANIZED, Part.BESIDE, CANVASS):
        day = voice.occasion.due_on
        until = f"{day.month} 月底前" if day.year == voice.occasion.as_of.year else f"{day.year} 年 {day.month} 月底前"
        waiting = voice.count(total, ORGANIZED, Part.BESIDE, CANVASS)
        steps.append(["对待摸排的 ", waiting, f" 家在 {until}核实到户"])
    if rest is not None and rest.value(BASE, Part.NUMERATOR):
        steps.append(["对尚未落点的 ", voice.count(rest, BASE), " 家核定落点"])
    if any(line.confirmed is False for line in voice.figures.lines):
        steps.append(["请尚未确认的单位核对系统所列数据后确认"])
    if not steps:
        return _said(["继续按月核对名单，及时更正有变化的数据。"])
    said: list[Piece] = []
    for step in steps:
        said += [*(["；"] if said else []), *step]
    return _said([*said, "。"])


def _said(pieces: Iterable[Piece]) -> Paragraph:
    """Pieces as spans; stretches of plain text grow together."""
    spans: list[Span] = []
    for piece in pieces:
        span = Span(piece) if isinstance(piece, str) else piece
        if spans and _is_plain(span) and _is_plain(spans[-1]):
            spans[-1] = Span(spans[-1].text + span.text)
        else:
            spans.append(span)
    return tuple(spans)


def _is_plain(span: Span) -> bool:
    return span.source is None and not span.hidden
