"""What the pages of activities share."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse

from ..models import Activity
from ..story import TONES, steps

if TYPE_CHECKING:
    from django.http import HttpResponse


def to(request: Any, name: str, *args: Any) -> HttpResponse:
    return redirect(reverse(f"activities:{name}", args=[request.estate.code, *args]))


def found(request: Any, pk: int) -> Activity:
    rows = Activity.objects.visible_to(request.reach).select_related("zone", "task", "task__duty", "task__zone", "estate__company")
    row: Activity = get_object_or_404(rows, pk=pk)
    return row


def about(request: Any, row: Activity) -> dict[str, Any]:
    """What both faces of an activity show."""
    code = request.estate.code
    photos = [{"url": reverse("activities:photo", args=[code, one.pk]), "alt": row.title} for one in row.photos.order_by("pk")]
    return {
        "row": row, "tone": TONES[row.state], "steps": steps(row), "photos": photos, "taken": row.taken, "free": row.free,
        "questions": row.questions.order_by("answered_at", "at"), "waiting": row.signups.filter(left_at__isnull=True, waiting=True).count(),
    }  # fmt: skip
