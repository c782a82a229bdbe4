"""What a bulletin prints: the cells of its table and the figures in its text, read back from the Word file."""

from collections.abc import Iterator
from io import BytesIO

from docx import Document

from jingwei.bulletins.models import Paper, PaperFile
from jingwei.domain.papers.content import Bulletin, Source, bulletin_of
from jingwei.rosters import files

Printed = tuple[Source, str]


class WordFile:
    """The texts of a bulletin's Word file."""

    def __init__(self, paper: Paper) -> None:
        held = paper.files.select_related("file").get(format=PaperFile.Format.DOCX)
        document = Document(BytesIO(files.path_of(held.file.sha256).read_bytes()))
        self.paragraphs = [paragraph.text for paragraph in document.paragraphs]
        self.lines = {
            line[0].rstrip("※"): line[1:]
            for table in document.tables
            for line in ([cell.text.strip() for cell in row.cells] for row in table.rows)
            if len(line) > 1
        }


def printed(paper: Paper) -> Iterator[Printed]:
    """Every figure of the paper with the source it names, as the Word file shows it."""
    bulletin, word = bulletin_of(paper.content["bulletin"]), WordFile(paper)
    yield from _in_table(bulletin, word)
    yield from _in_text(bulletin, word)


def _in_table(bulletin: Bulletin, word: WordFile) -> Iterator[Printed]:
    for row in (*bulletin.table.rows, bulletin.table.total):
        cells = word.lines[row.name]
        assert len(cells) == len(row.cells)
        for cell, text in zip(row.cells, cells, strict=True):
            if cell.source is not None:
                yield cell.source, text
            else:
                assert text == cell.text


def _in_text(bulletin: Bulletin, word: WordFile) -> Iterator[Printed]:
    """Figures of a paragraph, cut out of the paragraph of the file by the words between them."""
    for section in bulletin.sections:
        for paragraph in section.paragraphs:
            at, text = 0, next(found for found in word.paragraphs if found == "".join(span.text for span in paragraph))
            for span in paragraph:
                if span.source is not None:
                    yield span.source, text[at : at + len(span.text)]
                at += len(span.text)
