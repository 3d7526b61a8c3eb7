"""The books' accounts: the chart is data (rulebooks/accounts.yaml); receivables and prepayments have one for each payer."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import models

from guanjia.tenancy.models import EstateForeignKey, EstateOwned, EstateQuerySet

if TYPE_CHECKING:
    from guanjia.billing.chart import AccountEntry


class AccountQuerySet(EstateQuerySet["Account"]):
    def of(self, estate: Any, code: str, *, unit: Any = None, household: Any = None) -> Account:
        """The account of a code (KeyError when the chart has none), for a unit and its payer; made when missing."""
        from guanjia.billing.chart import chart

        chart().accounts[code]
        where = {
            "estate_id": getattr(estate, "pk", estate), "code": code,
            "unit_id": getattr(unit, "pk", unit), "household_id": getattr(household, "pk", household),
        }  # fmt: skip
        known = self.filter(**where).first()
        if known is None:
            self.bulk_create([self.model(**where)], ignore_conflicts=True)
            known = self.get(**where)
        return known

    def book(self, estate: Any, codes: set[str]) -> dict[str, int]:
        """The ids of accounts without a payer, all at once; made when missing."""
        rows = self.filter(estate_id=estate.pk, code__in=codes, unit__isnull=True, household__isnull=True)
        known = dict(rows.values_list("code", "pk"))
        if missing := codes - set(known):
            self.bulk_create(
                [self.model(estate_id=estate.pk, code=code) for code in sorted(missing)], ignore_conflicts=True
            )
            known = dict(rows.all().values_list("code", "pk"))
        return known


class Account(EstateOwned):
    """科目 or 明细科目. `unit` and `household` say whose; both empty is the account itself.

    A household of None with a unit is the developer's: who pays for what is not sold yet.
    """

    noun = "account"
    code = models.CharField(max_length=20)  # of rulebooks/accounts.yaml
    unit = EstateForeignKey("estates.Unit", models.PROTECT, null=True, related_name="accounts")
    household = EstateForeignKey("households.Household", models.PROTECT, null=True, related_name="accounts")

    objects = AccountQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["estate", "code", "unit", "household"], nulls_distinct=False, name="account_once"
            )
        ]
        indexes = [models.Index(fields=["estate", "household"], name="account_household"),
                   models.Index(fields=["estate", "unit"], name="account_unit")]  # fmt: skip

    def __str__(self) -> str:
        return self.code

    @property
    def entry(self) -> AccountEntry:
        """What the chart says of it."""
        from guanjia.billing.chart import chart

        return chart().accounts[self.code]
