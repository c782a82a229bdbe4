from django.db import migrations

from jingwei.core.rls import disable, enable, scope_condition

# A covered unit is visible with its organization, and to those who see the entity it covers.
COVERED = (
    "EXISTS (SELECT 1 FROM branches_organization parent WHERE parent.id = branches_coveredunit.organization_id)"
    " OR EXISTS (SELECT 1 FROM base_roster_entity entity WHERE entity.id = branches_coveredunit.entity_id)"
)


class Migration(migrations.Migration):
    dependencies = [("branches", "0001_initial"), ("core", "0002_security")]
    operations = [
        migrations.RunSQL(
            enable("branches_organization", scope_condition(places=("place_id",), bodies=("superior_id", "body_id"))),
            disable("branches_organization"),
        ),
        migrations.RunSQL(
            enable("branches_coveredunit", f"(SELECT jw_scope_everything()) OR {COVERED}"),
            disable("branches_coveredunit"),
        ),
    ]
