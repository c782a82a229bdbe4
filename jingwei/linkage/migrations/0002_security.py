from django.db import migrations

from jingwei.core.rls import disable, enable, enable_through, scope_condition


class Migration(migrations.Migration):
    dependencies = [("linkage", "0001_initial"), ("core", "0002_security")]
    operations = [
        migrations.RunSQL(
            enable("linkage_linkrun", scope_condition(places=("place_id",), bodies=("body_id",))),
            disable("linkage_linkrun"),
        ),
        migrations.RunSQL(
            enable_through("linkage_proposedlink", column="run_id", parent="linkage_linkrun"),
            disable("linkage_proposedlink"),
        ),
    ]
