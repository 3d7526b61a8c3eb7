"""前台服务: one page of tiles; each app of the front desk offers its own."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from django.urls import reverse
from django.utils.translation import gettext as _

from guanjia import clock

from .models import Custody, Loan

if TYPE_CHECKING:
    from collections.abc import Callable


class Tile(NamedTuple):
    key: str
    url: str
    icon: str
    label: str
    note: str
    waiting: int
    tone: str


OFFERS: list[Callable[[Any], Tile | None]] = []


def offer(maker: Callable[[Any], Tile | None]) -> None:
    OFFERS.append(maker)


def tiles(reach: Any) -> list[Tile]:
    """What the reader may open, with what waits there."""
    return [tile for maker in OFFERS if (tile := maker(reach))]


def keys_tile(reach: Any) -> Tile | None:
    """Open to every colleague: whoever borrows sees their own. A household sees what it left in custody."""
    if not reach.is_staff:
        rows = Custody.objects.visible_to(reach).live()
        unsigned = rows.filter(signed_at__isnull=True).count()
        words = _("托管中 %(n)s 把") % {"n": rows.count() - unsigned}
        return Tile("keys", reverse("keys:entrusted_list", args=[reach.estate.code]), "key-round", _("钥匙托管"), words, unsigned, "soon")
    out = Loan.objects.visible_to(reach).open()
    late = out.filter(due_at__lt=clock.now()).count()
    words = _("%(out)s 把借出，%(late)s 把超时") % {"out": out.count(), "late": late}
    name = "keys:keys" if reach.may("key.keep") else "keys:mine"
    return Tile("keys", reverse(name, args=[reach.estate.code]), "key-round", _("钥匙"), words, late, "bad" if late else "")
