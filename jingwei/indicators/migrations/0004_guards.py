from django.db import migrations

from jingwei.core.rls import disable, enable, scope_condition

# A county's cells are those that a county-wide grant covers; whoever is granted less counts his rows live.
CELLS = scope_condition(places=("county_id", "town_id"), bodies=())

# Published rows are final for everybody, the owner of the tables included.
FINAL = """
CREATE FUNCTION jw_published_is_final() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION '已发布的快照不可更改：%', TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
END $$;
CREATE FUNCTION jw_state_ends_once() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  before record := NEW;
BEGIN
  before.last_id := OLD.last_id;
  IF OLD.last_id IS NULL AND before IS NOT DISTINCT FROM OLD THEN
    RETURN NEW;
  END IF;
  RAISE EXCEPTION '已发布的快照不可更改：%', TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
END $$;
CREATE TRIGGER snapshot_is_final BEFORE UPDATE OR DELETE ON indicators_snapshot
  FOR EACH ROW EXECUTE FUNCTION jw_published_is_final();
CREATE TRIGGER figure_is_final BEFORE UPDATE OR DELETE ON indicators_figure
  FOR EACH ROW EXECUTE FUNCTION jw_published_is_final();
CREATE TRIGGER entity_state_is_final BEFORE DELETE ON indicators_entitystate
  FOR EACH ROW EXECUTE FUNCTION jw_published_is_final();
CREATE TRIGGER entity_state_ends_once BEFORE UPDATE ON indicators_entitystate
  FOR EACH ROW EXECUTE FUNCTION jw_state_ends_once();
CREATE TRIGGER organization_state_is_final BEFORE DELETE ON indicators_organizationstate
  FOR EACH ROW EXECUTE FUNCTION jw_published_is_final();
CREATE TRIGGER organization_state_ends_once BEFORE UPDATE ON indicators_organizationstate
  FOR EACH ROW EXECUTE FUNCTION jw_state_ends_once();
"""
UNDO_FINAL = """
DROP TRIGGER snapshot_is_final ON indicators_snapshot;
DROP TRIGGER figure_is_final ON indicators_figure;
DROP TRIGGER entity_state_is_final ON indicators_entitystate;
DROP TRIGGER entity_state_ends_once ON indicators_entitystate;
DROP TRIGGER organization_state_is_final ON indicators_organizationstate;
DROP TRIGGER organization_state_ends_once ON indicators_organizationstate;
DROP FUNCTION jw_published_is_final();
DROP FUNCTION jw_state_ends_once();
"""

# Changes are only ever added, so that writers never wait for one another.
PART = "coalesce(town_id, -county_id, 0)"
STALE = f"""
CREATE FUNCTION jw_cells_stale_added() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public AS $$
BEGIN
  INSERT INTO indicators_stalepart (part) SELECT DISTINCT {PART} FROM added;
  RETURN NULL;
END $$;
CREATE FUNCTION jw_cells_stale_removed() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public AS $$
BEGIN
  INSERT INTO indicators_stalepart (part) SELECT DISTINCT {PART} FROM removed;
  RETURN NULL;
END $$;
CREATE FUNCTION jw_cells_stale_changed() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public AS $$
BEGIN
  INSERT INTO indicators_stalepart (part) SELECT {PART} FROM added UNION SELECT {PART} FROM removed;
  RETURN NULL;
END $$;
CREATE TRIGGER cells_stale_added AFTER INSERT ON base_roster_entity
  REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION jw_cells_stale_added();
CREATE TRIGGER cells_stale_removed AFTER DELETE ON base_roster_entity
  REFERENCING OLD TABLE AS removed FOR EACH STATEMENT EXECUTE FUNCTION jw_cells_stale_removed();
CREATE TRIGGER cells_stale_changed AFTER UPDATE ON base_roster_entity
  REFERENCING OLD TABLE AS removed NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION jw_cells_stale_changed();
INSERT INTO indicators_stalepart (part) SELECT DISTINCT {PART} FROM base_roster_entity;
"""
UNDO_STALE = """
DROP TRIGGER cells_stale_added ON base_roster_entity;
DROP TRIGGER cells_stale_removed ON base_roster_entity;
DROP TRIGGER cells_stale_changed ON base_roster_entity;
DROP FUNCTION jw_cells_stale_added();
DROP FUNCTION jw_cells_stale_removed();
DROP FUNCTION jw_cells_stale_changed();
"""


class Migration(migrations.Migration):
    dependencies = [("indicators", "0003_live_cells"), ("base_roster", "0003_coverage_columns")]
    operations = [
        migrations.RunSQL(FINAL, UNDO_FINAL),
        migrations.RunSQL(STALE, UNDO_STALE),
        migrations.RunSQL(enable("indicators_cell", CELLS), disable("indicators_cell")),
    ]
