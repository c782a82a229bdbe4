from collections.abc import Iterator

import pytest

from jingwei.accounts.scope import acting
from jingwei.core.permissions import local_operator
from tests.city import SmallCity


@pytest.fixture
def whole_city(small_city: SmallCity) -> Iterator[SmallCity]:
    """The small city, seen and changed as a whole for the length of the test."""
    with acting(local_operator()):
        yield small_city
