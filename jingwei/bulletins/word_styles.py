"""Styles, fonts and packaging of the product's own Word template, as the XML that a docx file holds.

Sizes are in points, widths in millimetres. Every look is a named style, so that an office can change it in Word.
"""

import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from io import BytesIO
from typing import NamedTuple

NAMESPACES = (
    'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
    ' xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"'
)
PRINT_RED = "B5121B"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml"


class Face(NamedTuple):
    """A font that offices have, the free one that stands in for it, and the family a reader may fall back to."""

    name: str
    fallback: str
    family: str
    latin: str = "Times New Roman"


FANGSONG = Face("仿宋", "Noto Serif CJK SC", "roman")
TITLE = Face("方正小标宋简体", "Noto Serif CJK SC", "roman")
BLACK = Face("黑体", "Noto Sans CJK SC", "swiss", "Arial")
FACES = (FANGSONG, TITLE, BLACK)


@dataclass(frozen=True, slots=True)
class Style:
    """One paragraph style. ``line`` is the exact height of a line, ``indent`` raw attributes of ``w:ind``."""

    id: str
    zh: str
    face: Face
    size: float
    line: float
    align: str = "left"
    before: float = 0
    after: float = 0
    indent: str = ""
    bold: bool = False
    red: bool = False
    tracking: float = 0
    keep_next: bool = False
    frame: str = ""

    def xml(self) -> str:
        """The style as an element of styles.xml."""
        return (
            f'<w:style w:type="paragraph" w:customStyle="1" w:styleId="{self.id}"><w:name w:val="{self.zh}"/>'
            f'<w:basedOn w:val="Normal"/><w:qFormat/>{self._paragraph()}{self._run()}</w:style>'
        )

    def _paragraph(self) -> str:
        keep = "<w:keepNext/>" if self.keep_next else ""
        spacing = (
            f'<w:spacing w:before="{twips(self.before)}" w:after="{twips(self.after)}" w:line="{twips(self.line)}"'
            ' w:lineRule="exact"/>'
        )
        indent = f"<w:ind {self.indent}/>" if self.indent else ""
        return f'<w:pPr>{keep}{self.frame}{spacing}{indent}<w:jc w:val="{self.align}"/></w:pPr>'

    def _run(self) -> str:
        bold = "<w:b/>" if self.bold else ""
        colour = f'<w:color w:val="{PRINT_RED}"/>' if self.red else ""
        tracking = f'<w:spacing w:val="{twips(self.tracking)}"/>' if self.tracking else ""
        return f"<w:rPr>{fonts(self.face)}{bold}{colour}{tracking}{sizes(self.size)}</w:rPr>"


def twips(points: float) -> int:
    """Twentieths of a point, in which Word measures."""
    return round(points * 20)


def millimetres(length: float) -> int:
    """A length in millimetres as twips."""
    return round(length * 1440 / 25.4)


def fonts(face: Face) -> str:
    """The fonts of a run: one for Latin letters and digits, one for Chinese."""
    return f'<w:rFonts w:ascii="{face.latin}" w:hAnsi="{face.latin}" w:eastAsia="{face.name}" w:cs="{face.latin}"/>'


def sizes(points: float) -> str:
    """The size of a run; Word counts half points."""
    half = round(points * 2)
    return f'<w:sz w:val="{half}"/><w:szCs w:val="{half}"/>'


def styles_xml(styles: tuple[Style, ...]) -> str:
    """The styles of a template; the first is that of the running text and the default."""
    base = styles[0]
    defaults = (
        f"<w:docDefaults><w:rPrDefault><w:rPr>{fonts(base.face)}{sizes(base.size)}"
        '<w:lang w:val="en-US" w:eastAsia="zh-CN" w:bidi="ar-SA"/></w:rPr></w:rPrDefault></w:docDefaults>'
    )
    normal = (
        '<w:style w:type="paragraph" w:default="1" w:styleId="Normal"><w:name w:val="Normal"/><w:qFormat/></w:style>'
        '<w:style w:type="table" w:default="1" w:styleId="TableNormal"><w:name w:val="Normal Table"/></w:style>'
    )
    return f"<w:styles {NAMESPACES}>{defaults}{normal}{''.join(style.xml() for style in styles)}</w:styles>"


def font_table_xml() -> str:
    """The fonts with what stands in for them where an office's machine lacks one."""
    entries = (
        f'<w:font w:name="{face.name}"><w:altName w:val="{face.fallback}"/><w:charset w:val="86"/>'
        f'<w:family w:val="{face.family}"/><w:pitch w:val="variable"/></w:font>'
        for face in FACES
    )
    return f"<w:fonts {NAMESPACES}>{''.join(entries)}</w:fonts>"


def package(*, body: str, footer: str, styles: tuple[Style, ...], title: str) -> bytes:
    """A docx file out of its parts."""
    core = (
        f'<cp:coreProperties xmlns:cp="{_PACKAGE}/metadata/core-properties"'
        f' xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:title>{title}</dc:title></cp:coreProperties>'
    )
    settings = (
        f'<w:settings {NAMESPACES}><w:zoom w:percent="100"/><w:defaultTabStop w:val="420"/>'
        '<w:characterSpacingControl w:val="compressPunctuation"/><w:compat><w:compatSetting w:name="compatibilityMode"'
        ' w:uri="http://schemas.microsoft.com/office/word" w:val="15"/></w:compat></w:settings>'
    )
    parts = {
        "[Content_Types].xml": _content_types(),
        "_rels/.rels": _relations(
            {"officeDocument": f"{_OFFICE}|word/document.xml", "core-properties": f"{_PACKAGE}/relationships/metadata|docProps/core.xml"}
        ),
        "docProps/core.xml": core,
        "word/document.xml": body,
        "word/footer1.xml": footer,
        "word/styles.xml": styles_xml(styles),
        "word/fontTable.xml": font_table_xml(),
        "word/settings.xml": settings,
        "word/_rels/document.xml.rels": _relations(
            {name: f"{_OFFICE}|{name}.xml" for name in ("styles", "fontTable", "settings")}
            | {"footer": f"{_OFFICE}|footer1.xml"}
        ),
    }  # fmt: skip
    out = BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as file:
        for name, text in parts.items():
            file.writestr(name, f'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n{text}')
    return out.getvalue()


def _content_types() -> str:
    named = {"document": "document.main", "styles": "styles", "fontTable": "fontTable", "settings": "settings"}
    overrides = "".join(
        f'<Override PartName="/word/{part}.xml" ContentType="{_TYPE}.{kind}+xml"/>'
        for part, kind in [*named.items(), ("footer1", "footer")]
    )
    core = (
        '<Override PartName="/docProps/core.xml"'
        ' ContentType="application/vnd.openxmlformats-package.core-properties+xml"/>'
    )
    return (
        f'<Types xmlns="{_PACKAGE}/content-types"><Default Extension="rels"'
        ' ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        f'<Default Extension="xml" ContentType="application/xml"/>{overrides}{core}</Types>'
    )


def _relations(targets: Mapping[str, str]) -> str:
    """Relationships by kind; a target is the family of kinds and the path, parted by a bar."""
    entries = []
    for number, (kind, place) in enumerate(targets.items(), start=1):
        family, target = place.split("|")
        entries.append(f'<Relationship Id="rId{number}" Type="{family}/{kind}" Target="{target}"/>')
    return f'<Relationships xmlns="{_PACKAGE}/relationships">{"".join(entries)}</Relationships>'
