from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("coverage", "0002_security")]
    operations = [
        migrations.AddField(
            model_name="noticeletter",
            name="closed_because",
            field=models.CharField(
                blank=True,
                choices=[("built", "已建立党组织"), ("not_due", "不再应建"), ("ceased", "已停止经营")],
                db_default="",
                default="",
                max_length=12,
                verbose_name="了结原因",
            ),
        ),
        migrations.AddField(
            model_name="noticeletter",
            name="closed_on",
            field=models.DateField(null=True, verbose_name="了结日期"),
        ),
        migrations.AddConstraint(
            model_name="noticeletter",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("closed_because", ""), ("closed_on", None)),
                    models.Q(models.Q(("closed_because", ""), _negated=True), ("closed_on__isnull", False)),
                    _connector="OR",
                ),
                name="letter_closing_has_reason",
            ),
        ),
    ]
