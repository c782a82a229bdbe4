from django.db import migrations

from jingwei.core.rls import disable, enable, scope_condition

# Figures are sums over places and hold no row; the states of single entities follow the entities' policy.
ENTITIES = scope_condition(places=("place_id", "overlay_id"), bodies=("body_id", "industry_body_id"))
ORGANIZATIONS = scope_condition(places=("place_id",), bodies=("superior_id", "body_id"))


class Migration(migrations.Migration):
    dependencies = [("indicators", "0001_initial"), ("core", "0002_security")]
    operations = [
        migrations.RunSQL(enable("indicators_entitystate", ENTITIES), disable("indicators_entitystate")),
        migrations.RunSQL(
            enable("indicators_organizationstate", ORGANIZATIONS), disable("indicators_organizationstate")
        ),
    ]
