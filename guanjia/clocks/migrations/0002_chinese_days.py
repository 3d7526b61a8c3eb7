"""The nation's holidays and make-up work-days, 2024–2027; edited in the table from then on."""

from django.db import migrations

from guanjia.clocks.models.day import seed_days


def seed(apps, schema_editor):
    seed_days(apps.get_model("clocks", "CalendarDay"))


class Migration(migrations.Migration):
    dependencies = [("clocks", "0001_initial")]
    operations = [migrations.RunPython(seed, migrations.RunPython.noop)]
