"""What the front desk's page and the resident's 办事 say of leases."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from guanjia import clock
from guanjia.keys.hub import Tile

from .models import Lease, Space


def leases_tile(reach: Any) -> Tile | None:
    code, today = reach.estate.code, clock.today(reach.estate)
    rows = Lease.objects.visible_to(reach).filter(last__gte=today)
    if not reach.is_staff:
        words = _("在租 %(n)s 处") % {"n": rows.count()} if rows.exists() else _("租车位、储藏间，排队候租")
        ending = rows.filter(last__lt=today + timedelta(days=30), renewal_asked_at__isnull=True).count()
        return Tile("lettings", reverse("lettings:mine", args=[code]), "car", _("车位与租赁"), words, ending, "soon")
    if not reach.may("lease.make"):
        return None
    asked = rows.filter(renewal_asked_at__isnull=False).count()
    free = Space.objects.at_estate(reach.estate).free(today, today).count()
    return Tile("lettings", reverse("lettings:leases", args=[code]), "car", _("车位与租赁"), _("在租 %(n)s 处，空置 %(free)s 处") % {"n": rows.count(), "free": free}, asked, "soon")
