"""What the front desk's page says of the world outside."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from guanjia import clock
from guanjia.keys.hub import Tile

from .models import Incoming


def liaison_tile(reach: Any) -> Tile | None:
    """For who keeps the register, and for whoever has a document to handle."""
    rows = Incoming.objects.visible_to(reach).open()
    if not (reach.may("liaison.keep") or (reach.is_staff and rows.exists())):
        return None
    late = rows.filter(due_on__lt=clock.today(reach.estate)).count()
    words = _("待办来文 %(n)s 件，逾期 %(late)s 件") % {"n": rows.count(), "late": late}
    return Tile("liaison", reverse("liaison:papers", args=[reach.estate.code]), "building-2", _("外联与来文"), words, late, "bad")
