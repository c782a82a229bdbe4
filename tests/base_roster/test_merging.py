"""Two entities become one: what the kept one knows, whose word stands, who may do it, what the log holds."""

import json
from datetime import timedelta

import pytest
from django.db import ProgrammingError, connection, transaction
from django.test.utils import CaptureQueriesContext

from jingwei.accounts.scope import acting
from jingwei.base_roster import counts, services
from jingwei.base_roster.models import Entity, EntitySource, Fact, Identifier, Merge, Placement
from jingwei.base_roster.services import merging
from jingwei.core.models import JournalEntry
from jingwei.core.permissions import Actor, NotPermitted, Role, local_operator
from jingwei.core.refusal import Refused
from jingwei.coverage.following import changes_of
from tests.base_roster.lists import build_roster, entity_of, make_unit, repeat_unit
from tests.base_roster.merges import (
    LATER,
    NEXT,
    correct,
    issue_letter,
    make_organization,
    merged,
    place_by_hand,
    same_firm,
    state_cause,
    undone,
)
from tests.city import NOW, TODAY, SmallCity


@pytest.fixture
def clerk(small_city: SmallCity) -> Actor:
    return small_city.actor(Role.CLERK, place=small_city.city)


def test_the_kept_entity_knows_what_both_knew(small_city: SmallCity, clerk: Actor) -> None:
    with acting(clerk):
        twins = same_firm(small_city, clerk)
        kept, gone = twins.kept, twins.gone
        assert (kept.staff, kept.full_members, gone.staff) == (None, None, 12)
        merge = merged(twins, clerk)
        kept.refresh_from_db()
        assert (kept.name, kept.staff, kept.full_members, kept.ownership) == (kept.name, 12, 4, "non_public")
        assert set(EntitySource.objects.values_list("entity", flat=True)) == {kept.pk}
        assert not Entity.objects.filter(pk=gone.pk).exists()
        assert services.differences(on=NOW) == []
        assert counts.drift() == 0
        assert (merge.kept_id, merge.gone_id, merge.gone_name) == (kept.pk, gone.pk, "衡川电子")


def test_of_two_corrections_the_kept_ones_stands_and_the_other_is_shown_and_logged(
    small_city: SmallCity, clerk: Actor
) -> None:
    with acting(clerk):
        twins = same_firm(small_city, clerk)
        correct(twins.kept, clerk, "staff", "30")
        lost = correct(twins.gone, clerk, "staff", "50", on=NOW + timedelta(days=2))
        carried = correct(twins.gone, clerk, "industry_code", "C39")
        seen = merging.preview(kept=twins.kept, gone=twins.gone, by=clerk)
        assert [(each.zh, "30" in each.stands, "50" in each.yields) for each in seen.conflicts] == [
            ("事实和更正", True, True)
        ]
        merge = merged(twins, clerk)
        assert (twins.kept.staff, twins.kept.industry_code) == (30, "C39")
        step = merge.steps.get(table="base_roster_fact", row=lost.pk)
        assert (step.before["value"], step.after) == ("50", None)
        assert Fact.objects.get(pk=carried.pk).entity == twins.kept
        undone(merge, clerk)
        assert (twins.kept.staff, twins.gone.staff) == (30, 50)


@pytest.mark.parametrize(("placed", "conflicts"), [("gone", 0), ("kept", 0), ("both", 1)])
def test_a_place_chosen_by_a_person_survives(small_city: SmallCity, clerk: Actor, placed: str, conflicts: int) -> None:
    with acting(clerk):
        twins = same_firm(small_city, clerk)
        for name, place in (("kept", small_city.far_town), ("gone", small_city.other_town)):
            if placed in (name, "both"):
                place_by_hand(getattr(twins, name), place, clerk, reason=name)
        assert len(merging.preview(kept=twins.kept, gone=twins.gone, by=clerk).conflicts) == conflicts
        merged(twins, clerk)
        chosen = Placement.objects.get()
        assert (chosen.entity, chosen.decided_by) == (twins.kept, clerk.name)
        assert chosen.evidence == ("gone" if placed == "gone" else "kept")
        assert twins.kept.town == (small_city.other_town if placed == "gone" else small_city.far_town)


