"""An order as steps: what the household and the desk see move."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from .charging import owed

if TYPE_CHECKING:
    from .models import ServiceOrder


def steps(order: ServiceOrder, late: bool = False) -> list[dict[str, Any]]:
    """Ordered, quoted (where it is), sent, done, paid (where it costs), rated."""
    paid = order.done_at is not None and not owed(order)
    marks: list[tuple[Any, Any, bool]] = [(_("预约"), order.ordered_at, True)]
    if order.kind == "quote":
        marks.append((_("报价同意"), order.agreed_at, order.agreed_at is not None and order.stage != "quoted"))
    marks += [(_("派人"), order.assigned_at, order.assigned_at is not None), (_("完成"), order.done_at, order.done_at is not None)]
    if order.amount or (order.kind == "quote" and order.amount is None):
        marks.append((_("缴费"), None, paid))
    marks.append((_("评价"), order.rated_at, order.rated_at is not None))
    made, now = [], False
    for label, moment, done in marks:
        state = "done" if done else "todo" if now or not (order.is_open or order.stage == "done") else "late" if late else "now"
        now = now or state in ("now", "late")
        made.append({"label": label, "state": state, "at": moment if done else None, "note": ""})
    return made
