import pytest

from tests.city import SmallCity, build_small_city


@pytest.fixture
def small_city(db: None) -> SmallCity:
    return build_small_city()
