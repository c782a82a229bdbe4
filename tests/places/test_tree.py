"""The database itself keeps the tree a tree, whoever writes."""

import pytest
from django.db import IntegrityError, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from jingwei.places.models import Place
from tests.city import ALWAYS, SmallCity, build_small_city

pytestmark = pytest.mark.django_db


def refused(**changes: object) -> str:
    with pytest.raises(IntegrityError) as error, transaction.atomic():
        Place.objects.filter(pk=changes.pop("pk")).update(**changes)
    return str(error.value)


def test_the_path_is_the_parents_path_and_the_own_id(small_city: SmallCity) -> None:
    made = Place.objects.create(kind="town", name="新镇", parent=small_city.county, valid=ALWAYS, path="9.9")
    assert made.path == f"{small_city.county.path}.{made.pk}"


def test_a_move_takes_everything_below_along(small_city: SmallCity) -> None:
    Place.objects.filter(pk=small_city.town.pk).update(parent=small_city.other_county)
    moved = Place.objects.get(pk=small_city.community.pk)
    assert moved.path == f"{small_city.other_county.path}.{small_city.town.pk}.{moved.pk}"


def test_a_written_path_is_put_right(small_city: SmallCity) -> None:
    Place.objects.filter(pk=small_city.town.pk).update(path="1.2.3")
    assert Place.objects.get(pk=small_city.town.pk).path == small_city.town.path


def test_no_place_lies_below_itself(small_city: SmallCity) -> None:
    building = Place.objects.create(kind="building", name="一号楼", parent=small_city.park, valid=ALWAYS)
    assert "below itself" in refused(pk=small_city.park.pk, parent=building)
    assert "below itself" in refused(pk=small_city.park.pk, parent=small_city.park)


def test_a_higher_level_never_lies_below_a_lower_one(small_city: SmallCity) -> None:
    assert "cannot lie below" in refused(pk=small_city.other_county.pk, parent=small_city.town)
    assert "cannot lie below" in refused(pk=small_city.town.pk, parent=small_city.park)


@pytest.mark.parametrize("kind", ["city", "county"])
def test_there_is_exactly_one_root_and_it_is_the_city(small_city: SmallCity, kind: str) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        Place.objects.create(kind=kind, name="另一个", valid=ALWAYS)
    refused(pk=small_city.city.pk, kind=kind if kind != "city" else "town")


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(moves=st.lists(st.tuples(st.integers(0, 7), st.integers(0, 7)), max_size=8))
def test_after_any_moves_every_path_follows_the_parents(db: None, moves: list[tuple[int, int]]) -> None:
    with transaction.atomic():
        build_small_city()
        ids = list(Place.objects.order_by("pk").values_list("pk", flat=True))
        for child, parent in moves:
            try:
                with transaction.atomic():
                    Place.objects.filter(pk=ids[child]).update(parent_id=ids[parent])
            except IntegrityError:
                continue
        places = Place.objects.in_bulk()
        for place in places.values():
            above = places[place.parent_id].path + "." if place.parent_id else ""
            assert place.path == f"{above}{place.pk}"
            assert place.path.startswith(str(ids[0]))
        transaction.set_rollback(True)
