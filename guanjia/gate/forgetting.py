"""What the gate keeps of people and forgets: residents with their file, visitors by a time of their own (HSE-14, CF-64)."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from guanjia.care.privacy import GONE
from guanjia.rulebooks.parameters import parameter

from .models import Article, Card, Guest, Passage

if TYPE_CHECKING:
    from datetime import datetime


def residents(household: Any, name: str, alias: str) -> None:
    """On their cards, on what was kept for them, in the book of comings."""
    estate = household.estate_id
    Card.objects.at_estate(estate).filter(household=household, holder=name).update(holder=alias)
    for column in ("for_name", "out_to"):
        Article.objects.at_estate(estate).filter(household=household, **{column: name}).update(**{column: alias})
    Passage.objects.at_estate(estate).filter(guest__household=household, answered=name).update(answered=alias[:40])


def visitors(estate: Any, at: datetime) -> None:
    """Name, telephone and plate; that somebody came, and whether they came in, stays."""
    before = at - timedelta(days=int(parameter(estate, "privacy.visitor_days", at)))
    rows = Guest.objects.at_estate(estate).filter(until_at__lt=before).exclude(visitor=GONE, phone="", plate="")
    rows.update(visitor=GONE, phone="", plate="")
