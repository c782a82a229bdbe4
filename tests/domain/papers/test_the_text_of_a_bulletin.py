"""The text of a bulletin says what the figures and the rows say, and nothing else."""

import re
from dataclasses import replace
from datetime import date
from decimal import Decimal

from jingwei.domain.papers.changes import Moved, Movement
from jingwei.domain.papers.content import Span, plain
from jingwei.domain.papers.figures import Figures, Quantity
from jingwei.domain.papers.writing import Occasion, sections
from tests.domain.papers.lines import county, occasion, quantities

LEFT = {"14": {Moved(Movement.MOVED_OUT, True): 6}}


def text(figures: Figures | None = None, said: Occasion | None = None) -> list[str]:
    found = sections(figures or county(), said or occasion(moves=LEFT))
    return ["\n".join(plain(paragraph) for paragraph in section.paragraphs) for section in found]


def test_the_general_part_gives_the_whole_with_both_rates_and_their_changes() -> None:
    assert text()[0] == (
        "截至 9 月 30 日，全区三有且非公有的新兴领域组织 560 家，其中性质未知 179 家。已纳入组织覆盖 359 家，组织覆盖率 "
        "64.11%，比二季度末上升 1.81 个百分点；已纳入工作覆盖 500 家，工作覆盖率 89.29%，上升 1.68 个百分点。尚未覆盖 60 家；"
        "党员数未知、待摸排 28 家。有 3 名以上正式党员、应单独组建的单位 48 家，已建 44 家，未建 4 家，单建率 91.67%。"
    )


def test_a_fall_is_told_with_its_fractions_and_the_rows_that_caused_it() -> None:
    assert (
        "4 个镇街、园区中，3 个的组织覆盖率比二季度末上升，物流产业园下降 1.76 个百分点（83 ÷ 131 变为 77 ÷ 125），"
        "原因是 6 家已覆盖单位迁出。"
    ) in text()[1]


def test_what_raised_a_rate_is_no_reason_for_its_fall() -> None:
    moves = {"14": {Moved(Movement.GAINED, True): 9, Moved(Movement.LOST, True): 2, Moved(Movement.FOUNDED, False): 3}}
    told = text(said=occasion(moves=moves))[1]
    assert "原因是 2 家单位不再有党组织覆盖，3 家新增单位尚未覆盖。" in told
    assert "9 家" not in told


def test_areas_below_the_target_stand_in_administrative_order_with_their_unknown_counts() -> None:
    assert "石桥镇组织覆盖率低于目标 50%。上述单位待摸排 11 家，占全区待摸排的 39.29%，应先核清党员数。" in text()[1]
    assert "临江街道、石桥镇、物流产业园组织覆盖率低于目标 70%。" in text(county(target=70))[1]


def test_without_a_target_the_concentration_of_unknown_counts_is_told() -> None:
    told = text(county(target=None))[1]
    assert "目标" not in told
    assert "待摸排占三有组织的比重，石桥镇、物流产业园高于全区的 5.00%。" in told


def test_nobody_is_ranked_and_no_ordinal_is_given() -> None:
    whole = "\n".join(text())
    assert not re.search(r"第[一二三四五六七八九十\d]+[名位]|排名|倒数|最高|最低|领先|落后", whole)


def test_areas_that_have_not_confirmed_are_named_and_asked() -> None:
    told = text()
    assert "至取数时，石桥镇 1 个单位尚未确认，所列为系统数。" in told[1]
    assert "请尚未确认的单位核对系统所列数据后确认" in told[2]


def test_what_lies_in_no_area_is_told_and_given_to_somebody() -> None:
    told = text()
    assert "尚未落到镇街、园区的 5 家，列在表末。" in told[1]
    assert "对尚未落点的 5 家核定落点" in told[2]


def test_the_next_steps_carry_counts_and_a_day() -> None:
    assert text()[2].startswith(
        "对未建的 4 家逐户明确责任人和时限，批复后即计入；对待摸排的 28 家在 11 月底前核实到户；"
    )
    assert "在 2027 年 1 月底前" in text(said=occasion(due_on=date(2027, 1, 31)))[2]


def test_the_first_bulletin_compares_with_nothing_and_says_so() -> None:
    told = text(county(compared=False), occasion(compared_on=None))
    assert "没有可比的上期快照，本期不作比较。" in told[1]
    assert "个百分点" not in told[0]


def test_an_unchanged_rate_is_level_and_an_area_without_an_earlier_rate_is_counted_apart() -> None:
    figures = county()
    level = replace(figures.lines[0], before=figures.lines[0].now)
    fresh = replace(figures.lines[1], before={})
    told = text(replace(figures, lines=(level, fresh, *figures.lines[2:])))[1]
    assert "1 个的组织覆盖率比二季度末上升，1 个持平，物流产业园下降" in told
    assert "；1 个没有可比的数。" in told


def test_a_rate_without_its_facts_names_the_fact_instead_of_a_figure() -> None:
    figures = county()
    now = dict(figures.total.now) | {"COV-WORK": Quantity(missing="指导员选派名单")}
    assert "工作覆盖本期缺少指导员选派名单，不列" in text(replace(figures, total=replace(figures.total, now=now)))[0]


def test_where_no_count_of_members_is_known_nobody_is_said_to_be_due() -> None:
    figures = county()
    now = quantities(560, 0, 0, canvass=560)
    told = text(replace(figures, total=replace(figures.total, now=now)))[0]
    assert "目前掌握的党员数中，没有单位达到 3 名正式党员。" in told


def test_a_public_text_names_no_count_under_the_limit() -> None:
    told = "\n".join(text(said=occasion(limit=5, moves={"14": {Moved(Movement.CLOSED, True): 2}})))
    assert "未建 不足 5 家" in told
    assert "原因是 不足 5 家已覆盖单位不再在营" in told
    assert not re.search(r"(?<![\d,.])[1-4] 家", told)


def test_every_figure_with_a_source_is_one_of_the_indicators() -> None:
    spans = [
        span for section in sections(county(), occasion(moves=LEFT)) for part in section.paragraphs for span in part
    ]
    sources = [span.source for span in spans if span.source]
    assert {source.indicator for source in sources} == {"BASE-N", "COV-ORG", "COV-WORK", "COV-OWN3", "FORM-none"}
    assert any(source.earlier for source in sources)
    assert Span("560", sources[0]) in spans


def test_the_smallest_number_of_words_is_said_when_all_is_well() -> None:
    whole = quantities(100, 100, 100, due=9, built=9)
    figures = county()
    line = replace(figures.lines[0], now=whole, before=whole, target=Decimal(50))
    told = text(Figures((line,), replace(figures.total, now=whole, before=whole)), occasion())
    assert told[1] == "1 个镇街、园区中，1 个的组织覆盖率与二季度末持平。"
    assert told[2] == "继续按月核对名单，及时更正有变化的数据。"
