"""Papers: the file of a handover with everything that was signed, the slip that releases goods (MOV-01, MOV-04, F-41)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from guanjia.gate.models import Card
from guanjia.keys.models import Autograph
from guanjia.keys.paper import paper_pdf

from .book import moves_book, step_title
from .models.papered import part_of

if TYPE_CHECKING:
    from .models import Handover, Move


def handover_pdf(row: Handover) -> bytes:
    """Everything on one paper: what was brought, looked at, read, handed over, agreed and signed."""
    zone, signed = ZoneInfo(row.estate.time_zone), Autograph.objects.under(row)

    def at(moment: Any) -> str:
        return f"{moment.astimezone(zone):%Y-%m-%d %H:%M}" if moment else ""

    facts = [
        (_("编号"), row.number), (_("房号"), row.unit.code), (_("住户"), row.household.name), (_("身份"), _("租户") if row.let else _("业主")),
        (_("预约"), f"{row.day} {row.hour:%H:%M}"), (_("办结"), at(row.done_at)), (_("钥匙"), row.keys_words or "—"),
    ]  # fmt: skip
    if row.owed is not None:
        facts.append((_("当时欠费（元）"), f"{row.owed:.2f}"))
    looks = row.looks.select_related("ticket").order_by("pk")
    cards = Card.objects.at_estate(row.estate_id).filter(household=row.household_id, unit=row.unit_id).order_by("pk")
    tables: list[dict[str, Any]] = [
        {"title": _("资料"), "heads": [_("资料"), _("收件时间")], "rows": [[paper.title, at(paper.at)] for paper in row.papers.select_related("handover").order_by("pk")]},
        {"title": _("验房"), "heads": [_("部位"), _("结果"), _("情况"), _("报修单")],
         "rows": [[look.title, look.get_verdict_display(), look.words, look.ticket.number if look.ticket else ""] for look in looks]},
        {"title": _("抄表"), "heads": [_("表号"), _("表"), _("读数")],
         "rows": [[read.meter.number, read.meter.get_kind_display(), f"{read.value.normalize():f}"] for read in row.readings.select_related("meter").order_by("pk")]},
        {"title": _("住户卡"), "heads": [_("卡号"), _("持卡人"), _("状态")], "rows": [[card.number, card.holder, card.get_state_display()] for card in cards]},
        {"title": _("免办的步骤"), "heads": [_("步骤"), _("原因")], "rows": [[step_title(step), why] for step, why in row.waived.items()]},
    ]  # fmt: skip
    parts = [(_(entry.title), signed.get(part_of(key))) for key, entry in moves_book().agreements.items()] if row.direction == "in" else []
    parts += [(_("验房签字"), signed.get("acceptance"))] if row.direction == "in" else []
    parts.append((_("钥匙签收"), signed.get("keys")))
    words = [f"{_(entry.title)}：{''.join(_(rule.title) for rule in entry.rules)}" for entry in moves_book().agreements.values()] if row.direction == "in" else []
    title = _("入伙手续单") if row.direction == "in" else _("迁出手续单")
    return paper_pdf(row.estate, title, facts, words=words, tables=tables, signed=parts)


def slip_pdf(row: Move) -> bytes:
    facts = [
        (_("编号"), f"BJ-{row.pk:05d}"), (_("房号"), row.unit.code), (_("住户"), row.household.name), (_("事项"), row.get_direction_display()),
        (_("日期"), f"{row.day} {row.slot_title}"), (_("搬家车辆"), row.vehicle or "—"), (_("放行码"), row.code),
    ]  # fmt: skip
    return paper_pdf(row.estate, _("物品放行条"), facts, words=[row.goods], foot=_("当日有效，一次放行；门岗扫码核对。"))
