"""Words that an office puts into a bulletin itself: they may say what they like, but bring no figure of their own."""

import re
from collections.abc import Iterable

from jingwei.domain.papers.content import Bulletin

_FIGURE = re.compile(r"(?<![\d.,])\d[\d,]*(?:\.\d+)?")
_SIGNED = re.compile(r"\d[\d,]*(?:\.\d+)?")
# Numbers that count time or things to do, not units: a day, an issue, a period, an item.
_NOT_A_FIGURE = re.compile(r"\s*(?:年|月|日|时|号|期|季度|个月|个工作日|天|周|项|条|次|点)")


def strange_figures(texts: Iterable[str], bulletin: Bulletin) -> tuple[str, ...]:
    """Figures of the texts that stand nowhere in the bulletin, each once; dates and deadlines are free."""
    known = figures_of(bulletin)
    found = (
        match[0]
        for text in texts
        for match in _FIGURE.finditer(text)
        if not _NOT_A_FIGURE.match(text, match.end()) and match[0].replace(",", "") not in known
    )
    return tuple(dict.fromkeys(found))


def figures_of(bulletin: Bulletin) -> frozenset[str]:
    """Every figure that the table and the generated text print, without separators and signs."""
    rows = (*bulletin.table.rows, bulletin.table.total)
    spans = [span for row in rows for span in row.cells]
    spans += [span for section in bulletin.sections[:-1] for paragraph in section.paragraphs for span in paragraph]
    return frozenset(number.replace(",", "") for span in spans for number in _SIGNED.findall(span.text))
