"""Word templates that a city has edited: which stands in force, and whether one asks only for what a bulletin holds."""

import re
import zipfile
from io import BytesIO

from docxtpl import DocxTemplate  # type: ignore[import-untyped]
from jinja2 import TemplateError, TemplateSyntaxError, UndefinedError

from jingwei.bulletins.models import Template
from jingwei.bulletins.sample import sample_bulletin
from jingwei.bulletins.word import fields, write_docx
from jingwei.core.refusal import Refused
from jingwei.rosters import files

MOST_BYTES, MOST_UNPACKED = 5 * 2**20, 50 * 2**20
_FOREIGN = ("vbaProject.bin", "oleObject", "activeX")
# A link that a reader follows himself is no harm; anything else would be fetched when the paper is opened.
_FETCHED = re.compile(rb"<Relationship (?![^>]*/hyperlink\")[^>]*TargetMode=\"External\"")
_UNREADABLE = "这个文件不能作为模板打开，请在 Word 中另存为 .docx 后再上传。"


def template_in_force(kind: str) -> bytes | None:
    """The newest template of the city for this kind of paper; None where the product's own stands."""
    held = Template.objects.filter(kind=kind).select_related("file").first()
    return files.path_of(held.file.sha256).read_bytes() if held else None


def check(content: bytes) -> None:
    """Raise Refused, in Chinese, where the file is no Word template or asks for something a bulletin lacks."""
    _check_package(content)
    try:
        _try_out(content)
    except TemplateSyntaxError as fault:
        raise Refused(f"模板中的占位符写法有误：{fault.message}。") from fault
    except UndefinedError as fault:
        raise Refused(f"模板中有不认识的占位符：{_named(fault)}。可用的占位符见说明。") from fault
    except TemplateError as fault:
        raise Refused("模板中有不允许的写法，只能引用说明中列出的占位符。") from fault
    except (KeyError, ValueError, SyntaxError, AttributeError) as fault:  # what broken XML comes to in the libraries
        raise Refused(_UNREADABLE) from fault


def _try_out(content: bytes) -> None:
    bulletin = sample_bulletin()
    wanted = DocxTemplate(BytesIO(content)).get_undeclared_template_variables()
    unknown = sorted(set(wanted) - set(fields(bulletin)))
    if unknown:
        raise Refused(f"模板中有不认识的占位符：{'、'.join(unknown)}。可用的占位符见说明。")
    if not wanted:
        raise Refused("模板中没有占位符。请从现用模板改起，保留花括号中的内容。")
    write_docx(bulletin, content)


def _check_package(content: bytes) -> None:
    """A docx of reasonable size that brings no programs and fetches nothing from elsewhere."""
    if len(content) > MOST_BYTES:
        raise Refused(f"模板超过 {MOST_BYTES // 2**20} MB 的上限。")
    try:
        with zipfile.ZipFile(BytesIO(content)) as package:
            entries = package.infolist()
            if sum(entry.file_size for entry in entries) > MOST_UNPACKED:
                raise Refused("模板解开后太大，请去掉其中的图片。")
            if any(word in entry.filename for entry in entries for word in _FOREIGN):
                raise Refused("模板中含有宏或嵌入对象，请去掉后再上传。")
            texts = [package.read(entry) for entry in entries if entry.filename.endswith(".rels")]
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError) as fault:
        raise Refused(_UNREADABLE) from fault
    if any(_FETCHED.search(text) for text in texts):
        raise Refused("模板引用了外部文件，请改为嵌入后再上传。")


def _named(fault: UndefinedError) -> str:
    """The name an undefined placeholder was asked by."""
    names = re.findall(r"'([^']+)'", fault.message or "")
    return names[-1] if names else "（未能识别）"
