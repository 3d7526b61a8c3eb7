"""One page of a long list by key: as fast on the thousandth page as on the first."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db.models import Q

if TYPE_CHECKING:
    from collections.abc import Mapping

SIZE = 20


def leaf(rows: Any, asked: Mapping[str, str], size: int = SIZE) -> tuple[list[Any], str, str]:
    """(rows newest first, number to ask newer ones `after`, number to ask older ones `before`).

    `asked` has `before` or `after`: the number of a ticket in the list; an unknown one gives the first page.
    """
    mark = rows.filter(number=asked.get("before") or asked.get("after") or "").values("reported_at", "pk").first()
    back = bool(mark and not asked.get("before"))
    if mark:
        at, pk = mark["reported_at"], mark["pk"]
        same = Q(reported_at=at, pk__gt=pk) if back else Q(reported_at=at, pk__lt=pk)
        rows = rows.filter(Q(reported_at__gt=at) | same if back else Q(reported_at__lt=at) | same)
    order = ("reported_at", "pk") if back else ("-reported_at", "-pk")
    found = list(rows.order_by(*order)[: size + 1])
    more, found = len(found) > size, found[:size]
    if back:
        found.reverse()
    newer, older = (more, True) if back else (bool(mark), more)
    if not found:
        return [], "", ""
    return found, found[0].number if newer else "", found[-1].number if older else ""
