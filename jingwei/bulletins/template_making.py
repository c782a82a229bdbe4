"""The product's own Word template of a bulletin, built from code so that its columns follow the table's layout.

A4 as offices print it: masthead and rule in red, body of 16 pt on lines of 29 pt, the table with a repeating header, 版记 at the foot of the last page. The marks in braces are filled in by docxtpl.
"""

from functools import lru_cache
from itertools import groupby

from jingwei.bulletins.word_styles import (
    BLACK,
    FANGSONG,
    NAMESPACES,
    PRINT_RED,
    TITLE,
    Style,
    millimetres,
    package,
)
from jingwei.domain.papers.content import Column
from jingwei.domain.papers.figure_tables import FigureLayout, figure_layout

TEXT_WIDTH, NAME_WIDTH, ROW_HEIGHT = 154.0, 22.0, 7.0  # mm
_TAB = f'<w:tabs><w:tab w:val="right" w:pos="{millimetres(TEXT_WIDTH)}"/></w:tabs>'
_RULE = f'<w:pBdr><w:bottom w:val="single" w:sz="18" w:space="4" w:color="{PRINT_RED}"/></w:pBdr>'
_TWO_CHARACTERS = 'w:firstLineChars="200" w:firstLine="640"'
STYLES = (
    Style("Body", "通报正文", FANGSONG, 16, 29, "both", indent=_TWO_CHARACTERS),
    Style("Masthead", "红头", TITLE, 34, 48, "center", after=8, red=True, tracking=3.5),
    Style("Issue", "期号", FANGSONG, 16, 29, "center", after=4),
    Style("Issuer", "发文单位与日期", FANGSONG, 16, 29, frame=_RULE + _TAB),
    Style("BulletinTitle", "通报标题", TITLE, 21, 32, "center", before=22, after=12),
    Style("SectionHeading", "一级标题", BLACK, 16, 29, indent=_TWO_CHARACTERS, keep_next=True),
    Style("TableTitle", "表题", BLACK, 11, 22, "center", before=14, bold=True, keep_next=True),
    # Kept with the next line, so that Word moves a table as a whole where a page can hold it.
    Style("TableHead", "表头", BLACK, 10, 13, "center", keep_next=True),
    Style("TableName", "表内单位", BLACK, 10, 14, keep_next=True),
    Style("TableFigure", "表内数字", BLACK, 10, 14, "right", keep_next=True),
    Style("TableNote", "表注", BLACK, 9.5, 15, "both", before=2),
    Style("Imprint", "版记", FANGSONG, 14, 24, indent='w:left="980" w:right="280" w:hanging="700"'),
    Style("ImprintLine", "版记印发行", FANGSONG, 14, 24, indent='w:left="280" w:right="280"'),
    Style("Anchor", "版记锚点", FANGSONG, 1, 1),
)
_GRID = "".join(
    f'<w:{side} w:val="single" w:sz="4" w:space="0" w:color="000000"/>'
    for side in ("top", "left", "bottom", "right", "insideH", "insideV")
)
_LINES = (
    '<w:top w:val="single" w:sz="8" w:space="0" w:color="000000"/>'
    '<w:bottom w:val="single" w:sz="8" w:space="0" w:color="000000"/>'
    '<w:insideH w:val="single" w:sz="4" w:space="0" w:color="000000"/>'
)
# The 版记 floats at the lower margin of the page on which the text ends.
_AT_FOOT = (
    '<w:tblpPr w:leftFromText="0" w:rightFromText="0" w:topFromText="170" w:bottomFromText="0" w:vertAnchor="margin"'
    ' w:horzAnchor="margin" w:tblpXSpec="left" w:tblpYSpec="bottom"/><w:tblOverlap w:val="never"/>'
)
_SECTION = (
    '<w:sectPr><w:footerReference w:type="default" r:id="rId4"/>'
    f'<w:pgSz w:w="{millimetres(210)}" w:h="{millimetres(297)}"/>'
    f'<w:pgMar w:top="{millimetres(30)}" w:right="{millimetres(28)}" w:bottom="{millimetres(26)}"'
    f' w:left="{millimetres(28)}" w:header="{millimetres(15)}" w:footer="{millimetres(15)}" w:gutter="0"/></w:sectPr>'
)
_PAGE_NUMBER = (
    '<w:p><w:pPr><w:jc w:val="center"/></w:pPr><w:r><w:t xml:space="preserve">— </w:t></w:r>'
    '<w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText xml:space="preserve"> PAGE </w:instrText></w:r>'
    '<w:r><w:fldChar w:fldCharType="separate"/></w:r><w:r><w:t>1</w:t></w:r>'
    '<w:r><w:fldChar w:fldCharType="end"/></w:r><w:r><w:t xml:space="preserve"> —</w:t></w:r></w:p>'
)


