"""What the pages of emergencies share."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from ..models import Emergency

if TYPE_CHECKING:
    from django.http import HttpResponse


def tabs(request: Any, here: str) -> list[dict[str, Any]]:
    labels = {"board": _("现场"), "plans": _("预案"), "contacts": _("联络"), "hazards": _("隐患"), "fires": _("火情"), "drills": _("演练"), "register": _("登记册")}
    return [{"url": reverse(f"emergencies:{name}", args=[request.estate.code]), "label": label, "current": name == here} for name, label in labels.items()]


def to(request: Any, name: str, *args: Any) -> HttpResponse:
    return redirect(reverse(f"emergencies:{name}", args=[request.estate.code, *args]))


def found(request: Any, pk: int) -> Emergency:
    rows = Emergency.objects.visible_to(request.reach).select_related("building", "unit", "plan", "started_by", "down_by", "declared_by", "estate__company", "task__duty")
    row: Emergency = get_object_or_404(rows, pk=pk)
    return row


def first_error(form: Any) -> str:
    """For small forms on a large page: what is wrong, in one sentence."""
    for name, errors in form.errors.items():
        label = form.fields[name].label if name in form.fields else ""
        return f"{label}：{errors[0]}" if label else str(errors[0])
    return ""
