"""What the front desk's page and the resident's 办事 say of the places nearby."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from guanjia import clock
from guanjia.keys.hub import Tile

from .models import Facility


def nearby_tile(reach: Any) -> Tile | None:
    code = reach.estate.code
    count = Facility.objects.at_estate(reach.estate).live().count()
    if not reach.is_staff:
        return Tile("nearby", reverse("nearby:mine", args=[code]), "map-pin", _("周边服务"), _("医院、学校、银行、热线 %(n)s 处") % {"n": count}, 0, "")
    stale = Facility.objects.stale(reach.estate, clock.today(reach.estate)).count() if reach.may("nearby.keep") else 0
    return Tile("nearby", reverse("nearby:list", args=[code]), "map-pin", _("周边服务"), _("%(n)s 处，待核实 %(stale)s 处") % {"n": count, "stale": stale}, stale, "soon")
