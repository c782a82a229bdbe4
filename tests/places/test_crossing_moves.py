"""Two people move two things under each other at the same moment: one of them is refused."""

from collections.abc import Iterator
from threading import Thread

import psycopg
import pytest
from django.conf import settings
from django.db import connection

from jingwei.bodies.models import Body
from jingwei.places.models import Place
from tests.city import ALWAYS, SmallCity, build_small_city


@pytest.fixture
def committed_city(transactional_db: None) -> Iterator[SmallCity]:
    return build_small_city()


def staff() -> psycopg.Connection:
    server = settings.SERVER
    return psycopg.connect(
        host=server.host, port=server.port or None, dbname=connection.settings_dict["NAME"], user="jw_staff",
        password=settings.SECRETS["jw_staff"],
    )  # fmt: skip


def refused_when_crossing(statement: str, one: int, other: int) -> str:
    """Run the statement both ways in two sessions; returns what the second was told."""
    told: list[str] = []

    def second() -> None:
        with staff() as later:
            try:
                later.execute(statement, [one, other])
            except psycopg.errors.CheckViolation as error:
                told.append(str(error))

    with staff() as first:
        first.execute(statement, [other, one])
        thread = Thread(target=second)
        thread.start()
        first.commit()
        thread.join()
    return "".join(told)


def test_two_places_never_come_to_lie_below_each_other(committed_city: SmallCity) -> None:
    other = Place.objects.create(kind="park", name="物流园", parent=committed_city.county, valid=ALWAYS)
    statement = "UPDATE places_place SET parent_id = %s WHERE id = %s"
    assert "below itself" in refused_when_crossing(statement, committed_city.park.pk, other.pk)
    assert Place.objects.get(pk=committed_city.park.pk).path.endswith(f".{other.pk}.{committed_city.park.pk}")


def test_two_bodies_never_become_each_others_superior(committed_city: SmallCity) -> None:
    statement = "UPDATE bodies_body SET superior_id = %s WHERE id = %s"
    one, other = committed_city.office.pk, committed_city.county_office.pk
    assert "its own superior" in refused_when_crossing(statement, one, other)
    assert Body.objects.filter(superior__isnull=False).count() == 1
