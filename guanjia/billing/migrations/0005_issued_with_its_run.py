from django.db import migrations, models

# A run's statements always went out together: the moment is the run's, and sending them writes no bill again.
MOVED = """
UPDATE billing_billrun r SET issued_at = b.issued_at FROM (
    SELECT estate_id, run_id, min(issued_at) AS issued_at FROM billing_bill WHERE run_id IS NOT NULL AND issued_at IS NOT NULL GROUP BY estate_id, run_id
) b WHERE b.estate_id = r.estate_id AND b.run_id = r.id
"""
BACK = """
UPDATE billing_bill b SET issued_at = r.issued_at FROM billing_billrun r
WHERE r.estate_id = b.estate_id AND r.id = b.run_id AND r.issued_at IS NOT NULL
"""


class Migration(migrations.Migration):
    dependencies = [("billing", "0004_replaced_tariff")]

    operations = [
        migrations.AddField("billrun", "issued_at", models.DateTimeField(null=True)),
        migrations.RunSQL(MOVED, BACK),
        migrations.RemoveField("bill", "issued_at"),
    ]
