"""``./jw bench indicators``: snapshots and live figures over a large synthetic city.

Times are shown beside a plain count of the same rows: trust the ratios, not the seconds.
"""

import argparse
import json
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import UTC, date, datetime

from django.conf import settings
from django.core.management import call_command
from django.db import connection, connections, transaction
from psycopg import sql
from rich.table import Table

from benchmarks.web_city import fill_frame
from jingwei.accounts.scope import acting
from jingwei.cli.terminal import Exit, err, out
from jingwei.core.database import create_database, grant_defaults
from jingwei.core.permissions import local_operator
from jingwei.domain.indicators import Cut
from jingwei.indicators import selectors, services
from jingwei.indicators.models import Snapshot

DATABASE = "jw_bench_indicators"
OPERATOR = local_operator()
NOW, TODAY = datetime(2026, 10, 31, 8, tzinfo=UTC), date(2026, 10, 31)
COLD_GOAL, CHANGED_GOAL, SNAPSHOT_GOAL = 20.0, 2.0, 30.0

# Random but deterministic; the shares are those of a city's roster.
ENTITIES = """
INSERT INTO base_roster_entity (name, uscc, roster, legal_form, ownership, state, operating, screening, counts_in_base,
  place_id, county_id, town_id, overlay_id, body_id, industry_body_id, industry_code, staff, full_members,
  probationary_members, covered_as, coverage_state, sources, parent_name, founded_on, road, road_number, search_name,
  bigrams, pinyin, initials, as_of, rulebook_version, computed_at)
SELECT '安澜某某' || n || '号有限公司', '919901' || lpad(n::text, 12, '0'), roster,
       CASE roster WHEN 'enterprise' THEN 'company' WHEN 'small' THEN 'sole_trader' ELSE 'private_non_enterprise' END,
       ownership, state, operating, screening, operating AND screening = 'in' AND ownership <> 'public' AND roster <> 'small',
       coalesce(town, county), county, town, CASE WHEN town IS NOT NULL AND a < 0.15 THEN park END,
       CASE WHEN town IS NULL THEN office END, CASE WHEN b < 0.1 THEN trade_body END,
       (ARRAY['C34','C39','F51','F52','G54','I65','I64','L72','H62','P83','Q84',''])[1 + floor(c * 12)::int],
       CASE WHEN d < 0.6 THEN 1 + floor(power(e, -1.1))::int END, members, CASE WHEN members IS NOT NULL THEN floor(b * 2)::int END,
       CASE WHEN members >= 3 AND e < 0.9 THEN 'branch' WHEN members > 0 AND e < 0.6 THEN 'joint' WHEN e > 0.98 THEN 'instructor' ELSE 'none' END,
       CASE WHEN NOT operating THEN 'closed' WHEN members >= 3 AND e >= 0.9 THEN 'should' WHEN members > 0 AND e < 0.6 THEN 'covered'
            WHEN members IS NULL THEN 'canvass' WHEN members > 0 THEN 'few' WHEN e > 0.98 THEN 'work' ELSE 'blank' END,
       (ARRAY[1,1,1,3,3,7,8,12])[1 + floor(a * 8)::int], '', date '1995-01-01' + floor(c * 11000)::int, '', NULL, '', '{}', '', '',
       date '2026-10-31', 'bench', now()
  FROM (SELECT n, a, b, c, d, e, operating, state, ownership, roster, office, trade_body, county,
               CASE WHEN f < 0.75 THEN towns[1 + floor(g * cardinality(towns))::int] END AS town,
               parks[1 + floor(a * cardinality(parks))::int] AS park,
               CASE WHEN operating THEN (ARRAY['in','unknown','unknown','unknown','out','out'])[1 + floor(d * 6)::int] ELSE 'out' END AS screening,
               CASE WHEN b < 0.35 THEN CASE WHEN e < 0.7 THEN 0 WHEN e < 0.88 THEN 1 + floor(d * 2)::int ELSE 3 + floor(d * 20)::int END END AS members
          FROM (SELECT n, random() a, random() b, random() c, random() d, random() e, random() f, random() g,
                       random() > 0.1 AS operating, 'existing' AS state,
                       (ARRAY['unknown','non_public','public'])[1 + floor(random() * 2.1)::int] AS ownership,
                       (ARRAY['enterprise','enterprise','enterprise','small','small','social'])[1 + floor(random() * 5.3)::int] AS roster,
                       1 + floor(power(random(), 1.7) * 12)::int AS county_at
                  FROM generate_series(1, %(entities)s) n) drawn
          JOIN (SELECT row_number() OVER (ORDER BY c.id) AS at, c.id AS county,
                       array_agg(t.id) FILTER (WHERE t.kind = 'town') AS towns,
                       array_agg(t.id) FILTER (WHERE t.kind = 'park') AS parks,
                       (SELECT id FROM bodies_body WHERE place_id = c.id LIMIT 1) AS office,
                       (SELECT id FROM bodies_body WHERE kind = 'industry_committee' ORDER BY id LIMIT 1) AS trade_body
                  FROM places_place c JOIN places_place t ON t.parent_id = c.id
                 WHERE c.kind = 'county' GROUP BY c.id) counties ON counties.at = drawn.county_at) AS rows
"""


