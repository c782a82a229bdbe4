from django.db import migrations

from jingwei.core.rls import disable, enable, enable_through, scope_condition

BATCH = enable("rosters_batch", scope_condition(places=("place_id",), bodies=("body_id",)))
CHILDREN = ("rosters_sourcerecord", "rosters_sourcepersonal", "rosters_rejectedrow", "rosters_batchkey")

# A source record is a statement by a department: it is added once and stays as it is.
IMMUTABLE = """
REVOKE UPDATE, DELETE ON rosters_sourcerecord FROM jw_staff;
REVOKE UPDATE, DELETE ON rosters_sourcepersonal FROM jw_staff;
"""

# COPY is refused under a policy, so an import is staged in a temporary table of its own session.
STAGING = """
DO $$ BEGIN EXECUTE format('GRANT TEMPORARY ON DATABASE %I TO jw_staff', current_database()); END $$;
"""


class Migration(migrations.Migration):
    dependencies = [("rosters", "0001_initial"), ("core", "0002_security")]
    operations = [
        migrations.RunSQL(BATCH, disable("rosters_batch")),
        *(
            migrations.RunSQL(enable_through(table, column="batch_id", parent="rosters_batch"), disable(table))
            for table in CHILDREN
        ),
        migrations.RunSQL(
            enable("rosters_sourceunit", scope_condition(places=("place_id",), bodies=("body_id",))),
            disable("rosters_sourceunit"),
        ),
        migrations.RunSQL(IMMUTABLE, migrations.RunSQL.noop),
        migrations.RunSQL(STAGING, migrations.RunSQL.noop),
    ]
