"""Plain facts that coverage is decided from."""

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class Covering:
    """A Party organization that covers the unit on the day.

    `form` is how it was set up (independent, joint, attached, functional, temporary, flow, unknown),
    `level` what it is (committee, general_branch, branch, group), `since` the first day known.
    """

    organization_id: int
    name: str
    form: str
    level: str
    since: date | None = None


@dataclass(frozen=True, slots=True)
class UnitFacts:
    """One unit on one day. A count of None is 未知 and never stands for 0; `operating` None is unknown too.

    `contacts` names the work that reaches the unit without an organization: instructor, liaison, mass.
    `state_zh` is the registration state as a page writes it, `parent_name` the legal person above a branch
    office, `staff` the number of all staff.
    """

    full_members: int | None
    probationary_members: int | None = None
    operating: bool | None = True
    state_zh: str = ""
    legal_form: str = "company"
    roster: str = "enterprise"
    staff: int | None = None
    parent_name: str = ""
    coverings: tuple[Covering, ...] = ()
    contacts: tuple[str, ...] = ()
