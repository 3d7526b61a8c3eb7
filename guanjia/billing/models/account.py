"""The books' accounts: the chart is data (rulebooks/accounts.yaml); receivables and prepayments have one for each payer."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import connection, models

from guanjia.tenancy.models import EstateForeignKey, EstateOwned, EstateQuerySet

if TYPE_CHECKING:
    from guanjia.billing.chart import AccountEntry

BOOK = """
WITH known AS (
    SELECT code, id FROM billing_account WHERE estate_id = %(estate)s AND code = ANY(%(codes)s) AND unit_id IS NULL AND household_id IS NULL
), made AS (
    INSERT INTO billing_account (estate_id, code) SELECT %(estate)s, code FROM unnest(%(codes)s::text[]) code
    WHERE code NOT IN (SELECT code FROM known) ON CONFLICT DO NOTHING RETURNING code, id
)
SELECT code, id FROM known UNION ALL SELECT code, id FROM made
"""


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
        values = {"estate": estate.pk, "codes": sorted(codes)}
        with connection.cursor() as cursor:
            cursor.execute(BOOK, values)
            known = dict(cursor.fetchall())
            if len(known) < len(codes):  # somebody else made one this moment
                cursor.execute(BOOK, values)
                known = dict(cursor.fetchall())
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
