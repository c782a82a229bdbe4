"""The order of the queue, and that its pages stay quick however many pairs wait."""

import pytest
from django.db import connection

from jingwei.accounts.scope import acting
from jingwei.core.permissions import Actor, Role
from jingwei.linkage import review_queue
from jingwei.linkage.models import CandidatePair
from jingwei.linkage.services import ordering
from jingwei.linkage.waterfall import bits, percent, waterfall
from jingwei.linkage.worth import MOST_SURE, sureness
from tests.city import SmallCity
from tests.linkage.pairs import EVIDENCE, make_queue, make_run
from tests.workbench.pages import MOST_QUERIES, client_as, queries_of, text_of

MANY = 100_000
# Each pair is of a unit of its own, as the rows of a large list are.
_MANY_PAIRS = """
WITH pair AS (SELECT * FROM linkage_candidatepair WHERE id = %s),
units AS (
  INSERT INTO rosters_sourceunit
         (list_kind, place_id, body_id, source_key, number, last_record_id, last_as_of, content_record_id)
  SELECT list_kind, place_id, body_id, 'many' || many, 1, last_record_id, last_as_of, content_record_id
    FROM rosters_sourceunit, generate_series(1, 100000) AS many WHERE id = (SELECT unit_id FROM pair)
  RETURNING id
)
INSERT INTO linkage_candidatepair
       (run_id, unit_id, candidate_id, place, rule, millibits, contributions, gain, worth, turn, standing)
SELECT run_id, units.id, candidate_id, 1, rule, millibits, '[]', gain, units.id %% 9000, -(units.id %% 9000), 'waiting'
  FROM pair, units
"""


@pytest.fixture
def clerk(small_city: SmallCity) -> Actor:
    return small_city.actor(Role.CLERK, place=small_city.city)


def test_the_surer_of_two_pairs_comes_first_on_either_side() -> None:
    assert sureness(None) == sureness(0) == 0
    assert sureness(9_000) == sureness(-9_000) > sureness(2_000) > 0
    assert sureness(10**6) == MOST_SURE


def test_the_bars_of_the_evidence_end_where_the_next_begins() -> None:
    drawn = waterfall(EVIDENCE)
    assert drawn
    assert [bar.bits for bar in drawn.bars] == ["−13.0", "+6.1", "+4.3", "−1.4"]
    assert (drawn.total.bits, drawn.percent) == ("−4.0", "5.9%")
    assert drawn.bars[0].start == drawn.bars[1].start
    assert waterfall([]) is None


def test_a_probability_is_never_rounded_to_certainty() -> None:
    assert (percent(60_000), percent(-60_000), bits(-50)) == ("99.9%", "0.1%", "−0.1")


@pytest.mark.django_db
def test_turns_around_a_pair_follow_the_order_for_everybody(small_city: SmallCity, clerk: Actor) -> None:
    with acting(clerk):
        pairs = make_queue(small_city, make_run(small_city), 5)
        CandidatePair.objects.filter(pk__in=[pairs[2].pk, pairs[3].pk]).update(turn=-500, worth=500)
        pair = CandidatePair.objects.get(pk=pairs[3].pk)
        progress = review_queue.progress(pair)
        assert (progress.before, progress.waiting, progress.previous) == (4, 5, pairs[2].pk)
        assert progress.next is None
        assert [item.pk for item in review_queue.upcoming(pair, most=2)] == [pair.pk, pairs[0].pk]


@pytest.mark.django_db
def test_the_page_of_a_pair_reads_little_among_a_hundred_thousand(small_city: SmallCity, clerk: Actor) -> None:
    with acting(clerk):
        run = make_run(small_city)
        pair = make_queue(small_city, run, 5)[0]
        with connection.cursor() as cursor:
            # Foreign keys are checked by plans that were made when the tables were small, unless told otherwise.
            cursor.execute("DISCARD PLANS")
            cursor.execute("SET LOCAL enable_seqscan = off")
            cursor.execute(_MANY_PAIRS, [pair.pk])
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
            assert review_queue.waiting_count(run) > MANY
            # A partial index in the order of the queue: no sort, and only the rows that are shown.
            upcoming = CandidatePair.objects.filter(run=run, standing="waiting", turn__gte=-9_000)
            statement, facts = upcoming.order_by("turn", "pk")[:6].query.sql_with_params()
            cursor.execute(f"EXPLAIN {statement}", facts)
            plan = "\n".join(row[0] for row in cursor.fetchall())
            cursor.execute("SET LOCAL enable_seqscan = on")
        assert "candidate_pair_queue" in plan
        assert "Sort" not in plan
    client = client_as(small_city, Role.CLERK, place=small_city.city)
    for address in ("/linkage/review/", f"/linkage/review/{pair.pk}/", f"/linkage/{run.pk}/"):
        assert len(queries_of(client, address)) <= MOST_QUERIES, address


@pytest.mark.django_db
def test_a_page_masks_people_and_shows_both_rows(small_city: SmallCity, clerk: Actor) -> None:
    with acting(clerk):
        pair = make_queue(small_city, make_run(small_city), 1)[0]
    page = text_of(client_as(small_city, Role.CLERK, place=small_city.city).get(f"/linkage/review/{pair.pk}/"))
    assert '安澜<span class="missing"' in page
    assert "精密机械" in page
    assert "第 1 条，共 1 条" in page


@pytest.mark.django_db
@pytest.mark.parametrize("address", ["review/", "quality/", "review/decisions/"])
def test_who_may_not_judge_is_told_so(small_city: SmallCity, address: str) -> None:
    client = client_as(small_city, Role.TOWN_ORGANIZER, place=small_city.town)
    response = client.get(f"/linkage/{address}")
    assert response.status_code == 403
    assert "批准对碰结果" in text_of(response)


@pytest.mark.django_db
def test_a_pair_elsewhere_does_not_exist(small_city: SmallCity, clerk: Actor) -> None:
    with acting(clerk):
        pair = make_queue(small_city, make_run(small_city), 1)[0]
    client = client_as(small_city, Role.CLERK, place=small_city.county)
    assert client.get(f"/linkage/review/{pair.pk}/").status_code == 404
    assert client.post(f"/linkage/review/{pair.pk}/decide/", {"verdict": "same"}).status_code == 404


def test_a_pair_of_two_is_known_by_the_lower_unit_first() -> None:
    assert ordering.in_order(7, 3) == ordering.in_order(3, 7) == (3, 7)
