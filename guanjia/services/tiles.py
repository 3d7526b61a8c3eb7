"""What the front desk's page and the resident's 办事 say of services."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from guanjia import clock
from guanjia.keys.hub import Tile

from .models import Offer, ServiceOrder


def orders_tile(reach: Any) -> Tile | None:
    code = reach.estate.code
    rows = ServiceOrder.objects.visible_to(reach).open()
    if not reach.is_staff:
        waiting = rows.filter(stage="quoted").count()
        words = _("在办 %(n)s 项") % {"n": rows.count()} if rows.exists() else _("维修、家政、用车、鲜花，点单即可")
        return Tile("services", reverse("services:menu", args=[code]), "shopping-bag", _("特约服务"), words, waiting, "soon")
    if not (reach.may("service.order") or reach.may("service.work")):
        return None
    late = rows.filter(due_at__lt=clock.now()).count()
    fresh = rows.filter(assigned_at__isnull=True).count()
    if reach.may("service.order"):
        words = _("提供 %(on)s 项，在办 %(n)s 单，待派 %(fresh)s 单") % {"on": len(Offer.objects.offered(reach.estate, clock.today(reach.estate))), "n": rows.count(), "fresh": fresh}
        return Tile("services", reverse("services:orders", args=[code]), "shopping-bag", _("特约服务"), words, late or fresh, "bad" if late else "soon")
    return Tile("services", reverse("services:orders", args=[code]), "shopping-bag", _("我的服务单"), _("在办 %(n)s 单") % {"n": rows.count()}, late, "bad")
