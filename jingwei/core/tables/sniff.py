"""What a file really is, by its first bytes: the name of a file proves nothing."""

from pathlib import Path

from jingwei.core.tables.errors import TableErrorCode, place, refusal

_ZIP = b"PK\x03\x04"
_EMPTY_ZIP = b"PK\x05\x06"
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_HEAD = 4096
# The names of streams lie in the directory of an OLE file, mostly near its beginning or its end.
_OLE_SEARCHED = 4 << 20

_MAGICS: tuple[tuple[bytes, str], ...] = (
    (b"%PDF", "PDF 文件"),
    (b"{\\rtf", "RTF 文档"),
    (b"\x89PNG", "图片"),
    (b"\xff\xd8\xff", "图片"),
    (b"GIF8", "图片"),
    (b"BM", "图片"),
    (b"II*\x00", "图片"),
    (b"MM\x00*", "图片"),
    (b"RIFF", "图片或音视频"),
    (b"\x1f\x8b", "gzip 压缩包"),
    (b"7z\xbc\xaf'\x1c", "7z 压缩包"),
    (b"Rar!", "RAR 压缩包"),
    (b"SQLite format 3", "数据库文件"),
    (b"\x7fELF", "程序文件"),
    (b"MZ", "程序文件"),
    (_EMPTY_ZIP, "空的压缩包"),
)
# "BM" and "MZ" may begin a header in Latin letters; they count only where bytes follow that no text has.
_SHORT_MAGICS = (b"BM", b"MZ")
_MARKUP: tuple[tuple[bytes, str], ...] = (
    (b"<!doctype html", "网页（HTML）"),
    (b"<html", "网页（HTML）"),
    (b"<table", "网页（HTML）"),
    (b"<?xml", "XML 文件"),
    (b"<workbook", "XML 表格"),
    (b"mime-version:", "网页（MHT）"),
)


def is_zip_file(path: Path) -> bool:
    """Whether the file is a zip archive, as xlsx is; text otherwise. Anything else is refused.

    Raises TableError: T-MISSING, T-EMPTY, T-KIND, T-ENCRYPTED.
    """
    where = place(path.name)
    if not path.is_file():
        raise refusal(TableErrorCode.MISSING, where)
    with path.open("rb") as file:
        head = file.read(_HEAD)
    if not head:
        raise refusal(TableErrorCode.EMPTY, where)
    if head.startswith(_ZIP):
        return True
    if head.startswith(_OLE):
        _refuse_ole(path)
    _refuse_magics(head, where)
    return False


def _refuse_magics(head: bytes, where: str) -> None:
    for magic, kind in _MAGICS:
        if head.startswith(magic) and (magic not in _SHORT_MAGICS or b"\x00" in head[:64]):
            raise refusal(TableErrorCode.KIND, where, kind=kind)
    start = head.removeprefix(b"\xef\xbb\xbf").lstrip().lower()
    for magic, kind in _MARKUP:
        if start.startswith(magic):
            raise refusal(TableErrorCode.KIND, where, kind=kind)


def _refuse_ole(path: Path) -> None:
    """OLE holds old Office documents, and also every Office document with a password."""
    where = place(path.name)
    with path.open("rb") as file:
        content = file.read(_OLE_SEARCHED)
    if _stream("EncryptedPackage") in content:
        raise refusal(TableErrorCode.ENCRYPTED, where)
    if _stream("Workbook") in content or _stream("Book") in content:
        kind = "旧版 Excel（xls）或 WPS 表格（et）文件"
    elif _stream("WordDocument") in content:
        kind = "旧版 Word（doc）文档"
    else:
        kind = "旧版 Office 文档"
    raise refusal(TableErrorCode.KIND, where, kind=kind)


def _stream(name: str) -> bytes:
    return name.encode("utf-16-le")
