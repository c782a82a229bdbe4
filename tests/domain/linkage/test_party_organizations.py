"""Party organizations and the units they cover."""

import duckdb

from jingwei.domain.linkage import Basis
from tests.domain.linkage.rows import FIRM, OTHER_FIRM, linked, market, party

ONE, TWO = "安澜市绿源纺织有限公司", "安澜市宏图贸易有限公司"


def test_an_organization_of_one_unit_belongs_to_that_unit() -> None:
    firm, organization = linked(market(ONE, FIRM), party("中共安澜市绿源纺织有限公司支部委员会", ONE))
    assert (organization.entity, organization.basis) == (firm.entity, Basis.COVERED_UNIT)


def test_a_joint_organization_is_an_entity_of_its_own_with_its_units_listed(engine: duckdb.DuckDBPyConnection) -> None:
    one, two, organization = linked(
        market(ONE, FIRM),
        market(TWO, OTHER_FIRM),
        party("中共青柳路联合支部委员会", f"{ONE}、{OTHER_FIRM}、不存在的公司"),
        engine=engine,
    )
    assert organization.entity not in (one.entity, two.entity)
    units = engine.execute("SELECT unit, entity, basis FROM linkage.result WHERE unit > 0 ORDER BY unit").fetchall()
    assert units == [
        (1, one.entity, Basis.NAME_UNIQUE.value),
        (2, two.entity, Basis.CODE_ONLY.value),
        (3, None, Basis.UNIT_UNKNOWN.value),
    ]


def test_an_organization_without_units_is_an_entity_of_its_own() -> None:
    (organization,) = linked(party("中共青柳路商圈功能型支部委员会", ""))
    assert (organization.entity, organization.basis) == ("E000001", Basis.OWN)


def test_an_organization_whose_only_unit_is_unknown_is_an_entity_of_its_own() -> None:
    firm, organization = linked(market(ONE, FIRM), party("中共安澜市宏图贸易有限公司支部委员会", TWO))
    assert organization.entity != firm.entity
    assert organization.basis is Basis.OWN
