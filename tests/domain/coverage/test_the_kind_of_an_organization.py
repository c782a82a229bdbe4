"""Form and level of an organization are read from the words of the list."""

from datetime import date

import pytest

from jingwei.domain import rulebook
from jingwei.domain.coverage.organization_kind import form_of, is_named_after, level_of, unit_in_name

RULES = rulebook.at(date(2026, 10, 31))
FIRM = "安澜衡川电子科技有限公司"


@pytest.mark.parametrize(
    ("text", "form"),
    [
        ("单独组建", "independent"), ("独立组建", "independent"), ("单建", "independent"),
        ("联合组建", "joint"), ("区域统建", "joint"), ("行业联建", "joint"),
        ("挂靠", "attached"), ("挂靠组建", "attached"), ("依托园区组建", "attached"),
        ("功能型", "functional"), ("派驻功能型党支部", "functional"), ("派 驻", "functional"),
        ("临时党支部", "temporary"), ("流动党员党支部", "flow"), ("其它", "unknown"),
    ],
)  # fmt: skip
def test_the_form_is_read_from_the_words_of_the_list(text: str, form: str) -> None:
    assert form_of(text, "中共某某支部委员会", RULES) == form


def test_an_empty_cell_leaves_the_form_to_the_name_but_never_guesses_an_own_branch() -> None:
    assert form_of("", "中共安澜市书院第1联合支部委员会", RULES) == "joint"
    assert form_of(" ", f"中共{FIRM}功能型支部委员会", RULES) == "functional"
    assert form_of("", f"中共{FIRM}支部委员会", RULES) == "unknown"


def test_words_that_nobody_knows_are_not_overruled_by_the_name() -> None:
    assert form_of("其它", "中共安澜市书院第1联合支部委员会", RULES) == "unknown"


@pytest.mark.parametrize(
    ("name", "level"),
    [
        (f"中共{FIRM}支部委员会", "branch"), (f"中共{FIRM}总支部委员会", "general_branch"),
        (f"中共{FIRM}委员会", "committee"), (f"{FIRM}党委", "committee"), (f"{FIRM}党总支", "general_branch"),
        (f"{FIRM}党支部", "branch"), ("书院街道第2联合党支部", "branch"), (f"{FIRM}第一党小组", "group"),
        ("书院街道党工委", "committee"), (f"中共{FIRM}支部委员会（筹）", "branch"), ("某某党组织", "branch"),
    ],
)  # fmt: skip
def test_the_level_is_read_from_the_end_of_the_name(name: str, level: str) -> None:
    assert level_of(name, RULES) == level


def test_the_unit_stands_in_the_name_of_its_own_organization() -> None:
    assert unit_in_name(f"中共{FIRM}支部委员会", RULES) == FIRM
    assert unit_in_name(f"中共{FIRM}功能型支部委员会", RULES) == FIRM
    assert unit_in_name(f"{FIRM}党支部", RULES) == FIRM


def test_an_organization_is_named_after_a_unit_only_by_its_whole_name() -> None:
    assert is_named_after(f"中共{FIRM}支部委员会", FIRM, RULES)
    assert not is_named_after(f"中共{FIRM}青柳路分公司支部委员会", FIRM, RULES)
    assert not is_named_after(f"中共{FIRM}支部委员会", "衡川电子科技有限公司", RULES)
    assert not is_named_after("中共云栖店支部委员会", "云栖店", RULES)
