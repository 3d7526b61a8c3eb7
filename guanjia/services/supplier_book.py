"""The suppliers as a workbook, in the sheet that is read again (F-93)."""

from __future__ import annotations

from typing import IO, TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from guanjia import clock
from guanjia.tenancy.workbooks import book_of

from .book import services_book

if TYPE_CHECKING:
    from collections.abc import Iterable

    from .models import Supplier

HEADS = ("名称", "联系人", "电话", "地址", "统一社会信用代码", "服务项目")  # those that are read again (guanjia/importing/suppliers.py)


def suppliers_book(estate: Any, rows: Iterable[Supplier]) -> IO[bytes]:
    today, known = clock.today(estate), services_book().items
    heads = [*(_(head) for head in HEADS), _("合同从"), _("到"), _("不能派单的原因"), _("最近回访"), _("分数")]
    lines = []
    for row in rows:
        last = max(row.reviews.all(), key=lambda one: one.on, default=None)
        lines.append([
            row.name, row.contact, row.phone, row.address, row.licence, "、".join(_(known[key].title) for key in row.items if key in known),
            f"{row.contract_starts or ''}", f"{row.contract_ends or ''}", row.refusal(today), f"{last.on}" if last else "", last.score if last else "",
        ])  # fmt: skip
    return book_of([(_("供应商名录"), heads, lines)])
