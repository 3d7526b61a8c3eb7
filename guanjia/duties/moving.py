"""What another rule would move: the duties that begin, change or end. Their coming tasks are counted by reports/moving.py."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from guanjia.rulebooks.moving import Moved
from guanjia.rulebooks.parameters import supposing

from .laying import OTHERS, in_force
from .missing import titles

if TYPE_CHECKING:
    from datetime import datetime

    from guanjia.estates.models import Estate

SAMPLES = 5


def duties_moved(estate: Estate, key: str, value: Any, at: datetime) -> list[Moved]:
    """Asked before a setting is saved; nothing is written (issue 3 point 2)."""
    if key.startswith(OTHERS):
        return []
    before = in_force(estate, at)
    with supposing(estate, key, value, at):
        after = in_force(estate, at)
    names = titles(estate.company_id)
    ended = [each for each in before if each not in after]
    begun = [each for each in after if each not in before]
    changed = [each for each in before if each in after and before[each] != after[each]]

    def told(keys: list[str]) -> list[tuple[str, Any]]:
        return [(_(names.get(each, each)), None) for each in keys[:SAMPLES]]

    return [
        Moved(_("%(n)s 项职责开始") % {"n": len(begun)}, len(begun), told(begun), "good"),
        Moved(_("%(n)s 项职责改变") % {"n": len(changed)}, len(changed), told(changed), "info"),
        Moved(_("%(n)s 项职责停止") % {"n": len(ended)}, len(ended), told(ended), "soon"),
    ]
