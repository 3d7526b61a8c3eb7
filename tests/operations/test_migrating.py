"""A fresh database, made table by table without drawing the others again, has everything that the models say."""

from __future__ import annotations

import pytest
from django.apps import apps
from django.db import connection

pytestmark = pytest.mark.django_db


def test_the_database_has_every_column_constraint_and_index_of_the_models():
    models = [model for config in apps.get_app_configs() if config.name.startswith("guanjia.") for model in config.get_models() if model._meta.managed]
    with connection.cursor() as cursor:
        cursor.execute("SELECT table_name, column_name FROM information_schema.columns WHERE table_schema = current_schema()")
        columns = set(cursor.fetchall())
        cursor.execute("SELECT conrelid::regclass::text, conname FROM pg_constraint WHERE conrelid <> 0 UNION SELECT indrelid::regclass::text, indexrelid::regclass::text FROM pg_index")
        names = {(table, name.strip('"')) for table, name in cursor.fetchall()}
    assert len(models) > 150
    for model in models:
        table = model._meta.db_table
        assert {(table, field.column) for field in model._meta.local_concrete_fields} <= columns, table
        assert {(table, one.name) for one in (*model._meta.constraints, *model._meta.indexes)} <= names, table


def test_foreign_keys_stand_in_the_database():
    """Drawn alone, a new table still refers to the others."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_constraint WHERE contype = 'f' AND confrelid = 'estates_estate'::regclass")
        assert cursor.fetchone()[0] > 100
