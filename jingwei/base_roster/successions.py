"""Re-registration: a unit was cancelled and registered anew under another code; the later entity continues it."""

from django.db import connection

from jingwei.base_roster.models import Succession
from jingwei.domain.registration_state import RegistrationState

ENDED = (RegistrationState.CANCELLED, RegistrationState.REVOKED_CANCELLED, RegistrationState.WITHDRAWN)

# Only where nothing is left to choose: one ended and one living entity of the same name in the same
# county, another code, founded later. Everything else waits for a person.
_FOUND = """
WITH candidates AS (
  SELECT search_name, county_id, state = ANY(%(ended)s) AS ended, id, uscc, founded_on,
         count(*) FILTER (WHERE state = ANY(%(ended)s)) OVER twins AS old_ones,
         count(*) FILTER (WHERE state <> ALL(%(ended)s)) OVER twins AS new_ones
    FROM base_roster_entity WHERE search_name <> '' AND uscc <> ''
  WINDOW twins AS (PARTITION BY search_name, county_id)
)
INSERT INTO base_roster_succession (earlier_id, later_id, kind, since)
SELECT earlier.id, later.id, %(kind)s, later.founded_on
  FROM candidates earlier
  JOIN candidates later ON later.search_name = earlier.search_name
   AND later.county_id IS NOT DISTINCT FROM earlier.county_id
 WHERE earlier.ended AND NOT later.ended AND earlier.old_ones = 1 AND earlier.new_ones = 1
   AND earlier.uscc <> later.uscc AND later.founded_on > earlier.founded_on
ON CONFLICT (earlier_id, later_id) DO NOTHING
"""


def relate_successors() -> int:
    """Store the successions that are beyond doubt; returns how many are new."""
    with connection.cursor() as cursor:
        cursor.execute(
            _FOUND, {"ended": [state.value for state in ENDED], "kind": Succession.Kind.RE_REGISTRATION.value}
        )
        return int(cursor.rowcount)
