from django.db import migrations

from jingwei.core.rls import disable, enable_through

CHILDREN = ("verdict", "cause", "noticeletter")


class Migration(migrations.Migration):
    dependencies = [("coverage", "0001_initial"), ("core", "0002_security")]
    operations = [
        migrations.RunSQL(
            enable_through(f"coverage_{child}", column="entity_id", parent="base_roster_entity"),
            disable(f"coverage_{child}"),
        )
        for child in CHILDREN
    ]
