"""An office brings its own small tables in by one command."""

import json
from pathlib import Path
from uuid import uuid4

import pytest

from jingwei.base_roster.models import RosterBasis
from jingwei.cli import tables
from jingwei.cli.terminal import Exit
from jingwei.core.models import Holiday
from jingwei.core.tables import write_xlsx
from jingwei.places.models import Place, RoadRange
from tests.city import TODAY, SmallCity

pytestmark = pytest.mark.django_db

HEADER = "日期,类型,名称,依据\n"


@pytest.fixture(autouse=True)
def no_start(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tables, "bring_up", lambda: False)


def written(folder: Path, text: str) -> Path:
    path = folder / "表.csv"
    path.write_text(text, encoding="utf-8")
    return path


def test_days_off_are_stored_and_a_second_import_changes_nothing(
    small_city: SmallCity, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = written(tmp_path, HEADER + f"2027-02-06,{Holiday.Kind.choices[0][1]},春节,办公厅通知\n")
    assert tables.import_table("holidays", path, as_json=True) == Exit.OK
    assert json.loads(capsys.readouterr().out) == {"kind": "holidays", "created": 1, "changed": 0, "unchanged": 0}
    assert tables.import_table("holidays", path, as_json=True) == Exit.OK
    assert json.loads(capsys.readouterr().out)["unchanged"] == 1


def test_one_wrong_row_refuses_the_table_and_names_it(
    small_city: SmallCity, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = written(tmp_path, HEADER + "2027-02-06,大概放假,春节,办公厅通知\n")
    assert tables.import_table("holidays", path, as_json=False) == Exit.FAILED
    assert "第 1 行 类型" in capsys.readouterr().err
    assert not Holiday.objects.exists()


def test_an_unknown_kind_is_answered_with_the_kinds_there_are(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert tables.import_table("streets", written(tmp_path, ""), as_json=False) == Exit.USAGE
    assert "roads（路段门牌）" in capsys.readouterr().err


def test_bodies_come_in_by_the_same_command(
    small_city: SmallCity, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    text = "名称,类型,上级,区域代码,行业,成立日期\n安澜市律师行业党委,行业党委,,990100,,2021-05-08\n"
    assert tables.import_table("bodies", written(tmp_path, text), as_json=True) == Exit.OK
    assert json.loads(capsys.readouterr().out)["created"] == 1


def test_every_wrong_row_is_printed_on_a_line_of_its_own(
    small_city: SmallCity, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = written(tmp_path, HEADER + ",放假,,\n" + "".join(f"2027-02-{day:02},x,,\n" for day in range(1, 9)))
    assert tables.import_table("holidays", path, as_json=False) == Exit.FAILED
    told = capsys.readouterr().err
    assert "有 9 处问题，未导入任何一行" in told
    assert [f"第 {row} 行" in told for row in range(1, 11)] == [True] * 9 + [False]


def test_a_program_gets_the_problems_as_data(
    small_city: SmallCity, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = written(tmp_path, HEADER + "2027-02-06,大概放假,春节,办公厅通知\n")
    assert tables.import_table("holidays", path, as_json=True) == Exit.FAILED
    problem = json.loads(capsys.readouterr().out)["problems"][0]
    assert (problem["row"], problem["field"], problem["value"]) == (1, "类型", "大概放假")


def test_a_day_may_stand_once_only(small_city: SmallCity, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = written(tmp_path, HEADER + "2027-02-06,放假,春节,\n2027-02-06,上班,春节,\n")
    assert tables.import_table("holidays", path, as_json=False) == Exit.FAILED
    assert "与前面的一行重复" in capsys.readouterr().err


def test_the_kind_may_be_named_in_chinese_and_the_file_be_a_spreadsheet(
    small_city: SmallCity, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "区划.xlsx"
    rows = [["990102003", "望江街道", "990102", "镇街", "", ""]]
    write_xlsx(path, ["代码", "名称", "上级代码", "级别", "启用日期", "停用日期"], rows, sheet="区划")
    assert tables.import_table("区划", path, as_json=False) == Exit.OK
    assert capsys.readouterr().out.strip() == "区划：新增 1，变更 0，未变 0"
    assert Place.objects.get(name="望江街道").parent == small_city.county


def test_a_spreadsheet_that_is_none_is_refused_with_its_name(
    small_city: SmallCity, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "坏.xlsx"
    path.write_bytes(b"PK\x03\x04 no archive")
    assert tables.import_table("divisions", path, as_json=False) == Exit.FAILED
    assert "坏.xlsx：" in capsys.readouterr().err


def test_all_tables_of_the_places_come_in_one_after_the_other(small_city: SmallCity, tmp_path: Path) -> None:
    square = [[[101.0, 31.0], [101.1, 31.0], [101.1, 31.1], [101.0, 31.1], [101.0, 31.0]]]
    feature = {
        "type": "Feature",
        "properties": {"代码": "990102"},
        "geometry": {"type": "Polygon", "coordinates": square},
    }
    texts = {
        "history": "旧代码,旧名称,新代码,起,止,说明\n990104,澜北区,990102,2000-01-01,2015-12-31,并入\n",
        "overlays": "名称,类型,所在区划代码,承担管理责任\n云栖大厦,楼宇,990102001,否\n",
        "roads": "区县代码,道路,起号,止号,单双,所属代码\n990102,竹园路,1,99,,990102001\n",
        "boundaries": json.dumps({"type": "FeatureCollection", "features": [feature]}),
    }
    for kind, text in texts.items():
        assert tables.import_table(kind, written(tmp_path, text), as_json=False) == Exit.OK
    assert Place.objects.get(pk=small_city.county.pk).boundary
    assert RoadRange.objects.get().place == small_city.town


def test_where_a_roster_stands_the_way_to_place_it_anew_is_told(
    small_city: SmallCity, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    RosterBasis.objects.create(day=TODAY, rulebook_version="t", gazetteer=uuid4(), committees="")
    path = written(tmp_path, "区县代码,道路,起号,止号,单双,所属代码\n990102,竹园路,1,99,,990102001\n")
    tables.import_table("roads", path, as_json=False)
    assert "./jw rebuild" in capsys.readouterr().out
    tables.import_table("roads", path, as_json=False)
    assert "./jw rebuild" not in capsys.readouterr().out, "nothing changed"


def test_a_file_that_does_not_exist_is_told_before_anything_is_started(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def started() -> bool:
        raise AssertionError("nothing may be started")

    monkeypatch.setattr(tables, "bring_up", started)
    assert tables.import_table("roads", tmp_path / "无.csv", as_json=False) == Exit.USAGE
    assert "没有文件" in capsys.readouterr().err