def test_one_answer_on_the_cause_stands(small_city: SmallCity, clerk: Actor) -> None:
    with acting(clerk):
        twins = same_firm(small_city, clerk)
        state_cause(twins.kept, "owner", "张")
        state_cause(twins.gone, "foreign", "李")
        assert [each.zh for each in merging.preview(kept=twins.kept, gone=twins.gone, by=clerk).conflicts] == [
            "未建原因"
        ]
        merged(twins, clerk)
        assert [each.kind for each in twins.kept.causes.all()] == ["owner"]


def test_the_name_of_the_other_becomes_a_former_name(small_city: SmallCity, clerk: Actor) -> None:
    with acting(clerk):
        twins = same_firm(small_city, clerk)
        other = make_unit(small_city, "civil_affairs", name="安澜衡川电子协会")
        build_roster(small_city, [[other]], clerk)
        merging.merge(kept=twins.kept, gone=entity_of(other), by=clerk, on=NOW, reason="同一家")
        names = dict(Identifier.objects.filter(entity=twins.kept, kind__endswith="name").values_list("value", "kind"))
        assert names == {"安澜衡川电子科技有限公司": "name", "安澜衡川电子协会": "former_name"}


def test_a_register_that_joins_gives_the_whole_its_name(small_city: SmallCity, clerk: Actor) -> None:
    with acting(clerk):
        twins = same_firm(small_city, clerk)
        merging.merge(kept=twins.gone, gone=twins.kept, by=clerk, on=NOW, reason="同一家")
        whole = entity_of(twins.market)
        assert whole.name == "安澜衡川电子科技有限公司"
        assert list(whole.identifiers.filter(kind__endswith="name").values_list("kind", flat=True)) == ["name"]


def test_next_months_lists_keep_the_pair_together(small_city: SmallCity, clerk: Actor) -> None:
    with acting(clerk):
        twins = same_firm(small_city, clerk)
        merged(twins, clerk)
        repeat_unit(small_city, twins.market, NEXT)
        make_unit(small_city, "tax", name="衡川电子", staff="40", as_of=NEXT)
        build_roster(small_city, [[twins.market], [twins.tax, twins.members]], clerk, as_of=NEXT)
        assert Entity.objects.count() == 1
        assert entity_of(twins.tax).staff == 40
        assert services.differences(on=LATER) == []


def test_coverage_is_told_by_the_journal_and_decides_anew(small_city: SmallCity, clerk: Actor) -> None:
    with acting(clerk):
        twins = same_firm(small_city, clerk)
        kept, gone = twins.kept.pk, twins.gone.pk
        merge = merged(twins, clerk)
        undone(merge, clerk)
        entries = JournalEntry.objects.filter(verb__startswith="entity.").order_by("pk")
        assert [entry.verb for entry in entries] == ["entity.merge", "entity.unmerge"]
        assert changes_of(entries).entities == {kept, gone}


def test_the_same_merge_twice_is_one_and_a_second_person_is_told(small_city: SmallCity, clerk: Actor) -> None:
    other = small_city.actor(Role.SOCIAL_WORK_DEPARTMENT, place=small_city.city)
    with acting(clerk):
        twins = same_firm(small_city, clerk)
        kept, gone = twins.kept, twins.gone
        first = merging.merge(kept=kept, gone=gone, by=clerk, on=NOW, reason="同一家")
        assert merging.merge(kept=kept, gone=gone, by=clerk, on=NOW, reason="同一家") == first
        with pytest.raises(Refused, match=f"“衡川电子”已由{clerk.name}并入"):
            merging.merge(kept=kept, gone=gone, by=other, on=NOW, reason="同一家")
        assert Merge.objects.count() == 1


