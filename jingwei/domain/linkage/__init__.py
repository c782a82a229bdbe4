"""The first linkage (大数据对碰): rows of several lists that mean one entity are put together.

`begin`, `receive` and `link` run on a DuckDB connection that the caller owns.
"""

from jingwei.domain.linkage.metrics import PairScores, pair_scores
from jingwei.domain.linkage.reasons import REASONS, Basis, Reason
from jingwei.domain.linkage.records import RecordBuilder
from jingwei.domain.linkage.run import LinkCounts, begin, link, receive

__all__ = [
    "REASONS",
    "Basis",
    "LinkCounts",
    "PairScores",
    "Reason",
    "RecordBuilder",
    "begin",
    "link",
    "pair_scores",
    "receive",
]
