"""The text of each page of a PDF that typst has written: enough of the format to read it back, and no more."""

import re
import zlib
from collections.abc import Iterator

_OBJECT = re.compile(rb"(\d+) 0 obj\n(.*?)\nendobj", re.DOTALL)
_TEXT = re.compile(rb"/(f\d+) [\d.]+ Tf[^\[<(]*(.*?)T[jJ]\nET", re.DOTALL)
_ESCAPE = re.compile(rb"\\([0-7]{1,3}|.)", re.DOTALL)
_LETTERS = {b"n": b"\n", b"r": b"\r", b"t": b"\t", b"b": b"\b", b"f": b"\f"}


def pages(pdf: bytes) -> list[str]:
    """The text of each page, without the blanks that set it."""
    objects = {int(number): body for number, body in _OBJECT.findall(pdf)}
    found = [body for body in objects.values() if b"/Type/Page/" in body]
    return [_page(body, objects) for body in found]


def _page(body: bytes, objects: dict[int, bytes]) -> str:
    fonts = {
        name: _characters(objects[_reference(objects[number], b"ToUnicode")], objects)
        for name, number in _fonts(objects[_reference(body, b"Resources")], objects)
    }
    shown = _TEXT.findall(_stream(objects[_reference(body, b"Contents")]))
    return "".join(fonts[font].get(code, "") for font, array in shown for code in _codes(array))


def _fonts(resources: bytes, objects: dict[int, bytes]) -> list[tuple[bytes, int]]:
    return [(name, int(number)) for name, number in re.findall(rb"/(f\d+) (\d+) 0 R", resources)]


def _reference(body: bytes, name: bytes) -> int:
    match = re.search(rb"/" + name + rb" (\d+) 0 R", body)
    assert match, name
    return int(match[1])


def _stream(body: bytes) -> bytes:
    raw = body.split(b"stream\n", 1)[1].rsplit(b"\nendstream", 1)[0]
    return zlib.decompress(raw) if b"/FlateDecode" in body else raw


def _characters(body: bytes, objects: dict[int, bytes]) -> dict[int, str]:
    pairs = re.findall(rb"<([0-9A-F]{4})> <([0-9A-F]+)>", _stream(body).partition(b"beginbfchar")[2])
    return {int(code, 16): bytes.fromhex(text.decode()).decode("utf-16-be") for code, text in pairs}


def _codes(array: bytes) -> list[int]:
    data = b"".join(_strings(array))
    return [int.from_bytes(data[at : at + 2]) for at in range(0, len(data), 2)]


def _strings(array: bytes) -> Iterator[bytes]:
    """The strings of an array: hexadecimal in angles, or plain in brackets, which may nest."""
    at = 0
    while at < len(array):
        if array[at : at + 1] == b"<":
            end = array.index(b">", at)
            yield bytes.fromhex(array[at + 1 : end].decode())
        elif array[at : at + 1] == b"(":
            end = _closing(array, at)
            yield _ESCAPE.sub(_plain, array[at + 1 : end])
        else:
            end = at
        at = end + 1


def _closing(array: bytes, start: int) -> int:
    depth, at = 0, start
    while True:
        mark = array[at : at + 1]
        if mark == b"\\":
            at += 1
        depth += {b"(": 1, b")": -1}.get(mark, 0)
        if not depth:
            return at
        at += 1


def _plain(match: re.Match[bytes]) -> bytes:
    mark = match[1]
    return bytes([int(mark, 8)]) if mark.isdigit() else _LETTERS.get(mark, mark)
