from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("places", "0001_initial")]
    operations = [
        migrations.RunSQL("CREATE INDEX place_path ON places_place USING gist (path)", "DROP INDEX place_path"),
    ]
