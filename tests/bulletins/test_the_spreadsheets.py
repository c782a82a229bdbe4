"""The tables read back from their spreadsheets: merged headers, figures as numbers, what is missing, what fails."""

from datetime import UTC, date, datetime
from typing import Any

import openpyxl
import pytest
from openpyxl.worksheet.worksheet import Worksheet

from jingwei.accounts.scope import acting
from jingwei.base_roster.models import Entity, Fact
from jingwei.bulletins.models import Paper
from jingwei.bulletins.orders import Wishes
from jingwei.core.refusal import Refused
from jingwei.coverage.models import Cause
from jingwei.indicators.models import Snapshot
from jingwei.indicators.services import take_snapshot
from tests.bulletins.quarters import ISSUED, JUNE, Quarters, content_of, firm, make
from tests.city import NOW

pytestmark = pytest.mark.slow
IN_TIME = datetime(2026, 6, 15, tzinfo=UTC)


def book_of(paper: Paper) -> openpyxl.Workbook:
    return openpyxl.load_workbook(content_of(paper, "xlsx"))


def values(sheet: Worksheet) -> list[list[Any]]:
    return [[cell.value for cell in row] for row in sheet.iter_rows()]


def line(sheet: Worksheet, name: str) -> list[Any]:
    return next(row for row in values(sheet) if name in row)


def test_the_monthly_table_has_areas_total_and_what_is_unknown_beside(quarters: Quarters) -> None:
    sheet = book_of(make(quarters, Paper.Kind.MONTHLY))["月度统计表"]
    assert [row[0] for row in values(sheet)[3:7]] == ["书院街道※", "临江街道※", "高新产业园※", "合　计"]
    head, below = values(sheet)[1:3]
    assert head[below.index("待摸排") - 1] == "另列未知"
    total = dict(zip(below[4:9], line(sheet, "合　计")[4:9], strict=True))
    assert (total["家"], total["%"]) == (15, pytest.approx(65.22))
    assert line(sheet, "书院街道※")[below.index("待摸排")] == 3
    assert any("快照号：S20260930-01" in str(row[0]) for row in values(sheet))


def test_the_header_of_the_monthly_table_is_merged(quarters: Quarters) -> None:
    sheet = book_of(make(quarters, Paper.Kind.MONTHLY))["月度统计表"]
    merged = {str(area) for area in sheet.merged_cells.ranges}
    assert {"A2:A3", "B2:D2", "E2:G2"} <= merged


def test_the_monthly_table_brings_its_definitions(quarters: Quarters) -> None:
    book = book_of(make(quarters, Paper.Kind.MONTHLY))
    assert book.sheetnames == ["月度统计表", "口径", "说明"]
    assert line(book["口径"], "COV-ORG")[1] == "组织覆盖率"


def test_columns_of_a_table_add_up_to_its_total(quarters: Quarters) -> None:
    rows = values(book_of(make(quarters, Paper.Kind.MONTHLY))["月度统计表"])[3:7]
    for place in range(1, len(rows[0])):
        column = [row[place] for row in rows]
        if all(isinstance(value, int) for value in column):
            assert sum(column[:-1]) == column[-1]


def test_the_list_of_those_due_says_how_many_members_since_when_and_by_which_article(quarters: Quarters) -> None:
    with acting(quarters.clerk):
        due = Entity.objects.get(coverage_state="should")
        Cause.objects.create(entity=due, kind="owner", stated_on=JUNE, stated_by="测试", recorded_at=IN_TIME)
    sheet = book_of(make(quarters, Paper.Kind.SHOULD_HAVE))["清单"]
    found = dict(zip(values(sheet)[2], line(sheet, "安澜衡川电子科技有限公司"), strict=True))
    assert found["正式党员数"] == 5
    assert (found["党员数日期"], found["党员数来源"]) == ("2026-05-20", "党员数名单")
    assert found["应建形式"] == "单独建立党支部"
    assert "《中国共产党支部工作条例（试行）》第四条" in found["条文"]
    assert (found["应建起算日"], found["已过天数"]) == ("2026-05-20", 133)
    assert found["未建原因"] == "出资人或负责人不支持"
    assert found["责任单位"] == "书院街道党工委"


def test_the_list_stands_in_blocks_by_area_with_counts(quarters: Quarters) -> None:
    book = book_of(make(quarters, Paper.Kind.SHOULD_HAVE))
    assert any(row[0] == "书院街道　1 家" for row in values(book["清单"]))
    assert line(book["汇总"], "书院街道")[1] == 1
    assert line(book["汇总"], "合　计")[1] == 1


