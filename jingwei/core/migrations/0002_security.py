from django.db import migrations

from jingwei.core.rls import DROP_SCOPE_FUNCTIONS, SCOPE_FUNCTIONS

# Staff may add journal rows and seal them once; nothing may be changed or removed afterwards.
JOURNAL = """
REVOKE UPDATE, DELETE ON core_journalentry FROM jw_staff;
GRANT UPDATE (seq, hash, sealed_at) ON core_journalentry TO jw_staff;
CREATE FUNCTION jw_journal_is_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'DELETE' OR OLD.seq IS NOT NULL
     OR to_jsonb(NEW) - '{seq,hash,sealed_at}'::text[] <> to_jsonb(OLD) - '{seq,hash,sealed_at}'::text[] THEN
    RAISE EXCEPTION 'journal rows are append-only';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER journal_is_append_only BEFORE UPDATE OR DELETE ON core_journalentry
  FOR EACH ROW EXECUTE FUNCTION jw_journal_is_append_only();
"""
UNDO_JOURNAL = """
DROP TRIGGER journal_is_append_only ON core_journalentry;
DROP FUNCTION jw_journal_is_append_only();
GRANT UPDATE, DELETE ON core_journalentry TO jw_staff;
"""


class Migration(migrations.Migration):
    dependencies = [("core", "0001_initial")]
    operations = [
        migrations.RunSQL(SCOPE_FUNCTIONS, DROP_SCOPE_FUNCTIONS),
        migrations.RunSQL(JOURNAL, UNDO_JOURNAL),
    ]
