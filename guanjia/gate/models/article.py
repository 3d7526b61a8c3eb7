"""物品寄存: left at the desk for somebody, given out against a code, reminded when it lies too long (SEC-13)."""

from __future__ import annotations

import secrets
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext as _

from guanjia import clock
from guanjia.events.actions import Action
from guanjia.events.models import Event
from guanjia.keys.models import Autograph
from guanjia.rulebooks.parameters import parameter
from guanjia.tenancy.errors import Refused
from guanjia.tenancy.models import EstateForeignKey, EstateOwned, EstateQuerySet, PersonKey
from guanjia.tenancy.scope import estate_scope
from guanjia.tenancy.verbs import refusing_clashes, verb

if TYPE_CHECKING:
    from datetime import datetime

HERE = Q(out_at__isnull=True)


class ArticleQuerySet(EstateQuerySet["Article"]):
    def here(self) -> ArticleQuerySet:
        return self.filter(HERE)

    def late(self, now: datetime) -> ArticleQuerySet:
        return self.filter(HERE, due_at__lt=now)

    def visible_to(self, reach: Any) -> ArticleQuerySet:
        """A household its own; the gate and the desk all."""
        rows = self.at_estate(reach.estate)
        if reach.is_resident and not reach.is_staff:
            return rows.filter(household_id__in=list(reach.households))
        return rows if reach.may("gate.watch") else rows.none()

    def keep(
        self, unit: Any, household: Any, what: str, place: str, *, by: Any, left_by: str = "", for_name: str = "", at: datetime | None = None
    ) -> Article:
        """Taken into care; the household sees its code on its phone."""
        at = at or clock.now()
        by.must("gate.watch")
        if len(what.strip()) < 2 or not place.strip():
            raise Refused(_("请写物品和存放位置。"), code="incomplete")
        days = int(parameter(unit.estate, "gate.article_days", at))
        with refusing_clashes(), estate_scope(unit.estate_id):
            made = self.create(
                estate_id=unit.estate_id, unit=unit, household=household, what=what.strip()[:120], place=place.strip()[:60], left_by=left_by.strip()[:60],
                for_name=for_name.strip()[:60] or household.name, code=f"{secrets.randbelow(10**6):06d}", kept_by_id=by.person_id, kept_at=at,
                due_at=at + timedelta(days=days),
            )  # fmt: skip
            made.tell(Action.ARTICLE_KEPT, by=by, at=at)
        return made


class Article(EstateOwned):
    noun = "article"
    unit = EstateForeignKey("estates.Unit", models.RESTRICT, related_name="articles")
    household = EstateForeignKey("households.Household", models.RESTRICT, related_name="articles")
    what = models.CharField(max_length=120)
    place = models.CharField(max_length=60)  # where it stands
    left_by = models.CharField(max_length=60, blank=True)
    for_name = models.CharField(max_length=60)
    code = models.CharField(max_length=6)
    kept_by = PersonKey()
    kept_at = models.DateTimeField()
    due_at = models.DateTimeField()
    told_at = models.DateTimeField(null=True)  # when it was reminded of
    out_at = models.DateTimeField(null=True)
    out_to = models.CharField(max_length=60, blank=True)
    out_by = PersonKey(null=True)
    checked = models.CharField(max_length=80, blank=True)  # what was seen instead of the code

    objects = ArticleQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["estate", "due_at"], condition=HERE, name="article_due")]
        constraints = [models.CheckConstraint(condition=Q(out_at__isnull=True) | ~Q(out_to=""), name="article_out_to")]

    def __str__(self) -> str:
        return self.what

    @verb
    def give_out(self, to: str, signature: str, *, by: Any, code: str = "", checked: str = "", at: datetime | None = None) -> None:
        """Against its code, or against what was checked instead, written down; signed for."""
        at = at or clock.now()
        by.must("gate.watch")
        if not to.strip():
            raise Refused(_("请写领取人。"), code="incomplete")
        if not secrets.compare_digest(code.strip().encode(), self.code.encode()) and len(checked.strip()) < 2:
            raise Refused(_("取件码不对；没有取件码的请核对证件并写明。"), code="wrong_code")
        rows = Article.objects.at_estate(self.estate_id).filter(HERE, pk=self.pk)
        if not rows.update(out_at=at, out_to=to.strip()[:60], out_by=by.person_id, checked=checked.strip()[:80]):
            raise Refused(_("已经领走。"), code="already_done")
        self.refresh_from_db()
        Autograph.objects.keep(self, "out", signature, name=self.out_to, at=at, document={"what": self.what, "for": self.for_name, "kept": self.kept_at.isoformat()})
        self.tell(Action.ARTICLE_OUT, by=by, at=at, to=self.out_to)

    def tell(self, action: Action, *, by: Any, at: datetime, **said: Any) -> None:
        Event.objects.record(action, self, by=by, at=at, what=self.what, where=self.unit.code, household_id=self.household_id, public=True, **said)
