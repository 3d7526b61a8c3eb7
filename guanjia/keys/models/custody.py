"""钥匙托管: an owner's key kept by two persons under a signed agreement (KEY-02, KEY-03, F-45)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext as _

from guanjia import clock
from guanjia.events.actions import Action
from guanjia.events.models import Event
from guanjia.tenancy.errors import Refused
from guanjia.tenancy.models import EstateForeignKey, EstateOwned, EstateQuerySet, PersonKey
from guanjia.tenancy.scope import estate_scope
from guanjia.tenancy.verbs import refusing_clashes, verb

from .autograph import Autograph

if TYPE_CHECKING:
    from datetime import datetime

    from .key import Key

LIVE = Q(ended_at__isnull=True)


class CustodyQuerySet(EstateQuerySet["Custody"]):
    def live(self) -> CustodyQuerySet:
        return self.filter(LIVE)

    def visible_to(self, reach: Any) -> CustodyQuerySet:
        from .key import Key

        rows = self.at_estate(reach.estate)
        if reach.is_resident and not reach.is_staff:
            return rows.filter(household_id__in=list(reach.households))
        return rows.filter(key__in=Key.objects.visible_to(reach).values("pk")) if reach.may("key.keep") else rows.none()

    def agree(
        self, key: Key, household: Any, first: Any, second: Any, terms: str, *, by: Any, at: datetime | None = None
    ) -> Custody:
        """Draw up the agreement: two different keepers. It holds once the owner has signed."""
        at = at or clock.now()
        by.must("key.keep")
        if key.kind != "entrusted":
            raise Refused(_("只有业主托管的钥匙才签托管协议。"), code="not_entrusted")
        if first is None or second is None or first.pk == second.pk:
            raise Refused(_("要有两名不同的保管人。"), code="one_keeper")
        if len(terms.strip()) < 4:
            raise Refused(_("请写托管事项，如什么时候可以用。"), code="terms_missing")
        with refusing_clashes(), estate_scope(by.estate):
            made = self.create(
                estate=by.estate, key=key, household=household, first_id=first.pk, second_id=second.pk, terms=terms.strip()[:500],
                made_at=at, made_by_id=by.person_id,
            )  # fmt: skip
            made.tell(Action.CUSTODY_ASKED, by=by, at=at)
        return made


class Custody(EstateOwned):
    noun = "custody"
    key = EstateForeignKey("keys.Key", models.RESTRICT, related_name="custodies")
    household = EstateForeignKey("households.Household", models.RESTRICT, related_name="custodies")
    first = PersonKey()  # senior steward
    second = PersonKey()  # assistant steward
    terms = models.CharField(max_length=500)
    made_at = models.DateTimeField()
    made_by = PersonKey()
    signed_at = models.DateTimeField(null=True)
    signed_by = PersonKey(null=True)  # the owner's login, or who watched the owner sign
    ended_at = models.DateTimeField(null=True)
    end_words = models.CharField(max_length=200, blank=True)

    objects = CustodyQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["estate", "household"], name="custody_household")]
        constraints = [
            models.UniqueConstraint(fields=["estate", "key"], condition=LIVE, name="custody_once"),
            models.CheckConstraint(condition=~Q(first=F("second")), name="custody_two_keepers"),
        ]

    def __str__(self) -> str:
        return self.key.code

    def paper(self) -> dict[str, Any]:
        """What the owner signs; its digest stands beside the signature."""
        return {
            "key": self.key.code, "unit": self.key.unit.code if self.key.unit else "", "copies": self.key.copies, "terms": self.terms,
            "keepers": [self.first.name, self.second.name], "made": self.made_at.isoformat(),
        }  # fmt: skip

    @verb
    def sign(self, signature: str, *, by: Any, name: str = "", at: datetime | None = None) -> None:
        """The owner signs, on their own phone or at the desk."""
        at = at or clock.now()
        own = by.is_resident and self.household_id in by.households
        if not own:
            by.must("key.keep")
        rows = type(self).objects.at_estate(self.estate_id).filter(LIVE, pk=self.pk, signed_at__isnull=True)
        if not rows.update(signed_at=at, signed_by=by.person_id):
            raise Refused(_("已经签过或已经结束。"), code="already_signed")
        self.refresh_from_db()
        who = by.name if own else name.strip() or self.household.name
        Autograph.objects.keep(self, "owner", signature, name=who, person_id=by.person_id if own else None, at=at, document=self.paper())
        self.tell(Action.CUSTODY_SIGNED, by=by, at=at)

    @verb
    def end(self, words: str, *, by: Any, signature: str = "", at: datetime | None = None) -> None:
        """The key goes back to its owner, who signs for it."""
        at = at or clock.now()
        by.must("key.keep")
        self.key._lock()
        if self.key.open_loan():
            raise Refused(_("钥匙还在外面，先归还。"), code="is_out")
        self._finish(words, at)
        if self.signed_at:
            Autograph.objects.keep(self, "back", signature, name=self.household.name, at=at, document={**self.paper(), "ended": at.isoformat()})
        self.key.retire(words.strip() or _("归还业主"), by=by, at=at)
        self.tell(Action.CUSTODY_ENDED, by=by, at=at)

    def lose(self, words: str, *, by: Any, at: datetime) -> None:
        """Its key is gone for good: nothing to give back, nothing to sign. The household heard of the loss. Inside the loss's verb."""
        self._finish(words, at)
        self.tell(Action.CUSTODY_ENDED, by=by, at=at, told=False)

    def _finish(self, words: str, at: datetime) -> None:
        rows = type(self).objects.at_estate(self.estate_id).filter(LIVE, pk=self.pk)
        if not rows.update(ended_at=at, end_words=words.strip()[:200]):
            raise Refused(_("托管已经结束。"), code="ended")
        self.refresh_from_db()

    def tell(self, action: Action, *, by: Any, at: datetime, told: bool = True) -> None:
        said: dict[str, Any] = {"household_id": self.household_id, "public": True, "code": self.key.code, "terms": self.terms[:120]}
        Event.objects.record(action, self, by=by, at=at, told=told, **said)
