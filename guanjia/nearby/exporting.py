"""The directory as a workbook, in the sheet that is read again (F-70)."""

from __future__ import annotations

from typing import IO, Any

from django.utils.translation import gettext as _

from guanjia.tenancy.workbooks import book_of

HEADS = ("类别", "名称", "电话", "地址", "营业时间", "价格", "说明")


def directory(rows: Any) -> IO[bytes]:
    lines = [[row.get_kind_display(), row.name, row.phone, row.address, row.hours, row.price, row.words, f"{row.verified_on}"] for row in rows[:5000]]
    return book_of([(_("周边服务"), [*(_(head) for head in HEADS), _("核实日期")], lines)])