def test_a_list_of_a_town_holds_its_own_units_alone(quarters: Quarters) -> None:
    assert make(quarters, Paper.Kind.SHOULD_HAVE, place=quarters.city.other_town).content["total"] == 0
    assert make(quarters, Paper.Kind.SHOULD_HAVE, place=quarters.city.town).content["total"] == 1


def form_cells(paper: Paper) -> dict[str, int | None]:
    return {cell["id"]: cell["value"] for row in paper.content["form"]["rows"] for cell in row["cells"]}


def test_the_yearly_form_of_enterprises_counts_each_kind_of_organization(quarters: Quarters) -> None:
    cells = form_cells(make(quarters, Paper.Kind.FORM_A))
    assert [cells[name] for name in ("A1", "A5", "A6", "A8", "A9", "A11")] == [18, 8, 6, 1, 1, 2]
    assert [cells[name] for name in ("B1", "B5", "C1", "A13", "A15")] == [9, 8, 1, 804, 660]


def test_the_sheet_of_the_form_says_the_same_as_its_page(quarters: Quarters) -> None:
    paper = make(quarters, Paper.Kind.FORM_A)
    sheet, cells = book_of(paper)["报表"], form_cells(paper)
    row = line(sheet, "已建立联合党支部的")
    assert row[3] == cells["A6"] == 6
    assert line(sheet, "党建工作指导员联系的")[3:] == [None] * 13


def test_a_form_lists_what_is_missing_and_how_many_stand_aside(quarters: Quarters) -> None:
    book = book_of(make(quarters, Paper.Kind.FORM_A))
    assert book.sheetnames == ["报表", "校核", "缺项", "说明"]
    gaps = values(book["缺项"])
    assert ["D 列", "法定代表人是党员的", "法定代表人的政治面貌（组织部门的出资人党员名单）", None] in gaps
    assert ["第 9 行", "应建尚未建立党组织的", "正式党员未知", 1] in gaps
    assert ["B 列", "从业人员50人以上企业", "职工数未知", 1] in gaps
    assert ["全表", "所有制未知、未列入本表的在营企业", "所有制未知", 4] in gaps


def test_a_failed_check_stands_with_its_cells_and_the_units_that_are_unknown(quarters: Quarters) -> None:
    with acting(quarters.clerk):
        firm(quarters.city, "安澜无名商贸有限公司", coverage_state="few", full_members=1, probationary_members=0)
    later = _october(quarters)
    rows = values(book_of(make(quarters, Paper.Kind.FORM_A, snapshot=later))["校核"])
    failed = next(row for row in rows if row[1] == "不符")
    assert failed[0] == "1 = 3 + 4 + 5 + 6 + 9 + 10 + 11"
    assert failed[2].startswith("A1、A3、A4")
    assert "19 ≠ 18，相差 1" in failed[3]
    assert "A9 另有 1 家未知" in failed[3]


def _october(quarters: Quarters) -> Snapshot:
    with acting(quarters.clerk):
        return take_snapshot(month=date(2026, 10, 1), as_of=date(2026, 10, 31), by=quarters.clerk, on=NOW)


def test_the_registered_type_tells_who_controls_an_enterprise(quarters: Quarters) -> None:
    with acting(quarters.clerk):
        firms = Entity.objects.filter(overlay=quarters.city.park).order_by("pk")
        for entity, kind in zip(
            firms, ("私营有限责任公司", "有限责任公司(外国法人独资)", "其他有限责任公司"), strict=False
        ):
            Fact.objects.create(entity=entity, kind="company_type", value=kind, list_kind="tax", as_of=JUNE, recorded_at=IN_TIME)  # fmt: skip
    paper = make(quarters, Paper.Kind.FORM_A)
    cells = form_cells(paper)
    assert (cells["F1"], cells["M1"]) == (1, 1)
    aside = next(gap["units"] for gap in paper.content["gaps"] if gap["cells"] == "F 列")
    assert aside == 16  # 15 without a type, and one whose type leaves control open


def test_a_fact_recorded_after_the_snapshot_changes_no_paper_of_it(quarters: Quarters) -> None:
    with acting(quarters.clerk):
        one = Entity.objects.filter(overlay=quarters.city.park).order_by("pk")[0]
        Fact.objects.create(entity=one, kind="company_type", value="私营有限责任公司", list_kind="tax", as_of=JUNE, recorded_at=ISSUED)  # fmt: skip
    assert form_cells(make(quarters, Paper.Kind.FORM_A))["F1"] is None


