"""The matrix of registration, tax and social insurance."""

from datetime import date

import pytest

from jingwei.domain import rulebook
from jingwei.domain.screening import EvidenceCombination, combination_of, sign_of_life

RULES = rulebook.at(date(2024, 6, 1))


@pytest.mark.parametrize(
    ("registered", "tax", "insurance", "says", "life"),
    [
        (True, True, True, "登记、纳税、社保齐全", "alive"),
        (True, True, False, "登记并纳税，未参保", "alive"),
        (True, False, True, "登记并参保，未纳税", "alive"),
        (True, False, False, "仅有登记", "doubtful"),
        (False, True, True, "纳税并参保，未见登记", "doubtful"),
        (False, True, False, "仅有纳税", "doubtful"),
        (False, False, True, "仅有社保", "doubtful"),
        (False, False, False, "三源均无", "no_trace"),
    ],
)
def test_each_of_the_eight_combinations_has_a_name_and_a_sign(
    registered: bool, tax: bool, insurance: bool, says: str, life: str
) -> None:
    combination = combination_of(registered=registered, tax=tax, insurance=insurance)
    assert combination.zh == says
    assert sign_of_life(combination, RULES) == life


def test_the_matrix_has_eight_cells() -> None:
    assert len(EvidenceCombination) == 8
