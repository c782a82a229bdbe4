from pathlib import Path

import pytest

from jingwei.core.instance import Instance
from tests.bulletins.quarters import Quarters, build_quarters
from tests.city import SmallCity


@pytest.fixture(autouse=True)
def own_folder(settings: pytest.FixtureRequest, tmp_path: Path) -> None:
    """Files of a test go to its own folder."""
    settings.INSTANCE = Instance(var=tmp_path)  # type: ignore[attr-defined]
    settings.INSTANCE.prepare()  # type: ignore[attr-defined]


@pytest.fixture
def quarters(small_city: SmallCity) -> Quarters:
    return build_quarters(small_city)
