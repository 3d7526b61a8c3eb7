"""Reading a bank's statement, and finding the entry that each of its lines is."""

from __future__ import annotations

import csv
import hashlib
import io
import re
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING, Any

from django.db import connection
from django.utils.translation import gettext as _

from guanjia.billing.chart import BANK
from guanjia.tenancy.errors import Refused

if TYPE_CHECKING:
    from collections.abc import Iterable

NEAR = timedelta(days=3)  # a bank may book so much later or earlier
MOST, WIDE = 20_000, 40  # rows of a file, columns of a row
HEADS = {
    "on": ("交易日期", "记账日期", "入账日期", "日期", "date"),
    "amount_in": ("贷方金额", "贷方发生额", "收入金额", "收入", "credit"),
    "out": ("借方金额", "借方发生额", "支出金额", "支出", "debit"),
    "amount": ("交易金额", "发生额", "金额", "amount"),
    "side": ("借贷标志", "借贷", "收支", "direction"),
    "name": ("对方户名", "对方名称", "对方账户名称", "户名", "name"),
    "reference": ("交易流水号", "流水号", "凭证号", "参考号", "reference"),
    "words": ("摘要", "附言", "用途", "备注", "words"),
    "balance": ("余额", "账户余额", "balance"),
}
# Entries that move the bank account, with what a statement may say of them.
BOOKED = """
SELECT e.id, e."on", sum(CASE WHEN t.debit_id = a.id THEN t.amount ELSE -t.amount END), min(e.words), COALESCE(min(p.reference), ''),
    COALESCE(min(p.payer), ''), COALESCE(min(h.name), ''), COALESCE(min(u.code), '')
FROM billing_account a JOIN billing_transfer t ON t.estate_id = a.estate_id AND a.id IN (t.debit_id, t.credit_id)
JOIN billing_entry e ON e.estate_id = t.estate_id AND e.id = t.entry_id
LEFT JOIN collection_payment p ON p.estate_id = e.estate_id AND p.entry_id = e.id
LEFT JOIN households_household h ON h.estate_id = p.estate_id AND h.id = p.household_id
LEFT JOIN estates_unit u ON u.estate_id = p.estate_id AND u.id = p.unit_id
WHERE a.estate_id = %(estate)s AND a.code = %(bank)s AND a.unit_id IS NULL AND a.household_id IS NULL
    AND t."on" BETWEEN %(first)s AND %(last)s AND NOT EXISTS (SELECT FROM collection_bankrow r WHERE r.estate_id = e.estate_id AND r.entry_id = e.id)
GROUP BY e.id, e."on" HAVING sum(CASE WHEN t.debit_id = a.id THEN t.amount ELSE -t.amount END) <> 0 ORDER BY e."on", e.id
"""


@dataclass
class Line:
    """One line of a statement; `amount` in yuan, above nothing what came in."""

    on: date
    amount: Decimal
    name: str = ""
    reference: str = ""
    words: str = ""
    balance: Decimal | None = None


@dataclass(frozen=True)
class Booked:
    """An entry of ours that moves the bank account and has no line yet."""

    entry_id: int
    on: date
    amount: Decimal
    words: str
    reference: str
    payer: str
    household: str
    unit: str


def read(name: str, content: bytes) -> list[Line]:
    """The lines of a CSV or Excel statement. Refused when no heading is known or a line makes no sense."""
    rows = _sheet(content) if name.lower().endswith((".xlsx", ".xls")) else _csv(content)
    found = [row[:WIDE] for row in rows][: MOST + 1]
    if len(found) > MOST:
        raise Refused(_("文件太大，请按月导入。"), code="too_large")
    for number, row in enumerate(found[:30]):
        if (heads := _heads(row)) and "on" in heads and {"amount_in", "amount"} & set(heads):
            return [
                line
                for offset, each in enumerate(found[number + 1 :], number + 2)
                if (line := _line(heads, each, offset))
            ]
    raise Refused(_("没有找到认识的表头：至少要有日期和金额（或收入、支出）。"), code="no_headings")


def _csv(content: bytes) -> list[list[Any]]:
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            return list(csv.reader(io.StringIO(content.decode(encoding))))
        except UnicodeDecodeError:
            continue
        except csv.Error as slip:
            raise Refused(_("文件读不出来，请用银行导出的 CSV 或 Excel。"), code="unreadable") from slip
    raise Refused(_("文件读不出来，请用银行导出的 CSV 或 Excel。"), code="unreadable")


def _sheet(content: bytes) -> list[list[Any]]:
    from python_calamine import CalamineError, CalamineWorkbook

    try:
        return CalamineWorkbook.from_filelike(io.BytesIO(content)).get_sheet_by_index(0).to_python()[: MOST + 1]
    except (CalamineError, OSError, ValueError) as slip:
        raise Refused(_("文件读不出来，请用银行导出的 CSV 或 Excel。"), code="unreadable") from slip


