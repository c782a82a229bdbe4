"""In which order pairs wait: what a decision would unlock, per minute of the person who decides.

1. What the roster gains if the unit joins. Party figures for an entity that no Party list speaks of settle
   待摸排; staff or insured for one that neither tax nor insurance speaks of settle 待判; two register rows of
   one entity count it twice in the base; a second list confirms what one says; the rest changes nothing.
2. Firms before sole traders, which rarely count in the base.
3. Sure pairs, on either side, before doubtful ones: they take a glance and bring the same.
4. The pair's number, so that the order is the same for everybody.

All of this follows from the run itself: an entity lacks a kind of facts where no row of such a list lies in
its cluster. The three parts are digits of one integer, so that an index serves the queue.
"""

from typing import Any

from jingwei.domain.linkage.model import likelihood
from jingwei.domain.linkage.records import REGISTERS
from jingwei.domain.lists import ListKind
from jingwei.linkage.models import CandidatePair

MOST_SURE = 4_999
_A_FIRM = 5_000
_A_STEP = 10_000
_PARTY = (ListKind.PARTY_COUNT, ListKind.PARTY_ORG)
_STAFF = (ListKind.TAX, ListKind.SOCIAL)
_SOLE_TRADER = "92"
# Of a unit: ``list_kind`` its list, ``kinds`` the lists in the candidate's cluster, ``code`` the best known code.
GAIN = """
CASE WHEN list_kind = ANY(%(party)s) AND NOT kinds && %(party)s::varchar[] THEN %(members)s
     WHEN list_kind = ANY(%(staff_lists)s) AND NOT kinds && %(staff_lists)s::varchar[] THEN %(staff)s
     WHEN list_kind = ANY(%(registers)s) AND kinds && %(registers)s::varchar[] THEN %(double)s
     WHEN list_kind <> ALL(kinds) THEN %(confirmation)s
     ELSE %(nothing)s END
"""
WORTH = """
gain * %(step)s + CASE WHEN left(code, 2) = %(sole_trader)s THEN 0 ELSE %(firm)s END + sureness
"""


def terms() -> dict[str, Any]:
    """The parameters of ``GAIN`` and ``WORTH``."""
    gain = CandidatePair.Gain
    return {
        "party": [kind.value for kind in _PARTY],
        "staff_lists": [kind.value for kind in _STAFF],
        "registers": [kind.value for kind in REGISTERS],
        "members": gain.MEMBERS.value,
        "staff": gain.STAFF.value,
        "double": gain.DOUBLE.value,
        "confirmation": gain.CONFIRMATION.value,
        "nothing": gain.NOTHING.value,
        "step": _A_STEP,
        "firm": _A_FIRM,
        "sole_trader": _SOLE_TRADER,
    }


def sureness(millibits: int | None) -> int:
    """How far from undecided a pair is, 0 to ``MOST_SURE``; 0 where nothing was weighed."""
    return 0 if millibits is None else round(abs(likelihood(millibits) - 0.5) * 2 * MOST_SURE)
