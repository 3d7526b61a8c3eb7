"""余额调节表 of a month: drawn up by one, checked by another; its figures stand as they were (FIN-02)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import models
from django.utils.translation import gettext as _

from guanjia import clock
from guanjia.events.actions import Action
from guanjia.events.models import Event
from guanjia.tenancy.errors import Refused
from guanjia.tenancy.models import EstateOwned, EstateQuerySet, PersonKey
from guanjia.tenancy.scope import estate_scope
from guanjia.tenancy.verbs import verb

if TYPE_CHECKING:
    from datetime import date, datetime

FIGURES = ("held", "waiting", "missing", "bank")


class ReconciliationQuerySet(EstateQuerySet["Reconciliation"]):
    def draw_up(self, estate: Any, month: date, why: str, *, by: Any, at: datetime | None = None) -> Reconciliation:
        """Of a month that is over. Drawn up again until it is checked; a difference is explained."""
        from guanjia.collection.balancing import balance

        by.must("bank.reconcile")
        at = at or clock.now()
        with estate_scope(estate):
            found, why = balance(estate, month), why.strip()[:200]
            if not found.is_over:
                raise Refused(_("月份结束后才能编制。"), code="not_over")
            if found.bank is None:
                raise Refused(_("先导入这个月带余额的银行流水。"), code="no_statement")
            if found.out and not why:
                raise Refused(_("两边相差 %(amount)s 元，请写明原因。") % {"amount": found.out}, code="why_missing")
            said = {name: getattr(found, name) for name in FIGURES} | {
                "why": why,
                "maker_id": by.person_id,
                "made_at": at,
            }
            made, new = self.get_or_create(estate=estate, month=month, defaults=said)
            if not new and not self.at_estate(estate).filter(pk=made.pk, checked_at__isnull=True).update(**said):
                raise Refused(_("这个月已经复核，不能再改。"), code="already_checked")
            made.refresh_from_db()
            Event.objects.record(Action.BANK_RECONCILED, made, by=by, at=at, month=f"{month:%Y-%m}", out=str(found.out))
            return made


class Reconciliation(EstateOwned):
    """All in yuan, at the end of the month."""

    noun = "reconciliation"
    month = models.DateField()  # its first day
    held = models.DecimalField(max_digits=16, decimal_places=2)  # in our books
    waiting = models.DecimalField(max_digits=16, decimal_places=2)  # the bank has it, we do not
    missing = models.DecimalField(max_digits=16, decimal_places=2)  # we have it, the bank does not
    bank = models.DecimalField(max_digits=16, decimal_places=2)
    why = models.CharField(max_length=200, blank=True)  # the two sides differ because …
    maker = PersonKey()
    made_at = models.DateTimeField()
    checker = PersonKey(null=True)
    checked_at = models.DateTimeField(null=True)

    objects = ReconciliationQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["estate", "month"], name="reconciliation_month")]

    def __str__(self) -> str:
        return f"{self.month:%Y-%m}"

    @property
    def out(self) -> Any:
        return self.held + self.waiting - self.bank - self.missing

    @verb
    def check_it(self, *, by: Any, at: datetime | None = None) -> None:
        """Somebody else has looked: from now on it stands. Refused when the books have changed since."""
        from guanjia.collection.balancing import balance

        by.must("bank.reconcile")
        at = at or clock.now()
        type(self).objects.at_estate(self.estate_id).select_for_update().get(pk=self.pk)
        self.refresh_from_db()  # drawn up again, by whomever, since it was read
        if self.checked_at:
            raise Refused(_("已经复核过。"), code="already_checked")
        if by.person_id == self.maker_id:
            raise Refused(_("自己编制的要由别人复核。"), code="same_person")
        found = balance(self.estate, self.month)
        if any(getattr(found, name) != getattr(self, name) for name in FIGURES):
            raise Refused(_("编制以后账上有变动，请重新编制。"), code="changed")
        self.checker_id, self.checked_at = by.person_id, at
        self.save(update_fields=["checker", "checked_at"])
        Event.objects.record(Action.BANK_RECHECKED, self, by=by, at=at, told=False, month=f"{self.month:%Y-%m}")