def _heads(row: Iterable[Any]) -> dict[str, int]:
    said = {
        re.sub(r"[\s（(].*", "", str(cell).strip()).lower(): place for place, cell in reversed(list(enumerate(row)))
    }
    return {key: said[name] for key, names in HEADS.items() for name in reversed(names) if name in said}


def _line(heads: dict[str, int], row: list[Any], number: int) -> Line | None:
    cells = {key: row[place] if place < len(row) else "" for key, place in heads.items()}
    if not str(cells["on"]).strip():
        return None
    try:
        amount = _amount(cells)
        if not amount:
            return None
        balance = _money(cells["balance"]) if str(cells.get("balance", "")).strip() else None
        texts = {key: str(cells.get(key, "")).strip()[:200] for key in ("name", "reference", "words")}
        return Line(_date(cells["on"]), amount, balance=balance, **texts)
    except (ValueError, InvalidOperation) as slip:
        raise Refused(_("第 %(row)d 行读不懂，没有导入。") % {"row": number}, code="bad_row") from slip


def _amount(cells: dict[str, Any]) -> Decimal:
    if "amount_in" in cells:
        return _money(cells["amount_in"]) - abs(_money(cells.get("out", "")))
    out = str(cells.get("side", "")).strip() in ("借", "借方", "支出", "支", "D", "debit")
    return -abs(_money(cells["amount"])) if out else _money(cells["amount"])


def _money(value: Any) -> Decimal:
    said = str(value).replace(",", "").replace("，", "").replace("¥", "").strip()
    if said in ("", "-", "--"):
        return Decimal("0.00")
    found = Decimal(said)
    if not found.is_finite() or abs(found) >= Decimal(10) ** 12:
        raise ValueError(said)
    return found.quantize(Decimal("0.01"))


def _date(value: Any) -> date:
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, date):
        return value
    digits = re.match(r"(\d{4})\D?(\d{1,2})\D?(\d{1,2})", str(value).strip())
    if not digits:
        raise ValueError(value)
    return date(*map(int, digits.groups()))


def keyed(lines: list[Line]) -> list[tuple[str, Line]]:
    """Each with a key that is the same when its statement, or one that overlaps it, is brought in again."""
    seen: dict[str, int] = {}
    found = []
    for line in lines:
        said = "|".join(map(str, (line.on, line.amount, line.name, line.reference, line.words, line.balance)))
        seen[said] = seen.get(said, 0) + 1
        found.append((hashlib.sha256(f"{said}|{seen[said]}".encode()).hexdigest()[:40], line))
    return found


def booked(estate: Any, first: date, last: date) -> list[Booked]:
    """Our entries of the bank account that no line of a statement is matched to. Within the estate's scope."""
    with connection.cursor() as cursor:
        cursor.execute(BOOKED, {"estate": estate.pk, "bank": BANK, "first": first, "last": last})
        return [Booked(*row) for row in cursor.fetchall()]


def pairs(rows: list[Any], entries: list[Booked]) -> list[tuple[Any, Booked, str]]:
    """(row, entry, how) for what is certain: the same reference; else the same amount near its day with the same name; else
    the only two of that amount near each other. What is doubtful is left to a person."""
    free = {entry.entry_id: entry for entry in entries}
    found: list[tuple[Any, Booked, str]] = []
    for how in ("reference", "name", "day", "only"):
        for row in rows:
            if any(row is known for known, _entry, _how in found):
                continue
            alike = [entry for entry in free.values() if entry.amount == row.amount and abs(entry.on - row.on) <= NEAR]
            fits = [entry for entry in alike if _fits(how, row, entry)]
            if how == "only" and (len(alike) != 1 or _rivals(row, rows, found, 2 * NEAR)):
                continue
            if how == "day" and _rivals(row, rows, found, timedelta(0)):
                continue
            if len(fits) == 1:
                found.append((row, fits[0], "only" if how == "day" else how))
                del free[fits[0].entry_id]
    return found


def _fits(how: str, row: Any, entry: Booked) -> bool:
    if how == "reference":
        return bool(entry.reference) and entry.reference in (row.reference, row.words)
    if how == "name":
        said = f"{row.name} {row.words}"
        return any(word and word in said for word in (entry.payer, entry.household, entry.unit))
    if how == "day":
        return bool(entry.on == row.on)
    return True


def _rivals(row: Any, rows: list[Any], found: list[Any], within: timedelta) -> bool:
    """Another line of the same amount so near that one cannot say which is which."""
    taken = {id(known) for known, _entry, _how in found}
    return any(
        one is not row and id(one) not in taken and one.amount == row.amount and abs(one.on - row.on) <= within
        for one in rows
    )