@lru_cache(maxsize=1)
def own_template() -> bytes:
    """The template as a docx file."""
    content = "".join((_head(), _text(), _figures(figure_layout("bulletin_table")), _imprint()))
    return package(
        body=f"<w:document {NAMESPACES}><w:body>{content}{_SECTION}</w:body></w:document>",
        footer=f"<w:ftr {NAMESPACES}>{_PAGE_NUMBER}</w:ftr>",
        styles=STYLES,
        title="{{ title }}",
    )


def _paragraph(style: str, *texts: str) -> str:
    """A paragraph; its texts are parted by tabs, line breaks within them stay."""
    runs = "<w:r><w:tab/></w:r>".join(_run(text) for text in texts)
    return f'<w:p><w:pPr><w:pStyle w:val="{style}"/></w:pPr>{runs}</w:p>'


def _run(text: str) -> str:
    lines = "<w:br/>".join(f'<w:t xml:space="preserve">{line}</w:t>' for line in text.split("\n"))
    return f"<w:r>{lines}</w:r>"


def _head() -> str:
    return (
        _paragraph("Masthead", "{{ masthead }}")
        + _paragraph("Issue", "{{ issue }}")
        + _paragraph("Issuer", "{{ issuer }}", "{{ issued_on }}")
        + _paragraph("BulletinTitle", "{{ title }}")
    )


def _text() -> str:
    return (
        _paragraph("Body", "{%p for section in sections %}")
        + _paragraph("SectionHeading", "{{ section.heading }}")
        + _paragraph("Body", "{%p for paragraph in section.paragraphs %}")
        + _paragraph("Body", "{{ paragraph }}")
        + _paragraph("Body", "{%p endfor %}")
        + _paragraph("Body", "{%p endfor %}")
    )


def _figures(layout: FigureLayout) -> str:
    ids = [column.id for column in layout.columns]
    columns = tuple(column.head() for column in layout.columns)
    share = (TEXT_WIDTH - NAME_WIDTH) / sum(column.width for column in columns)
    widths = [NAME_WIDTH, *(column.width * share for column in columns)]
    rows = (
        *_header(columns, widths),
        _row([_cell(sum(widths), _paragraph("TableName", "{%tr for row in table.rows %}"), span=len(widths))]),
        _figure_row("row", ids, widths),
        _row([_cell(sum(widths), _paragraph("TableName", "{%tr endfor %}"), span=len(widths))]),
        _figure_row("table.total", ids, widths, bold=True),
    )
    notes = "".join(
        _paragraph("TableNote", text) for text in ("{%p for note in table.notes %}", "{{ note }}", "{%p endfor %}")
    )
    properties = (
        f'<w:tblW w:w="{millimetres(TEXT_WIDTH)}" w:type="dxa"/><w:jc w:val="center"/><w:tblBorders>{_GRID}</w:tblBorders>'
        '<w:tblLayout w:type="fixed"/><w:tblCellMar><w:left w:w="20" w:type="dxa"/><w:right w:w="28" w:type="dxa"/></w:tblCellMar>'
    )
    return _paragraph("TableTitle", "{{ table.title }}") + _table(properties, widths, rows) + notes


def _header(columns: tuple[Column, ...], widths: list[float]) -> tuple[str, str]:
    """Two rows, the same on every page: neighbours of one group share a cell above theirs."""
    above, below = [_head_cell(widths[0], "单位", "restart")], [_head_cell(widths[0], "", "continue")]
    numbered = groupby(enumerate(columns, start=1), key=lambda item: item[1].group or item[1].id)
    for group, members in numbered:
        held = list(members)
        if held[0][1].group:
            width = sum(widths[place] for place, _ in held)
            above.append(_cell(width, _paragraph("TableHead", group), span=len(held), shaded=True))
            below += [_head_cell(widths[place], column.zh) for place, column in held]
        else:
            place, column = held[0]
            above.append(_head_cell(widths[place], column.zh, "restart"))
            below.append(_head_cell(widths[place], "", "continue"))
    return _row(above, repeats=True), _row(below, repeats=True)


