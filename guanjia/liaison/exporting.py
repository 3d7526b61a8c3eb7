"""外联单位名录 as a workbook, with what came in and what was coordinated; the first sheet is read again (F-68)."""

from __future__ import annotations

from typing import IO, Any

from django.utils.translation import gettext as _

from guanjia import clock
from guanjia.people.models import Person
from guanjia.tenancy.workbooks import book_of

from .models import Contact, Incoming, Matter

HEADS = ("类别", "单位", "联系人", "电话", "地址", "事项")
MOST = 5_000


def directory(reach: Any) -> IO[bytes]:
    contacts = [[row.get_kind_display(), row.name, row.person, row.phone, row.address, row.words] for row in Contact.objects.visible_to(reach).live().order_by("kind", "name")[:MOST]]
    papers = list(Incoming.objects.visible_to(reach).select_related("contact").order_by("-received_on", "-pk")[:MOST])
    people = Person.objects.in_bulk({row.handler_id for row in papers})
    came = [
        [row.contact.name, row.number, row.title, f"{row.received_on}", f"{row.due_on}", people[row.handler_id].name if row.handler_id in people else "", f"{clock.today(reach.estate, row.handled_at)}" if row.handled_at else "", row.result]
        for row in papers
    ]  # fmt: skip
    matters = Matter.objects.visible_to(reach).select_related("contact").order_by("-on", "-pk")[:MOST]
    done = [[row.contact.name, f"{row.on}", row.words, row.result] for row in matters]
    return book_of([
        (_("外联单位"), [_(head) for head in HEADS], contacts),
        (_("来文"), [_("单位"), _("文号"), _("标题"), _("收文日期"), _("办理期限"), _("办理人"), _("办结日期"), _("办理结果")], came),
        (_("协调事项"), [_("单位"), _("日期"), _("事项"), _("落实情况")], done),
    ])  # fmt: skip
