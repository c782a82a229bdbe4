"""A bulletin with invented figures, on which an uploaded template is tried out."""

from jingwei.domain.papers.content import Bulletin, Imprint, Row, Section, Span, Table
from jingwei.domain.papers.figure_tables import TOTAL, figure_layout

_OFFICE = "安澜市委社会工作部"


def sample_bulletin() -> Bulletin:
    """A short bulletin that fills every field a template may ask for."""
    columns = tuple(column.head() for column in figure_layout("bulletin_table").columns)
    figures = tuple(Span("0") for _ in columns)
    rows = (Row("书院街道", figures), Row("临江街道", figures, marked=True))
    return Bulletin(
        masthead="新兴领域工作通报",
        issue="2026 年第 1 期（总第 1 期）",
        issuer=_OFFICE,
        issued_on="2026 年 1 月 10 日",
        title="关于 2026 年第一季度“两个覆盖”进展的通报",
        sections=(Section("一、总体情况", ((Span("示例文字。"),),)),),
        table=Table("表 1　示例", "单位", columns, rows, Row(TOTAL, figures), ("示例说明。",)),
        imprint=Imprint("市委。", "各部门。", "各区县。", _OFFICE, "2026 年 1 月 10 日", 1),
    )
