"""The words of coverage: what reaches a unit, what state it is in, which form fits it."""

from enum import StrEnum

from jingwei.domain.glossary import Labelled


class CoveredAs(Labelled):
    """The strongest form by which a Party organization or its work reaches a unit, strongest first."""

    COMMITTEE = "committee"
    GENERAL_BRANCH = "general_branch"
    BRANCH = "branch"
    JOINT = "joint"
    ATTACHED = "attached"
    FLOW = "flow"
    TEMPORARY = "temporary"
    FUNCTIONAL = "functional"
    INSTRUCTOR = "instructor"
    LIAISON = "liaison"
    MASS = "mass"
    NONE = "none"


class CoverageState(Labelled):
    """What coverage asks of a unit; the first that holds, in this order."""

    CLOSED = "closed"
    SHOULD = "should"
    COVERED = "covered"
    CANVASS = "canvass"
    FEW = "few"
    WORK = "work"
    BLANK = "blank"


class CoverageFit(Labelled):
    """The form of organization or of work that fits a unit by rule."""

    COMMITTEE = "committee"
    GENERAL_BRANCH = "general_branch"
    BRANCH = "branch"
    JOINT = "joint"
    ATTACHED = "attached"
    FUNCTIONAL = "functional"
    INSTRUCTOR = "instructor"
    FALLBACK = "fallback"
    CANVASS = "canvass"
    NONE = "none"


class NoOrganization(Labelled):
    """没有党组织 as the yearly forms sort it."""

    SHOULD = "should"
    UNMET = "unmet"
    NO_MEMBER = "no_member"
    INSTRUCTED = "instructed"
    UNKNOWN = "unknown"


class StatisticalForm(StrEnum):
    """A yearly form with its own dated meaning of 应建未建 (R-COV-20)."""

    ENTERPRISES = "form_a"
    SOCIAL_ORGANIZATIONS = "form_b"
    LEDGER = "form_c"
    SOCIAL_REPORT = "form_d"
