"""One record alone is decided as the only row of a later list is."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any, NamedTuple

import duckdb
import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from jingwei.domain.intake import CheckedRow, check_row
from jingwei.domain.linkage import Basis
from jingwei.domain.linkage.frequencies import size_of
from jingwei.domain.linkage.model import likelihood, standard
from jingwei.domain.linkage.records import LIST_ORDER
from jingwei.domain.linkage.single import Candidate, Decision, Found, Times, decide_one
from jingwei.domain.linkage.single_keys import (
    Learned,
    Learning,
    RecordKeys,
    blind,
    keys_of,
    keys_of_rows,
    probes_of,
)
from jingwei.domain.lists import ListKind
from tests.domain.linkage.rows import FIRM, OTHER_FIRM, TRADER, Row, link_numbered, market, tax

SECRET = b"secret of the tests"
TAX_RANK = LIST_ORDER.index(ListKind.TAX)
THIRD_FIRM = "91990101MA2B3C4D5E"
NAMES = (
    "安澜市绿源纺织有限公司",
    "绿源纺织有限责任公司",
    "安澜市绿源纺织有限公司东湾分公司",
    "安澜市绿源纺织有限公司青柳路店",
    "安澜市绿原纺织有限公司",
    "安澜市禄源纺织有限公司",
    "安澜市绿源纺织机械有限公司",
    "安澜绿源第二纺织有限公司",
    "安澜市白鹭物流有限公司",
    "安澜市白鹭物流有限",
    "老槐树面馆",
    "",
    "无",
)
CODES = (
    FIRM,
    OTHER_FIRM,
    TRADER,
    FIRM[:17] + "*",
    FIRM[:10] + "0" + FIRM[11:],
    "990199" + FIRM[8:17],
    "110108000000016",
    "",
)
ADDRESSES = ("安澜市东湾区青柳路12号", "安澜市东湾区青柳路15号", "安澜市西岭区白鹭路3号", "东湾区大学科技园", "")
PERSONS = ("苏晚晴", "孟知秋", "")
PHONES = ("13900001111", "0791-88112233", "")
FORMER = ("", "安澜市白鹭物流有限公司", "安澜市青禾服装有限公司")


@st.composite
def rows(draw: st.DrawFn, kind: ListKind) -> Row:
    values = {
        "name": draw(st.sampled_from(NAMES)),
        "uscc": draw(st.sampled_from(CODES)),
        "address": draw(st.sampled_from(ADDRESSES)),
        "legal_representative": draw(st.sampled_from(PERSONS)),
        "phone": draw(st.sampled_from(PHONES)),
    }
    if kind is ListKind.MARKET:
        values["former_names"] = draw(st.sampled_from(FORMER))
        values["founded_on"] = draw(st.sampled_from(("2019-03-01", "2021-07-05", "")))
    return Row(kind, values)


class Placed(NamedTuple):
    """What the engine made of a row of the last list: its keys, the earlier entity it joined, why or why not,
    the weight where it decided, and the candidates a person is shown.
    """

    keys: dict[str, Any]
    entity: int | None
    basis: str
    millibits: int | None
    candidates: list[tuple[int, int, list[Any]]]


EXAMPLES = (
    tax(NAMES[0], FIRM),
    tax(NAMES[2], FIRM, legal_representative="苏晚晴"),
    tax(FORMER[2], address=ADDRESSES[0]),
    tax(NAMES[10]),
    tax(NAMES[5], phone=PHONES[0]),
)


@settings(max_examples=3, deadline=None, phases=[Phase.explicit, Phase.generate])
@given(
    st.lists(st.sampled_from((ListKind.MARKET, ListKind.CIVIL)).flatmap(rows), min_size=6, max_size=20),
    st.lists(rows(ListKind.TAX), min_size=10, max_size=20),
)
def test_a_record_alone_is_decided_as_among_the_rows_of_a_later_list(
    engine: duckdb.DuckDBPyConnection, roster: list[Row], drawn: list[Row]
) -> None:
    last = [row for row in (*EXAMPLES, *drawn) if check_row(row.kind, row.values).rejected is None]
    link_numbered([(f"{row.kind}.csv", number, row) for number, row in enumerate([*roster, *last], start=1)], engine)
    anchors = _anchors(engine, roster)
    times = {
        (field, text): times
        for field, text, times in engine.execute("SELECT field, text, times FROM linkage.frequency").fetchall()
    }
    records = _keyed(engine, [(row.kind, check_row(row.kind, row.values)) for row in last])
    for keyed, found in zip(records, _of_engine(engine), strict=True):
        record = replace(keyed, phone_shared=found.keys["phone_shared"], site_shared=found.keys["site_shared"])
        assert {name: getattr(record, name) for name in found.keys} == found.keys

        decision = decide(record, anchors, times, size_of(engine))

        assert (decision.eid, decision.basis) == (found.entity, Basis(found.basis))
        if found.millibits is not None:
            assert decision.ranked[0].compared.millibits == found.millibits
        shown = [
            (each.candidate.aid, each.compared.millibits, [list(one) for one in each.compared.contributions])
            for each in decision.ranked[:3]
        ]
        assert not found.candidates or shown == found.candidates


def decide(
    record: RecordKeys, anchors: Sequence[tuple[int, RecordKeys]], times: Mapping[tuple[str, str | None], int] | None = None,
    size: int = 0,
) -> Decision:  # fmt: skip
    """Decide with an index in memory in place of the database's."""
    times = times or {}
    blinded = {aid: blind(each, SECRET) for aid, each in anchors}
    index: dict[int, set[int]] = {}
    for aid, each in blinded.items():
        for key in keys_of(each, SECRET):
            index.setdefault(key, set()).add(aid)
    probes = probes_of(blind(record, SECRET), SECRET)
    blocks = [index.get(probe.hash, set()) for probe in probes]
    hits: dict[int, list[int]] = {}
    for position, (probe, block) in enumerate(zip(probes, blocks, strict=True)):
        for aid in block if len(block) <= probe.most else ():
            hits.setdefault(aid, []).append(position)
    candidates = [
        Candidate(aid, aid, blinded[aid], tuple(positions), times.get(("core", dict(anchors)[aid].core), 1))
        for aid, positions in hits.items()
    ]
    own = (("name", record.name_key), ("person", record.person), ("site", record.site), ("phone", record.phone))
    found = Found(probes, list(map(len, blocks)), candidates, Times(*(times.get(each, 1) for each in own)))
    return decide_one(blind(record, SECRET), found, standard(), size=size)


