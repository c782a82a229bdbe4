"""Runs and waiting pairs stored as a matching would store them, for tests of what people decide."""

from typing import Any

from jingwei.linkage.models import CandidatePair, LinkRun, ProposedLink
from jingwei.rosters.models import SourceUnit
from tests.base_roster.lists import make_unit
from tests.city import NOW, TODAY, SmallCity

EVIDENCE = [["prior", "one", -13000], ["name", "core", 6100], ["person", "equal", 4300], ["phone", "differs", -1400]]


def make_run(city: SmallCity, state: str = "approved", **columns: Any) -> LinkRun:
    """A run of the whole city; an approved one has been approved by somebody."""
    approved = {"approved_at": NOW, "approved_by": "测试"} if state == "approved" else {}
    usual = {"version": "test", "as_of": TODAY, "place": city.city, "body": city.office, "created_at": NOW}
    return LinkRun.objects.create(state=state, created_by="测试", **(usual | approved | columns))


def propose_link(run: LinkRun, unit: SourceUnit, cluster: int, rule: str = "code_exact", **columns: Any) -> None:
    ProposedLink.objects.create(run=run, unit=unit, cluster=cluster, rule=rule, score=1, **columns)


def make_pair(
    run: LinkRun, unit: SourceUnit, candidate: SourceUnit, *, place: int = 1, worth: int = 100, **columns: Any
) -> CandidatePair:
    """A pair as it stands before anybody has decided anything."""
    usual = {
        "rule": "name_doubtful", "millibits": 5800, "contributions": EVIDENCE, "gain": 4, "turn": -worth,
        "standing": "waiting" if place == 1 else "later",
    }  # fmt: skip
    return CandidatePair.objects.create(
        run=run, unit=unit, candidate=candidate, place=place, worth=worth, **(usual | columns)
    )


def make_queue(city: SmallCity, run: LinkRun, count: int) -> list[CandidatePair]:
    """So many insurance rows, each beside a firm of the register, in the order of the queue."""
    made = []
    for number in range(count):
        firm = make_unit(
            city,
            "market",
            name=f"安澜第{number:02}精密机械有限公司",
            uscc=f"9199{number:014}",
            address="沙洲镇工业二路 26 号",
        )
        row = make_unit(
            city, "social_insurance", name=f"安澜市第{number:02}精密机械公司", uscc=f"9198{number:014}", insured="71"
        )
        propose_link(run, firm, number + 1, "own")
        propose_link(run, row, number + 1_001, "name_doubtful", needs_review=True)
        made.append(make_pair(run, row, firm, worth=1_000 - number))
    return made
