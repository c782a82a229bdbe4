import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from jingwei.core.permissions import local_operator
from jingwei.places.models import OverlayMembership, Place, PlaceAlias, PlaceCode, RoadRange
from jingwei.places.selectors import gazetteer, gazetteer_stamp
from tests.city import ALWAYS, TODAY, SmallCity

pytestmark = pytest.mark.django_db
OPERATOR = local_operator()


def test_the_gazetteer_is_built_once_while_nothing_changes(small_city: SmallCity) -> None:
    first = gazetteer()
    with CaptureQueriesContext(connection) as captured:
        assert gazetteer() is first
    assert len(captured) == 1


@pytest.mark.parametrize("table", ["place", "code", "alias", "membership", "road", "boundary", "removal"])
def test_every_change_of_the_places_gives_a_new_stamp(small_city: SmallCity, table: str) -> None:
    changes = {
        "place": lambda: Place.objects.filter(pk=small_city.town.pk).update(name="文庙街道"),
        "code": lambda: PlaceCode.objects.create(place=small_city.town, code="990102777", valid=ALWAYS),
        "alias": lambda: PlaceAlias.objects.create(place=small_city.town, name="老书院", valid=ALWAYS),
        "membership": lambda: OverlayMembership.objects.create(
            overlay=small_city.park, place=small_city.town, valid=ALWAYS
        ),
        "road": lambda: RoadRange.objects.create(
            county=small_city.county, road="青岚路", place=small_city.town, decided_on=TODAY
        ),
        "boundary": lambda: Place.objects.filter(pk=small_city.town.pk).update(boundary={}),
        "removal": lambda: PlaceCode.objects.all().delete(),
    }
    before = gazetteer_stamp()
    changes[table]()
    assert gazetteer_stamp() != before


def test_a_place_known_by_a_new_name_is_found_at_once(small_city: SmallCity) -> None:
    assert gazetteer().place("安澜市青岚区老书院1号", on=TODAY).place_id == small_city.county.pk
    PlaceAlias.objects.create(place=small_city.town, name="老书院", valid=ALWAYS)
    assert gazetteer().place("安澜市青岚区老书院1号", on=TODAY).place_id == small_city.town.pk
