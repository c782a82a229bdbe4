"""应建未建 on the yearly forms: a dated parameter of each form, never one constant."""

import pytest

from jingwei.domain import rulebook
from jingwei.domain.coverage import NoOrganization, StatisticalForm, UnitFacts, decide, due_on_form
from jingwei.domain.rulebook import Rules
from jingwei.domain.rulebook.entries import parse
from jingwei.domain.rulebook.rules import book_of
from tests.domain.coverage.units import DAY, RULES


@pytest.mark.parametrize(
    ("form", "full", "due"),
    [
        ("form_a", 2, False), ("form_a", 3, True), ("form_b", 2, False), ("form_b", 3, True),
        ("form_c", 3, True), ("form_d", 0, False), ("form_d", 1, True), ("form_a", None, None),
    ],
)  # fmt: skip
def test_each_form_asks_for_its_own_number_and_an_unknown_count_gives_no_answer(
    form: str, full: int | None, due: bool | None
) -> None:
    assert due_on_form(StatisticalForm(form), full, RULES) is due


def test_a_city_may_count_social_organizations_by_the_form_with_part_time_staff() -> None:
    text = """
coverage.should_have.form_b:
  zh: 口径
  unit: table
  values:
    "2015-10-01":
      value: {full_members: 1, staff: part_time_included}
      source: {title: 安澜市口径, level: city, status: choice}
"""
    own = book_of([*(entry for key, entry in rulebook.entries().items() if key != "coverage.should_have.form_b"), *parse(text, "test")])  # fmt: skip
    unit = UnitFacts(1, 0, legal_form="social_association", roster="social")
    assert decide(unit, RULES).status is NoOrganization.UNMET
    assert decide(unit, Rules(own, DAY)).status is NoOrganization.SHOULD
