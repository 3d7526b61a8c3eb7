"""The contract as a paper."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from guanjia.keys.paper import paper_pdf

if TYPE_CHECKING:
    from .models import Lease


def lease_pdf(lease: Lease) -> bytes:
    space = lease.space
    facts = [
        (_("合同编号"), lease.number), (_("位置"), f"{space.get_kind_display()} {space.code} {space.where}"), (_("图纸编号"), space.plan), (_("承租人"), lease.household.name),
        (_("承租房号"), lease.unit.code), (_("车牌"), lease.plate), (_("租期"), f"{lease.first:%F} – {lease.last:%F}"), (_("月租金（元）"), f"{lease.price:.2f}"),
    ]  # fmt: skip
    words = [
        _("租金按月随物业账单收取，不足一月按天计算。"),
        _("到期前提醒，双方同意可以续租；提前结束的，从已出账月份的次日起不再收费。"),
        _("承租人不得转租，不得存放易燃易爆物品，不得改变用途。"),
    ]
    return paper_pdf(lease.estate, _("租赁合同"), facts, words=words, signed=[(_("承租人签名"), None), (_("出租人签名"), None)])
