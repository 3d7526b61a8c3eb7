"""`migrate`, Django's, quicker on a fresh database (guanjia/operations/migrating.py)."""

from __future__ import annotations

from contextlib import nullcontext
from typing import Any

from django.core.management.commands import migrate
from django.db import connections
from django.db.migrations.recorder import MigrationRecorder

from guanjia.operations.migrating import new_tables_alone


class Command(migrate.Command):
    def handle(self, *args: Any, **options: Any) -> Any:
        is_fresh = not MigrationRecorder(connections[options["database"]]).applied_migrations()
        with new_tables_alone() if is_fresh else nullcontext():
            return super().handle(*args, **options)
