"""Papers of a service: the quote as it was agreed to, the order's slip with what was done and charged (F-92)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from guanjia.keys.models import Autograph
from guanjia.keys.paper import paper_pdf
from guanjia.people.models import Person

from .charging import owed

if TYPE_CHECKING:
    from .models import Quote, ServiceOrder


def at(order: ServiceOrder, moment: Any) -> str:
    return f"{moment.astimezone(ZoneInfo(order.estate.time_zone)):%Y-%m-%d %H:%M}" if moment else ""


def _facts(order: ServiceOrder) -> list[tuple[Any, Any]]:
    return [
        (_("编号"), order.number), (_("服务"), order.title), (_("房号"), order.unit.code), (_("住户"), order.household.name),
        (_("预约时间"), at(order, order.ordered_at)), *order.asked,
    ]  # fmt: skip


def quote_pdf(order: ServiceOrder, quote: Quote) -> bytes:
    """Line by line, with the answer: who agreed, when, by which way."""
    by = Person.objects.filter(pk=quote.by_id).first()
    lines = [*quote.lines, [_("合计"), f"{quote.amount:.2f}"]]
    answer = _("未答复") if quote.agreed is None else _("同意") if quote.agreed else _("不同意")
    way = {"tap": _("本人手机确认"), "signature": _("当面签字")}.get(quote.way, "")
    facts = [*_facts(order), (_("报价人"), by.name if by else ""), (_("报价时间"), at(order, quote.at)), (_("答复"), f"{answer} {quote.answered_by} {way} {at(order, quote.answered_at)}")]
    signed = Autograph.objects.under(quote).get("owner")
    return paper_pdf(
        order.estate, _("服务报价单"), facts, words=[order.words, quote.words], tables=[{"title": _("报价"), "heads": [_("名目"), _("金额（元）")], "rows": lines}],
        signed=[(_("业主签名"), signed)] if signed else [], foot=_("同意后动手，完工按本单收费，不另加价。"),
    )  # fmt: skip


def order_pdf(order: ServiceOrder) -> bytes:
    """The slip: who did it, the result, what was charged and what is still owed."""
    who = order.supplier.name if order.supplier else order.worker.name if order.worker else ""
    left = owed(order)
    money = _("免费") if not order.amount else f"{order.amount:.2f}"
    paid = "" if not order.bill_id else _("已付清") if not left else _("待缴 %(amount)s 元") % {"amount": f"{left:.2f}"}
    facts = [
        *_facts(order), (_("办理人"), who), (_("完成时间"), at(order, order.done_at)), (_("收费（元）"), money), (_("缴费"), paid),
        (_("评价"), "★" * (order.stars or 0)),
    ]  # fmt: skip
    agreed = order.quotes.filter(agreed=True).order_by("-round").first()
    table = {"title": _("收费明细"), "heads": [_("名目"), _("金额（元）")], "rows": agreed.lines if agreed else []}
    return paper_pdf(order.estate, _("特约服务单"), facts, words=[order.words, order.result], tables=[table])
