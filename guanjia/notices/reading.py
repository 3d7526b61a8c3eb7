"""What pages ask of the inbox."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .models import Delivery

if TYPE_CHECKING:
    from guanjia.people.reach import Reach

MOST = 100  # the bell says 99+ from here on


def unread_count(reach: Reach) -> int:
    """For the bell: one query on a partial index that stops counting at MOST."""
    return Delivery.objects.inbox_of(reach).unread()[:MOST].count()
