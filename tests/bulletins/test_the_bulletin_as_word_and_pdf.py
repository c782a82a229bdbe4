"""The quarterly bulletin read back from its files: the text, the table, the page."""

import pytest
from docx import Document
from docx.document import Document as Word
from docx.oxml.ns import qn
from docx.shared import Mm

from jingwei.bulletins.models import Paper
from jingwei.domain.papers.content import bulletin_of, plain
from tests.bulletins import pdf_text
from tests.bulletins.quarters import Quarters, content_of, make

pytestmark = pytest.mark.slow


def word_of(paper: Paper) -> Word:
    return Document(content_of(paper, "docx"))


def rows_of(word: Word) -> list[list[str]]:
    return [[cell.text for cell in row.cells] for row in word.tables[0].rows]


def test_the_word_file_holds_the_whole_text_in_order(quarters: Quarters) -> None:
    paper = make(quarters, Paper.Kind.BULLETIN)
    bulletin = bulletin_of(paper.content["bulletin"])
    printed = [paragraph.text for paragraph in word_of(paper).paragraphs]
    assert printed[:4] == [
        "新兴领域工作通报", "2026 年第 1 期（总第 1 期）", "青岚区委社会工作部\t2026 年 10 月 12 日",
        "关于 2026 年第三季度“两个覆盖”进展的通报",
    ]  # fmt: skip
    said = [line for section in bulletin.sections for line in (section.heading, *map(plain, section.paragraphs))]
    assert [line for line in printed if line in said] == said
    assert "{" not in "".join(printed)


def test_the_text_names_the_units_that_left_as_the_reason_of_a_fall(quarters: Quarters) -> None:
    printed = "".join(paragraph.text for paragraph in word_of(make(quarters, Paper.Kind.BULLETIN)).paragraphs)
    assert "高新产业园下降 30.00 个百分点（8 ÷ 10 变为 2 ÷ 4），原因是 6 家已覆盖单位迁出" in printed


def test_the_table_of_the_word_file_has_the_figures_of_the_snapshot(quarters: Quarters) -> None:
    rows = rows_of(word_of(make(quarters, Paper.Kind.BULLETIN)))
    assert rows[2:] == [
        ["书院街道※", "12", "4", "7", "58.33", "+8.33", "7", "58.33", "+8.33", "1", "0", "3"],
        ["临江街道※", "7", "0", "6", "85.71", "+85.71", "6", "85.71", "+85.71", "6", "6", "1"],
        ["高新产业园※", "4", "0", "2", "50.00", "−30.00", "2", "50.00", "−30.00", "2", "2", "0"],
        ["合　计", "23", "4", "15", "65.22", "+4.35", "15", "65.22", "+4.35", "9", "8", "4"],
    ]


def test_the_header_is_merged_and_repeats_on_every_page(quarters: Quarters) -> None:
    word = word_of(make(quarters, Paper.Kind.BULLETIN))
    above, below = rows_of(word)[:2]
    assert above[3:6] == ["组织覆盖"] * 3
    assert below[3:6] == ["家", "%", "较上季"]
    assert above[0] == below[0] == "单位"
    repeated = [row._tr.trPr.find(qn("w:tblHeader")) is not None for row in word.tables[0].rows]
    assert repeated == [True, True, False, False, False, False]


def test_the_page_is_set_as_offices_print(quarters: Quarters) -> None:
    word = word_of(make(quarters, Paper.Kind.BULLETIN))
    (section,) = word.sections
    near = [
        (section.page_width, Mm(210)), (section.page_height, Mm(297)), (section.top_margin, Mm(30)),
        (section.bottom_margin, Mm(26)), (section.left_margin, Mm(28)), (section.right_margin, Mm(28)),
    ]  # fmt: skip
    assert all(abs(held - wanted) < Mm(0.1) for held, wanted in near)
    masthead = word.styles["红头"]
    assert masthead.font.size.pt == 34
    assert str(masthead.font.color.rgb) == "B5121B"
    assert masthead.element.rPr.rFonts.get(qn("w:eastAsia")) == "方正小标宋简体"
    assert word.styles["通报正文"].paragraph_format.line_spacing.pt == 29
    footer = section.footer.paragraphs[0].text
    assert footer == "— 1 —"
    assert "PAGE" in section.footer._element.xml


def test_the_imprint_stands_at_the_foot_with_addressees_day_and_copies(quarters: Quarters) -> None:
    table = word_of(make(quarters, Paper.Kind.BULLETIN)).tables[1]
    assert [row.cells[0].text for row in table.rows] == [
        "报：市委社会工作部，区委、区政府领导同志。",
        "送：区委组织部，区市场监管局、区民政局、区税务局、区司法局、区人力资源社会保障局、区统计局。",
        "发：各镇党委、街道党工委、园区党工委，各行业党委。",
        "青岚区委社会工作部",
        "（共印 60 份）",
    ]
    assert table.rows[3].cells[1].text == "2026 年 10 月 12 日印发"
    floating = table._tbl.tblPr.find(qn("w:tblpPr"))
    assert floating.get(qn("w:tblpYSpec")) == "bottom"


def test_the_notes_cite_snapshot_time_and_definitions(quarters: Quarters) -> None:
    printed = [paragraph.text for paragraph in word_of(make(quarters, Paper.Kind.BULLETIN)).paragraphs]
    (note,) = (line for line in printed if line.startswith("口径："))
    for piece in ("快照号：S20260930-01", "取数时间：2026 年 10 月 1 日 2 时", "对比快照：S20260630-01", "口径版本："):
        assert piece in note


def test_the_pdf_says_the_same_on_two_pages(quarters: Quarters) -> None:
    paper = make(quarters, Paper.Kind.BULLETIN)
    pages = pdf_text.pages(content_of(paper, "pdf").getvalue())
    assert [page.endswith(f"— {number} —") for number, page in enumerate(pages, start=1)] == [True] * len(pages)
    assert len(pages) == 2
    whole = "".join(pages).replace("— 1 —", "")
    bulletin = bulletin_of(paper.content["bulletin"])
    for section in bulletin.sections:
        for paragraph in section.paragraphs:
            assert plain(paragraph) in whole
    for row in bulletin.table.rows:
        assert "".join(cell.text for cell in row.cells) in whole
    assert "（共印 60 份）" in whole


def test_marks_of_the_setting_language_in_a_name_stay_letters(quarters: Quarters) -> None:
    place = quarters.city.county_office
    place.name = "青岚区 #panic() *委* $x$ <a&b> {{ x }} 社会工作部"
    place.save()
    paper = make(quarters, Paper.Kind.BULLETIN)
    assert place.name in "".join(paragraph.text for paragraph in word_of(paper).paragraphs)
    assert "#panic()*委*$x$<a&b>" in "".join(pdf_text.pages(content_of(paper, "pdf").getvalue())).replace(" ", "")


def test_a_bulletin_of_the_city_has_a_line_for_each_county(quarters: Quarters) -> None:
    paper = make(quarters, Paper.Kind.BULLETIN, place=quarters.city.city)
    assert [row[0] for row in rows_of(word_of(paper))[2:]] == ["青岚区※", "白鹭县※", "合　计"]
    assert "全市三有且非公有的新兴领域组织 23 家" in "".join(line.text for line in word_of(paper).paragraphs)
