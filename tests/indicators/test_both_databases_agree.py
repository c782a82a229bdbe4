"""The same compiled text on PostgreSQL and on DuckDB, over any rows."""

import json
from typing import Any

import pytest
from django.db import connection
from hypothesis import HealthCheck, given, settings

from jingwei.domain.indicators import Cut, Population, definitions
from jingwei.domain.indicators.cuts import key, tags
from jingwei.domain.indicators.plan import plan
from jingwei.domain.indicators.sql import Sql
from tests.domain.indicators.duck import RULES, table
from tests.domain.indicators.test_parts_add_up import ROWS

pytestmark = pytest.mark.django_db
PLAN = plan(definitions().values(), Population.ENTITY, RULES)
_RECORD = """
  id bigint, roster text, legal_form text, ownership text, state text, operating boolean, screening text,
  counts_in_base boolean, place_id int, county_id int, town_id int, overlay_id int, area_id int, industry_body_id int,
  industry_code text, staff int, full_members int, probationary_members int, sources int, founded_on date,
  covered_as text, coverage_state text
"""


def pieces() -> list[Sql]:
    keys = [key(cut, RULES) for cut in Cut if cut is not Cut.TAG]
    return [*PLAN.marks(), *PLAN.amounts, *keys, *tags(RULES).values()]


@settings(max_examples=10, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(ROWS)
def test_marks_amounts_and_groups_are_the_same(rows: list[dict[str, Any]]) -> None:
    numbered = [{"id": at, **row} for at, row in enumerate(rows)]
    chosen = pieces()
    columns = ", ".join(f"({piece.text})" for piece in chosen)
    parameters = [value for piece in chosen for value in piece.parameters]
    duck = table(numbered).execute(f"SELECT {columns} FROM rows ORDER BY id".replace("%s", "?"), parameters).fetchall()
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT {columns} FROM jsonb_to_recordset(%s::jsonb) AS rows ({_RECORD}) ORDER BY id",
            [*parameters, json.dumps(numbered)],
        )
        postgres = cursor.fetchall()
    assert duck == postgres