def prepare(entities: int) -> None:
    """A scratch database of its own; the live one is not touched."""
    with settings.SERVER.connect("postgres") as admin:
        admin.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(DATABASE)))
        create_database(admin, DATABASE)
    with settings.SERVER.connect(DATABASE) as inside:
        grant_defaults(inside)
    for alias in ("default", "owner"):
        connections[alias].close()
        connections[alias].settings_dict["NAME"] = DATABASE
    call_command("migrate", database="owner", verbosity=0)
    with connections["owner"].cursor() as cursor:
        with transaction.atomic(using="owner"):
            fill_frame(cursor)
            cursor.execute("UPDATE places_place SET takes_responsibility = true WHERE kind = 'park'")
            cursor.execute("SELECT setseed(0.42)")
            cursor.execute(ENTITIES, {"entities": entities})
        cursor.execute("VACUUM ANALYZE base_roster_entity")
        cursor.execute("ANALYZE")


@dataclass(frozen=True)
class Measure:
    """One act: seconds, and how often a plain count of the same rows would fit into it."""

    act: str
    seconds: float
    ratio: float
    goal: float | None = None


def run(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="jw bench indicators")
    parser.add_argument("--entities", type=int, default=300_000)
    parser.add_argument("--json", dest="as_json", action="store_true")
    options = parser.parse_args(arguments)
    started = time.monotonic()
    prepare(options.entities)
    err.print(f"写入 {options.entities:,} 户：{time.monotonic() - started:.0f} 秒")
    measures = measure_all()
    if options.as_json:
        out.print_json(json.dumps([asdict(item) for item in measures], ensure_ascii=False))
    else:
        show(measures, options.entities)
    missed = [item for item in measures if item.goal is not None and item.seconds > item.goal]
    return Exit.FAILED if missed else Exit.OK


def measure_all() -> list[Measure]:
    """All acts in the order in which a month brings them."""
    floor = timed(count_rows)
    found = [Measure("逐行计数（基准）", round(floor, 3), 1.0)]

    def add(act: str, work: Callable[[], object], goal: float | None = None) -> None:
        seconds = timed(work)
        found.append(Measure(act, round(seconds, 3), round(seconds / floor, 1), goal))

    add("实时：全部指标、全部分组，无留存", lambda: live(list(Cut)), COLD_GOAL)
    add("留存：全部分片", refresh)
    add("实时：全部指标、全部分组", lambda: live(list(Cut)), CHANGED_GOAL)
    change_one_town()
    add("实时：一个镇街变动之后，全部分组", lambda: live(list(Cut)), CHANGED_GOAL)
    add("实时：一个镇街变动之后，合计与镇街", lambda: live([Cut.TOTAL, Cut.AREA]))
    add("留存：一个分片", refresh)
    add("快照：第一次", lambda: snapshot(date(2026, 10, 31)), SNAPSHOT_GOAL)
    add("快照：没有变动", lambda: snapshot(date(2026, 11, 30)), SNAPSHOT_GOAL)
    change_a_twentieth()
    add("快照：二十分之一变动", lambda: snapshot(date(2026, 12, 31)), SNAPSHOT_GOAL)
    add("明细：一页", first_page)
    add("两次快照的增减", differences)
    return found


def timed(work: Callable[[], object]) -> float:
    started = time.perf_counter()
    with acting(OPERATOR):
        work()
    return time.perf_counter() - started


def count_rows() -> None:
    statement("SELECT count(*) FROM base_roster_entity WHERE operating AND screening = 'in'")


def live(cuts: list[Cut]) -> None:
    selectors.live_by_cut(actor=OPERATOR, on=TODAY, cuts=cuts)


def refresh() -> None:
    services.refresh_live(on=NOW)


def snapshot(day: date) -> None:
    services.take_snapshot(month=day.replace(day=1), as_of=day, by=OPERATOR, on=NOW)


def first_page() -> None:
    selectors.drill(
        actor=OPERATOR, snapshot=Snapshot.objects.latest("pk"), indicator="COV-ORG", part="denominator", on=TODAY
    )


def differences() -> None:
    before, now = Snapshot.objects.order_by("-pk")[1], Snapshot.objects.latest("pk")
    selectors.difference_rows(snapshot=now, compared=before, indicator="COV-OWN3")


def change_one_town() -> None:
    with acting(OPERATOR):
        statement(
            "UPDATE base_roster_entity SET full_members = 3 WHERE town_id = (SELECT min(town_id) FROM base_roster_entity)"
        )


def change_a_twentieth() -> None:
    with acting(OPERATOR):
        statement("UPDATE base_roster_entity SET full_members = 4 WHERE id % 20 = 0")


def statement(text: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(text)


def show(measures: list[Measure], entities: int) -> None:
    table = Table(title=f"{entities:,} 户，行级权限开启")
    for title in ("项目", "秒", "比基准", "目标（秒）"):
        table.add_column(title, justify="left" if title == "项目" else "right")
    for item in measures:
        goal = "" if item.goal is None else f"≤ {item.goal:g}{' ✗' if item.seconds > item.goal else ''}"
        table.add_row(item.act, f"{item.seconds:.2f}", f"{item.ratio}×", goal)
    out.print(table)
