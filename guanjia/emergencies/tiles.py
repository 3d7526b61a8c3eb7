"""What the front desk's page says of emergencies."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from guanjia.keys.hub import Tile

from .models import Emergency, Hazard


def tile(reach: Any) -> Tile | None:
    if not reach.is_staff:
        return None
    live = Emergency.objects.at_estate(reach.estate).live().filter(drill=False).count()
    words = _("处置中 %(live)s 起，未消除隐患 %(open)s 处") % {"live": live, "open": Hazard.objects.at_estate(reach.estate).open().count()}
    return Tile("emergencies", reverse("emergencies:board", args=[reach.estate.code]), "siren", _("应急"), words, live, "bad")
