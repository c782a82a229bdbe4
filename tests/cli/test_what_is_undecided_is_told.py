"""undecided.xlsx: each open question with its count and the list that would decide it."""

from pathlib import Path

import pytest
from python_calamine import CalamineWorkbook

from jingwei.accounts.scope import acting
from jingwei.branches.models import CoveredUnit
from jingwei.branches.services import decide_covering
from jingwei.cli.undecided import Undecided, undecided, write_undecided
from jingwei.core.permissions import Role, local_operator
from tests.base_roster.entities import some_city
from tests.base_roster.lists import make_batch
from tests.branches.lists import TEA, firm, party, take
from tests.city import NOW, SmallCity


@pytest.fixture
def lines(small_city: SmallCity) -> dict[str, Undecided]:
    with acting(local_operator()):
        some_city(small_city)
        make_batch(small_city, "market")
    return {line.title: line for line in undecided(by=local_operator())}


def test_each_question_counts_what_is_open_among_what_it_concerns(lines: dict[str, Undecided]) -> None:
    asked = {title: (line.count, line.among) for title, line in lines.items()}
    assert asked["所有制未知"] == (5, 7)
    assert asked["三有待判"] == (5, 7)
    assert asked["镇街、园区未定"] == (1, 7)
    assert asked["区县未定"] == (0, 7)
    assert asked["职工数未知"] == (5, 7)


def test_an_unknown_count_of_members_is_open_and_no_zero(lines: dict[str, Undecided]) -> None:
    assert lines["党员数未知（待摸排）"].count == 7
    assert lines["党员数未知（待摸排）"].deciders == "党员数"


def test_a_deciding_list_is_there_with_its_day_or_did_not_come(lines: dict[str, Undecided]) -> None:
    assert lines["所有制未知"].lists == "税务未收到；市场监管 2026-10-31"


def test_a_name_that_a_person_settled_as_not_in_the_roster_is_no_longer_open(small_city: SmallCity) -> None:
    clerk = small_city.actor(Role.CLERK, place=small_city.city)
    with acting(clerk):
        firm(small_city, TEA)
        party(small_city, "中共安澜市书院第1联合支部委员会", TEA, "恒川电子", "无名商行", form="联合组建")
        take(small_city, clerk)
    assert open_names() == (2, 3)
    with acting(clerk):
        decide_covering(covered=CoveredUnit.objects.get(spelt="无名商行"), entity=None, by=clerk, on=NOW)
    assert open_names() == (1, 3)


def open_names() -> tuple[int, int]:
    line = next(line for line in undecided(by=local_operator()) if line.title == "覆盖单位无从对应")
    return line.count, line.among


def test_the_page_has_a_line_for_each_question(lines: dict[str, Undecided], tmp_path: Path) -> None:
    path = write_undecided(tmp_path, list(lines.values()), city="安澜市", day="2026-10-31")
    sheet = CalamineWorkbook.from_path(path).get_sheet_by_index(0).to_python()
    assert sheet[0][0] == "安澜市未能决定的事项（数据截至 2026-10-31）"
    assert [row[0] for row in sheet[3:]] == list(lines)
    assert sheet[2][:3] == ["事项", "数量", "范围内总数"]