def test_a_merge_needs_a_name_a_reason_the_permission_and_the_scope(small_city: SmallCity, clerk: Actor) -> None:
    with acting(clerk):
        twins = same_firm(small_city, clerk)
        kept, gone = twins.kept, twins.gone
    strangers = [
        (local_operator(), NotPermitted), (small_city.actor(Role.TOWN_ORGANIZER, place=small_city.city), NotPermitted),
        (small_city.actor(Role.CLERK, place=small_city.other_county), NotPermitted),
        (small_city.actor(Role.CLERK, place=small_city.town), NotPermitted),
    ]  # fmt: skip
    for actor, error in strangers:
        with acting(actor), pytest.raises(error):
            merging.merge(kept=kept, gone=gone, by=actor, on=NOW, reason="同一家")
    with acting(clerk):
        for reason in ("", "  ", "长" * 201):
            with pytest.raises(Refused):
                merging.merge(kept=kept, gone=gone, by=clerk, on=NOW, reason=reason)
        with pytest.raises(Refused, match="自己"):
            merging.merge(kept=kept, gone=kept, by=clerk, on=NOW, reason="同一家")
    assert Merge.objects.count() == 0


def test_a_branch_office_is_tied_to_its_parent_and_not_merged_with_it(small_city: SmallCity, clerk: Actor) -> None:
    with acting(clerk):
        parent = make_unit(small_city, "market", name="安澜云栖连锁有限公司")
        site = make_unit(small_city, "market", name="安澜云栖连锁有限公司书院分公司", capital="")
        build_roster(small_city, [[parent], [site]], clerk)
        for pair in ((parent, site), (site, parent)):
            kept, gone = map(entity_of, pair)
            assert merging.preview(kept=kept, gone=gone, by=clerk).refusals
            with pytest.raises(Refused, match="分支机构"):
                merging.merge(kept=kept, gone=gone, by=clerk, on=NOW, reason="同一家")


def test_the_number_of_queries_does_not_grow_with_the_rows(small_city: SmallCity, clerk: Actor) -> None:
    with acting(clerk):
        twins = same_firm(small_city, clerk)

        def queries() -> int:
            with CaptureQueriesContext(connection) as caught:
                merge = merged(twins, clerk)
                undone(merge, clerk)
            return len(caught)

        def add(number: int) -> None:
            make_organization(small_city, twins.gone, f"第{number}党支部")
            issue_letter(twins.gone, f"安组函{number}号")
            name = f"名{number}"
            Identifier.objects.create(entity=twins.gone, kind="former_name", value=name, list_kind="tax", as_of=TODAY)

        add(0)
        queries()
        few = queries()
        for number in range(1, 30):
            add(number)
        assert queries() == few


def test_the_log_is_added_to_and_never_changed(small_city: SmallCity, clerk: Actor) -> None:
    with acting(clerk):
        merge = merged(same_firm(small_city, clerk), clerk)
        for statement in (
            "UPDATE base_roster_mergestep SET before = NULL", "DELETE FROM base_roster_mergestep",
            "DELETE FROM base_roster_merge", "UPDATE base_roster_merge SET reason = ''",
        ):  # fmt: skip
            with pytest.raises(ProgrammingError), transaction.atomic(), connection.cursor() as cursor:
                cursor.execute(statement)
        assert merge.steps.count() == len(set(merge.steps.values_list("table", "row")))


def test_a_merge_is_seen_by_whoever_sees_what_became_of_it(small_city: SmallCity, clerk: Actor) -> None:
    with acting(clerk):
        merge = merged(same_firm(small_city, clerk), clerk)
    near, far = (small_city.actor(Role.CLERK, place=place) for place in (small_city.county, small_city.other_county))
    with acting(near):
        assert list(Merge.objects.all()) == [merge]
        assert merge.steps.exists()
    with acting(far):
        assert not Merge.objects.exists()
        assert not merge.steps.exists()


def test_the_log_holds_each_touched_row_before_and_after(small_city: SmallCity, clerk: Actor) -> None:
    with acting(clerk):
        twins = same_firm(small_city, clerk)
        kept, gone = twins.kept.pk, twins.gone.pk
        merge = merged(twins, clerk)
        steps = {(step.table, step.row): step for step in merge.steps.all()}
        assert steps["base_roster_entity", gone].after is None
        assert steps["base_roster_entity", kept].after["staff"] == 12
        links = [step for (table, _), step in steps.items() if table == "base_roster_entitysource"]
        assert {(step.before["entity_id"], step.after["entity_id"]) for step in links} >= {(gone, kept)}
        assert [step.position for step in merge.steps.all()] == list(range(1, len(steps) + 1))
        assert json.dumps(steps["base_roster_entity", gone].before)