def test_the_yearly_form_of_social_organizations_counts_by_kind(quarters: Quarters) -> None:
    cells = form_cells(make(quarters, Paper.Kind.FORM_B))
    assert [cells[name] for name in ("A1", "B1", "C1", "D1", "E1", "A10", "A13", "A14")] == [1, 1, 0, 0, 0, 1, 9, 1]


def test_the_ledger_has_a_line_for_each_enterprise_with_its_organization(quarters: Quarters) -> None:
    paper = make(quarters, Paper.Kind.LEDGER_C)
    sheet = book_of(paper)["台账"]
    names = values(sheet)[4]
    found = dict(zip(names, line(sheet, "安澜书院0号设计有限公司"), strict=True))
    assert paper.content["total"] == 18
    assert (found["是否建立党组织"], found["组建形式"], found["类别"]) == ("是", "联合", "党支部")
    assert (found["党组织名称"], found["成立时间"]) == ("中共安澜书院设计联合支部委员会", "2026-03-01")
    lone = dict(zip(names, line(sheet, "安澜临江餐饮管理有限公司"), strict=True))
    assert (lone["是否建立党组织"], lone["未建情形"]) == ("否", "党员数未知")
    due = dict(zip(names, line(sheet, "安澜衡川电子科技有限公司"), strict=True))
    assert due["未建情形"] == "应建未建"


def test_the_ledger_names_the_facts_its_empty_columns_wait_for(quarters: Quarters) -> None:
    gaps = values(book_of(make(quarters, Paper.Kind.LEDGER_C))["缺项"])
    assert ["群团", "工会", "基层工会名单（总工会）", None] in gaps
    assert ["从业人员数", "企业：从业人员数", "从业人员数未知", 1] in gaps


def sheets_of(quarters: Quarters) -> Paper:
    with acting(quarters.clerk):
        units = tuple(Entity.objects.filter(roster="social").values_list("pk", flat=True))
    return make(quarters, Paper.Kind.FORM_D, wishes=Wishes(units=units))


def test_each_social_organization_has_a_sheet_with_its_facts_and_checks(quarters: Quarters) -> None:
    book = book_of(sheets_of(quarters))
    assert book.sheetnames == ["安澜市青岚物流协会", "校核", "缺项", "说明"]
    rows = {row[1]: row for row in values(book["安澜市青岚物流协会"])}
    assert rows["业务主管单位"][2] == "青岚区商务局"
    assert rows["组织类别"][2] == "社会团体"
    assert (rows["从业人员数"][2], rows["党员人数"][2]) == (9, 1)
    assert rows["负责人姓名"][3] == "党组织书记（党组织换届名单）"
    assert sum(1 for row in values(book["安澜市青岚物流协会"]) if row[0] == "无法校核") == 9


def test_a_sheet_is_made_for_named_organizations_alone(quarters: Quarters) -> None:
    with pytest.raises(Refused, match="请选定"):
        make(quarters, Paper.Kind.FORM_D)
    with acting(quarters.clerk):
        one = Entity.objects.filter(roster="enterprise").values_list("pk", flat=True)[0]
    with pytest.raises(Refused, match="不是在营的社会组织"):
        make(quarters, Paper.Kind.FORM_D, wishes=Wishes(units=(one,)))


def test_a_name_that_a_spreadsheet_would_run_stays_text(quarters: Quarters) -> None:
    with acting(quarters.clerk):
        Entity.objects.filter(coverage_state="should").update(name="=1+1安澜公司")
    later = _october(quarters)
    sheet = book_of(make(quarters, Paper.Kind.SHOULD_HAVE, snapshot=later))["清单"]
    cell = next(cell for row in sheet.iter_rows() for cell in row if cell.value == "=1+1安澜公司")
    assert (cell.data_type, cell.quotePrefix) == ("s", True)


def test_the_snapshot_and_its_hash_stand_on_every_file(quarters: Quarters) -> None:
    for kind in (Paper.Kind.MONTHLY, Paper.Kind.SHOULD_HAVE, Paper.Kind.FORM_A, Paper.Kind.LEDGER_C):
        about = dict(row[:2] for row in values(book_of(make(quarters, kind))["说明"]))
        assert about["快照号"] == "S20260930-01"
        assert about["快照校验值"] == quarters.september.hash
