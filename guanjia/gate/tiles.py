"""What the front desk's page and the resident's 办事 say of visitors, cards and articles."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from guanjia import clock
from guanjia.keys.hub import Tile

from .models import Article, Card, Guest


def visits(reach: Any) -> Tile | None:
    code, now = reach.estate.code, clock.now()
    rows = Guest.objects.visible_to(reach).filter(announced=True, revoked_at__isnull=True, until_at__gte=now, used=0)
    if not reach.is_staff:
        return Tile("visits", reverse("gate:mine_visits", args=[code]), "qr-code", _("访客通行"), _("请人来之前发一张通行证"), rows.count(), "info")
    if not reach.may("gate.watch"):
        return None
    return Tile("visits", reverse("gate:scan", args=[code]), "scan-line", _("门岗查验与访客"), _("等候来访 %(n)s 位") % {"n": rows.count()}, 0, "")


def cards(reach: Any) -> Tile | None:
    code = reach.estate.code
    if reach.is_staff and not reach.may("card.keep"):
        return None
    rows = Card.objects.visible_to(reach)
    words = _("使用中 %(n)s 张") % {"n": rows.live().count()}
    if not reach.is_staff:
        return Tile("cards", reverse("gate:mine_cards", args=[code]), "id-card", _("住户卡"), words, 0, "")
    lost = rows.filter(state=Card.State.LOST).count()
    return Tile("cards", reverse("gate:cards", args=[code]), "id-card", _("住户卡"), words, lost, "soon")


def articles(reach: Any) -> Tile | None:
    code, rows = reach.estate.code, Article.objects.visible_to(reach).here()
    if not reach.is_staff:
        waiting = rows.count()
        return Tile("articles", reverse("gate:mine_articles", args=[code]), "package", _("寄存物品"), _("前台代收的东西"), waiting, "soon")
    if not reach.may("gate.watch"):
        return None
    late = rows.late(clock.now()).count()
    words = _("寄存 %(n)s 件，超期 %(late)s 件") % {"n": rows.count(), "late": late}
    return Tile("articles", reverse("gate:articles", args=[code]), "package", _("物品寄存"), words, late, "bad")
