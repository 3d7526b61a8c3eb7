"""Hours of rest: nobody is rung up or visited, reminders wait for the morning (rulebooks/notices.yaml)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from guanjia.notices.book import notices_book

from .kinds import Contact

if TYPE_CHECKING:
    from datetime import datetime

DISTURBING = (Contact.PHONE, Contact.VISIT)


def morning(estate: Any, at: datetime) -> datetime:
    """`at`, or when the rest it falls into is over."""
    return notices_book().quiet.wake(at, estate.time_zone)


def resting(estate: Any, at: datetime) -> bool:
    return morning(estate, at) != at
