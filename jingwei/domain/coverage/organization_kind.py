"""What a Party organization is: how it was set up, by the list's words, and its level, by its name."""

from jingwei.domain.glossary import Labelled
from jingwei.domain.rulebook import Rules
from jingwei.domain.rulebook.words import first_contained, first_ending, fold

_SHORTEST_NAME = 6


class OrganizationForm(Labelled):
    """How an organization was set up (组建方式)."""

    INDEPENDENT = "independent"
    JOINT = "joint"
    ATTACHED = "attached"
    FUNCTIONAL = "functional"
    TEMPORARY = "temporary"
    FLOW = "flow"
    UNKNOWN = "unknown"


class OrganizationLevel(Labelled):
    """What an organization is: committee, general branch, branch, or a group inside one."""

    COMMITTEE = "committee"
    GENERAL_BRANCH = "general_branch"
    BRANCH = "branch"
    GROUP = "group"


def form_of(text: str, name: str, rules: Rules) -> OrganizationForm:
    """The form a list's words mean; of an empty cell what the name tells, else unknown.

    Words that the rulebook does not know are unknown too: a guess would decide what counts as coverage.
    """
    folded = fold(text)
    if folded:
        found = first_contained(folded, rules.table("organization.form_words"))
    else:
        found = first_contained(fold(name), rules.table("organization.form_name_words"))
    return OrganizationForm(found[1]) if found else OrganizationForm.UNKNOWN


def level_of(name: str, rules: Rules) -> OrganizationLevel:
    """The level a name ends in, else one it contains; a name that tells none is that of a branch,
    the least that stands by itself.
    """
    folded, words = fold(name), rules.table("organization.level_words")
    found = first_ending(folded, words) or first_contained(folded, words)
    return OrganizationLevel(found[1]) if found else OrganizationLevel.BRANCH


def unit_in_name(organization: str, rules: Rules) -> str:
    """What stands in an organization's name between 中共 and what it is: most often the name of its unit."""
    name = fold(organization).removeprefix("中共")
    for table in ("organization.level_words", "organization.form_name_words"):
        ending = first_ending(name, rules.table(table))
        if ending is not None:
            name = name[: name.rindex(ending[0])]
    return name


def is_named_after(organization: str, unit: str, rules: Rules) -> bool:
    """Whether an organization's name is the unit's whole name and what it is: 中共安澜衡川电子科技有限公司支部委员会.

    With a part more, as of a branch office, it is named after another unit.
    """
    named = fold(unit)
    return len(named) >= _SHORTEST_NAME and unit_in_name(organization, rules) == named
