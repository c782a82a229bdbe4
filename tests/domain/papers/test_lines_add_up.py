"""Lines of a paper, their remainder, and the table made of them."""

from dataclasses import replace
from decimal import Decimal

from jingwei.domain.papers.content import Part, as_data, table_of
from jingwei.domain.papers.figure_tables import figure_layout, fill
from jingwei.domain.papers.figures import REMAINDER, Figures
from tests.domain.papers.lines import county, quantities

LAYOUT = figure_layout("bulletin_table")
IDS = [column.id for column in LAYOUT.columns]


def table(limit: int = 0, figures: Figures | None = None):
    return fill(LAYOUT, figures or county(), title="表 1", lead="单位", notes=(), limit=limit)


def cells(limit: int, name: str) -> dict[str, str]:
    row = next(row for row in (*table(limit).rows, table(limit).total) if row.name == name)
    return dict(zip(IDS, (cell.text for cell in row.cells), strict=True))


def test_what_lies_in_no_area_gets_a_line_of_its_own_so_that_the_lines_add_up() -> None:
    rows = table().rows
    assert [row.name for row in rows] == ["书院街道", "临江街道", "石桥镇", "物流产业园", REMAINDER]
    base = [int(row.cells[0].text.replace(",", "")) for row in rows]
    assert sum(base) == 560
    assert base[-1] == 5


def test_without_a_remainder_there_is_no_such_line() -> None:
    figures = county()
    lines = figures.lines
    whole = quantities(555, 359, 500)
    exact = replace(figures, total=replace(figures.total, now={"BASE-N": whole["BASE-N"]}), lines=lines)
    assert exact.remainder() is None


def test_areas_that_hold_more_than_the_whole_are_reported() -> None:
    figures = county()
    small = replace(figures, total=replace(figures.total, now=quantities(100, 90, 95)))
    assert "BASE-N" in small.overdrawn()
    assert county().overdrawn() == ()


def test_a_line_shows_counts_rates_and_the_change_of_the_printed_rates() -> None:
    assert cells(0, "物流产业园") == {
        "base": "125", "unknown": "40", "organized": "77", "organized_rate": "61.60", "organized_change": "−1.76",
        "worked": "112", "worked_rate": "89.60", "worked_change": "+0.29", "due": "15", "built": "13", "canvass": "7",
    }  # fmt: skip


def test_an_area_that_has_not_confirmed_is_marked() -> None:
    assert [row.name for row in table().rows if row.marked] == ["石桥镇"]


def test_every_figure_of_an_area_knows_where_it_comes_from() -> None:
    row = table().rows[0]
    sources = [cell.source for cell in row.cells]
    assert all(source and (source.cut, source.member) == ("area", "11") for source in sources)
    assert sources[1] is not None
    assert (sources[1].part, sources[1].label) == (Part.BESIDE, "性质未知")


def test_a_table_survives_being_stored() -> None:
    assert table_of(as_data(table(5))) == table(5)


def test_without_a_compared_month_changes_are_dashes() -> None:
    row = table(figures=county(compared=False)).rows[0]
    assert row.cells[IDS.index("organized_change")].text == "—"


def test_a_public_table_hides_small_counts_and_whatever_would_give_them_away() -> None:
    hidden = cells(5, "石桥镇")
    assert hidden["due"] == hidden["built"] == "＊"
    assert cells(5, "书院街道")["canvass"] == "＊"


def test_a_single_hidden_count_is_not_left_alone_in_its_column() -> None:
    for place, name in enumerate(IDS):
        marks = [row.cells[place].hidden for row in table(5).rows]
        if any(marks) and name in {"canvass", "due", "built", "base", "organized"}:
            assert sum(marks) >= 2, name


def test_a_rate_made_of_a_small_count_is_hidden_with_it() -> None:
    figures = county()
    tiny = replace(figures.lines[2], now=quantities(6, 3, 4))
    rows = table(5, replace(figures, lines=(*figures.lines[:2], tiny, figures.lines[3]))).rows
    shown = dict(zip(IDS, rows[2].cells, strict=True))
    assert shown["organized"].hidden
    assert shown["organized_rate"].hidden
    assert shown["organized_change"].hidden


def test_zero_is_a_count_that_may_be_printed() -> None:
    figures = county()
    none = replace(figures.lines[2], now=quantities(60, 20, 30, canvass=0))
    rows = table(5, replace(figures, lines=(*figures.lines[:2], none, figures.lines[3]))).rows
    assert rows[2].cells[IDS.index("canvass")].text == "0"


def test_the_internal_edition_hides_nothing() -> None:
    assert not any(cell.hidden for row in table(0).rows for cell in row.cells)
    assert Decimal(cells(0, "石桥镇")["due"]) == 2
