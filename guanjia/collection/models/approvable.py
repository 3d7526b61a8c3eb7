"""A letter goes out when somebody else has read it: approved or not, once, by a permission of its own (COM-15, COM-30)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext as _t

from guanjia import clock
from guanjia.events.actions import Action
from guanjia.events.models import Event
from guanjia.tenancy.errors import Refused
from guanjia.tenancy.models import PersonKey
from guanjia.tenancy.verbs import verb

from ..kinds import Judged
from .handing import Handing

if TYPE_CHECKING:
    from datetime import datetime

JUDGED = [
    models.CheckConstraint(condition=Q(judge__isnull=True) | ~Q(judge=F("writer")), name="mailing_judged_by_another"),
    models.CheckConstraint(condition=Q(state="asked") ^ Q(judged_at__isnull=False), name="mailing_judged_once"),
]


class Approvable(models.Model):
    state = models.CharField(max_length=10, choices=Judged.choices, default=Judged.ASKED)
    judge = PersonKey(null=True)
    judged_at = models.DateTimeField(null=True)
    judged_words = models.CharField(max_length=200, blank=True, db_default="")

    class Meta:
        abstract = True

    @property
    def goes(self: Any) -> bool:
        """It may be printed and handed over."""
        return self.state == Judged.APPROVED and self.withdrawn_at is None

    def must_go(self) -> None:
        if not self.goes:
            raise Refused(_t("函件批准以后才能打印和送达。"), code="not_approved")

    @verb
    def judge_it(self: Any, approved: bool, words: str = "", *, by: Any, at: datetime | None = None) -> None:
        """Not by whoever wrote it. Approved it counts from today for who does not collect it (COM-19); else nobody gets it."""
        by.must("mailing.judge")
        at, words = at or clock.now(), words.strip()[:200]
        if by.person_id == self.writer_id:
            raise Refused(_t("自己的申请要由别人审批。"), code="same_person")
        if not approved and not words:
            raise Refused(_t("请写明原因。"), code="why_missing")
        rows = type(self).objects.at_estate(self.estate_id).filter(pk=self.pk, state=Judged.ASKED, withdrawn_at__isnull=True)
        said = {"state": Judged.APPROVED if approved else Judged.REFUSED, "judge_id": by.person_id, "judged_at": at, "judged_words": words}
        if not rows.update(**said):
            raise Refused(_t("这个申请已经审批过。"), code="already_judged")
        self.refresh_from_db()
        papers = Handing.objects.at_estate(self.estate_id).filter(mailing_id=self.pk)
        count = papers.update(issued_on=clock.today(by.estate, at)) if approved else papers.delete()[0]
        action = Action.MAILING_APPROVED if approved else Action.MAILING_REFUSED
        Event.objects.record(action, self, by=by, at=at, title=self.title, count=count, why=words, worker_id=self.writer_id)
