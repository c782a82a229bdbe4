"""Precision, recall and F1 over pairs of rows."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jingwei.domain.linkage import pair_scores

labels = st.lists(st.tuples(*[st.sampled_from(["a", "b", "c", None])] * 3), max_size=12)


def test_a_perfect_linkage_scores_one() -> None:
    scores = pair_scores(["x", "x", "y"], [1, 1, 2])
    assert (scores.precision, scores.recall, scores.f1) == (1.0, 1.0, 1.0)


def test_a_missed_and_a_false_pair_are_counted_on_their_sides() -> None:
    scores = pair_scores(["x", "y", "y", "z"], [1, 1, 2, 2])
    assert (scores.right, scores.false, scores.missed) == (0, 1, 2)
    assert scores.f1 == 0.0


def test_hard_pairs_leave_out_what_a_join_on_the_raw_code_would_find() -> None:
    scores = pair_scores(["x", "x", "x"], [1, 1, 1], easy=["code", "code", "other"])
    assert (scores.right, scores.false, scores.missed) == (2, 0, 0)


def test_lists_of_different_lengths_are_refused() -> None:
    with pytest.raises(ValueError, match="argument"):
        pair_scores(["x"], [])


@given(labels)
def test_the_counts_are_those_of_comparing_every_pair(rows: list[tuple[str | None, str | None, str | None]]) -> None:
    def together(first: str | None, second: str | None) -> bool:
        return first is not None and first == second

    right = false = missed = 0
    for index, (group, truth, mark) in enumerate(rows):
        for other_group, other_truth, other_mark in rows[:index]:
            if together(mark, other_mark):
                continue
            joined, real = together(group, other_group), together(truth, other_truth)
            right, false, missed = (
                right + (joined and real),
                false + (joined and not real),
                missed + (real and not joined),
            )
    scores = pair_scores([row[0] for row in rows], [row[1] for row in rows], easy=[row[2] for row in rows])
    assert (scores.right, scores.false, scores.missed) == (right, false, missed)
