"""A delta answers as a full run over all rows would, under the same version."""

from random import Random

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from jingwei.domain.linkage import delta
from jingwei.domain.lists import ListKind
from tests.domain.linkage.deltas import (
    Change,
    after,
    delta_run,
    first_run,
    full_run,
    kept_state,
    outcome,
)
from tests.domain.linkage.rows import FILES, FIRM, OTHER_FIRM, TRADER, Row, market, social, tax

NAMES = (
    "安澜市绿源纺织有限公司",
    "绿源纺织有限责任公司",
    "安澜市绿源纺织有限公司东湾分公司",
    "安澜市绿原纺织有限公司",
    "青禾科技有限公司",
    "老槐树面馆",
    "",
)
CODES = (FIRM, OTHER_FIRM, TRADER, FIRM[:17] + "*", "990199" + FIRM[8:17], "110108000000016", "", "")
ADDRESSES = ("安澜市东湾区青柳路12号", "安澜市西岭区白鹭路3号", "")
PERSONS = ("苏晚晴", "孟知秋", "")
PHONES = ("13900000001", "")

MARKET, TAX = FILES[ListKind.MARKET], FILES[ListKind.TAX]


@st.composite
def row(draw: st.DrawFn, kind: ListKind) -> Row:
    if kind is ListKind.PARTY_ORG:
        covered = "、".join(draw(st.lists(st.sampled_from(NAMES + CODES), max_size=3)))
        return Row(kind, {"organization_name": draw(st.sampled_from(NAMES)), "covered_units": covered})
    return Row(
        kind,
        {
            "name": draw(st.sampled_from(NAMES)),
            "uscc": draw(st.sampled_from(CODES)),
            "address": draw(st.sampled_from(ADDRESSES)),
            "legal_representative": draw(st.sampled_from(PERSONS)),
            "phone": draw(st.sampled_from(PHONES)),
            "former_names": draw(st.sampled_from(NAMES)),
        },
    )


KINDS = st.sampled_from((*ListKind, ListKind.MARKET, ListKind.TAX, ListKind.TAX))
ROWS = st.lists(KINDS.flatmap(row), min_size=10, max_size=40)


@settings(max_examples=3, deadline=None, phases=[Phase.explicit, Phase.generate], derandomize=True)
@given(ROWS, st.lists(KINDS.flatmap(row), min_size=1, max_size=4), st.randoms(use_true_random=False))
def test_a_delta_leaves_what_a_full_run_over_all_rows_would(
    drawn: list[Row], further: list[Row], random: Random
) -> None:
    rows = {(FILES[each.kind], number): each for number, each in enumerate(drawn)}
    changed = random.sample(sorted(rows), 2)
    change = Change(
        {(FILES[each.kind], len(rows) + number): each for number, each in enumerate(further)}
        | {place: Row(rows[place].kind, {**rows[place].values, "uscc": OTHER_FIRM}) for place in changed[:1]},
        frozenset(changed[1:]),
    )
    verdicts = [(*random.choice(sorted(rows)), *random.choice(sorted(rows)), random.random() < 0.5)]
    with kept_state() as engine, pytest.MonkeyPatch.context() as patch:
        # However small the lists are, no list is linked as a whole.
        patch.setattr(delta, "_MOST_CHANGED", 10)
        first_run(engine, rows, verdicts)
        delta_run(engine, change, verdicts)
        found = outcome(engine, "kept")
        full_run(engine, after(rows, change), verdicts)
        assert found == outcome(engine, "linkage")


def many(count: int) -> dict[tuple[str, int], Row]:
    """Firms that have nothing to do with the others, each with its row at the tax office."""
    rows: dict[tuple[str, int], Row] = {}
    for number in range(10, 10 + count):
        name = f"安澜市{chr(0x7000 + 97 * number)}{chr(0x6000 + 89 * number)}{chr(0x5000 + 83 * number)}贸易有限公司"
        rows[MARKET, number] = market(name, address=f"安澜市东湾区云桥路{number}号")
        rows[TAX, number] = tax(name, address=f"安澜市东湾区云桥路{number}号")
    return rows


