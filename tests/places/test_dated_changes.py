from datetime import date

import pytest

from jingwei.core.models import JournalEntry
from jingwei.core.permissions import NotPermitted, Role, local_operator
from jingwei.core.refusal import Refused
from jingwei.places.models import Place, PlaceAlias, PlaceChange
from jingwei.places.selectors import gazetteer
from jingwei.places.services import abolish_place, move_place, recode_place, rename_place
from tests.city import NOW, TODAY, SmallCity

pytestmark = pytest.mark.django_db
OPERATOR = local_operator()
DAY = date(2026, 3, 1)


def test_a_renamed_place_is_found_by_both_names(small_city: SmallCity) -> None:
    rename_place(place=small_city.town, name="文庙街道", effective=DAY, by=OPERATOR, on=NOW, basis="民政批复")
    for name in ("文庙街道", "书院街道"):
        assert gazetteer().place(f"安澜市青岚区{name}1号", on=TODAY).place_id == small_city.town.pk
    assert PlaceAlias.objects.get(name="书院街道").valid.upper == DAY
    change = PlaceChange.objects.get()
    assert (change.before, change.after, change.effective, change.basis) == ("书院街道", "文庙街道", DAY, "民政批复")


def test_a_moved_place_takes_its_subtree_and_leaves_its_old_parent_in_the_history(small_city: SmallCity) -> None:
    move_place(place=small_city.town, parent=small_city.other_county, effective=DAY, by=OPERATOR, on=NOW)
    assert Place.objects.get(pk=small_city.community.pk).path.startswith(f"{small_city.other_county.path}.")
    change = PlaceChange.objects.get()
    assert (change.old_parent, change.new_parent) == (small_city.county, small_city.other_county)


def test_a_new_code_begins_where_the_old_one_ends(small_city: SmallCity) -> None:
    recode_place(place=small_city.town, code="990102009", effective=DAY, by=OPERATOR, on=NOW)
    codes = {code.code: (code.valid.lower, code.valid.upper) for code in small_city.town.codes.all()}
    assert codes == {"990102001": (date(2000, 1, 1), DAY), "990102009": (DAY, None)}
    with pytest.raises(Refused, match="已属于另一区划"):
        recode_place(place=small_city.other_town, code="990102009", effective=DAY, by=OPERATOR, on=NOW)


def test_an_abolished_place_leads_to_its_successor_from_the_day_on(small_city: SmallCity) -> None:
    abolish_place(place=small_city.far_town, effective=DAY, by=OPERATOR, on=NOW, successor=small_city.other_county)
    abolish_place(place=small_city.other_county, effective=DAY, by=OPERATOR, on=NOW, successor=small_city.county)
    places = gazetteer()
    assert places.place("", "91990121MA00000000", on=TODAY).place_id == small_city.county.pk
    assert places.place("", "91990121MA00000000", on=date(2026, 2, 1)).place_id == small_city.other_county.pk
    assert places.place("安澜市白鹭县长江路1号", on=TODAY).place_id == small_city.county.pk


def test_every_change_has_its_row_in_the_journal(small_city: SmallCity) -> None:
    rename_place(place=small_city.town, name="文庙街道", effective=DAY, by=OPERATOR, on=NOW)
    move_place(place=small_city.town, parent=small_city.other_county, effective=DAY, by=OPERATOR, on=NOW)
    assert list(JournalEntry.objects.order_by("pk").values_list("verb", "place_id")) == [
        ("place.rename", small_city.town.pk), ("place.move", small_city.town.pk),
    ]  # fmt: skip


def test_what_contradicts_the_tree_is_refused(small_city: SmallCity) -> None:
    for place, parent in [
        (small_city.city, small_city.county),
        (small_city.town, small_city.county),
        (small_city.county, small_city.community),
        (small_city.county, small_city.other_county),
    ]:
        with pytest.raises(Refused):
            move_place(place=place, parent=parent, effective=DAY, by=OPERATOR, on=NOW)
    for place, day in [(small_city.city, DAY), (small_city.county, DAY), (small_city.far_town, date(1999, 1, 1))]:
        with pytest.raises(Refused):
            abolish_place(place=place, effective=day, by=OPERATOR, on=NOW)
    for name in ("", " ", small_city.town.name):
        with pytest.raises(Refused):
            rename_place(place=small_city.town, name=name, effective=DAY, by=OPERATOR, on=NOW)


def test_a_county_administration_changes_its_own_places_only(small_city: SmallCity) -> None:
    clerk = small_city.actor(Role.CLERK, place=small_city.county)
    rename_place(place=small_city.town, name="文庙街道", effective=DAY, by=clerk, on=NOW)
    with pytest.raises(NotPermitted):
        rename_place(place=small_city.far_town, name="石拱桥镇", effective=DAY, by=clerk, on=NOW)
    with pytest.raises(NotPermitted):
        move_place(place=small_city.town, parent=small_city.other_county, effective=DAY, by=clerk, on=NOW)
