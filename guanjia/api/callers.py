"""Whose token it is and which estate is meant, in one statement: every call asks for both."""

from __future__ import annotations

from functools import cache
from typing import Any

from django.db import connection

from guanjia import clock
from guanjia.estates.models import Estate
from guanjia.people.models import Person
from guanjia.people.tokens import PREFIX, digest

LONGEST = 100  # characters of a token that is looked up at all

# The rule of guanjia.people.tokens.person_of (a test compares the two), with the estate beside it.
CALLER = """
SELECT {columns} FROM people_token JOIN people_person ON people_person.id = people_token.person_id
LEFT JOIN estates_estate ON estates_estate.code = %s
WHERE people_token.digest = %s AND people_token.revoked_at IS NULL
  AND (people_token.expires_at IS NULL OR people_token.expires_at > %s) AND people_person.is_active
"""


def caller(token: str, code: str) -> tuple[Person | None, Estate | None]:
    """The holder of a good token, and the estate of that code if there is one."""
    if not token.startswith(PREFIX) or len(token) > LONGEST:
        return None, None
    with connection.cursor() as cursor:
        cursor.execute(_statement(), [code, digest(token), clock.now()])
        row = cursor.fetchone()
    if row is None:
        return None, None
    mine = len(_columns(Person))
    return _made(Person, row[:mine]), _made(Estate, row[mine:]) if row[mine] is not None else None


@cache
def _statement() -> str:
    columns = [f'{model._meta.db_table}."{name}"' for model in (Person, Estate) for name in _columns(model)]
    return CALLER.format(columns=", ".join(columns))


@cache
def _columns(model: Any) -> list[str]:
    return [field.attname for field in model._meta.concrete_fields]


def _made(model: Any, values: Any) -> Any:
    """A row of the model as a query would have made it."""
    fields = model._meta.concrete_fields
    read = [field.from_db_value(value, None, connection) if hasattr(field, "from_db_value") else value for field, value in zip(fields, values, strict=True)]
    return model.from_db("default", _columns(model), read)
