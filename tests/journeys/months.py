"""Two months of lists of a few invented firms, and the work on the first one done by services."""

from collections.abc import Sequence
from datetime import date

from jingwei.accounts.models import User
from jingwei.accounts.scope import acting
from jingwei.accounts.selectors import actor_for
from jingwei.base_roster import services as roster
from jingwei.core import journal
from jingwei.core.permissions import Actor
from jingwei.coverage import tasks as coverage
from jingwei.indicators import services as indicators
from jingwei.linkage import services as linkage
from tests.city import NOW, SmallCity
from tests.rosters.browser import run_jobs
from tests.rosters.desk import Desk, code, csv_of

NAMES = (
    "安澜衡川电子科技有限公司", "安澜岚汀商贸有限公司", "安澜沐禾食品有限公司", "安澜霁栖软件有限公司",
    "安澜云栖物流有限公司", "安澜晨启智造有限公司",
)  # fmt: skip
MARKET = ("企业名称", "统一社会信用代码", "住所", "登记状态", "企业类型", "行业代码")
TAX = ("纳税人名称", "纳税人识别号", "生产经营地址", "从业人数", "登记注册类型")
SOCIAL = ("单位名称", "统一社会信用代码", "参保人数", "单位地址")
COUNTS = ("单位名称", "统一社会信用代码", "正式党员数", "预备党员数")
PARTY = ("党组织名称", "组建方式", "上级党组织", "覆盖单位", "成立日期")
OWN = ("安澜衡川电子科技有限公司党支部", "单独组建", "安澜市交通运输行业党委", NAMES[0], "2020-07-01")
# The second month's list names two firms as people call them.
JOINT = ("书院片区联合党支部", "联合组建", "安澜市交通运输行业党委", "岚汀商贸、霁栖软件", "2026-01-01")
FIRST_COUNTS, SECOND_COUNTS = (5, 1, 3, 2, 0, 0), (5, 1, 3, 2, 3, 0)


def address(number: int) -> str:
    return f"安澜市青岚区书院街道竹园路 {number} 号"


def counts(members: Sequence[int]) -> bytes:
    rows = [(name, code(at), str(full), "0") for at, (name, full) in enumerate(zip(NAMES, members, strict=True), 1)]
    return csv_of(rows, header=COUNTS)


def organizations(*rows: Sequence[str]) -> bytes:
    return csv_of(rows, header=PARTY)


def lists_of_first_month() -> dict[str, bytes]:
    firms = list(enumerate(NAMES, 1))
    return {
        "市场监管.csv": csv_of(
            [(name, code(at), address(at), "存续", "有限责任公司（自然人投资或控股）", "C3990") for at, name in firms],
            header=MARKET,
        ),
        "税务.csv": csv_of([(name, code(at), address(at), "40", "私营有限责任公司") for at, name in firms], header=TAX),
        "社保.csv": csv_of([(name, code(at), "35", address(at)) for at, name in firms], header=SOCIAL),
        "党员数.csv": counts(FIRST_COUNTS),
        "党组织.csv": organizations(OWN),
    }


def live_through_first_month(city: SmallCity, user: User, day: date) -> None:
    """Lists taken in, matched, approved, coverage decided, month published."""
    clerk = actor_for(user, on=day)
    desk = Desk(city, clerk, city.city, city.office)
    for name, content in lists_of_first_month().items():
        desk.bring_in(content, name, as_of=day)
    with acting(clerk):
        run = linkage.propose(as_of=day, by=clerk, on=NOW, place_id=city.city.pk, body_id=city.office.pk)
    with acting(clerk):
        run = linkage.approve(run=run, by=clerk, on=NOW)
        roster.build(run=run, by=clerk, on=NOW)
    let_coverage_follow()
    publish(clerk, day)


def publish(clerk: Actor, day: date) -> None:
    with acting(clerk):
        indicators.take_snapshot(month=day.replace(day=1), as_of=day, by=clerk, on=NOW)


def work_in_the_background() -> None:
    """What the worker does: queued jobs, then what follows the journal."""
    while run_jobs():
        pass
    let_coverage_follow()


def let_coverage_follow() -> None:
    while journal.seal():
        pass
    coverage.follow(timestamp=0)
    while journal.seal():
        pass
