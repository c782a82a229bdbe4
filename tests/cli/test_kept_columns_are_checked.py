"""`rebuild` and `rebuild --check` speak of roster, coverage and keys, and end with a code."""

import json

import pytest

from jingwei.accounts.scope import acting
from jingwei.base_roster.models import Entity
from jingwei.cli import rebuilding
from jingwei.cli.rebuilding import check_columns, rebuild_columns
from jingwei.cli.terminal import Exit
from jingwei.core.permissions import local_operator
from tests.base_roster.lists import build_roster, entity_of, make_unit
from tests.city import SmallCity

OPERATOR = local_operator()


@pytest.fixture
def entity(small_city: SmallCity, monkeypatch: pytest.MonkeyPatch) -> Entity:
    monkeypatch.setattr(rebuilding, "bring_up", lambda: False)
    with acting(OPERATOR):
        unit = make_unit(small_city, "market", name="安澜市衡川电子科技有限公司", uscc="91990102K8PBRNYT4C")
        build_roster(small_city, [[unit]], OPERATOR)
        assert rebuild_columns(as_json=False) == Exit.OK
        return entity_of(unit)


def test_columns_that_agree_with_the_facts_end_with_0(entity: Entity, capsys: pytest.CaptureFixture[str]) -> None:
    assert check_columns(as_json=False) == Exit.OK
    said = capsys.readouterr().out
    assert "名册：与事实一致" in said
    assert "覆盖：与事实一致" in said
    assert "比对键：与事实一致" in said


def test_a_roster_column_that_differs_ends_with_1_and_is_named(
    entity: Entity, capsys: pytest.CaptureFixture[str]
) -> None:
    Entity.objects.filter(pk=entity.pk).update(legal_form="foundation")
    assert check_columns(as_json=False) == Exit.FAILED
    assert f"名册：主体 {entity.pk}：legal_form" in capsys.readouterr().out


def test_a_coverage_column_that_differs_is_found_and_mended(entity: Entity, capsys: pytest.CaptureFixture[str]) -> None:
    Entity.objects.filter(pk=entity.pk).update(coverage_state="blank")
    assert check_columns(as_json=True) == Exit.FAILED
    found = json.loads(capsys.readouterr().out)
    assert found == {"roster": [], "coverage": [[entity.pk, ["coverage_state"]]], "keys": []}
    assert rebuild_columns(as_json=False) == Exit.OK
    assert check_columns(as_json=False) == Exit.OK


def test_programs_get_the_counts_of_a_rebuild(entity: Entity, capsys: pytest.CaptureFixture[str]) -> None:
    capsys.readouterr()
    assert rebuild_columns(as_json=True) == Exit.OK
    assert json.loads(capsys.readouterr().out) == {"computed": 1, "decided": 1, "keyed": 1}
