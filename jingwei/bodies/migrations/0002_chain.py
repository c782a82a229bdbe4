from django.db import migrations

# A body never stands above itself. The lock makes two crossing changes see each other.
CHAIN = """
CREATE FUNCTION jw_body_chain() RETURNS trigger LANGUAGE plpgsql SET search_path = public AS $$
BEGIN
  IF NEW.superior_id IS NULL THEN
    RETURN NEW;
  END IF;
  PERFORM pg_advisory_xact_lock(7310014);
  IF NEW.superior_id = NEW.id OR EXISTS (
    WITH RECURSIVE above(id) AS (
      SELECT NEW.superior_id UNION SELECT b.superior_id FROM bodies_body b JOIN above ON b.id = above.id
    ) SELECT 1 FROM above WHERE id = NEW.id
  ) THEN
    RAISE EXCEPTION 'body % cannot be its own superior', NEW.id USING ERRCODE = 'check_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER body_chain BEFORE INSERT OR UPDATE OF superior_id ON bodies_body
  FOR EACH ROW EXECUTE FUNCTION jw_body_chain();
"""
UNDO_CHAIN = "DROP TRIGGER body_chain ON bodies_body; DROP FUNCTION jw_body_chain();"


class Migration(migrations.Migration):
    dependencies = [("bodies", "0001_initial")]
    operations = [migrations.RunSQL(CHAIN, UNDO_CHAIN)]
