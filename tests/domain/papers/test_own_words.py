"""What an office writes into a bulletin brings no figure of its own."""

import pytest

from jingwei.domain.papers.content import Bulletin, Imprint, as_data, bulletin_of
from jingwei.domain.papers.figure_tables import figure_layout, fill
from jingwei.domain.papers.own_words import strange_figures
from jingwei.domain.papers.writing import sections
from tests.domain.papers.lines import county, occasion


def bulletin() -> Bulletin:
    table = fill(figure_layout("bulletin_table"), county(), title="表 1", lead="单位", notes=(), limit=0)
    imprint = Imprint("市委。", "各局。", "各镇。", "区委社会工作部", "2026 年 10 月 12 日", 60)
    return Bulletin(
        "通报",
        "第 3 期",
        "区委社会工作部",
        "2026 年 10 月 12 日",
        "标题",
        sections(county(), occasion()),
        table,
        imprint,
    )


@pytest.mark.parametrize(
    "text",
    [
        "对未建的 4 家逐户走访。",
        "力争 12 月底前全部建成，每月 5 日报进度。",
        "按《条例》第 4 条办理，15 个工作日内答复。",
        "组织覆盖率 64.11% 仍有提高余地，三有组织 560 家。",
        "各镇街落实责任。",
    ],
)
def test_figures_of_the_paper_and_days_may_be_used(text: str) -> None:
    assert strange_figures([text], bulletin()) == ()


@pytest.mark.parametrize(
    ("text", "strange"),
    [
        ("年内新建 500 家以上，其中街道 37 家。", ("37",)),
        ("覆盖率达到 99.9%。", ("99.9",)),
        ("新增 1,234 家。", ("1,234",)),
    ],
)
def test_a_figure_that_stands_nowhere_is_named(text: str, strange: tuple[str, ...]) -> None:
    assert strange_figures([text], bulletin()) == strange


def test_a_bulletin_survives_being_stored() -> None:
    assert bulletin_of(as_data(bulletin())) == bulletin()
