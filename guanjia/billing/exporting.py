"""A month's journal as files: Excel for people, CSV for Kingdee and Yonyou (docs/journal.md)."""

from __future__ import annotations

import csv
import io
import re
import tempfile
from typing import IO, TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from guanjia import clock
from guanjia.events.actions import Action
from guanjia.events.models import Event
from guanjia.tenancy.workbooks import DANGEROUS, Workbook

from .books import journal
from .chart import chart
from .models import EntryKind, Period

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date

COLUMNS = [
    "date",
    "period",
    "voucher",
    "line",
    "summary",
    "account",
    "account_name",
    "unit",
    "payer",
    "debit",
    "credit",
]
TITLES = {"date": "日期", "period": "期间", "voucher": "凭证号", "line": "行", "summary": "摘要", "account": "科目编码", "account_name": "科目名称", "unit": "房号", "payer": "往来单位",
          "debit": "借方", "credit": "贷方"}  # fmt: skip
UNPRINTABLE = re.compile(r"[\x00-\x1f\ufffe\uffff]")


def lines(estate: Any, month: date) -> Iterator[list[Any]]:
    """Two lines a movement: the debit, then the credit. Voucher numbers count up within the month in the order of the books."""
    voucher, last, row = 0, None, 0
    for (
        on,
        entry,
        kind,
        words,
        debit,
        debit_unit,
        debit_payer,
        credit,
        credit_unit,
        credit_payer,
        amount,
        _count,
        fee,
    ) in journal(estate, month):
        if entry != last:
            voucher, last, row = voucher + 1, entry, 0
        summary = " ".join(filter(None, [words or str(EntryKind(kind).label), fee]))
        for code, unit, payer, left, right in (
            (debit, debit_unit, debit_payer, amount, None),
            (credit, credit_unit, credit_payer, None, amount),
        ):
            row += 1
            yield [
                on,
                f"{month:%Y%m}",
                f"{voucher:04d}",
                row,
                summary,
                code,
                chart().accounts[code].title,
                unit or "",
                payer or "",
                left,
                right,
            ]


def _told(estate: Any, month: date, by: Any) -> None:
    period = Period.objects.of(estate, month)
    Event.objects.record(Action.JOURNAL_EXPORTED, period, by=by, at=clock.now(), told=False, month=f"{month:%Y-%m}")


def _safe(value: Any) -> Any:
    """Words that a spreadsheet might run are quoted."""
    words = UNPRINTABLE.sub("", value) if isinstance(value, str) else value
    return f"'{words}" if isinstance(words, str) and words.startswith(DANGEROUS) else words


def as_csv(estate: Any, month: date, *, by: Any) -> IO[bytes]:
    """UTF-8 with a mark (Excel and Kingdee read it), comma separated, amounts with two decimals."""
    _told(estate, month, by)
    file = tempfile.TemporaryFile()  # noqa: SIM115 — the answer closes it
    text = io.TextIOWrapper(file, encoding="utf-8-sig", newline="", write_through=True)
    writer = csv.writer(text)
    writer.writerow(COLUMNS)
    for row in lines(estate, month):
        writer.writerow(["" if value is None else _safe(value) for value in row])
    text.flush()
    text.detach()
    file.seek(0)
    return file


def as_xlsx(estate: Any, month: date, *, by: Any) -> IO[bytes]:
    """The same with Chinese headings and a line of sums."""
    _told(estate, month, by)
    book = Workbook()
    book.sheet(_("凭证"), zip((TITLES[name] for name in COLUMNS), (11, 8, 8, 5, 32, 10, 18, 12, 12, 12, 12), strict=True))
    book.rows(lines(estate, month))
    return book.done()
