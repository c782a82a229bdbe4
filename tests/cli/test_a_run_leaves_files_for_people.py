"""roster.xlsx holds every entity with its verdicts; summary.json says what lies where; a report survives as JSON."""

import json
from datetime import date
from pathlib import Path

import pytest
from python_calamine import CalamineWorkbook

from jingwei.accounts.scope import acting
from jingwei.cli.job_report import FileResult, JobReport, Stage, Stages
from jingwei.cli.outputs import write_outputs
from jingwei.cli.roster_file import COLUMNS, write_roster
from jingwei.cli.terminal import progress_bar
from jingwei.core.models import JournalEntry
from jingwei.core.permissions import NotPermitted, Role, local_operator
from tests.base_roster.entities import make_entity, some_city
from tests.base_roster.lists import build_roster, make_unit, repeat_unit
from tests.city import NOW, TODAY, SmallCity

OPERATOR = local_operator()


def rows(path: Path) -> list[dict[str, str]]:
    lines = CalamineWorkbook.from_path(path).get_sheet_by_index(0).to_python()
    return [dict(zip(map(str, lines[0]), map(str, line), strict=True)) for line in lines[1:]]


def test_every_entity_stands_in_the_roster_once_those_without_a_place_last(
    small_city: SmallCity, tmp_path: Path
) -> None:
    with acting(OPERATOR):
        entities = some_city(small_city)
    written = rows(write_roster(tmp_path, by=OPERATOR, on=NOW))
    assert sorted(row["主体编号"] for row in written) == sorted(entity.number for entity in entities)
    assert written[-1]["名称"] == "来源不明的电子商行"


def test_verdicts_are_words_and_an_unknown_count_is_no_zero(small_city: SmallCity, tmp_path: Path) -> None:
    with acting(OPERATOR):
        make_entity(
            small_city, "安澜衡川电子科技有限公司", full_members=4, coverage_state="should", ownership="non_public",
            screening="in", sources=7,
        )  # fmt: skip
    row = rows(write_roster(tmp_path, by=OPERATOR, on=NOW))[0]
    assert (row["所有制"], row["三有初筛"], row["覆盖状态"]) == ("非公", "三有", "应建未建")
    assert (row["正式党员"], row["预备党员"], row["职工数"]) == ("4", "未知", "未知")
    assert (row["区县"], row["镇街"], row["来源名单"]) == ("青岚区", "书院街道", "市场监管、税务、社保")


def test_when_facts_last_changed_and_when_a_list_last_named_the_entity_are_two_columns(
    small_city: SmallCity, tmp_path: Path
) -> None:
    with acting(OPERATOR):
        unit = make_unit(small_city, "market", name="安澜衡川电子科技有限公司", as_of=date(2026, 9, 30))
        build_roster(small_city, [[unit]], OPERATOR)
        repeat_unit(small_city, unit, TODAY)
        build_roster(small_city, [[unit]], OPERATOR)
    row = rows(write_roster(tmp_path, by=OPERATOR, on=NOW))[0]
    assert (row["事实最近变动日"], row["最近名单日期"]) == ("2026-09-30", "2026-10-31")


def test_no_column_of_the_roster_holds_personal_data() -> None:
    fields = " ".join(field for _, field, _ in COLUMNS)
    assert not any(word in fields for word in ("representative", "phone", "person", "address"))


def test_what_goes_out_is_journaled(small_city: SmallCity, tmp_path: Path) -> None:
    with acting(OPERATOR):
        some_city(small_city)
    write_roster(tmp_path, by=OPERATOR, on=NOW)
    entry = JournalEntry.objects.get(verb="roster.export")
    assert entry.detail == {"rows": 8}


def test_who_may_not_export_gets_no_roster(small_city: SmallCity, tmp_path: Path) -> None:
    auditor = small_city.actor(Role.AUDITOR, place=small_city.city)
    with pytest.raises(NotPermitted):
        write_roster(tmp_path, by=auditor, on=NOW)
    assert not list(tmp_path.iterdir())


def test_the_summary_names_every_file_and_what_is_undecided(small_city: SmallCity, tmp_path: Path) -> None:
    with acting(OPERATOR):
        some_city(small_city)
    report = JobReport(day="2026-10-31")
    with progress_bar() as progress:
        write_outputs(report, tmp_path / "out", by=OPERATOR, on=NOW, stages=Stages(report, progress))
    summary = json.loads((tmp_path / "out" / "summary.json").read_text())
    assert all(Path(path).is_file() for path in summary["outputs"].values())
    assert {path.name for path in (tmp_path / "out").iterdir()} == {"roster.xlsx", "undecided.xlsx", "summary.json"}
    assert "所有制未知" in {line["title"] for line in summary["undecided"]}


def test_before_the_first_roster_there_is_still_the_page_of_open_questions(
    small_city: SmallCity, tmp_path: Path
) -> None:
    report = JobReport(day="2026-10-31")
    with progress_bar() as progress:
        write_outputs(report, tmp_path, by=OPERATOR, on=NOW, stages=Stages(report, progress))
    assert {path.name for path in tmp_path.iterdir()} == {"undecided.xlsx", "summary.json"}


def test_a_report_survives_as_json() -> None:
    report = JobReport(day="2026-10-31", files=[FileResult("民政.xlsx", "民政", "committed", 3, 2, 1)])
    report.stages.append(Stage("大数据对碰", 1.5, 200))
    assert JobReport.from_json(json.loads(json.dumps(report.to_json()))) == report


def test_a_stage_that_is_interrupted_leaves_no_entry() -> None:
    report = JobReport()
    with progress_bar() as progress:
        stages = Stages(report, progress)
        with stages.stage("导入"):
            pass
        with pytest.raises(KeyboardInterrupt), stages.stage("对碰"):
            raise KeyboardInterrupt
    assert [stage.name for stage in report.stages] == ["导入"]
