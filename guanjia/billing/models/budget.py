"""预算 (FIN-08, FIN-12, FIN-13): what a year is to bring in and to cost, by groups of accounts (rulebooks/accounts.yaml)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import models
from django.utils.translation import gettext as _

from guanjia import clock
from guanjia.billing.chart import chart
from guanjia.events.actions import Action
from guanjia.events.models import Event
from guanjia.tenancy.errors import Refused
from guanjia.tenancy.models import EstateOwned, EstateQuerySet, PersonKey
from guanjia.tenancy.scope import estate_scope

if TYPE_CHECKING:
    from datetime import datetime
    from decimal import Decimal


class BudgetQuerySet(EstateQuerySet["Budget"]):
    def set_to(
        self, estate: Any, year: int, amounts: dict[str, Decimal], *, by: Any = None, at: datetime | None = None
    ) -> int:
        """Keep a year's yuan by group; what is set again is replaced. How many differ from before."""
        if by is not None:
            by.must("budget.set")
        at = at or clock.now()
        if any(amount < 0 for amount in amounts.values()) or set(amounts) - set(chart().groups):
            raise Refused(_("预算不能是负数。"), code="bad_budget")
        with estate_scope(estate):
            known = dict(self.at_estate(estate).filter(year=year).values_list("group", "amount"))
            changed = {group: amount for group, amount in amounts.items() if known.get(group) != amount}
            author = by.person_id if by else None
            for group, amount in changed.items():
                said = {"amount": amount, "author_id": author, "at": at}
                row, _new = self.update_or_create(estate=estate, year=year, group=group, defaults=said)
                Event.objects.record(
                    Action.BUDGET_SET, row, by=by, at=at, told=False, year=year, group=chart().groups[group].title,
                    amount=str(amount), before=str(known.get(group, "")),
                )  # fmt: skip
            return len(changed)


class Budget(EstateOwned):
    """One group's yuan in a year."""

    noun = "budget"
    year = models.PositiveSmallIntegerField()
    group = models.CharField(max_length=20)  # of rulebooks/accounts.yaml
    amount = models.DecimalField(max_digits=14, decimal_places=2)
    author = PersonKey(null=True)
    at = models.DateTimeField()

    objects = BudgetQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["estate", "year", "group"], name="budget_once"),
            models.CheckConstraint(condition=models.Q(amount__gte=0), name="budget_amount"),
        ]

    def __str__(self) -> str:
        return f"{self.year} {self.group} {self.amount}"
