"""Choices of the tables and the words of the domain are the same."""

import pytest

from jingwei.base_roster.models import Entity
from jingwei.coverage.models import Cause, NoticeLetter, Verdict
from jingwei.domain import glossary
from jingwei.domain.coverage import CoverageFit, CoverageState, CoveredAs, NoOrganization


@pytest.mark.parametrize(
    ("words", "choices"),
    [
        (CoveredAs, Entity.CoveredAs), (CoverageState, Entity.CoverageState), (CoverageFit, Verdict.Fit),
        (NoOrganization, Verdict.Status),
    ],
)  # fmt: skip
def test_each_choice_has_the_word_of_the_glossary(words: type[glossary.Labelled], choices: type) -> None:
    assert list(choices.choices) == words.choices()  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("group", "choices"),
    [
        ("cause_kind", Cause.Kind), ("letter_answer_kind", NoticeLetter.Answer),
        ("letter_closure", NoticeLetter.Closure),
    ],
)  # fmt: skip
def test_each_cause_answer_and_closure_stands_in_the_glossary(group: str, choices: type) -> None:
    assert dict(choices.choices) == {  # type: ignore[attr-defined]
        name.removeprefix(f"{group}."): term.zh
        for name, term in glossary.terms().items()
        if name.startswith(f"{group}.")
    }


@pytest.mark.parametrize("model", [Verdict, Cause, NoticeLetter])
def test_the_name_of_each_table_stands_in_the_glossary(model: type) -> None:
    assert glossary.identifiers(str(model._meta.verbose_name))  # type: ignore[attr-defined]
