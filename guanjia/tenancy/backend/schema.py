"""What an estate-owned table gets at its making: the pair key, composite foreign keys, row security."""

from __future__ import annotations

from typing import Any

from django.db.backends.ddl_references import Statement
from django.db.backends.postgresql import schema

# CASE keeps the cast away from the word 'all'; an unset or empty setting sees nothing.
POLICY = (
    'CREATE POLICY estate ON {table} USING (CASE current_setting(\'guanjia.estate\', true) WHEN \'all\' THEN true '
    "ELSE estate_id = NULLIF(current_setting('guanjia.estate', true), '')::bigint END)"
)


def is_estate_key(field: Any) -> bool:
    """The column that makes a table estate-owned. Migration states know no base classes, so the column says it."""
    remote = field.remote_field and field.remote_field.model
    return field.name == "estate" and not field.null and bool(remote) and remote._meta.label_lower == "estates.estate"


class SchemaEditor(schema.DatabaseSchemaEditor):
    # One way to write foreign keys, at the end, when every pair key exists.
    sql_create_column_inline_fk: Any = None

    def create_model(self, model: Any) -> None:
        super().create_model(model)
        if any(map(is_estate_key, model._meta.local_fields)):
            self._house(model)

    def add_field(self, model: Any, field: Any) -> None:
        """The autodetector may split `estate` off a circle of models; the table is housed when it arrives."""
        super().add_field(model, field)
        if is_estate_key(field):
            self._house(model)

    def _house(self, model: Any) -> None:
        table = self.quote_name(model._meta.db_table)
        self.execute(f"ALTER TABLE {table} ADD UNIQUE (estate_id, id)")
        self.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
        self.execute(POLICY.format(table=table))

    def _create_fk_sql(self, model: Any, field: Any, suffix: str) -> Statement:
        statement: Statement = super()._create_fk_sql(model, field, suffix)  # type: ignore[misc]  # Django's own; the stubs lack it
        if type(field).__name__ != "EstateForeignKey":
            return statement
        action = {"CASCADE": "CASCADE", "RESTRICT": "RESTRICT"}.get(field.remote_field.on_delete.__name__, "NO ACTION")
        template = (
            "ALTER TABLE %(table)s ADD CONSTRAINT %(name)s FOREIGN KEY (estate_id, %(column)s) "
            f"REFERENCES %(to_table)s (estate_id, %(to_column)s) ON DELETE {action}"
        )
        return Statement(template, **{key: statement.parts[key] for key in ("table", "name", "column", "to_table", "to_column")})
