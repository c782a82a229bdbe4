from importlib import import_module

from django.db import migrations, models

# The function as it was made first; only what it does with the filters grows.
BEFORE: str = import_module("jingwei.base_roster.migrations.0002_security").SEARCH.partition("REVOKE")[0]
COLUMNS = "'legal_form', 'counts_in_base', 'operating'] LOOP"
STAFF = "  IF filters ? 'min_staff' THEN"
MEMBERS = """  IF filters ? 'covered_as' THEN
    common := common || format(' AND covered_as = ANY(%L::text[])', translate(filters ->> 'covered_as', '[]"', '{}'));
  END IF;
  IF filters ? 'min_members' THEN
    common := common || format(' AND full_members >= %L', filters ->> 'min_members');
  END IF;
  IF filters ? 'max_members' THEN
    common := common || format(' AND full_members <= %L', filters ->> 'max_members');
  END IF;
  IF filters ? 'members_unknown' THEN
    common := common || ' AND full_members IS NULL';
  END IF;
"""
UNDO = BEFORE.replace("CREATE FUNCTION", "CREATE OR REPLACE FUNCTION")
SEARCH = UNDO.replace(COLUMNS, COLUMNS.replace("] LOOP", ", 'coverage_state'] LOOP")).replace(STAFF, MEMBERS + STAFF)


class Migration(migrations.Migration):
    dependencies = [("base_roster", "0003_coverage_columns")]
    operations = [
        migrations.AddIndex(
            model_name="entity",
            index=models.Index(
                condition=models.Q(("full_members__gt", 0)),
                fields=["full_members", "county", "town"],
                name="entity_members",
            ),
        ),
        migrations.AddIndex(
            model_name="entity",
            index=models.Index(
                condition=models.Q(("covered_as", "none"), _negated=True),
                fields=["covered_as", "county", "town"],
                name="entity_covered_as",
            ),
        ),
        migrations.RunSQL(SEARCH, UNDO),
    ]
