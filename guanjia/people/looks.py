"""A person's language, theme and size of type: kept with the person, carried to each device as cookies."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.conf import settings

if TYPE_CHECKING:
    from django.http import HttpResponse

    from .models import Person

YEAR = 365 * 24 * 3600  # seconds


def keep(person: Person, looks: dict[str, Any]) -> None:
    """`looks` has language, theme, large_type."""
    for name, value in looks.items():
        setattr(person, name, value)
    person.save(update_fields=list(looks))


def carry(person: Person, answer: HttpResponse) -> HttpResponse:
    """Set the cookies that pages read; what the person never chose stays as the device has it."""
    wanted = {settings.LANGUAGE_COOKIE_NAME: person.language, "theme": person.theme}
    if person.theme or person.large_type:
        wanted["type"] = "large" if person.large_type else "normal"
    for name, value in wanted.items():
        if value:
            answer.set_cookie(name, value, max_age=YEAR, samesite="Lax", secure=settings.SESSION_COOKIE_SECURE)
    return answer
