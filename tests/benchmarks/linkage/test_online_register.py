"""What the online benchmark asks: known units as a desk writes them, and new ones that nobody has registered."""

from benchmarks.linkage.online import first_of, share
from benchmarks.linkage.online_city import NEW_SHARE, make_register


def test_new_units_are_not_in_the_register_and_known_ones_are() -> None:
    register = make_register(2000, 200, profile="desk", seed=1)
    held = {entity for entity, _ in register.rows()}
    known = [query.entity for query in register.queries if query.entity is not None]
    assert len(register.queries) == 200
    assert len(known) == round(200 * (1 - NEW_SHARE))
    assert set(known) <= held
    names = {values["name"] for _, values in register.rows() if "name" in values}
    new = [query.values.get("name") for query in register.queries if query.entity is None]
    assert share([name in names for name in new]) < 0.1


def test_equal_seeds_ask_the_same() -> None:
    one, other = (make_register(1000, 100, profile="desk", seed=3) for _ in range(2))
    assert one.queries == other.queries


def test_only_the_first_candidate_counts() -> None:
    assert first_of({"candidates": [{"entity": 8}, {"entity": 9}]}) == 7
    assert first_of({"candidates": []}) is None
