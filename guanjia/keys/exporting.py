"""The key ledger and the loan book as a workbook (F-43, F-44, F-96)."""

from __future__ import annotations

from typing import IO, TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from guanjia.people.models import Person
from guanjia.tenancy.workbooks import book_of

from .models import Key, Loan

if TYPE_CHECKING:
    from datetime import datetime

MOST = 20_000
HEADS = ("编码", "类别", "开什么", "存放位置", "把数", "岗位", "房号")  # those that are read again (guanjia/importing/keys.py)


def ledger(reach: Any) -> IO[bytes]:
    """What the reader may see: the register as it stands, and its loans, newest first."""
    zone = ZoneInfo(reach.estate.time_zone)

    def at(moment: datetime | None) -> str:
        return moment.astimezone(zone).strftime("%Y-%m-%d %H:%M") if moment else ""

    keys = Key.objects.visible_to(reach).select_related("unit").order_by("code")[:MOST]
    rows = [
        [row.code, row.get_kind_display(), row.opens, row.custody, row.copies, row.role_title, row.unit.code if row.unit else "", row.retired_why]
        for row in keys
    ]  # fmt: skip
    loans = list(Loan.objects.visible_to(reach).select_related("key").order_by("-out_at")[:MOST])
    ids = {pk for loan in loans for pk in (loan.given_by_id, loan.countersigned_by_id, loan.taken_by_id) if pk}
    names = dict(Person.objects.filter(pk__in=ids).values_list("pk", "name"))
    lines = [
        [row.key.code, row.name, row.purpose, at(row.out_at), at(row.due_at), names.get(row.given_by_id, ""), names.get(row.countersigned_by_id or 0, ""),
         at(row.returned_at), names.get(row.taken_by_id or 0, ""), row.overtime or row.shift, row.excused_why]
        for row in loans
    ]  # fmt: skip
    heads = [*(_(head) for head in HEADS), _("注销原因")]
    more = [_("编码"), _("借用人"), _("用途"), _("借出"), _("应还"), _("发放"), _("会签"), _("归还"), _("验收"), _("班次或加班"), _("暂不归还的原因")]
    return book_of([(_("钥匙清单"), heads, rows), (_("借还记录"), more, lines)])
