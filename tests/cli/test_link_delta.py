"""`link --delta`: what has changed since the last run is linked alone, and the state goes on from there."""

import csv
import stat
from pathlib import Path

import pytest

from jingwei.cli.link import link_command
from jingwei.cli.link_delta import delta_command
from tests.domain.uscc.strategies import code_of

FIRM = code_of("91", "990101", "MA1A2B3C")
NEW_FIRM = code_of("91", "990101", "MA9X8W7U")
NAME, NEW_NAME = "安澜市绿源纺织有限公司", "安澜市青禾科技有限公司"
SHOPS = "".join(
    f"安澜市{name}商行,{code_of('92', '990101', f'MA5T6R{at:02d}')},\n"
    for at, name in enumerate("甲乙丙丁戊己庚辛壬癸")
)
MARKET = f"企业名称,统一社会信用代码,法定代表人\n{NAME},{FIRM},苏晚晴\n{SHOPS},无,\n"
TAX = f"纳税人识别号,纳税人名称\n{FIRM},绿源纺织有限公司\n,{NEW_NAME}\n"
DELTA = (
    "企业名称,统一社会信用代码,法定代表人,原行号,变动\n"
    f"{NEW_NAME},{NEW_FIRM},孟知秋,,\n{NAME},{FIRM},苏晚晴,1,撤回\n无名氏,,,,\n"
)


@pytest.fixture
def kept(tmp_path: Path) -> Path:
    """A folder with the state of a first run."""
    lists = tmp_path / "lists"
    lists.mkdir()
    (lists / "市场监管.csv").write_text(MARKET, encoding="utf-8")
    (lists / "税务.csv").write_text(TAX, encoding="gb18030")
    assert link_command(lists, out=tmp_path / "out", state=tmp_path / "state") == 0
    return tmp_path


def delta(folder: Path, text: str = DELTA, *, full: bool = False) -> int:
    changes = folder / "changes"
    changes.mkdir(exist_ok=True)
    (changes / "市场监管.csv").write_text(text, encoding="utf-8")
    return delta_command(changes, out=folder / "out", state=folder / "state", full=full)


def lines(path: Path) -> list[list[str]]:
    with path.open(encoding="utf-8-sig", newline="") as stream:
        return list(csv.reader(stream))[1:]


def test_rows_whose_entity_or_ground_changed_are_listed_before_and_after(kept: Path) -> None:
    assert delta(kept) == 0
    assert lines(kept / "out" / "links_changed.csv") == [
        ["市场监管.csv", "1", "E000001", "", "自成一户", "", "否"],
        ["市场监管.csv", "13", "", "E000013", "", "自成一户", "否"],
        ["市场监管.csv", "14", "", "E000014", "", "自成一户", "否"],
        ["税务.csv", "1", "E000001", "E000015", "代码一致", "自成一户", "否"],
        ["税务.csv", "2", "E000012", "E000013", "自成一户", "名称唯一", "否"],
    ]


def test_all_results_are_written_if_asked_for_and_a_further_delta_starts_from_them(kept: Path) -> None:
    assert delta(kept, full=True) == 0
    links = {(file, row): (entity, basis) for file, row, entity, basis, *_ in lines(kept / "out" / "links.csv")}
    assert ("市场监管.csv", "1") not in links
    assert links["市场监管.csv", "12"] == ("", "未采用")
    assert links["市场监管.csv", "2"] == ("E000002", "自成一户")
    assert links["税务.csv", "2"] == ("E000013", "名称唯一")
    back = f"企业名称,统一社会信用代码,法定代表人,原行号\n{NAME},{FIRM},苏晚晴,1\n"
    assert delta(kept, back) == 0
    changed = lines(kept / "out" / "links_changed.csv")
    assert [line[:4] for line in changed] == [
        ["市场监管.csv", "1", "", "E000001"],
        ["税务.csv", "1", "E000015", "E000001"],
    ]


def test_a_full_run_can_go_by_the_version_of_a_state(kept: Path) -> None:
    assert link_command(kept / "lists", out=kept / "again", model=kept / "state") == 0
    assert (kept / "again" / "links.csv").read_bytes() == (kept / "out" / "links.csv").read_bytes()


def test_only_the_owner_may_read_the_state(kept: Path) -> None:
    assert stat.S_IMODE((kept / "state").stat().st_mode) == 0o600
    assert b"\xe8\x8b\x8f\xe6\x99\x9a\xe6\x99\xb4" not in (kept / "state").read_bytes()


def test_two_rows_that_claim_one_number_are_refused_and_the_state_stays(
    kept: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    before = (kept / "state").read_bytes()
    assert delta(kept, f"企业名称,统一社会信用代码,原行号\n{NAME},{FIRM},1\n{NEW_NAME},{NEW_FIRM},1\n") == 2
    assert "两行" in capsys.readouterr().err
    assert (kept / "state").read_bytes() == before


def test_a_delta_without_a_state_says_what_to_do_first(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert delta(tmp_path) == 2
    assert "请先做一次全量对碰" in capsys.readouterr().err.replace("\n", "")
