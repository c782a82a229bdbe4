"""Drawn pairs, their figures, and what stays unknown."""

import pytest

from jingwei.accounts.scope import acting
from jingwei.core.permissions import Actor, NotPermitted, Role, local_operator
from jingwei.core.refusal import Refused
from jingwei.linkage import services
from jingwei.linkage.models import Decision, LinkRun, SampledPair
from jingwei.linkage.quality import Stratum, estimate, strata_of, wilson
from tests.base_roster.lists import make_unit
from tests.city import NOW, SmallCity
from tests.linkage.pairs import make_queue, make_run, propose_link


def links(key: str, population: int, same: int, different: int, unsure: int = 0) -> Stratum:
    return Stratum(key, population, same + different + unsure, same, different, unsure)


@pytest.mark.parametrize(
    ("successes", "trials", "low", "high"), [(50, 50, 0.9287, 1.0), (0, 50, 0.0, 0.0713), (45, 50, 0.7864, 0.9565)]
)
def test_the_interval_is_wilsons(successes: int, trials: int, low: float, high: float) -> None:
    interval = wilson(successes, trials)
    assert interval is not None
    assert interval[1:] == pytest.approx((low, high), abs=5e-5)


def test_nothing_judged_is_unknown_and_not_nought() -> None:
    assert wilson(0, 0) is None
    total = estimate([links("code_exact", 900, 0, 0), links("waiting_likely", 40, 0, 0)])
    assert (total.precision, total.recall) == (None, None)
    assert total.unjudged == ("code_exact", "waiting_likely")


def test_precision_weighs_each_class_by_its_links() -> None:
    total = estimate([links("code_exact", 900, 50, 0), links("name_area", 100, 40, 10)])
    assert total.precision is not None
    assert total.precision.value == pytest.approx(0.98)
    assert total.precision.low < 0.98 < total.precision.high
    assert (total.links, total.covered_links, total.recall) == (1000, 1000, None)


def test_recall_counts_what_the_non_links_show_to_be_missed() -> None:
    strata = [
        links("code_exact", 900, 50, 0),
        links("waiting_likely", 60, 25, 25),
        links("waiting_unlikely", 140, 0, 50),
    ]
    total = estimate(strata)
    assert total.recall is not None
    assert total.recall.value == pytest.approx(900 / 930)
    assert estimate([*strata[:2], links("waiting_unlikely", 140, 0, 0)]).recall is None


def test_those_nobody_was_sure_of_stand_apart() -> None:
    total = estimate([links("code_exact", 100, 9, 1, unsure=40)])
    assert total.precision is not None
    assert total.precision.value == pytest.approx(0.9)


@pytest.fixture
def clerk(small_city: SmallCity) -> Actor:
    return small_city.actor(Role.CLERK, place=small_city.city)


@pytest.fixture
def run(small_city: SmallCity, clerk: Actor) -> LinkRun:
    """Six links of one class, two of another, four pairs that wait."""
    with acting(clerk):
        run = make_run(small_city)
        for number in range(8):
            firm = make_unit(small_city, "market", name=f"安澜第{number}贸易行")
            tax = make_unit(small_city, "tax", name=f"安澜第{number}贸易行有限公司")
            propose_link(run, firm, 5_000 + number, "own")
            propose_link(run, tax, 5_000 + number, "code_exact" if number < 6 else "name_area")
        make_queue(small_city, run, 4)
        return run


@pytest.mark.django_db
def test_a_sample_takes_from_every_class_and_the_same_seed_takes_the_same(clerk: Actor, run: LinkRun) -> None:
    with acting(clerk):
        first, second = (services.draw(run=run, seed=7, by=clerk, on=NOW, each=3) for _ in range(2))
        other = services.draw(run=run, seed=8, by=clerk, on=NOW, each=3)
        assert first.strata == {
            "code_exact": {"population": 6, "drawn": 3},
            "name_area": {"population": 2, "drawn": 2},
            "waiting_likely": {"population": 4, "drawn": 3},
        }
        drawn = [list(sample.pairs.values_list("unit", "other")) for sample in (first, second, other)]
        assert drawn[0] == drawn[1] != drawn[2]


@pytest.mark.django_db
def test_a_verdict_on_a_drawn_pair_measures_and_moves_nothing(clerk: Actor, run: LinkRun) -> None:
    with acting(clerk):
        sample = services.draw(run=run, seed=7, by=clerk, on=NOW)
        for pair in sample.pairs.filter(stratum="code_exact"):
            services.judge(drawn=pair, verdict="different" if pair.number % 2 else "same", by=clerk, on=NOW)
        assert Decision.objects.count() == 0
        found = {stratum.key: stratum for stratum in strata_of(sample)}
        assert found["code_exact"].judged == 6
        assert found["name_area"].open == 2
        wrong = SampledPair.objects.filter(stratum="code_exact", verdict="different")
        assert all(pair.is_contradicted for pair in wrong)


@pytest.mark.django_db
def test_a_drawn_pair_is_judged_by_one_named_person(small_city: SmallCity, clerk: Actor, run: LinkRun) -> None:
    colleague = small_city.actor(Role.SOCIAL_WORK_DEPARTMENT, place=small_city.city)
    with acting(clerk):
        pair = services.draw(run=run, seed=7, by=clerk, on=NOW).pairs.first()
        assert pair
        services.judge(drawn=pair, verdict="same", by=clerk, on=NOW)
        services.judge(drawn=pair, verdict="unsure", by=clerk, on=NOW)
        with pytest.raises(Refused, match="拿不准"):
            services.judge(drawn=pair, verdict="same", by=colleague, on=NOW)
        with pytest.raises(NotPermitted):
            services.judge(drawn=pair, verdict="same", by=local_operator(), on=NOW)
