"""`link` over a folder: what it writes, what it says, and how it ends."""

import csv
import json
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from jingwei.cli import link as command
from jingwei.cli.link import link_command
from tests.domain.uscc.strategies import code_of

FIRM = code_of("91", "990101", "MA1A2B3C")
TRADER = code_of("92", "990101", "MA5T6R7E")
NAME = "安澜市绿源纺织有限公司"
ADDRESS = "安澜市东湾区青柳路12号"

MARKET = (
    "企业名称,统一社会信用代码,注册号,法定代表人,住所,登记机关,成立日期,企业类型,行业代码,登记状态\n"
    f"{NAME},{FIRM},,苏晚晴,{ADDRESS},,2019-01-02,,,存续\n"
    f"老槐树面馆,{TRADER},,孟知秋,安澜市西岭区白鹭路3号,,2020-05-06,,,存续\n"
    ",,,,,,,,,\n"
    ",无,,苏晚晴,,,,,,\n"
)
TAX = f"纳税人识别号,纳税人名称,生产经营地址,法人,从业人数,主管税务所\n{FIRM},绿源纺织,{ADDRESS},苏晚晴,12,\n"


WRONG = FIRM[:17] + ("7" if FIRM[17] != "7" else "8")
SOCIAL = f"单位名称,统一社会信用代码,参保人数\n{NAME},{WRONG},3\n=宏图贸易有限公司,{FIRM},2\n"
PARTY = f"党组织名称,组建方式,上级党组织,成立日期,覆盖单位\n青柳路联合支部,联合,,,{NAME}、不存在的有限公司\n"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    lists = tmp_path / "lists"
    lists.mkdir()
    (lists / "税务.csv").write_text(TAX, encoding="utf-8-sig")
    return lists


