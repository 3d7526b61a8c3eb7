"""What the front desk's page and the resident's 办事 say of decoration."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from guanjia import clock
from guanjia.keys.hub import Tile

from .models import Permit, Worker
from .models.permit import ON_SITE


def tile(reach: Any) -> Tile | None:
    code = reach.estate.code
    if not reach.is_staff:
        row = Permit.objects.visible_to(reach).live().order_by("-applied_at").first()
        waits = row is not None and row.stage == "draft"
        return Tile("decoration", reverse("decoration:mine", args=[code]), "paint-roller", _("装修"), row.get_stage_display() if row else _("申请、办证、验收、退押金"), int(waits), "soon")
    if not reach.may("decoration.take"):
        if reach.may("gate.watch"):
            return None  # the gate's own page reads these passes, too
        return Tile("gate", reverse("decoration:gate", args=[code]), "scan-line", _("查验出入证"), _("扫码核对施工人员"), 0, "")
    rows = Permit.objects.visible_to(reach).live()
    mine = len(rows.waiting_for(reach))
    words = _("施工中 %(on)s 户，待审批 %(review)s 份") % {"on": rows.filter(stage__in=ON_SITE).count(), "review": rows.filter(stage="review").count()}
    late = rows.filter(stage="review", due_at__lt=clock.now()).exists()
    return Tile("decoration", reverse("decoration:permits", args=[code]), "paint-roller", _("装修"), words, mine, "bad" if late else "soon")


def pass_of(mark: str, estate: Any) -> str:
    """Where the gate reads a worker's pass."""
    return reverse("decoration:pass", args=[estate.code, mark]) if Worker.objects.of_mark(mark, estate) else ""
