"""Whatever the rows: the parts of a figure make up its denominator, and the groups of a cut its total."""

from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from jingwei.domain.coverage import CoverageState, CoveredAs
from jingwei.domain.indicators import COMPLEMENT, DENOMINATOR, NUMERATOR, Cut, Population, definitions
from jingwei.domain.indicators.cuts import CUTS, belongs, key, tags
from jingwei.domain.legal_form import LegalForm, Roster
from jingwei.domain.ownership import Ownership
from jingwei.domain.screening import Screening
from tests.domain.indicators.duck import RULES, count, parts, table

ENTITY = [item for item in definitions().values() if item.is_counted and item.population is Population.ENTITY]
SHARES = [item for item in ENTITY if item.denominator is not None]
SOME = settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.too_slow])


def maybe(values: st.SearchStrategy[int]) -> st.SearchStrategy[int | None]:
    return st.none() | values


ROWS = st.lists(
    st.fixed_dictionaries(
        {
            "roster": st.sampled_from(list(map(str, Roster))),
            "legal_form": st.sampled_from(list(map(str, LegalForm))),
            "ownership": st.sampled_from(list(map(str, Ownership))),
            "state": st.just("existing"),
            "operating": st.booleans(),
            "screening": st.sampled_from(list(map(str, Screening))),
            "counts_in_base": st.booleans(),
            "county_id": maybe(st.integers(1, 2)),
            "area_id": maybe(st.integers(3, 5)),
            "industry_body_id": maybe(st.integers(6, 7)),
            "industry_code": st.sampled_from(["", "C39", "39", "I65", "K7020", "Q84", "L"]),
            "staff": maybe(st.integers(0, 400)),
            "full_members": maybe(st.integers(0, 5)),
            "probationary_members": maybe(st.integers(0, 2)),
            "sources": st.integers(0, 127),
            "covered_as": st.sampled_from(list(map(str, CoveredAs))),
            "coverage_state": st.sampled_from(list(map(str, CoverageState))),
        }
    ),
    max_size=40,
)


@SOME
@given(ROWS)
def test_numerator_complement_and_unknown_make_up_the_denominator(rows: list[dict[str, Any]]) -> None:
    held = table(rows)
    for item in SHARES:
        counted = parts(item)
        numerator, denominator = count(held, counted, NUMERATOR), count(held, counted, DENOMINATOR)
        if item.is_sum:
            continue
        unknown = count(held, counted, item.unknown) if item.unknown else 0
        assert numerator <= denominator
        assert numerator + count(held, counted, COMPLEMENT) + unknown == denominator, item.id


@SOME
@given(ROWS)
def test_what_stands_beside_is_never_more_than_its_base(rows: list[dict[str, Any]]) -> None:
    held = table(rows)
    for item in ENTITY:
        counted = parts(item)
        base = count(held, counted, DENOMINATOR if DENOMINATOR in counted.rows else NUMERATOR)
        for label in item.beside:
            if not item.is_sum:
                assert count(held, counted, label) <= base, (item.id, label)


@settings(SOME, max_examples=5)
@given(ROWS)
def test_the_groups_of_a_cut_add_up_to_the_total(rows: list[dict[str, Any]]) -> None:
    held = table(rows)
    counted = [parts(name) for name in ("IND-02", "COV-OWN3")]
    for cut in CUTS[Population.ENTITY]:
        if cut is Cut.TAG:
            continue
        own = key(cut, RULES)
        members = [
            row[0] for row in held.execute(f"SELECT DISTINCT {own.for_duckdb} FROM rows", own.parameters).fetchall()
        ]
        for item in counted:
            for part in (NUMERATOR, DENOMINATOR):
                groups = sum(count(held, item, part, belongs(cut, member, RULES)) for member in members)
                assert groups == count(held, item, part), cut


@SOME
@given(ROWS)
def test_a_row_has_a_tag_or_belongs_to_those_without(rows: list[dict[str, Any]]) -> None:
    held, base = table(rows), parts("FUN-THREE")
    tagged = [count(held, base, NUMERATOR, belongs(Cut.TAG, tag, RULES)) for tag in tags(RULES)]
    without = count(held, base, NUMERATOR, belongs(Cut.TAG, "", RULES))
    assert max(tagged, default=0) + without <= count(held, base) <= sum(tagged) + without