def _of_engine(engine: duckdb.DuckDBPyConnection) -> list[Placed]:
    names = [
        *("uscc", "org", "number", "name_key", "core", "branch", "numerals", "sound", "start", "ending", "start4"),
        *("end4", "firm", "placed", "person", "phone", "site", "road", "district", "founded", "active"),
        *("phone_shared", "site_shared"),
    ]
    keyed = engine.execute(f"SELECT rid, {', '.join(names)} FROM linkage.keyed WHERE rank = {TAX_RANK} ORDER BY rid")
    return [_placed(engine, rid, dict(zip(names, values, strict=True))) for rid, *values in keyed.fetchall()]


def _placed(engine: duckdb.DuckDBPyConnection, rid: int, keys: dict[str, Any]) -> Placed:
    earlier = f"(SELECT rid FROM linkage.keyed WHERE rank < {TAX_RANK})"
    joined = engine.execute(
        f"SELECT eid, basis, millibits FROM linkage.link WHERE rid = {rid} AND eid IN {earlier}"
    ).fetchall()
    doubts = engine.execute(
        f"SELECT NULL, basis, millibits FROM linkage.doubt WHERE rid = {rid} AND basis <> 'code_shared'"
    ).fetchall()
    candidates = engine.execute(
        f"SELECT aid, millibits, contributions FROM linkage.candidate WHERE rid = {rid} AND aid IN {earlier} ORDER BY place"
    ).fetchall()
    entity, basis, millibits = [*joined, *doubts, (None, "own", None)][0]
    return Placed(keys, entity, basis, millibits, [(aid, weight, json.loads(said)) for aid, weight, said in candidates])


def _anchors(engine: duckdb.DuckDBPyConnection, roster: list[Row]) -> list[tuple[int, RecordKeys]]:
    """The founding records of the engine, keyed row by row."""
    founders = engine.execute(
        "SELECT a.aid, r.row FROM linkage.anchor a JOIN linkage.records r ON r.rid = a.aid"
        f" WHERE a.rank < {TAX_RANK} ORDER BY a.aid"
    ).fetchall()
    rows = [roster[number - 1] for _, number in founders]
    keyed = _keyed(engine, [(row.kind, check_row(row.kind, row.values)) for row in rows])
    return [(aid, keys) for (aid, _), keys in zip(founders, keyed, strict=True)]


