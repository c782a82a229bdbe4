"""The words of the database columns are those of the rules and of the glossary."""

from jingwei.branches.models import Organization
from jingwei.domain import glossary
from jingwei.domain.coverage.organization_findings import OrganizationFinding
from jingwei.domain.coverage.organization_kind import OrganizationForm, OrganizationLevel


def test_forms_and_levels_are_stored_under_the_words_of_the_rules() -> None:
    assert Organization.Form.choices == OrganizationForm.choices()
    assert Organization.Level.choices == OrganizationLevel.choices()


def test_every_kind_has_its_term_and_no_term_is_left_over() -> None:
    for enum in (OrganizationForm, OrganizationLevel, OrganizationFinding):
        group = glossary.group_of(enum)
        held = {name.removeprefix(f"{group}.") for name in glossary.terms() if name.startswith(f"{group}.")}
        assert held == {member.value for member in enum}
