from django.db import migrations

from jingwei.core.rls import disable, enable, enable_through, scope_condition

CONDITION = scope_condition(places=("place_id", "overlay_id"), bodies=("body_id", "industry_body_id"))
CHILDREN = ("entitysource", "identifier", "fact", "placement")
# An entity of a county is one that its county-wide grant covers, so counts need no single communities.
COUNT_CONDITION = scope_condition(places=("county_id", "town_id", "overlay_id"), bodies=("body_id", "industry_body_id"))

# Array, LIKE and substring operators are not leakproof: under a policy they never become an index
# condition, nor may the planner use what it knows of their frequency. This function finds the ids of a
# text as the table's owner, inside the caller's own scope; the policy then filters the rows again.
# Unordered it returns at most row_limit ids by whatever index is best; ordered it reads the newest.
SEARCH = """
CREATE FUNCTION jw_entity_search(
    needle text, grams text[], code_prefix text, initials_pattern text, number text, filters jsonb,
    newest boolean, row_limit int, row_offset int
) RETURNS SETOF bigint LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public AS $$
DECLARE
  conditions text[] := '{}';
  scope text[] := '{}';
  common text := '';
  name text;
  broad CONSTANT text[] := ARRAY['roster', 'ownership', 'legal_form', 'counts_in_base', 'operating'];
BEGIN
  IF needle <> '' THEN
    conditions := conditions || (format('position(%L in search_name) > 0', needle)
      || CASE WHEN newest THEN '' ELSE format(' AND bigrams @> %L::varchar[]', grams) END);
  END IF;
  IF code_prefix <> '' THEN
    conditions := conditions || format('uscc LIKE %L', code_prefix || '%');
  END IF;
  IF initials_pattern <> '' THEN
    conditions := conditions || format('initials LIKE %L', initials_pattern);
  END IF;
  IF number <> '' AND NOT newest THEN
    conditions := conditions
      || format('id IN (SELECT entity_id FROM base_roster_identifier WHERE value = %L)', number);
  END IF;
  IF conditions = '{}' THEN
    RETURN;
  END IF;
  IF NOT jw_scope_everything() THEN
    -- A comparison with no id at all is left out: it finds nothing and costs at every row.
    IF cardinality(jw_scope_places()) > 0 THEN
      scope := scope || format('place_id = ANY(%L::int[]) OR overlay_id = ANY(%1$L::int[])', jw_scope_places());
    END IF;
    IF cardinality(jw_scope_bodies()) > 0 THEN
      scope := scope || format('body_id = ANY(%L::int[]) OR industry_body_id = ANY(%1$L::int[])', jw_scope_bodies());
    END IF;
    IF scope = '{}' THEN
      RETURN;
    END IF;
    common := format(' AND (%s)', array_to_string(scope, ' OR '));
  END IF;
  FOREACH name IN ARRAY ARRAY['roster', 'county_id', 'town_id', 'overlay_id', 'ownership', 'screening', 'state',
                              'legal_form', 'counts_in_base', 'operating'] LOOP
    IF filters ? name THEN
      -- Some columns tell too little apart to be worth an index beside that of a text. IS TRUE matches
      -- no index, so the planner does not read the ids of half the table to combine the two.
      common := common || format(
        CASE WHEN name = ANY(broad) AND NOT newest THEN ' AND (%I = %L) IS TRUE' ELSE ' AND %I = %L' END,
        name, filters ->> name);
    END IF;
  END LOOP;
  IF filters ? 'industry_code' THEN
    common := common || format(' AND industry_code LIKE %L', (filters ->> 'industry_code') || '%');
  END IF;
  IF filters ? 'sources' THEN
    common := common || format(' AND sources = ANY(%L::int[])', translate(filters ->> 'sources', '[]', '{}'));
  END IF;
  IF filters ? 'min_staff' THEN
    common := common || format(' AND staff >= %L', filters ->> 'min_staff');
  END IF;
  IF filters ? 'unplaced' THEN
    common := common || ' AND town_id IS NULL AND overlay_id IS NULL AND operating';
  END IF;
  IF filters ? 'placed' THEN
    common := common || ' AND (town_id IS NOT NULL OR overlay_id IS NOT NULL)';
  END IF;
  IF newest THEN
    -- Asked only for texts that fit many, so reading along the order soon fills a page. OFFSET 0 keeps the
    -- planner from sorting them all instead: it takes neighbouring pairs of characters for independent.
    RETURN QUERY EXECUTE format(
      'SELECT id FROM (SELECT id, search_name, uscc, initials FROM base_roster_entity WHERE true%s'
      ' ORDER BY as_of DESC, id DESC OFFSET 0) AS ordered WHERE %s LIMIT %s OFFSET %s',
      common, array_to_string(conditions, ' OR '), row_limit, row_offset);
  ELSE
    -- One branch for each condition, because an OR of them would use no index.
    RETURN QUERY EXECUTE (
      SELECT string_agg(format('(SELECT id FROM base_roster_entity WHERE %s%s LIMIT %s)', c, common, row_limit), ' UNION ')
        FROM unnest(conditions) AS c) || format(' LIMIT %s', row_limit);
  END IF;
END $$;
REVOKE EXECUTE ON FUNCTION jw_entity_search(text, text[], text, text, text, jsonb, boolean, int, int) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION jw_entity_search(text, text[], text, text, text, jsonb, boolean, int, int) TO jw_staff;
"""
UNDO_SEARCH = "DROP FUNCTION jw_entity_search(text, text[], text, text, text, jsonb, boolean, int, int);"