def _keyed(engine: duckdb.DuckDBPyConnection, rows: list[tuple[ListKind, CheckedRow]]) -> list[RecordKeys]:
    places = frozenset(name for (name,) in engine.execute("SELECT name FROM linkage.place").fetchall())
    areas = dict(engine.execute("SELECT area, district FROM linkage.areas").fetchall())
    return keys_of_rows(rows, Learned(places, areas))


def keys(row: Row, learned: Learned | None = None) -> RecordKeys:
    return keys_of_rows([(row.kind, check_row(row.kind, row.values))], learned or Learned())[0]


def roster_of(*rows: Row) -> list[tuple[int, RecordKeys]]:
    return [(number, keys(row)) for number, row in enumerate(rows, start=1)]


def test_an_equal_code_and_name_is_the_entity() -> None:
    decision = decide(keys(tax(NAMES[0], FIRM)), roster_of(market(NAMES[0], FIRM), market(NAMES[8], OTHER_FIRM)))
    assert (decision.eid, decision.basis, decision.review) == (1, Basis.CODE_EXACT, False)


def test_nobody_shares_anything_with_a_new_record() -> None:
    decision = decide(keys(tax("青禾服装有限公司")), roster_of(market(NAMES[0], FIRM), market(NAMES[8], OTHER_FIRM)))
    assert (decision.eid, decision.basis, decision.ranked) == (None, Basis.OWN, ())


def test_two_namesakes_are_shown_with_their_evidence_and_a_person_decides() -> None:
    decision = decide(
        keys(tax(NAMES[10])),
        roster_of(market(NAMES[10], address=ADDRESSES[0]), market(NAMES[10], address=ADDRESSES[2])),
    )
    assert decision.eid is None
    assert decision.review
    assert [each.candidate.eid for each in decision.ranked] == [1, 2]
    assert all(
        sum(one.millibits for one in each.compared.contributions) == each.compared.millibits for each in decision.ranked
    )


def test_a_key_that_too_many_share_brings_nobody() -> None:
    record = keys(tax("安澜市岚汀服装有限公司", address=ADDRESSES[0]))
    crowd = roster_of(
        *(market(f"安澜市霁栖{chr(0x4E00 + number)}饮食有限公司", address=ADDRESSES[0]) for number in range(40))
    )
    assert decide(record, crowd).ranked == ()
    few = decide(record, crowd[:5])
    assert few.eid is None


def test_blinding_leaves_no_person_phone_or_address_readable() -> None:
    plain = keys(tax(NAMES[0], FIRM, legal_representative="苏晚晴", phone="13900001111", address=ADDRESSES[0]))
    text = repr(blind(plain, SECRET))
    assert all(secret not in text for secret in ("苏晚晴", "13900001111", "青柳路", "东湾"))
    assert blind(plain, SECRET) == blind(plain, SECRET) != blind(plain, b"another secret")
    assert blind(blind(plain, SECRET), SECRET) == blind(plain, SECRET)


def test_every_probe_but_those_of_repairs_and_former_names_is_a_key_of_the_same_record() -> None:
    record = blind(keys(market(NAMES[0], FIRM, legal_representative="苏晚晴", address=ADDRESSES[0])), SECRET)
    probes, held = probes_of(record, SECRET), keys_of(record, SECRET)
    assert sum(probe.hash not in held for probe in probes) == 2
    assert {probe.hash for probe in probes if probe.columns} == held


def test_places_and_districts_are_learned_as_the_engine_learns_them(engine: duckdb.DuckDBPyConnection) -> None:
    drawn = [
        market(f"{NAMES[number % 9]}", code, address=ADDRESSES[number % 4])
        for number, code in enumerate([FIRM, OTHER_FIRM, ""] * 4)
    ]
    link_numbered([("market.csv", number, row) for number, row in enumerate(drawn, start=1)], engine)
    learning = Learning()
    for row in drawn:
        checked = check_row(row.kind, row.values)
        learning.add([(checked.name, row.values["address"], checked.uscc)])
    learned = learning.learned()
    assert learned.places == {name for (name,) in engine.execute("SELECT name FROM linkage.place").fetchall()}
    assert learned.areas == dict(engine.execute("SELECT area, district FROM linkage.areas").fetchall())


@pytest.mark.parametrize(("millibits", "share"), [(0, 0.5), (10_000, 0.999), (-10_000, 0.001)])
def test_a_weight_stands_for_a_probability(millibits: int, share: float) -> None:
    assert likelihood(millibits) == pytest.approx(share, abs=0.001)
