"""The words of the product."""

import pytest

from jingwei.domain import glossary
from jingwei.domain.glossary import Labelled
from jingwei.domain.legal_form import LegalForm, Roster
from jingwei.domain.ownership import Ownership
from jingwei.domain.placement import Parity, PlaceKind, PlacementMethod, Precision
from jingwei.domain.registration_state import RegistrationState
from jingwei.domain.screening import Answer, Counting, EvidenceCombination, FactSource, Screening, SignOfLife

ENUMS: tuple[type[Labelled], ...] = (
    Answer, Counting, EvidenceCombination, FactSource, LegalForm, Ownership, Parity, PlaceKind,
    PlacementMethod, Precision, RegistrationState, Roster, Screening, SignOfLife,
)  # fmt: skip


@pytest.mark.parametrize("enum", ENUMS)
def test_every_value_of_an_enum_has_a_label_and_no_label_is_left_over(enum: type[Labelled]) -> None:
    group = glossary.group_of(enum)
    held = {name.removeprefix(f"{group}.") for name in glossary.terms() if name.startswith(f"{group}.")}
    assert held == {member.value for member in enum}
    assert enum.choices() == [(member.value, member.zh) for member in enum]


def test_no_two_values_of_one_enum_share_a_label() -> None:
    for enum in ENUMS:
        labels = [member.zh for member in enum]
        assert len(labels) == len(set(labels)), enum


def test_every_term_has_chinese_and_an_english_meaning() -> None:
    for term in glossary.terms().values():
        assert any("\u4e00" <= character <= "\u9fff" for character in term.zh), term
        assert term.meaning.isascii()
        assert term.meaning.endswith("."), term


def test_a_term_is_found_by_its_identifier() -> None:
    assert glossary.zh("uscc") == "统一社会信用代码"
    assert glossary.term("ownership.unknown").zh == "未知"


def test_a_chinese_word_gives_all_its_identifiers() -> None:
    assert set(glossary.identifiers("待判")) == {"screening.unknown", "counting.pending"}
    assert glossary.identifiers("没有这个词") == ()


def test_an_unknown_identifier_is_an_error() -> None:
    with pytest.raises(glossary.UnknownTerm):
        glossary.term("no_such_term")
