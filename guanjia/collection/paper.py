"""Receipts on paper: the house's A4 sheet, the same figures as on the screen."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from guanjia.billing.paper import printed

from .capital import capital
from .kinds import Way

if TYPE_CHECKING:
    from .models import Receipt


def receipt_pdf(receipt: Receipt, taker: str) -> bytes:
    """One receipt as PDF; `taker` is who took the money."""
    payment = receipt.payment
    way = Way(receipt.undoing.way if receipt.undoing else payment.way).label
    payer = payment.payer or (payment.household.name if payment.household else _("开发商"))
    on = receipt.undoing.on if receipt.undoing else payment.on
    facts = [
        [_("收据"), str(receipt)], [_("日期"), f"{on}"], [_("房号"), payment.unit.code], [_("交款人"), payer],
        [_("方式"), " ".join(filter(None, [str(way), payment.reference]))], [_("收款人"), taker or _("系统")], [_("合计"), capital(receipt.amount)],
    ]  # fmt: skip
    return printed(
        {
            "title": _("退款收据") if receipt.undoing else _("收款收据"), "estate": receipt.estate.name, "company": receipt.estate.company.name,
            "hotline": receipt.estate.hotline, "facts": facts, "heads": [_("项目"), _("月份"), _("房号"), _("金额（元）")],
            "lines": [[row["what"] or _("预存"), row["period"], row["unit"], row["amount"]] for row in receipt.rows],
            "sums": [[_("合计"), f"{receipt.amount:,.2f}"]], "foot": _("本收据不作报销凭证；需要发票请联系收费处。"),
        }
    )  # fmt: skip
