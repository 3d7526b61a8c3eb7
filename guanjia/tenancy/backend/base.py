"""The PostgreSQL backend with the house's roles, composite keys and row security."""

from __future__ import annotations

from contextlib import contextmanager
from contextvars import ContextVar
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.db.backends.postgresql import base, features, operations

from .schema import SchemaEditor

if TYPE_CHECKING:
    from collections.abc import Iterator

_owner: ContextVar[bool] = ContextVar("guanjia_owner", default=False)


@contextmanager
def as_owner() -> Iterator[None]:
    """Connections opened inside act as the owner of the tables (migrations, test databases)."""
    token = _owner.set(True)
    try:
        yield
    finally:
        _owner.reset(token)


class Features(features.DatabaseFeatures):
    # Composite keys in a cluster: GROUP BY the id alone is not enough there (citus.md §3).
    allows_group_by_selected_pks = False


class Operations(operations.DatabaseOperations):
    def execute_sql_flush(self, sql_list: Any) -> None:
        """Emptying tables (tests) is the owner's right, not the application's."""
        if not settings.APP_ROLE:
            return super().execute_sql_flush(sql_list)
        with self.connection.cursor() as cursor:
            cursor.execute("SET SESSION AUTHORIZATION DEFAULT")
            cursor.execute("SET ROLE NONE")
            super().execute_sql_flush(sql_list)
            cursor.execute(f'SET ROLE "{settings.APP_ROLE}"')
        return None


class DatabaseWrapper(base.DatabaseWrapper):
    SchemaEditorClass = SchemaEditor
    features_class = Features
    ops_class = Operations

    def get_connection_params(self) -> dict[str, Any]:
        """With one URL for both, the application takes its weaker role at connection time."""
        params = super().get_connection_params()
        if settings.APP_ROLE and not _owner.get() and not settings.AS_OWNER:
            params["options"] = f"{params.get('options', '')} -c role={settings.APP_ROLE}".strip()
        return params
