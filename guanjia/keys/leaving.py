"""Keys come back before their holder goes: home after a shift, or out of the post (KEY-06)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from guanjia import clock
from guanjia.people.models import Post
from guanjia.tenancy.errors import Refused

from .models import Loan

if TYPE_CHECKING:
    from datetime import datetime


def keys_out(estate: Any, person_id: int) -> list[str]:
    """What they hold and nobody has excused in writing."""
    rows = Loan.objects.at_estate(estate).out().filter(person_id=person_id, excused_at__isnull=True)
    return [f"{row.key.code} {row.key.opens}" for row in rows.select_related("key").order_by("pk")]


def keep_until_returned(post: Any, *, by: Any, at: datetime) -> None:
    """A post does not end while its key is out; the transaction that ends it is undone."""
    upper = post.during.upper if hasattr(post.during, "upper") else post.during[1]
    if upper is None or upper > clock.today(post.estate, at):
        return
    others = Post.objects.at_estate(post.estate_id).held_on(clock.today(post.estate, at))
    if others.filter(person_id=post.person_id, role=post.role).exclude(pk=post.pk).exists():
        return
    rows = Loan.objects.at_estate(post.estate_id).out().filter(person_id=post.person_id, excused_at__isnull=True)
    if codes := list(rows.filter(key__role=post.role).values_list("key__code", flat=True)):
        raise Refused(_("请先归还岗位钥匙：%(keys)s") % {"keys": "、".join(codes)}, code="keys_out")
