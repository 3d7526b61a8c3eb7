"""Rendering an event's sentence in the reader's language."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from .actions import Action

if TYPE_CHECKING:
    from .models import Event


class _Particulars(dict[str, Any]):
    def __missing__(self, key: str) -> str:
        return "…"


def tell(event: Event) -> str:
    """The event's sentence; the house itself is the actor where no person was."""
    try:
        template = str(Action(event.action).label)
    except ValueError:
        return event.action
    words = {key: _(value) if isinstance(value, str) and value else value for key, value in event.particulars.items()}
    return template.format_map(_Particulars(words, actor=event.actor_name or _("系统")))
