"""Lists by keyset: a cursor says where to go on, so that no page is counted and none costs more than the first."""

from __future__ import annotations

import base64
import binascii
import json
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.db.models import Q
from django.utils.translation import gettext as _
from pydantic import BaseModel, Field

from .fields import BIG, NO_NUL
from .problems import Unfit

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.http import HttpResponse

MOST = 100


class Paging(BaseModel):
    """`limit` rows from where `cursor` left off."""

    limit: int = Field(50, ge=1, le=MOST, description="Rows of a page.")
    cursor: str | None = Field(None, max_length=200, pattern=NO_NUL, description="`next` of the page before.")


@dataclass(frozen=True)
class Order:
    """Sorted by `field`, whose values are of `kind`, and then by id, both up or both down."""

    name: str
    field: str = "id"
    down: bool = False
    kind: type[datetime | int | str] = datetime

    @property
    def columns(self) -> list[str]:
        sign = "-" if self.down else ""
        return [f"{sign}{field}" for field in dict.fromkeys((self.field, "id"))]

    def after(self, value: Any, pk: int) -> Q:
        """What comes after a row. The first comparison is what the index is walked by."""
        beyond, on = ("lt", "lte") if self.down else ("gt", "gte")
        if self.field == "id":
            return Q(**{f"id__{beyond}": pk})
        tie = Q(**{self.field: value, f"id__{beyond}": pk})
        return Q(**{f"{self.field}__{on}": value}) & (Q(**{f"{self.field}__{beyond}": value}) | tie)

    def written(self, row: Any) -> str:
        value = getattr(row, self.field)
        text = json.dumps([self.name, value.isoformat() if isinstance(value, datetime) else value, row.pk])
        return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")

    def read(self, cursor: str) -> tuple[Any, int]:
        try:
            name, value, pk = json.loads(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
            if name != self.name or not isinstance(pk, int) or not 0 < pk <= BIG:
                raise ValueError
            if self.field != "id":
                value = self._value(value)
        except (ValueError, TypeError, RecursionError, binascii.Error) as error:
            raise Unfit("query/cursor", _("请原样使用上一页给出的 next。")) from error
        return value, pk

    def _value(self, said: Any) -> Any:
        """What stands in the cursor as the column has it. ValueError where it cannot."""
        if self.kind is datetime:
            at = datetime.fromisoformat(said)
            if at.tzinfo is None or not 2000 <= at.year < 2100:
                raise ValueError
            return at
        if type(said) is not self.kind or (isinstance(said, int) and abs(said) > BIG) or (isinstance(said, str) and "\0" in said):
            raise ValueError
        return said


BY_ID = Order("id")
NEWEST = Order("newest", down=True)


def page(request: Any, response: HttpResponse, rows: Any, wanted: Paging, order: Order, shape: Callable[[Any], Any], of: type) -> Any:
    """One page of rows as `of(items=…, next=…)`; the way to the next also stands in the Link header."""
    if wanted.cursor:
        rows = rows.filter(order.after(*order.read(wanted.cursor)))
    found = list(rows.order_by(*order.columns)[: wanted.limit + 1])
    here = found[: wanted.limit]
    following = order.written(here[-1]) if len(found) > wanted.limit else None
    if following:
        query = request.GET.copy()
        query["cursor"] = following
        response.headers["Link"] = f'<{request.build_absolute_uri(request.path)}?{query.urlencode()}>; rel="next"'
    return of(items=[shape(row) for row in here], next=following)
