"""The ground under every table: extensions, and the role that owns nothing."""

from django.contrib.postgres.operations import BtreeGistExtension
from django.db import migrations

ROLE = """
DO $$ BEGIN
  IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'guanjia_app') THEN
    CREATE ROLE guanjia_app NOLOGIN;
  END IF;
  IF NOT pg_has_role(current_user, 'guanjia_app', 'MEMBER') THEN
    EXECUTE format('GRANT guanjia_app TO %I', current_user);
  END IF;
EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL;  -- two databases made at once
END $$;
GRANT USAGE ON SCHEMA public TO guanjia_app;
ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO guanjia_app;
ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT USAGE, SELECT ON SEQUENCES TO guanjia_app;
-- Other libraries' migrations may have run first.
GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO guanjia_app;
GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO guanjia_app;
"""


class Migration(migrations.Migration):
    initial = True
    dependencies = []
    run_before = [("contenttypes", "0001_initial"), ("procrastinate", "0001_initial"), ("sessions", "0001_initial")]
    operations = [BtreeGistExtension(), migrations.RunSQL(ROLE, migrations.RunSQL.noop)]
