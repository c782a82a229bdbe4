"""The words on the pages are those of the glossary."""

import pytest
from django.db.models import TextChoices

from jingwei.domain import glossary
from jingwei.registrations.models import Registration


@pytest.mark.parametrize(
    ("group", "choices"),
    [("single_registration_state", Registration.State), ("registration_match", Registration.Decision)],
)
def test_a_choice_has_the_glossarys_word(group: str, choices: type[TextChoices]) -> None:
    held = {
        name.removeprefix(f"{group}."): term.zh
        for name, term in glossary.terms().items()
        if name.startswith(f"{group}.")
    }
    assert held == dict(choices.choices)
