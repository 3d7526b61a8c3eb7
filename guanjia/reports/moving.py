"""What a changed setting would move of the coming tasks: which duties it bears on, how many tasks are already laid out."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from guanjia.duties.models import Task
from guanjia.rulebooks.adoption import Adoption
from guanjia.rulebooks.moving import Moved

if TYPE_CHECKING:
    from datetime import datetime

    from guanjia.estates.models import Estate

SAMPLES = 5


def touched(estate: Estate, key: str, at: datetime) -> set[str]:
    """The duties that a parameter bears on."""
    word, _dot, rest = key.partition(".")
    name = rest.rpartition(".")[0]
    found = set()
    for book in Adoption(estate, at).books.values():
        for duty_key, duty in book.duties.items():
            named = (
                (word == "duty" and name == duty_key) or (word == "book" and name == book.code)
                or (word == "clause" and name in duty.rows) or key in getattr(duty, "keys", [])
            )  # fmt: skip
            found |= {duty_key} if named else set()
    return found


def tasks_moved(estate: Estate, key: str, value: Any, at: datetime) -> list[Moved]:
    """Tasks that have not opened yet are laid out anew by the new rule; what has begun stays."""
    keys = touched(estate, key, at)
    if not keys:
        return []
    rows = Task.objects.at_estate(estate).open().filter(key__in=keys)
    coming = rows.filter(opens_at__gte=at).select_related("duty", "zone", "unit").order_by("opens_at")
    begun = rows.filter(opens_at__lt=at, missed_at__isnull=True).count()
    samples = [(f"{row.title} {row.unit or row.zone or ''}".strip(), row.opens_at) for row in coming[:SAMPLES]]
    return [
        Moved(_("%(n)s 个还没开始的任务按新规则重排。") % {"n": (n := coming.count())}, n, samples),
        Moved(_("%(n)s 个已经开始的任务不变。") % {"n": begun}, begun),
    ]