def _head_cell(width: float, text: str, merge: str = "") -> str:
    return _cell(width, _paragraph("TableHead", text.replace("（", "\n（")), merge=merge, shaded=True)


def _figure_row(prefix: str, ids: list[str], widths: list[float], *, bold: bool = False) -> str:
    cells = [_paragraph("TableName", f"{{{{ {prefix}.name }}}}")]
    cells += [_paragraph("TableFigure", f"{{{{ {prefix}.{name} }}}}") for name in ids]
    if bold:
        cells = [cell.replace("<w:r><w:t", "<w:r><w:rPr><w:b/></w:rPr><w:t") for cell in cells]
    return _row([_cell(width, cell) for width, cell in zip(widths, cells, strict=True)])


def _imprint() -> str:
    half = TEXT_WIDTH / 2
    rows: list[str] = []
    for label, name in (("报：", "report_to"), ("送：", "send_to"), ("发：", "issue_to")):
        rows += [
            _imprint_row(f"{{%tr if imprint.{name} %}}"),
            _imprint_row(f"{label}{{{{ imprint.{name} }}}}"),
            _imprint_row("{%tr endif %}"),
        ]
    issuer = _paragraph("ImprintLine", "{{ imprint.issuer }}")
    printed = _aligned_right(_paragraph("ImprintLine", "{{ imprint.printed_on }}印发"))
    copies = _aligned_right(_paragraph("ImprintLine", "（共印 {{ imprint.copies }} 份）"))
    below = '<w:tcBorders><w:top w:val="single" w:sz="8" w:space="0" w:color="000000"/><w:bottom w:val="nil"/></w:tcBorders>'
    rows.append(_row([_cell(half, issuer), _cell(half, printed)]))
    rows.append(_row([_cell(TEXT_WIDTH, copies, span=2, borders=below)]))
    properties = (
        f'{_AT_FOOT}<w:tblW w:w="{millimetres(TEXT_WIDTH)}" w:type="dxa"/><w:tblBorders>{_LINES}</w:tblBorders>'
        '<w:tblLayout w:type="fixed"/>'
    )
    return _table(properties, [half, half], tuple(rows)) + _paragraph("Anchor", "")


def _imprint_row(text: str) -> str:
    return _row([_cell(TEXT_WIDTH, _paragraph("Imprint", text), span=2)])


def _aligned_right(paragraph: str) -> str:
    return paragraph.replace("</w:pPr>", '<w:jc w:val="right"/></w:pPr>', 1)


def _table(properties: str, widths: list[float], rows: tuple[str, ...]) -> str:
    grid = "".join(f'<w:gridCol w:w="{millimetres(width)}"/>' for width in widths)
    return f"<w:tbl><w:tblPr>{properties}</w:tblPr><w:tblGrid>{grid}</w:tblGrid>{''.join(rows)}</w:tbl>"


def _row(cells: list[str], *, repeats: bool = False) -> str:
    header = "<w:tblHeader/>" if repeats else ""
    height = f'<w:trHeight w:val="{millimetres(ROW_HEIGHT)}" w:hRule="atLeast"/>'
    return f"<w:tr><w:trPr><w:cantSplit/>{height}{header}</w:trPr>{''.join(cells)}</w:tr>"


def _cell(
    width: float, content: str, *, span: int = 1, merge: str = "", shaded: bool = False, borders: str = ""
) -> str:
    spanned = f'<w:gridSpan w:val="{span}"/>' if span > 1 else ""
    merged = f'<w:vMerge w:val="{merge}"/>' if merge else ""
    shade = '<w:shd w:val="clear" w:color="auto" w:fill="F2F2F2"/>' if shaded else ""
    return (
        f'<w:tc><w:tcPr><w:tcW w:w="{millimetres(width)}" w:type="dxa"/>{spanned}{merged}{borders}{shade}'
        f'<w:vAlign w:val="center"/></w:tcPr>{content}</w:tc>'
    )
