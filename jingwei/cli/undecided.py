"""What could not be decided, how much of it there is, and which list or whose answer would decide it."""

from dataclasses import asdict, dataclass
from datetime import date
from pathlib import Path

from django.db.models import Max, Q

from jingwei.accounts.scope import acting
from jingwei.base_roster.models import Entity
from jingwei.branches.models import CoveredUnit, Organization
from jingwei.core.permissions import Actor
from jingwei.core.tables.write import write_xlsx
from jingwei.domain.lists import LISTS, ListKind
from jingwei.linkage.models import LinkRun
from jingwei.rosters.models import Batch, RejectedRow


@dataclass(frozen=True)
class Question:
    """One kind of open question. ``deciders`` are the lists that would settle it, ``page`` where people can."""

    title: str
    found: Q
    among: Q
    deciders: tuple[ListKind, ...]
    column: str
    page: str


OPERATING = Q(operating=True)
REGISTERS = (ListKind.MARKET, ListKind.CIVIL, ListKind.JUSTICE)
QUESTIONS = (
    Question("法律形式未知", Q(legal_form="unknown"), Q(), REGISTERS, "统一社会信用代码", "名册：补正代码"),
    Question("登记状态未知", Q(state="unknown"), Q(), (ListKind.MARKET, ListKind.CIVIL), "登记状态", "名册：更正事实"),
    Question(
        "所有制未知", Q(ownership="unknown"), OPERATING, (ListKind.TAX, ListKind.MARKET),
        "登记注册类型、企业类型（或股东信息、国资名录）", "名册：认定所有制，总公司认定一次即及于全部分支机构",
    ),
    Question(
        "三有待判", Q(screening="unknown"), OPERATING, (ListKind.TAX, ListKind.SOCIAL),
        "从业人数、参保人数、纳税登记", "镇街摸排核实",
    ),
    Question("区县未定", Q(county=None), OPERATING, REGISTERS, "住所（或有效的登记区划代码）", "落点：确定落点"),
    Question(
        "镇街、园区未定", Q(county__isnull=False, town=None, overlay=None), OPERATING, REGISTERS,
        "住所（或路段门牌表）", "落点：一条路段一次答复，同路全部落点",
    ),
    Question("行业未知", Q(industry_code=""), OPERATING, (ListKind.MARKET,), "行业代码", "名册：更正事实"),
    Question("职工数未知", Q(staff=None), OPERATING, (ListKind.TAX, ListKind.SOCIAL), "从业人数、参保人数", "镇街摸排核实"),
    Question(
        "党员数未知（待摸排）", Q(full_members=None), OPERATING, (ListKind.PARTY_COUNT,), "正式党员数、预备党员数",
        "镇街摸排核实",
    ),
)  # fmt: skip
HEADER = ("事项", "数量", "范围内总数", "可由名单决定", "名单情况", "所需栏目", "或由人工决定")


@dataclass(frozen=True)
class Undecided:
    """One line of the page; ``lists`` says for each deciding list whether and of which day it is there."""

    title: str
    count: int
    among: int
    deciders: str
    lists: str
    column: str
    page: str


def undecided(*, by: Actor) -> list[Undecided]:
    """The open questions of the actor's roster, in the order of the work."""
    with acting(by):
        delivered = latest_lists()
        lines = [_rejected(delivered), _waiting(delivered)]
        for question in QUESTIONS:
            entities = Entity.objects.filter(question.among)
            count = entities.filter(question.found).count()
            lines.append(_line(question.title, count, entities.count(), question, delivered))
        return [*lines, *_organizations(delivered)]


def latest_lists() -> dict[str, date]:
    """Day of the newest stored list of each kind."""
    stored = Batch.objects.filter(state=Batch.State.COMMITTED).order_by("list_kind").values_list("list_kind")
    return dict(stored.annotate(day=Max("as_of")))


def write_undecided(folder: Path, lines: list[Undecided], *, city: str, day: str) -> Path:
    """undecided.xlsx: one line for each question."""
    path = folder / "undecided.xlsx"
    remarks = [f"{city}未能决定的事项（数据截至 {day}）", "未知不作零：在有定论之前，仍计在分母之内并另行列示。"]
    rows = [[str(value) for value in asdict(line).values()] for line in lines]
    write_xlsx(path, HEADER, rows, sheet="待定事项", remarks=remarks)
    return path


def _line(title: str, count: int, among: int, question: Question, delivered: dict[str, date]) -> Undecided:
    names = "、".join(LISTS[kind].zh for kind in question.deciders)
    return Undecided(
        title, count, among, names, _delivery(question.deciders, delivered), question.column, question.page
    )


def _delivery(kinds: tuple[ListKind, ...], delivered: dict[str, date]) -> str:
    days = ((LISTS[kind].zh, delivered.get(kind)) for kind in kinds)
    return "；".join(f"{name}{f' {day.isoformat()}' if day else '未收到'}" for name, day in days)


def _rejected(delivered: dict[str, date]) -> Undecided:
    mended = Q(mended_by__isnull=False)
    count = RejectedRow.objects.exclude(mended).count()
    return Undecided(
        "退回未入库的行", count, count, "原名单", _delivery(tuple(ListKind), delivered), "名称或统一社会信用代码",
        "导入：下载未入库行，补正后再次导入",
    )  # fmt: skip


def _waiting(delivered: dict[str, date]) -> Undecided:
    run = LinkRun.objects.first()
    counts = run.counts.values() if run else []
    rows, review = (sum(item[name] for item in counts) for name in ("rows", "review"))
    where = "待具名经办人批准后生效" if run and run.state == LinkRun.State.PROPOSED else "对碰：逐条核定"
    return Undecided("对碰待核的行", review, rows, "原名单", "", "统一社会信用代码、住所、法定代表人", where)


def _organizations(delivered: dict[str, date]) -> list[Undecided]:
    kinds = (ListKind.PARTY_ORG,)
    covered = CoveredUnit.objects.filter(valid__upper_inf=True)
    living = Organization.objects.filter(valid__upper_inf=True)
    lists, total = _delivery(kinds, delivered), covered.count()
    # A name of which a person has said that the roster holds no such entity is decided.
    unmatched = covered.filter(entity=None, decided_by="").count()
    name = LISTS[ListKind.PARTY_ORG].zh
    return [
        Undecided("覆盖单位无从对应", unmatched, total, name, lists, "覆盖单位", "党组织：待定"),
        Undecided("覆盖单位待核", covered.filter(waits=True, entity__isnull=False).count(), total, name, lists, "覆盖单位", "党组织：待定"),
        Undecided("上级党组织不明", living.filter(superior=None).count(), living.count(), name, lists, "上级党组织", "机构：登记上级党组织"),
        Undecided("组建方式不明", living.filter(form=Organization.Form.UNKNOWN).count(), living.count(), name, lists, "组建方式", "党组织：更正"),
    ]  # fmt: skip
