import pytest
from django.db import IntegrityError, transaction
from hypothesis import given
from hypothesis import strategies as st

from jingwei.core.models import JournalEntry
from jingwei.core.permissions import NotPermitted, Role, local_operator
from jingwei.core.reference_tables import ImportCounts, TableRefused
from jingwei.core.refusal import Refused
from jingwei.places.models import Place, RoadRange
from jingwei.places.selectors import gazetteer
from jingwei.places.services import add_road_range, import_roads, remove_road_range
from jingwei.places.services.roads import collides
from tests.city import NOW, TODAY, SmallCity
from tests.places.rows import ROAD_COLUMNS, table

OPERATOR = local_operator()


def answer(
    city: SmallCity, first: int | None, last: int | None, *, parity: str = "all", place: Place | None = None
) -> RoadRange:
    return add_road_range(
        county=city.county, road="青岚 路", place=place or city.town, number_from=first, number_to=last, parity=parity,
        by=OPERATOR, on=NOW,
    )  # fmt: skip


def load(*rows: tuple[str, ...]) -> ImportCounts:
    return import_roads(rows=table(ROAD_COLUMNS, *rows), by=OPERATOR, on=NOW)


@pytest.mark.django_db
def test_one_answer_places_every_address_of_the_road(small_city: SmallCity) -> None:
    assert gazetteer().place("安澜市青岚区青岚路8号", on=TODAY).place_id == small_city.county.pk
    answer(small_city, None, None)
    assert gazetteer().place("安澜市青岚区青岚路8号", on=TODAY).place_id == small_city.town.pk


@pytest.mark.django_db
def test_two_answers_never_hold_the_same_number(small_city: SmallCity) -> None:
    answer(small_city, 1, 99, parity="odd")
    answer(small_city, 2, 98, parity="even", place=small_city.other_town)
    answer(small_city, 100, None)
    for numbers, parity in [((99, 99), "odd"), ((50, 60), "all"), ((None, None), "all"), ((200, 300), "even")]:
        with pytest.raises(Refused, match="已确定属于"):
            answer(small_city, *numbers, parity=parity)
    with pytest.raises(IntegrityError), transaction.atomic():
        RoadRange.objects.create(
            county=small_city.county,
            road="青岚路",
            place=small_city.town,
            number_from=98,
            number_to=98,
            decided_on=TODAY,
        )


@pytest.mark.django_db
def test_an_answer_outside_the_county_or_with_descending_numbers_is_refused(small_city: SmallCity) -> None:
    with pytest.raises(Refused, match="不在青岚区"):
        answer(small_city, 1, 2, place=small_city.far_town)
    with pytest.raises(Refused, match="起号"):
        answer(small_city, 9, 2)


@pytest.mark.django_db
def test_only_who_decides_placements_of_the_county_may_answer(small_city: SmallCity) -> None:
    for actor in (
        small_city.actor(Role.CLERK, place=small_city.other_county),
        small_city.actor(Role.TOWN_ORGANIZER, place=small_city.town),
        small_city.actor(Role.LOCAL_PARTY_COMMITTEE, place=small_city.city),
    ):
        with pytest.raises(NotPermitted):
            add_road_range(
                county=small_city.county, road="青岚路", place=small_city.town, number_from=None, number_to=None,
                parity="all", by=actor, on=NOW,
            )  # fmt: skip


@pytest.mark.django_db
def test_an_answer_taken_back_stays_in_the_journal(small_city: SmallCity) -> None:
    held = answer(small_city, 1, 9)
    remove_road_range(answer=held, by=OPERATOR, on=NOW, reason="答错")
    assert not RoadRange.objects.exists()
    assert JournalEntry.objects.get(verb="road.remove").detail["reason"] == "答错"


@pytest.mark.django_db
def test_a_list_of_roads_is_imported_once(small_city: SmallCity) -> None:
    rows = ("990102", "青岚路", "1", "99", "单号", "990102001"), ("990102", "书院街", "", "", "", "高新产业园")
    assert load(*rows) == ImportCounts(created=2)
    assert load(*rows) == ImportCounts(unchanged=2)
    assert load(("990102", "青岚路", "1", "99", "单号", "990102002")) == ImportCounts(changed=1)
    assert RoadRange.objects.get(road="青岚路").place == small_city.other_town


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("row", "field"),
    [
        (("990199", "青岚路", "", "", "", "990102001"), "区县代码"),
        (("990102001", "青岚路", "", "", "", "990102001"), "区县代码"),
        (("990102", "", "", "", "", "990102001"), "道路"),
        (("990102", "青岚路", "一", "", "", "990102001"), "起号"),
        (("990102", "青岚路", "9", "1", "", "990102001"), "所属代码"),
        (("990102", "青岚路", "", "", "左", "990102001"), "单双"),
        (("990102", "青岚路", "", "", "", "没有的园"), "所属代码"),
        (("990102", "青岚路", "", "", "", "990121101"), "所属代码"),
        (("990102", "长江路", "5", "9", "", "990102001"), "起号"),
        (("990102", "长江路", "1", "9", "", "990102002"), "所属代码"),
    ],
)
def test_a_wrong_row_is_named_and_nothing_is_stored(small_city: SmallCity, row: tuple[str, ...], field: str) -> None:
    with pytest.raises(TableRefused) as refused:
        load(("990102", "长江路", "1", "9", "", "990102001"), row)
    assert [(problem.row, problem.field) for problem in refused.value.problems] == [(2, field)]
    assert not RoadRange.objects.exists()


numbers = st.one_of(st.none(), st.integers(0, 12))
ranges = st.builds(RoadRange, number_from=numbers, number_to=numbers, parity=st.sampled_from(["all", "odd", "even"]))


def held_numbers(item: RoadRange) -> set[int]:
    first, last = item.number_from or 0, 40 if item.number_to is None else item.number_to
    return {n for n in range(first, last + 1) if item.parity == "all" or (n % 2 == 1) == (item.parity == "odd")}


@given(ranges, ranges)
def test_ranges_that_share_a_number_always_collide(one: RoadRange, other: RoadRange) -> None:
    if held_numbers(one) & held_numbers(other):
        assert collides(one, other)
    assert collides(one, other) == collides(other, one)
