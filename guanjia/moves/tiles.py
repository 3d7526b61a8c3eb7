"""What the front desk's page and the resident's 办事 say of handovers and moves; where the gate reads a release slip."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from guanjia import clock
from guanjia.keys.hub import Tile

from .models import Handover, Move


def handovers(reach: Any) -> Tile | None:
    code, today = reach.estate.code, clock.today(reach.estate)
    rows = Handover.objects.visible_to(reach).open()
    if not reach.is_staff:
        return Tile("handover", reverse("moves:mine", args=[code]), "house", _("入伙、迁出与搬家"), _("预约时间、签协议、看进度"), rows.count(), "soon")
    if not reach.may("move.take"):
        return None
    words = _("办理中 %(n)s 户，今天预约 %(m)s 户") % {"n": rows.count(), "m": rows.filter(day=today).count()}
    return Tile("handover", reverse("moves:handovers", args=[code]), "house", _("入伙与迁出"), words, rows.filter(day__lte=today).count(), "soon")


def moves(reach: Any) -> Tile | None:
    if not reach.is_staff or not reach.may("move.take"):
        return None
    here = Move.objects.visible_to(reach).live().filter(day=clock.today(reach.estate))
    waiting = here.filter(released_at__isnull=True).count()
    words = _("今天 %(n)s 户，待放行 %(m)s 户") % {"n": here.count(), "m": waiting}
    return Tile("moves", reverse("moves:moves", args=[reach.estate.code]), "truck", _("搬家与放行"), words, waiting, "soon")


def slip_of(mark: str, estate: Any) -> str:
    """Where the gate reads a release slip."""
    return reverse("moves:release_slip", args=[estate.code, mark]) if Move.objects.of_mark(mark, estate) else ""
