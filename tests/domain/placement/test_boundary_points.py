"""Points in boundaries."""

from jingwei.domain.placement import Gazetteer, PlacementMethod, Precision
from tests.domain.placement.anlan import BEISHAN, CITY, PLACES, SHIQIAO, TODAY, WANGJIANG, WENCHANG, YUNXI, place


def test_a_point_proves_the_deepest_place_around_it() -> None:
    verdict = place(point=(2, 2))
    assert (verdict.place_id, verdict.method, verdict.precision) == (
        WANGJIANG,
        PlacementMethod.BOUNDARY,
        Precision.POINT,
    )


def test_the_address_leads_on_below_the_boundary() -> None:
    verdict = place("云溪区石桥镇", point=(8, 8))
    assert (verdict.place_id, verdict.method) == (SHIQIAO, PlacementMethod.ADDRESS)


def test_the_boundary_wins_over_the_address_and_the_difference_is_reported() -> None:
    verdict = place("文昌区城关镇", point=(2, 2))
    assert verdict.place_id == WANGJIANG
    assert verdict.disagreement is not None
    assert verdict.disagreement.kept is PlacementMethod.BOUNDARY


def test_a_point_on_the_border_of_two_counties_proves_neither() -> None:
    assert place(point=(10, 5)).place_id == CITY


def test_a_point_outside_of_all_boundaries_proves_nothing() -> None:
    verdict = place("安澜市云溪区", point=(80, 80))
    assert (verdict.place_id, verdict.method) == (YUNXI, PlacementMethod.ADDRESS)


def test_each_county_holds_its_points() -> None:
    assert [place(point=(x, 9)).place_id for x in (5, 15, 25)] == [YUNXI, WENCHANG, BEISHAN]


def test_without_boundaries_a_point_proves_nothing() -> None:
    bare = Gazetteer([record for record in PLACES if record.boundary is None])
    assert bare.place(point=(2, 2), on=TODAY).place_id is None
