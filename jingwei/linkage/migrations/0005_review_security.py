from django.db import migrations

from jingwei.core.rls import disable, enable, enable_through

# A decision speaks of two units: whoever sees both sees it, whichever run it was made in.
BOTH_UNITS = " AND ".join(
    f"EXISTS (SELECT 1 FROM rosters_sourceunit seen WHERE seen.id = linkage_decision.{column})"
    for column in ("lower_id", "higher_id")
)
# A decision is added once; an undo fills its own columns and nothing else.
APPEND_ONLY = """
REVOKE UPDATE, DELETE ON linkage_decision FROM jw_staff;
GRANT UPDATE (undone_by, undone_at, undone_reason) ON linkage_decision TO jw_staff;
"""
CHILDREN = {
    "linkage_candidatepair": ("run_id", "linkage_linkrun"),
    "linkage_qualitysample": ("run_id", "linkage_linkrun"),
    "linkage_sampledpair": ("sample_id", "linkage_qualitysample"),
}


class Migration(migrations.Migration):
    dependencies = [("linkage", "0004_review_of_pairs"), ("core", "0002_security")]
    operations = [
        *(
            migrations.RunSQL(enable_through(table, column=column, parent=parent), disable(table))
            for table, (column, parent) in CHILDREN.items()
        ),
        migrations.RunSQL(enable("linkage_decision", BOTH_UNITS), disable("linkage_decision")),
        migrations.RunSQL(APPEND_ONLY, migrations.RunSQL.noop),
    ]
