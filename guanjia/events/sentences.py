"""Rendering an event's sentence in the reader's language."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _

from .actions import Action

if TYPE_CHECKING:
    from collections.abc import Iterable

    from .models import Event


class _Particulars(dict[str, Any]):
    def __missing__(self, key: str) -> str:
        return "…"


def kept(words: Any) -> str:
    """Translatable words as an event keeps them: in the house's language, whatever the actor reads. `tell` turns them."""
    with translation.override(settings.LANGUAGE_CODE):
        return str(words)


def listed(items: Iterable[Any]) -> str:
    """`周工、冯工`, `Zhou, Feng`."""
    return _("、").join(map(str, items))


def labelled(label: Any, words: Any) -> str:
    """`面积：不是数字`, `Area: not a number`."""
    return _("%(label)s：%(words)s") % {"label": label, "words": words}


def tell(event: Event) -> str:
    """The event's sentence; the house itself is the actor where no person was."""
    try:
        template = str(Action(event.action).label)
    except ValueError:
        return event.action
    words = {key: _(value) if isinstance(value, str) and value else value for key, value in event.particulars.items()}
    return template.format_map(_Particulars(words, actor=event.actor_name or _("系统")))
