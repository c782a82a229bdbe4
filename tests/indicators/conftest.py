import pytest

from jingwei.base_roster.models import Entity
from tests.city import SmallCity
from tests.indicators.rows import as_whole_city, whole_city


@pytest.fixture
def rows(small_city: SmallCity) -> dict[str, Entity]:
    """The rows of the small city by short names; the test acts as it likes afterwards."""
    with as_whole_city():
        return whole_city(small_city)
