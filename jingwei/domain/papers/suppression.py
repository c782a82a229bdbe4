"""Small counts are held back where a paper goes to everybody (privacy P-15)."""

from collections.abc import Sequence
from decimal import Decimal


def hidden(values: Sequence[Decimal | None], limit: int) -> frozenset[int]:
    """Indexes of the parts of a sum that must not be printed.

    Every part above 0 and under the limit is hidden; where that is one alone, the next smallest goes too,
    because the printed sum would give it away. A limit of 0 hides nothing.
    """
    small = {index for index, value in enumerate(values) if value is not None and 0 < value < limit}
    if len(small) != 1:
        return frozenset(small)
    others = [(value, index) for index, value in enumerate(values) if value and index not in small]
    return frozenset(small | {index for _, index in sorted(others)[:1]})
