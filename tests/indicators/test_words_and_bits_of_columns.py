"""The domain's columns say what the tables hold."""

import pytest

from jingwei.base_roster.derivation import SOURCE_BITS
from jingwei.base_roster.models import Entity
from jingwei.branches.models import Organization
from jingwei.domain.indicators import Population
from jingwei.domain.indicators.columns import BITS, COLUMNS, Type
from jingwei.indicators.models import EntityState, OrganizationState
from jingwei.indicators.populations import ENTITY_COLUMNS, ORGANIZATION_COLUMNS

ENTITY, ORGANIZATION = COLUMNS[Population.ENTITY], COLUMNS[Population.ORGANIZATION]


def test_the_bits_of_lists_are_those_of_the_roster() -> None:
    assert BITS == SOURCE_BITS


@pytest.mark.parametrize("name", ["roster", "ownership", "screening", "covered_as", "coverage_state"])
def test_words_of_an_entity_are_the_choices_of_its_column(name: str) -> None:
    assert ENTITY[name].words == {value for value, _ in Entity._meta.get_field(name).flatchoices}


@pytest.mark.parametrize("name", ["form", "level"])
def test_words_of_an_organization_are_the_choices_of_its_column(name: str) -> None:
    assert ORGANIZATION[name].words == {value for value, _ in Organization._meta.get_field(name).flatchoices}


def test_states_hold_every_column_that_a_formula_may_read() -> None:
    for model, columns, stored in (
        (EntityState, ENTITY, ENTITY_COLUMNS),
        (OrganizationState, ORGANIZATION, ORGANIZATION_COLUMNS),
    ):
        held = {field.attname for field in model._meta.concrete_fields}
        assert set(stored) <= held
        assert {name for name, column in columns.items() if not column.derived} <= set(stored)


def test_a_column_that_may_be_null_says_so() -> None:
    for columns, model in ((ENTITY, EntityState), (ORGANIZATION, OrganizationState)):
        for name, column in columns.items():
            if not column.derived and column.type is not Type.CONDITION:
                assert model._meta.get_field(name).null == column.nullable, name
