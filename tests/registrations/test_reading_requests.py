"""Whatever bytes arrive, a request is read or refused with named fields."""

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from jingwei.domain.lists import ListKind
from jingwei.registrations.intake import Problem
from jingwei.registrations.wanted import LARGEST_BODY, Malformed, Wanted, read

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)
NAMES = st.sampled_from(("kind", "unit", "place", "dry_run", "confirmed_distinct", "别的"))


@settings(max_examples=150, deadline=None)
@given(st.binary(max_size=40) | st.dictionaries(NAMES, JSON).map(lambda said: json.dumps(said).encode()))
def test_any_request_is_read_or_refused_with_named_fields(body: bytes) -> None:
    wanted, problems = read_or_refused(body)
    assert all(problem.message for problem in problems)
    assert bool(problems) == (wanted is None)
    assert all(isinstance(text, str) for text in (wanted.values if wanted else {}).values())


def read_or_refused(body: bytes) -> tuple[Wanted | None, list[Problem]]:
    try:
        return read(body), []
    except Malformed as refusal:
        return None, refusal.problems


@settings(max_examples=50, deadline=None)
@given(st.text(st.characters(exclude_characters="\x00", exclude_categories=["Cs"]), max_size=50), st.booleans())
def test_what_is_written_as_described_is_read_as_it_was_meant(name: str, dry_run: bool) -> None:
    said = {"kind": "civil_affairs", "unit": {"name": name}, "dry_run": dry_run, "place": " 990102001 "}
    wanted = read(json.dumps(said).encode())
    assert (wanted.kind, wanted.values, wanted.dry_run) == (ListKind.CIVIL, {"name": name}, dry_run)
    assert (wanted.place, wanted.confirmed_distinct) == ("990102001", "")


def test_asking_alone_is_what_happens_unless_told_otherwise() -> None:
    assert read(b'{"unit": {}}').dry_run


def test_a_request_too_large_or_too_deep_is_refused() -> None:
    for body in (b" " * (LARGEST_BODY + 1), b"[" * 60_000):
        with pytest.raises(Malformed):
            read(body)
