"""Every write of the matching: runs, approvals, people's decisions on pairs, samples of its quality."""

from jingwei.linkage.services.approving import BUILD_TASK, approve, note_effect
from jingwei.linkage.services.deciding import AlreadyDecided, decide, undo
from jingwei.linkage.services.filling import fill
from jingwei.linkage.services.proposing import PROPOSE_TASK, VERSION, propose, request_run
from jingwei.linkage.services.sampling import draw, judge
from jingwei.linkage.services.storing import store_results
from jingwei.linkage.services.storing_pairs import store_pairs

__all__ = [
    "BUILD_TASK",
    "PROPOSE_TASK",
    "VERSION",
    "AlreadyDecided",
    "approve",
    "decide",
    "draw",
    "fill",
    "judge",
    "note_effect",
    "propose",
    "request_run",
    "store_pairs",
    "store_results",
    "undo",
]
