"""The demo estate keeps the five books: adopted at its first start, with the first tasks made at once."""

from __future__ import annotations

from typing import TYPE_CHECKING

from guanjia import clock
from guanjia.duties.generation import generate
from guanjia.rulebooks.books import books
from guanjia.rulebooks.models import Parameter
from guanjia.tenancy.scope import estate_scope

if TYPE_CHECKING:
    from guanjia.estates.models import Estate


def keep_rules(estate: Estate) -> int:
    """Adopt every book that was never spoken of, and make today's tasks; harmless when run again."""
    now = clock.now()
    with estate_scope(estate):
        known = set(Parameter.objects.filter(company=estate.company).values_list("key", flat=True))
        for code in books():
            if (key := f"book.{code}.adopted") not in known:
                Parameter.objects.set(key, True, by=None, reason="演示小区采用这份制度", company=estate.company, at=now)
    return generate(now, estate)
