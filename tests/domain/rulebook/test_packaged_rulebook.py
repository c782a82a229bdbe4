"""The rulebook that comes with the product."""

from datetime import date
from importlib.resources import files

import pytest

from jingwei.domain import rulebook
from jingwei.domain.legal_form import LegalForm, Roster
from jingwei.domain.ownership import Ownership
from jingwei.domain.registration_state import RegistrationState
from jingwei.domain.screening import EvidenceCombination, FactSource, SignOfLife

ENTRIES = rulebook.entries()
TODAY = rulebook.at(date(2024, 6, 1))


def _code() -> str:
    folder = files("jingwei")
    texts: list[str] = []
    pending = [folder]
    while pending:
        for item in pending.pop().iterdir():
            if item.is_dir():
                pending.append(item)
            elif item.name.endswith(".py"):
                texts.append(item.read_text("utf-8"))
    return "\n".join(texts)


@pytest.mark.parametrize("rule_id", sorted(ENTRIES))
def test_every_value_has_a_source_and_the_dates_ascend(rule_id: str) -> None:
    entry = ENTRIES[rule_id]
    for values in (entry.values, *entry.overrides.values()):
        assert all(value.source.title for value in values)
        days = [value.since for value in values]
        assert days == sorted(set(days))


def test_every_id_is_used_in_code_or_by_an_indicator() -> None:
    code, definitions = _code(), _definitions()
    assert [rule_id for rule_id in ENTRIES if f'"{rule_id}"' not in code and rule_id not in definitions] == []


def _definitions() -> str:
    return files("jingwei.domain.indicators").joinpath("definitions.yaml").read_text("utf-8")


def test_every_table_speaks_of_values_that_exist() -> None:
    forms, sides = set(LegalForm), set(Ownership) | {"undecided"}
    for rule_id in ("form.by_code", "form.by_company_type", "form.by_name_ending", "form.by_organization_type"):
        assert set(TODAY.table(rule_id).values()) <= forms
    assert set(TODAY.table("form.rosters")) == forms
    assert set(TODAY.table("form.rosters").values()) == set(Roster)
    assert set(TODAY.words("screening.counted_forms")) < forms
    assert set(TODAY.table("ownership.by_form")) < forms
    for rule_id in ("ownership.words", "ownership.tax_codes", "ownership.control_codes", "ownership.by_form"):
        assert set(TODAY.table(rule_id).values()) <= sides
    assert set(TODAY.table("registration.state_words").values()) == set(RegistrationState)
    for rule_id in ("screening.premises_sources", "screening.activity_sources", "screening.whole_counts"):
        assert set(TODAY.words(rule_id)) <= set(FactSource)
    assert set(TODAY.table("screening.evidence_matrix")) == set(EvidenceCombination)
    assert set(TODAY.table("screening.evidence_matrix").values()) == set(SignOfLife)


def test_the_staff_thresholds_are_those_of_the_press_report() -> None:
    assert TODAY["screening.min_staff.enterprise"].value == 10
    assert TODAY["screening.min_staff.social"].value == 30
    assert TODAY["screening.min_staff.small"].unconfirmed


def test_the_same_day_and_place_give_the_same_rules() -> None:
    assert rulebook.at(date(2024, 6, 1)) is TODAY
    assert rulebook.at(date(2024, 6, 1), "990100") is not TODAY


def test_the_version_is_short_and_stays() -> None:
    assert len(rulebook.version()) == 12
    assert rulebook.version() == rulebook.version()
