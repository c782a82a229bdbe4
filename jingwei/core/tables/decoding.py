"""Bytes to text: which encoding a file has, and its text in blocks with even line ends."""

import codecs
import io
import re
from collections.abc import Iterator
from pathlib import Path

SAMPLE_BYTES = 256 << 10
_BLOCK = 1 << 20
_BYTE_ORDER_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_CANDIDATES = ("utf-8", "gb18030", "utf-16-le", "utf-16-be")
# Private-use characters come out where bytes of another encoding are read; U+FFFD where none fit.
_GARBLED = re.compile("[\ue000-\uf8ff\ufffd]")
_FEWEST_GARBLED = 20
_GARBLED_SHARE = 50


def candidate_encodings(head: bytes) -> tuple[str, ...]:
    """The encodings worth trying, likeliest first; a byte-order mark leaves one.

    UTF-16 without a mark is tried only where zero bytes occur, which other text does not have.
    """
    for mark, encoding in _BYTE_ORDER_MARKS:
        if head.startswith(mark):
            return (encoding,)
    return _CANDIDATES if b"\x00" in head else _CANDIDATES[:2]


def decode_sample(head: bytes, encoding: str, *, whole: bool) -> str:
    """The text of the first bytes of a file; a character cut at their end is left out."""
    return _decoder(encoding).decode(head, whole).replace("\x00", "")


def garbled_count(text: str) -> int:
    """Number of characters that show a wrong encoding or lost bytes."""
    return 0 if text.isascii() else len(_GARBLED.findall(text))


def _decoder(encoding: str) -> io.IncrementalNewlineDecoder:
    decoder = codecs.getincrementaldecoder(encoding)(errors="replace")
    return io.IncrementalNewlineDecoder(decoder, translate=True)


class TextBlocks:
    """The text of a file in blocks, every line end as one line feed, without zero characters.

    Bytes that fit no character become U+FFFD, so that one lost byte costs one cell and not the file.
    Iterating again begins anew. The counts describe what was iterated over so far.
    """

    def __init__(self, path: Path, encoding: str) -> None:
        self.path = path
        self.encoding = encoding
        self.lines = 0
        self.zeros = 0
        self.garbled = 0
        self.first_garbled_line: int | None = None

    def __iter__(self) -> Iterator[str]:
        self.lines = self.zeros = self.garbled = 0
        self.first_garbled_line = None
        decoder = _decoder(self.encoding)
        with self.path.open("rb") as file:
            while block := file.read(_BLOCK):
                yield self._counted(decoder.decode(block))
        yield self._counted(decoder.decode(b"", True))

    def _counted(self, text: str) -> str:
        if "\x00" in text:
            self.zeros += text.count("\x00")
            text = text.replace("\x00", "")
        found = _GARBLED.search(text) if not text.isascii() else None
        if found is not None:
            self.garbled += len(_GARBLED.findall(text))
            if self.first_garbled_line is None:
                self.first_garbled_line = self.lines + text.count("\n", 0, found.start()) + 1
        self.lines += text.count("\n")
        return text

    @property
    def is_garbage(self) -> bool:
        """Whether so much is garbled that the encoding must be wrong, at least for a part."""
        return self.garbled > max(_FEWEST_GARBLED, self.lines // _GARBLED_SHARE)
