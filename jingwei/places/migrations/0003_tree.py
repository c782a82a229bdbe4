from django.db import migrations

# The path is always the parent's path plus the place's own id, whoever writes the row. A move takes
# the subtree along. The lock makes two crossing moves see each other, so that no cycle can close.
TREE = """
CREATE FUNCTION jw_place_path() RETURNS trigger LANGUAGE plpgsql SET search_path = public AS $$
DECLARE
  above places_place%ROWTYPE;
  ranks CONSTANT text[] := ARRAY['city', 'county', 'town', 'community'];
BEGIN
  IF NEW.parent_id IS NULL THEN
    NEW.path := text2ltree(NEW.id::text);
    RETURN NEW;
  END IF;
  IF TG_OP = 'UPDATE' AND NEW.parent_id IS DISTINCT FROM OLD.parent_id THEN
    PERFORM pg_advisory_xact_lock(7310013);
  END IF;
  SELECT * INTO above FROM places_place WHERE id = NEW.parent_id;
  IF NEW.id = NEW.parent_id OR index(above.path, text2ltree(NEW.id::text)) >= 0 THEN
    RAISE EXCEPTION 'place % cannot lie below itself', NEW.id USING ERRCODE = 'check_violation';
  END IF;
  IF array_position(ranks, NEW.kind) <= coalesce(array_position(ranks, above.kind), 9) THEN
    RAISE EXCEPTION 'a % cannot lie below a %', NEW.kind, above.kind USING ERRCODE = 'check_violation';
  END IF;
  NEW.path := above.path || NEW.id::text;
  RETURN NEW;
END $$;
CREATE TRIGGER place_path BEFORE INSERT OR UPDATE OF parent_id, path, kind ON places_place
  FOR EACH ROW EXECUTE FUNCTION jw_place_path();
CREATE FUNCTION jw_place_path_below() RETURNS trigger LANGUAGE plpgsql SET search_path = public AS $$
BEGIN
  UPDATE places_place SET path = path WHERE parent_id = NEW.id;
  RETURN NULL;
END $$;
CREATE TRIGGER place_path_below AFTER UPDATE ON places_place
  FOR EACH ROW WHEN (OLD.path IS DISTINCT FROM NEW.path) EXECUTE FUNCTION jw_place_path_below();
"""
UNDO_TREE = """
DROP TRIGGER place_path_below ON places_place;
DROP FUNCTION jw_place_path_below();
DROP TRIGGER place_path ON places_place;
DROP FUNCTION jw_place_path();
"""

TABLES = ("place", "placecode", "placealias", "overlaymembership", "roadrange")
STAMP = """
CREATE FUNCTION jw_gazetteer_stamp() RETURNS trigger LANGUAGE plpgsql SET search_path = public AS $$
BEGIN
  INSERT INTO places_gazetteerstamp (id, stamp) VALUES (1, gen_random_uuid())
    ON CONFLICT (id) DO UPDATE SET stamp = excluded.stamp;
  RETURN NULL;
END $$;
"""


def stamped(table: str) -> migrations.RunSQL:
    return migrations.RunSQL(
        f"CREATE TRIGGER gazetteer_stamp AFTER INSERT OR UPDATE OR DELETE ON places_{table}"
        " FOR EACH STATEMENT EXECUTE FUNCTION jw_gazetteer_stamp();",
        f"DROP TRIGGER gazetteer_stamp ON places_{table};",
    )


class Migration(migrations.Migration):
    dependencies = [("places", "0002_indexes")]
    operations = [
        migrations.RunSQL(TREE, UNDO_TREE),
        migrations.RunSQL(STAMP, "DROP FUNCTION jw_gazetteer_stamp();"),
        *(stamped(table) for table in TABLES),
    ]
