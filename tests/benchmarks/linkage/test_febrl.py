import pytest

from benchmarks.linkage import febrl


@pytest.mark.filterwarnings("default")
def test_the_weights_nearly_solve_febrl4() -> None:
    assert febrl.f1() >= febrl.GOAL
