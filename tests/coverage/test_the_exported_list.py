"""The list of those that ought to have an organization, as a file."""

import csv
from pathlib import Path

import openpyxl
import pytest

from jingwei.accounts.scope import acting
from jingwei.core.models import JournalEntry
from jingwei.core.permissions import NotPermitted, Role, local_operator
from jingwei.coverage import exporting, services
from jingwei.coverage.filters import CoverageFilters
from tests.base_roster.entities import elsewhere
from tests.city import NOW, TODAY, SmallCity
from tests.coverage.units import compute, make_organization, make_unit

pytestmark = pytest.mark.django_db
SHOULD = CoverageFilters(state="should")


@pytest.fixture
def city(small_city: SmallCity) -> SmallCity:
    with acting(local_operator()):
        unit = make_unit(small_city, "安澜联建大户有限公司", 4, uscc="91990102K8PBRNYT4C")
        make_organization(small_city, "安澜联合党支部", unit, form="joint")
        elsewhere(small_city, "白鹭石桥建材有限公司", full_members=3)
        compute()
        unit.refresh_from_db()
        services.state_cause(entity=unit, kind="superior", note="", by=local_operator(), on=NOW)
        services.issue_letter(entity=unit, by=local_operator(), on=NOW)
    return small_city


def test_each_line_has_duty_rule_age_cause_and_letter(city: SmallCity, tmp_path: Path) -> None:
    path = tmp_path / "应建未建.csv"
    with acting(local_operator()):
        assert exporting.write(path=path, form="csv", filters=SHOULD, day=TODAY, by=local_operator(), on=NOW) == 2
    first = next(csv.DictReader(path.read_text("utf-8-sig").splitlines()))
    expected = {
        "名称": "安澜联建大户有限公司", "正式党员": "4", "预备党员": "未知", "现有覆盖": "联合党支部", "所在党组织": "安澜联合党支部",
        "适用形式": "单独建立党支部", "应建起算日": "2026-07-31", "应建已过天数": "92", "未建原因": "上级未及时指导",
        "提示函": "两新函〔2026〕1 号", "回复期限": "2026-11-20", "答复": "",
    }  # fmt: skip
    assert {name: first[name] for name in expected} == expected
    assert first["依据"] == "《中国共产党支部工作条例（试行）》第四条，2018-10-28 起"


def test_the_workbook_holds_the_same_lines(city: SmallCity, tmp_path: Path) -> None:
    path = tmp_path / "应建未建.xlsx"
    with acting(local_operator()):
        exporting.write(path=path, form="xlsx", filters=SHOULD, day=TODAY, by=local_operator(), on=NOW)
    rows = list(openpyxl.load_workbook(path).active.iter_rows(values_only=True))
    assert [row[1] for row in rows] == ["名称", "安澜联建大户有限公司", "白鹭石桥建材有限公司"]


def test_it_holds_the_actors_part_and_is_journaled_with_its_length(city: SmallCity, tmp_path: Path) -> None:
    organizer = city.actor(Role.TOWN_ORGANIZER, place=city.far_town)
    with acting(organizer):
        exporting.write(path=tmp_path / "x.csv", form="csv", filters=SHOULD, day=TODAY, by=organizer, on=NOW)
    assert JournalEntry.objects.get(verb="coverage.export").detail == {"rows": 1, "form": "csv"}


def test_it_needs_the_permission(city: SmallCity, tmp_path: Path) -> None:
    actor = city.actor(Role.LOCAL_PARTY_COMMITTEE, place=city.city)
    with acting(actor), pytest.raises(NotPermitted):
        exporting.write(path=tmp_path / "x.csv", form="csv", filters=SHOULD, day=TODAY, by=actor, on=NOW)