@pytest.fixture(scope="module")
def done(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The results of one run over a folder with lists in several encodings and formats."""
    lists, out = tmp_path_factory.mktemp("lists"), tmp_path_factory.mktemp("out")
    (lists / "市场监管.csv").write_text(MARKET, encoding="gb18030")
    (lists / "税务.csv").write_text(TAX, encoding="utf-8-sig")
    (lists / "社保.csv").write_text(SOCIAL, encoding="utf-16")
    (lists / "党组织.csv").write_text(PARTY, encoding="utf-8")
    (lists / "说明.docx").write_bytes(b"PK")
    book = openpyxl.Workbook()
    book.active.append(["企业名称", "统一社会信用代码"])
    book.active.append([NAME, FIRM])
    book.save(lists / "市场监管_二.xlsx")
    assert link_command(lists, out=out) == 0
    return out


def lines(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as stream:
        return list(csv.DictReader(stream))


def summary(out: Path) -> Any:
    return json.loads((out / "summary.json").read_text(encoding="utf-8"))


def test_every_row_that_is_not_blank_stands_once_in_the_links(done: Path) -> None:
    header = (done / "links.csv").read_text(encoding="utf-8").splitlines()[0]
    assert header == "数据源,行号,实体编号,依据,得分,待核"
    placed = [(line["数据源"], line["行号"], line["实体编号"], line["待核"]) for line in lines(done / "links.csv")]
    assert sorted(placed) == [
        ("党组织.csv", "1", "E000004", "否"),
        ("市场监管.csv", "1", "E000001", "否"),
        ("市场监管.csv", "2", "E000002", "否"),
        ("市场监管.csv", "4", "", "否"),
        ("市场监管_二.xlsx", "1", "E000001", "否"),
        ("社保.csv", "1", "E000001", "否"),
        ("社保.csv", "2", "E000003", "是"),
        ("税务.csv", "1", "E000001", "否"),
    ]


def test_a_rejected_row_is_listed_with_field_value_code_and_reason(done: Path) -> None:
    rejected = lines(done / "rejects.csv")
    assert {(line["数据源"], line["行号"]) for line in rejected} == {("市场监管.csv", "4")}
    assert {line["错误码"] for line in rejected} == {"R-NO-KEY", "N-EMPTY", "C-PLACEHOLDER"}
    assert all(line["原因"] for line in rejected)


def test_a_faulty_field_of_a_row_that_is_kept_is_listed_with_a_repair(done: Path) -> None:
    (flag,) = [line for line in lines(done / "flags.csv") if line["数据源"] == "社保.csv"]
    assert (flag["字段"], flag["原值"], flag["错误码"]) == ("统一社会信用代码", WRONG, "C-CHECK-USCC")
    assert FIRM in flag["建议"]


def test_a_pair_for_review_shows_both_rows_and_no_formula(done: Path) -> None:
    (pair,) = lines(done / "review.csv")
    assert (pair["名称"], pair["对方名称"], pair["对方代码"]) == ("'=宏图贸易有限公司", NAME, FIRM)
    assert (pair["依据"], pair["对方实体编号"]) == ("代码一致其他不符", "E000001")


def test_the_units_of_a_joint_organization_have_a_file_of_their_own(done: Path) -> None:
    assert [(unit["序号"], unit["实体编号"], unit["依据"]) for unit in lines(done / "party_units.csv")] == [
        ("1", "E000001", "名称唯一"),
        ("2", "", "覆盖单位未找到"),
    ]


def test_the_summary_counts_rows_names_stages_and_lists_what_was_skipped(done: Path) -> None:
    told = summary(done)
    assert (told["rows"], told["rejected"], told["entities"], told["review"]) == (8, 1, 4, 1)
    assert sum(told["links"].values()) == told["rows"] - told["rejected"]
    assert {"读取文件", "规范化", "写出结果", "合计"} <= set(told["seconds"])
    assert told["peak_memory_mb"] > 0
    assert [file["file"] for file in told["skipped"]] == ["说明.docx"]


def test_the_summary_is_printed_as_json_on_demand(
    folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    link_command(folder, out=tmp_path / "out", as_json=True)
    assert json.loads(capsys.readouterr().out) == summary(tmp_path / "out")


def test_a_refused_file_does_not_hinder_the_others(
    folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (folder / "社保.xlsx").write_bytes(b"PK\x03\x04 cut off")
    assert link_command(folder, out=tmp_path / "out") == command.SOME_REFUSED
    assert "社保.xlsx" in capsys.readouterr().err
    (refused,) = summary(tmp_path / "out")["refused"]
    assert refused["code"].startswith("T-")
    assert len(lines(tmp_path / "out" / "links.csv")) == 1


def test_a_folder_without_lists_ends_with_three_and_writes_nothing(tmp_path: Path) -> None:
    (tmp_path / "lists").mkdir()
    assert link_command(tmp_path / "lists", out=tmp_path / "out") == 3
    assert list((tmp_path / "out").iterdir()) == []


def test_a_missing_folder_is_an_error_of_use(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert link_command(tmp_path / "nowhere", out=tmp_path / "out") == 2
    assert "没有这个文件夹" in capsys.readouterr().err


def test_a_place_that_cannot_be_written_to_is_an_error_of_use(folder: Path, tmp_path: Path) -> None:
    (tmp_path / "out").write_text("a file")
    assert link_command(folder, out=tmp_path / "out") == 2


@pytest.mark.slow
@pytest.mark.parametrize("raised", [KeyboardInterrupt(), RuntimeError("Query interrupted")])
def test_an_interrupted_run_leaves_the_earlier_results_as_they_were(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, raised: BaseException
) -> None:
    out = tmp_path / "out"
    link_command(folder, out=out)
    before = {path.name: path.read_bytes() for path in out.iterdir()}

    def interrupt(*_: object) -> None:
        raise raised

    monkeypatch.setattr(command, "write_results", interrupt)
    assert link_command(folder, out=out) == 130
    assert {path.name: path.read_bytes() for path in out.iterdir()} == before
