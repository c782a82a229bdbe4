from pathlib import Path

import pytest

from jingwei.core import tables
from jingwei.core.instance import Instance
from jingwei.core.permissions import Role
from tests.city import SmallCity
from tests.rosters.desk import Desk


@pytest.fixture(autouse=True)
def own_folder(settings: pytest.FixtureRequest, tmp_path: Path) -> None:
    """Files of a test go to its own folder."""
    settings.INSTANCE = Instance(var=tmp_path)  # type: ignore[attr-defined]
    settings.INSTANCE.prepare()  # type: ignore[attr-defined]
    settings.STATIC_ROOT = settings.INSTANCE.work  # type: ignore[attr-defined]
    settings.FILE_UPLOAD_TEMP_DIR = settings.INSTANCE.work  # type: ignore[attr-defined]


@pytest.fixture
def parser_here(monkeypatch: pytest.MonkeyPatch) -> None:
    """Read in this process: starting the parser's own process costs half a second a file."""
    monkeypatch.setattr(tables, "parse_in_subprocess", tables.parse)


@pytest.fixture
def desk(small_city: SmallCity, parser_here: None) -> Desk:
    """A county's clerk at work for his county."""
    actor = small_city.actor(Role.CLERK, place=small_city.county)
    return Desk(small_city, actor, small_city.county, small_city.county_office)
