"""A year's budget beside what the books say, by group of accounts (FIN-08, FIN-12): for the page and as Excel."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import IO, Any

from django.db import connection
from django.utils.translation import gettext as _

from guanjia.tenancy.workbooks import Workbook

from .arrears import share
from .chart import chart
from .models import Budget
from .reckoning.plan import by_hash

MOVED = """
SELECT a.code, sum(l.debit - l.credit) FROM (
    SELECT t.debit_id AS account_id, t.amount AS debit, 0 AS credit FROM billing_transfer t
        JOIN billing_entry e ON e.estate_id = t.estate_id AND e.id = t.entry_id WHERE e.estate_id = %(estate)s AND e.period >= %(first)s AND e.period < %(last)s
    UNION ALL
    SELECT t.credit_id, 0, t.amount FROM billing_transfer t
        JOIN billing_entry e ON e.estate_id = t.estate_id AND e.id = t.entry_id WHERE e.estate_id = %(estate)s AND e.period >= %(first)s AND e.period < %(last)s
) l JOIN billing_account a ON a.estate_id = %(estate)s AND a.id = l.account_id WHERE a.code = ANY(%(codes)s) GROUP BY a.code
"""


@dataclass(frozen=True)
class BudgetLine:
    """One group in a year, yuan; income and cost both positive."""

    group: str
    title: str
    income: bool
    budget: Decimal | None
    actual: Decimal

    @property
    def rest(self) -> Decimal | None:
        """What is still to come in, or may still be spent."""
        return None if self.budget is None else self.budget - self.actual

    @property
    def done(self) -> Decimal | None:
        """Per cent of the budget."""
        return share(self.actual, self.budget) if self.budget else None

    @property
    def over(self) -> bool:
        """More was spent than planned."""
        return not self.income and self.budget is not None and self.actual > self.budget


def budget_lines(estate: Any, year: int) -> list[BudgetLine]:
    """Every group of the chart in its order. Within the estate's scope."""
    groups = chart().groups
    codes = [code for group in groups.values() for code in group.accounts]
    values = {"estate": estate.pk, "first": date(year, 1, 1), "last": date(year + 1, 1, 1), "codes": codes}
    with by_hash(), connection.cursor() as cursor:
        cursor.execute(MOVED, values)
        moved = dict(cursor.fetchall())
    planned = dict(Budget.objects.at_estate(estate).filter(year=year).values_list("group", "amount"))
    found = []
    for key, group in groups.items():
        debits = sum((moved.get(code, Decimal(0)) for code in group.accounts), Decimal("0.00"))
        actual = debits if group.side == "debit" else -debits
        found.append(BudgetLine(key, _(group.title), group.side == "credit", planned.get(key), actual))
    return found


def as_xlsx(estate: Any, year: int) -> IO[bytes]:
    """The page as a sheet: a row a group."""
    titles = (_("科目组"), _("收入或支出"), _("预算"), _("实际"), _("差额"), _("完成 %"))
    book = Workbook()
    book.sheet(f"{year}", zip(titles, (26, 12, 14, 14, 14, 10), strict=True))
    for line in budget_lines(estate, year):
        book.row([line.title, _("收入") if line.income else _("支出"), line.budget, line.actual, line.rest, line.done])
    return book.done()