# Where a body's or a park's entities lie hangs on the body and the park; the planner has to be told,
# or it expects many rows of a county's own office outside the county.
STATISTICS = """
ALTER TABLE base_roster_entity ALTER COLUMN bigrams SET STATISTICS 1000;
CREATE STATISTICS entity_body_county (mcv) ON body_id, county_id FROM base_roster_entity;
CREATE STATISTICS entity_overlay_county (mcv) ON overlay_id, county_id FROM base_roster_entity;
"""
UNDO_STATISTICS = """
DROP STATISTICS entity_body_county;
DROP STATISTICS entity_overlay_county;
"""

# The bits of sources stand for the lists in their fixed order: 1 market, 2 tax, 4 social insurance,
# 8 civil affairs, 16 justice. Confirmed is who is known to two of register, tax and insurance.
CELLS = """
SELECT {id}county_id, town_id, town_id IS NOT NULL AND place_id <> town_id AS in_community, overlay_id, body_id,
       industry_body_id, roster, ownership, screening, operating, counts_in_base,
       (sources & 25 <> 0)::int + (sources & 2 <> 0)::int + (sources & 4 <> 0)::int >= 2 AS confirmed, {sign} AS entities
  FROM {table}
"""
CELL_COLUMNS = (
    "county_id, town_id, in_community, overlay_id, body_id, industry_body_id, roster, ownership, screening,"
    " operating, counts_in_base, confirmed"
)
# Changes are only ever added, so that writers never wait for one another on a popular cell.
COUNTS = f"""
CREATE VIEW base_roster_entity_cell WITH (security_invoker = on) AS {CELLS.format(id="id, ", sign=1, table="base_roster_entity")};
CREATE FUNCTION jw_count_added() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public AS $$
BEGIN
  INSERT INTO base_roster_entitycount ({CELL_COLUMNS}, entities)
  SELECT {CELL_COLUMNS}, sum(entities) FROM ({CELLS.format(id="", sign=1, table="added")}) AS cells GROUP BY {CELL_COLUMNS};
  RETURN NULL;
END $$;
CREATE FUNCTION jw_count_removed() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public AS $$
BEGIN
  INSERT INTO base_roster_entitycount ({CELL_COLUMNS}, entities)
  SELECT {CELL_COLUMNS}, sum(entities) FROM ({CELLS.format(id="", sign=-1, table="removed")}) AS cells GROUP BY {CELL_COLUMNS};
  RETURN NULL;
END $$;
CREATE FUNCTION jw_count_changed() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public AS $$
BEGIN
  INSERT INTO base_roster_entitycount ({CELL_COLUMNS}, entities)
  SELECT {CELL_COLUMNS}, sum(entities)
    FROM ({CELLS.format(id="", sign=1, table="added")} UNION ALL {CELLS.format(id="", sign=-1, table="removed")}) AS cells
   GROUP BY {CELL_COLUMNS} HAVING sum(entities) <> 0;
  RETURN NULL;
END $$;
CREATE TRIGGER count_added AFTER INSERT ON base_roster_entity
  REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION jw_count_added();
CREATE TRIGGER count_removed AFTER DELETE ON base_roster_entity
  REFERENCING OLD TABLE AS removed FOR EACH STATEMENT EXECUTE FUNCTION jw_count_removed();
CREATE TRIGGER count_changed AFTER UPDATE ON base_roster_entity
  REFERENCING OLD TABLE AS removed NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION jw_count_changed();
"""
UNDO_COUNTS = """
DROP TRIGGER count_added ON base_roster_entity;
DROP TRIGGER count_removed ON base_roster_entity;
DROP TRIGGER count_changed ON base_roster_entity;
DROP FUNCTION jw_count_added();
DROP FUNCTION jw_count_removed();
DROP FUNCTION jw_count_changed();
DROP VIEW base_roster_entity_cell;
"""


class Migration(migrations.Migration):
    dependencies = [("base_roster", "0001_initial"), ("core", "0002_security")]
    operations = [
        migrations.RunSQL(enable("base_roster_entity", CONDITION), disable("base_roster_entity")),
        *(
            migrations.RunSQL(
                enable_through(f"base_roster_{child}", column="entity_id", parent="base_roster_entity"),
                disable(f"base_roster_{child}"),
            )
            for child in CHILDREN
        ),
        migrations.RunSQL(enable("base_roster_entitycount", COUNT_CONDITION), disable("base_roster_entitycount")),
        migrations.RunSQL(SEARCH, UNDO_SEARCH),
        migrations.RunSQL(STATISTICS, UNDO_STATISTICS),
        migrations.RunSQL(COUNTS, UNDO_COUNTS),
    ]
