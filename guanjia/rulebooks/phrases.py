"""Every phrase of the rulebooks that people read: what the catalogues must have besides the code's own words."""

from __future__ import annotations

from .schema import calendars_book, limits_book, parameters_book
from .words import MOMENTS, TOLD


def phrases() -> list[str]:
    """Titles and choices of limits, profiles, parameters and calendars, in the files' order, each once."""
    limits, parameters = limits_book(), parameters_book().parameters.values()
    said = [each.title for each in limits.limits.values()] + [each.title for each in limits.profiles.values()]
    said += [each.title for each in parameters] + [each.title for each in calendars_book().calendars.values()]
    said += [word for each in parameters for word in (*each.choices.values(), each.unit)]
    return list(dict.fromkeys(word for word in (*said, *MOMENTS.values(), *TOLD.values()) if word))
