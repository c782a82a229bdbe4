"""From a figure on a paper to the rows it counts."""

from collections.abc import Callable
from dataclasses import dataclass

from django.urls import reverse
from django.utils.http import urlencode

from jingwei.bulletins.models import Paper
from jingwei.domain.indicators import COMPLEMENT, DENOMINATOR, NUMERATOR, Cut
from jingwei.domain.papers.content import Part, Source

_DIFFERENCES = frozenset({Part.CHANGE, Part.MOVES})
_PARTS = {Part.NUMERATOR: NUMERATOR, Part.PERCENT: NUMERATOR, Part.DENOMINATOR: DENOMINATOR, Part.GAP: COMPLEMENT}


@dataclass(frozen=True, slots=True)
class Figures:
    """Addresses of the rows behind the figures of one paper."""

    snapshot: str
    compared: str

    def address(self, source: Source | None) -> str:
        """The page of the rows; of a change the rows that entered or left. Empty where a text has no source."""
        if source is None:
            return ""
        query = {"snapshot": self.compared if source.earlier else self.snapshot}
        if source.cut != Cut.TOTAL:
            query["cut"] = source.cut
        differs = source.part in _DIFFERENCES
        if differs:
            query |= {"compared": self.compared}
        else:
            query |= {"part": source.label or _PARTS[source.part]}
        if source.member:
            query["member"] = source.member
        page = "changes" if differs else "rows"
        return f"{reverse(f'indicators:{page}', args=[source.indicator])}?{urlencode(query)}"


def links_of(paper: Paper) -> Callable[[Source | None], str]:
    """The addresses of a paper's figures."""
    return Figures(paper.snapshot.number, paper.compared.number if paper.compared else "").address
