from pathlib import Path
from random import Random

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from benchmarks.linkage.score import Judge
from jingwei.domain.linkage import REASONS, Basis, pair_scores

HEADER = "数据源,行号,实体编号,依据,得分,待核\n"


@pytest.fixture
def truth(tmp_path: Path) -> Path:
    """Two units, each in both lists; the second without a code in the other list; then a total row."""
    path = tmp_path / "truth.parquet"
    lines = [
        ("a.csv", 1, 1, "91X"),
        ("a.csv", 2, 2, "92Y"),
        ("b.csv", 1, 1, "91X"),
        ("b.csv", 2, 2, "无"),
        ("b.csv", 3, None, ""),
    ]
    file, row, entity, code = zip(*lines, strict=True)
    pq.write_table(pa.table({"file": file, "row": row, "entity": entity, "code": code}), path)
    return path


def links(tmp_path: Path, *lines: tuple[str, int, str, Basis, str]) -> Path:
    path = tmp_path / "links.csv"
    text = "".join(
        f"{file},{row},{entity},{REASONS[basis].zh},0.9,{review}\n" for file, row, entity, basis, review in lines
    )
    path.write_text(HEADER + text, encoding="utf-8")
    return path


OWN = [("a.csv", 1, "E1", Basis.OWN, "否"), ("a.csv", 2, "E2", Basis.OWN, "否")]


def test_links_that_are_all_right_score_one(tmp_path: Path, truth: Path) -> None:
    both = [("b.csv", 1, "E1", Basis.CODE_EXACT, "否"), ("b.csv", 2, "E2", Basis.NAME_EVIDENCE, "否")]
    score = Judge(truth).links(links(tmp_path, *OWN, *both))
    assert (score.every.f1, score.hard.f1, score.waiting) == (1.0, 1.0, 0)


def test_a_pair_without_a_code_on_one_side_is_hard(tmp_path: Path, truth: Path) -> None:
    score = Judge(truth).links(links(tmp_path, *OWN, ("b.csv", 1, "E1", Basis.CODE_EXACT, "否")))
    assert (score.every.recall, score.hard.recall) == (0.5, 0.0)


@pytest.mark.parametrize(("effective", "right"), [(True, 0), (False, 1)])
def test_a_link_that_waits_is_proposed_but_does_not_act(
    tmp_path: Path, truth: Path, effective: bool, right: int
) -> None:
    found = links(tmp_path, *OWN, ("b.csv", 2, "E2", Basis.NAME_CORE, "是"))
    score = Judge(truth).links(found, effective=effective)
    assert (score.every.right, score.waiting) == (right, 1)


def test_a_doubt_about_a_row_that_stands_alone_takes_no_link_from_it(tmp_path: Path, truth: Path) -> None:
    doubted = [("a.csv", 1, "E1", Basis.NAME_DOUBTFUL, "是"), ("b.csv", 1, "E1", Basis.CODE_EXACT, "否")]
    score = Judge(truth).links(links(tmp_path, *doubted))
    assert (score.every.right, score.every.false, score.waiting) == (1, 0, 0)


def test_joining_a_total_row_is_wrong(tmp_path: Path, truth: Path) -> None:
    groups = tmp_path / "groups.parquet"
    pq.write_table(pa.table({"file": ["a.csv", "b.csv"], "row": [1, 3], "grp": [7, 7]}), groups)
    assert Judge(truth).groups(groups).every.false == 1


def test_scores_are_those_of_the_products_own_metrics(tmp_path: Path) -> None:
    draw = Random(1)
    entity = [draw.choice([None, *range(30)]) for _ in range(200)]
    group = [draw.choice([None, *range(25)]) for _ in range(200)]
    code = [draw.choice(["", "无", "A1B2C3", "D4E5F6", "G7H8J9"]) for _ in range(200)]
    rows = {"file": ["a.csv"] * 200, "row": list(range(200))}
    pq.write_table(pa.table({**rows, "entity": entity, "code": code}), tmp_path / "truth.parquet")
    pq.write_table(pa.table({**rows, "grp": group}), tmp_path / "groups.parquet")
    score = Judge(tmp_path / "truth.parquet").groups(tmp_path / "groups.parquet")
    assert score.every == pair_scores(group, entity)
    assert score.hard == pair_scores(group, entity, easy=[text if len(text) > 1 else None for text in code])
