"""Pages a phone may keep for the time without signal (assets/js/sw.js): only those that say whose they are."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from django.http import HttpResponse

HEADER = "Guanjia-Keep"


def keepable(answer: HttpResponse, reach: Any) -> HttpResponse:
    """Mark a page as one that this person's phone may keep. What is not marked is never kept."""
    answer.headers[HEADER] = str(reach.person_id)
    return answer
