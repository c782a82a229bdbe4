import django.db.models.deletion
from django.db import migrations, models

# What a unit said before this column came is taken as said by its latest record.
FILL = "UPDATE rosters_sourceunit SET content_record_id = last_record_id"


class Migration(migrations.Migration):
    dependencies = [("rosters", "0002_security")]
    operations = [
        migrations.AddField(
            model_name="sourceunit",
            name="content_record",
            field=models.ForeignKey(
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="rosters.sourcerecord",
                verbose_name="现内容首见记录",
            ),
        ),
        migrations.RunSQL(FILL, migrations.RunSQL.noop),
    ]
