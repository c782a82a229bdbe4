from django.db import migrations

from jingwei.core.rls import EVERYTHING, disable, enable, scope_condition

# The keys of the whole city are for jobs alone; a person's own look-up goes through the function below.
KEYS = ("registrations_anchor", "registrations_anchorkey", "registrations_valuecount")
REGISTRATION = scope_condition(places=("place_id",), bodies=("body_id",))

# What was registered is never changed, and never goes; only what became of it is written, once.
FINAL = """
REVOKE UPDATE, DELETE ON registrations_registration FROM jw_staff;
GRANT UPDATE (state, settled_by, settled_at, withdrawn_reason, batch_id) ON registrations_registration TO jw_staff;
REVOKE UPDATE, DELETE ON registrations_systemtoken FROM jw_staff;
GRANT UPDATE (revoked_by, revoked_at) ON registrations_systemtoken TO jw_staff;
"""

# A new record is compared with the whole city, whoever asks: as the owner, over keyed hashes. First comes one
# line (entity NULL) with how many entities lie behind each key, how often each value occurs, and the stamp of
# what the keys stand on; then each entity behind a key that not too many share. Of an entity it gives what may
# be told to everybody: name, code, and whom to ask; whether it lies in the caller's scope is told by the
# transaction's own settings.
MATCH = """
CREATE FUNCTION jw_registration_match(hashes bigint[], mosts int[], counted bigint[])
RETURNS TABLE (
    stamp uuid, registered int, entity bigint, hits int[], times int[], core_times int, rank smallint,
    uscc varchar, name_key varchar, core varchar, branch varchar, numerals varchar, firm boolean, placed boolean,
    active boolean, org bigint, number bigint, sound bigint, person bigint, phone bigint, site bigint, road bigint,
    district bigint, founded bigint, name varchar, code varchar, in_scope boolean, place_name text, body_name text
) LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public AS $$
#variable_conflict use_column
DECLARE
  everything CONSTANT boolean := jw_scope_everything();
  places CONSTANT int[] := jw_scope_places();
  bodies CONSTANT int[] := jw_scope_bodies();
BEGIN
  RETURN QUERY
  WITH probe AS MATERIALIZED (
    SELECT (asked.position - 1)::int AS position, asked.most,
           ARRAY(SELECT k.anchor_id FROM registrations_anchorkey k WHERE k.hash = asked.hash LIMIT asked.most + 1) AS found
      FROM unnest(hashes, mosts) WITH ORDINALITY AS asked (hash, most, position)
  ), hit AS MATERIALIZED (
    SELECT one.entity, array_agg(probe.position) AS hits
      FROM probe CROSS JOIN LATERAL unnest(probe.found) AS one (entity)
     WHERE cardinality(probe.found) <= probe.most GROUP BY one.entity
  )
  SELECT b.stamp, b.registered, NULL::bigint,
         (SELECT array_agg(cardinality(probe.found) ORDER BY probe.position) FROM probe),
         (SELECT array_agg(coalesce(v.times, 1) ORDER BY c.position)
            FROM unnest(counted) WITH ORDINALITY AS c (hash, position)
            LEFT JOIN registrations_valuecount v ON v.hash = c.hash),
         NULL::int, NULL::smallint, NULL::varchar, NULL::varchar, NULL::varchar, NULL::varchar, NULL::varchar,
         NULL::boolean, NULL::boolean, NULL::boolean, NULL::bigint, NULL::bigint, NULL::bigint, NULL::bigint,
         NULL::bigint, NULL::bigint, NULL::bigint, NULL::bigint, NULL::bigint, NULL::varchar, NULL::varchar,
         NULL::boolean, NULL::text, NULL::text
    FROM registrations_matchbasis b
  UNION ALL
  SELECT NULL::uuid, NULL::int, a.entity_id, hit.hits, NULL::int[],
         coalesce((SELECT v.times FROM registrations_valuecount v WHERE v.hash = a.core_hash), 1), a.rank,
         a.uscc, a.name_key, a.core, a.branch, a.numerals, a.firm, a.placed, a.active, a.org, a.number, a.sound,
         a.person, a.phone, a.site, a.road, a.district, a.founded, e.name, e.uscc,
         coalesce(everything OR e.place_id = ANY(places) OR e.overlay_id = ANY(places)
                  OR e.body_id = ANY(bodies) OR e.industry_body_id = ANY(bodies), false),
         concat_ws(' ', (SELECT p.name FROM places_place p WHERE p.id = e.county_id),
                   (SELECT p.name FROM places_place p WHERE p.id = e.town_id)),
         (SELECT o.name FROM bodies_body o WHERE o.id = e.body_id)::text
    FROM hit JOIN registrations_anchor a ON a.entity_id = hit.entity JOIN base_roster_entity e ON e.id = hit.entity;
END $$;
REVOKE EXECUTE ON FUNCTION jw_registration_match(bigint[], int[], bigint[]) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION jw_registration_match(bigint[], int[], bigint[]) TO jw_staff;
"""
UNDO_MATCH = "DROP FUNCTION jw_registration_match(bigint[], int[], bigint[]);"


class Migration(migrations.Migration):
    dependencies = [
        ("registrations", "0001_initial"),
        ("base_roster", "0001_initial"),
        ("core", "0002_security"),
    ]
    operations = [
        *(migrations.RunSQL(enable(table, EVERYTHING), disable(table)) for table in KEYS),
        migrations.RunSQL(enable("registrations_registration", REGISTRATION), disable("registrations_registration")),
        migrations.RunSQL(FINAL, migrations.RunSQL.noop),
        migrations.RunSQL(MATCH, UNDO_MATCH),
    ]
