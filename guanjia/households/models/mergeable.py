"""One person written down twice in a household: the two rows become one (HSE-11)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import models
from django.utils.translation import gettext as _

from guanjia import clock
from guanjia.events.actions import Action
from guanjia.tenancy.errors import Refused
from guanjia.tenancy.verbs import verb

if TYPE_CHECKING:
    from datetime import datetime

BLANKS = ("phone", "sex", "born_year", "born_on", "identity", "identity_print", "login_id")  # taken over where this row has none


class Mergeable(models.Model):
    class Meta:
        abstract = True

    @verb
    def absorb(self: Any, twin: Any, *, by: Any, at: datetime | None = None) -> None:
        """What is held on the twin comes to this row, which keeps what it says itself; the twin leaves the household."""
        by.must("household.edit")
        at = at or clock.now()
        locked = type(self).objects.at_estate(self.estate_id).select_for_update().filter(household_id=self.household_id)
        rows = {row.pk: row for row in locked.filter(left_on__isnull=True).order_by("pk")}
        if self.pk == twin.pk or self.pk not in rows or twin.pk not in rows:
            raise Refused(_("请选择同一户的另一位成员。"), code="no_twin")
        self.refresh_from_db()
        twin = rows[twin.pk]
        self._take_over(twin, by, at)
        taken = [name for name in BLANKS if not getattr(self, name) and getattr(twin, name)]
        for name in taken:
            setattr(self, name, getattr(twin, name))
        self.save(update_fields=[name.removesuffix("_id") for name in taken])
        twin.left_on, twin.login_id, twin.phone = clock.today(self.estate, at), None, ""
        twin.save(update_fields=["left_on", "login", "phone"])
        self._told(Action.MEMBER_MERGED, by, at)

    def _take_over(self: Any, twin: Any, by: Any, at: datetime) -> None:
        """Needs, changed numbers and consents; of two consents to one purpose this row's stands."""
        from .consent import Consent

        twin.needs.update(member=self)
        twin.contact_changes.update(member=self)
        standing = Consent.objects.standing().filter(estate=self.estate_id)
        same = standing.filter(member=twin, purpose__in=list(standing.filter(member=self).values_list("purpose", flat=True)))
        same.update(withdrawn_at=at, withdrawn_by_id=by.person_id)
        standing.filter(member=twin).update(member=self)
