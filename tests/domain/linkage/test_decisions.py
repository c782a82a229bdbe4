"""What people have decided about two rows holds in every later run."""

import duckdb
import pytest

from jingwei.domain.linkage import Basis
from tests.domain.linkage.rows import FIRM, OTHER_FIRM, TRADER, Row, link_numbered, market, social, tax

NAME = "安澜市绿源纺织有限公司"
OTHER = "安澜市宏图贸易有限公司"


def decided(rows: list[Row], pairs: list[tuple[int, int, bool]]) -> list[tuple[str | None, Basis]]:
    """Link rows after somebody has decided about pairs of them, given by their numbers from 0."""
    numbered = [(f"{at}.csv", 1, row) for at, row in enumerate(rows)]
    with duckdb.connect(config={"threads": 1}) as engine:
        verdicts = [(f"{one}.csv", 1, f"{other}.csv", 1, same) for one, other, same in pairs]
        placed = link_numbered(numbered, engine, verdicts=verdicts)
    return [(placed[f"{at}.csv", 1].entity, placed[f"{at}.csv", 1].basis) for at in range(len(rows))]


@pytest.mark.parametrize("pair", [(0, 1, True), (1, 0, True)])
def test_rows_that_a_person_called_the_same_share_an_entity(pair: tuple[int, int, bool]) -> None:
    firm, row = decided([market(NAME, FIRM), tax(OTHER, OTHER_FIRM)], [pair])
    assert row == (firm[0], Basis.DECIDED)


def test_rows_that_a_person_kept_apart_stay_apart_although_their_codes_agree() -> None:
    firm, row = decided([market(NAME, FIRM), tax(NAME, FIRM)], [(1, 0, False)])
    assert row[0] != firm[0]


def test_a_row_kept_from_one_entity_may_still_join_another() -> None:
    one, other, row = decided(
        [
            market("老槐树面馆", TRADER, legal_representative="苏晚晴", founded_on="2016-03-04"),
            market("老槐树面馆", legal_representative="苏晚晴", founded_on="2003-05-06"),
            social("老槐树面馆", legal_representative="苏晚晴"),
        ],
        [(2, 0, False)],
    )
    assert row[0] == other[0] != one[0]


def test_a_chain_of_decisions_puts_all_its_rows_into_one_entity() -> None:
    rows = [market(NAME, FIRM), tax(OTHER), tax("老槐树面馆"), social("青柳路小卖部")]
    entities = {entity for entity, _ in decided(rows, [(0, 1, True), (2, 1, True), (3, 2, True)])}
    assert len(entities) == 1


def test_two_rows_of_one_list_called_the_same_share_an_entity() -> None:
    one, other = decided([market(NAME, FIRM), market(OTHER, OTHER_FIRM)], [(0, 1, True)])
    assert one[0] == other[0]