def test_a_founder_that_is_withdrawn_sets_free_what_had_joined_it() -> None:
    rows = {
        **many(20),
        (MARKET, 1): market("安澜市绿源纺织有限公司", FIRM),
        (TAX, 1): tax("绿源纺织有限公司", FIRM),
        (TAX, 2): tax("安澜市绿源纺织有限公司"),
    }
    with kept_state() as engine:
        first_run(engine, rows)
        counts = delta_run(engine, Change({}, frozenset({(MARKET, 1)})))
        changed = engine.execute(
            "SELECT file, row, entity_before, entity, basis_before, basis FROM linkage.changed ORDER BY file, row"
        ).fetchall()
    assert changed == [
        (MARKET, 1, "E000001", None, "own", None),
        (TAX, 1, "E000001", "E000022", "code_exact", "own"),
        (TAX, 2, "E000001", "E000023", "name_unique", "own"),
    ]
    assert counts.changed == 3
    assert counts.touched == 3
    assert counts.whole_lists == ()


def test_a_new_founder_takes_in_rows_that_stood_alone_and_leaves_the_others_untouched() -> None:
    rows = {**many(20), (TAX, 1): tax("安澜市绿源纺织有限公司", address="安澜市东湾区青柳路12号")}
    new = market("安澜市绿源纺织有限公司", FIRM, address="安澜市东湾区青柳路12号")
    with kept_state() as engine:
        first_run(engine, rows)
        counts = delta_run(engine, Change({(MARKET, 1): new}))
        changed = engine.execute("SELECT file, row, basis FROM linkage.changed ORDER BY file, row").fetchall()
    assert changed == [(MARKET, 1, "own"), (TAX, 1, "name_evidence")]
    assert counts.touched == 1


def test_rows_that_say_nothing_new_change_nothing() -> None:
    rows = many(20)
    with kept_state() as engine:
        first_run(engine, rows)
        counts = delta_run(engine, Change({place: rows[place] for place in [(MARKET, 10), (TAX, 11)]}))
        assert engine.execute("SELECT count(*) FROM linkage.changed").fetchall() == [(0,)]
    assert counts.changed == 0


def test_a_list_of_which_much_has_changed_is_linked_as_a_whole() -> None:
    rows = many(4)
    new = {(TAX, number): social("青禾科技有限公司", FIRM)._replace(kind=ListKind.TAX) for number in (1, 2)}
    with kept_state() as engine:
        first_run(engine, rows)
        counts = delta_run(engine, Change(new))
        found = outcome(engine, "kept")
        full_run(engine, after(rows, Change(new)))
        assert found == outcome(engine, "linkage")
    assert counts.whole_lists == ("税务",)


def test_a_decision_made_since_is_followed_by_the_next_delta() -> None:
    rows = {**many(20), (MARKET, 1): market("青禾科技有限公司", FIRM), (TAX, 1): tax("老槐树面馆")}
    with kept_state() as engine:
        first_run(engine, rows)
        delta_run(engine, Change({}), [(TAX, 1, MARKET, 1, True)])
        changed = engine.execute("SELECT file, row, entity, basis FROM linkage.changed").fetchall()
        delta_run(engine, Change({}))
        undone = engine.execute("SELECT file, row, basis FROM linkage.changed").fetchall()
    assert changed == [(TAX, 1, "E000001", "decided")]
    assert undone == [(TAX, 1, "own")]


def test_persons_and_phones_are_kept_as_hashes_only() -> None:
    rows = {(MARKET, 1): market("青禾科技有限公司", FIRM, legal_representative="苏晚晴", phone="13900000001")}
    with kept_state() as engine:
        first_run(engine, rows)
        tables = [
            name
            for (name,) in engine.execute(
                "SELECT table_name FROM duckdb_tables() WHERE database_name = 'kept'"
            ).fetchall()
        ]
        kept = " ".join(str(engine.execute(f"SELECT * FROM kept.{table}").fetchall()) for table in tables)
        assert (
            engine.execute("SELECT person, phone FROM kept.keyed WHERE person IS NULL OR phone IS NULL").fetchall()
            == []
        )
    assert "青禾科技" in kept
    assert "苏晚晴" not in kept
    assert "13900000001" not in kept
