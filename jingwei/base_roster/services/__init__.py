"""Every write to the base roster: builds, people's answers and corrections, frozen versions."""

from jingwei.base_roster.services.answers import answer_ownership, answer_road, assign_place
from jingwei.base_roster.services.building import compute, compute_decided, differences, latest_day, rebuild
from jingwei.base_roster.services.correcting import correct_fact, withdraw_correction
from jingwei.base_roster.services.following import compute_below, follow_places
from jingwei.base_roster.services.freezing import freeze
from jingwei.base_roster.services.taking_effect import BuildResult, build

__all__ = [
    "BuildResult",
    "answer_ownership",
    "answer_road",
    "assign_place",
    "build",
    "compute",
    "compute_below",
    "compute_decided",
    "correct_fact",
    "differences",
    "follow_places",
    "freeze",
    "latest_day",
    "rebuild",
    "withdraw_correction",
]
