"""Why a person should look at a record, and what they found (issue 3 point 4)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from guanjia import clock
from guanjia.events.actions import Action
from guanjia.events.models import Event
from guanjia.events.sentences import kept
from guanjia.tenancy.errors import Refused
from guanjia.tenancy.models import EstateForeignKey, EstateOwned, PersonKey
from guanjia.tenancy.verbs import verb

from .record import Record

if TYPE_CHECKING:
    from datetime import datetime


class Suspicion(EstateOwned):
    """Why a person should look at a record; nothing is thrown away for it."""

    class Why(models.TextChoices):
        EARLY = "early", _("早于时段")
        ORDER = "order", _("次序不对")
        FAR = "far", _("不在现场")
        NO_MARK = "no_mark", _("没有扫现场码")
        TOO_FAST = "too_fast", _("停留过短")
        SEEN_PHOTO = "seen_photo", _("照片用过")
        SKEW = "skew", _("手机时间不准")
        BESIDE = "beside", _("任务已由别人完成或取消")

    noun = "suspicion"
    record = EstateForeignKey(Record, models.CASCADE, related_name="suspicions")
    why = models.CharField(max_length=12, choices=Why.choices)
    detail = models.JSONField(default=dict)
    judged_at = models.DateTimeField(null=True)
    judged_by = PersonKey(null=True)
    stands = models.BooleanField(null=True)  # the reviewer's verdict: true, the record does not count
    judged_why = models.CharField(max_length=300, blank=True)

    class Meta:
        indexes = [models.Index(fields=["estate", "record"], name="suspicion_record")]
        constraints = [
            models.UniqueConstraint(fields=["estate", "record", "why"], name="suspicion_once"),
            models.CheckConstraint(
                condition=Q(judged_at__isnull=True, stands__isnull=True)
                | Q(judged_at__isnull=False, stands__isnull=False),
                name="suspicion_judged",
            ),
        ]

    def __str__(self) -> str:
        return self.why

    @verb
    def judge(self, stands: bool, why: str, *, by: Any, at: datetime | None = None) -> None:
        """A reviewer's verdict. `stands`: the record does not count, and its task is open again (or missed)."""
        at = at or clock.now()
        by.must("record.judge")
        row = (
            type(self)
            .objects.at_estate(self.estate_id)
            .select_for_update()
            .select_related("record__task")
            .get(pk=self.pk)
        )
        if row.judged_at:
            raise Refused(_("已经核实过了。"), code="already_judged")
        if row.record.by_id == by.person_id:
            raise Refused(_("自己的记录由别人核实。"), code="own_record")
        if not why.strip():
            raise Refused(_("请写明核实情况。"), code="why_missing")
        self.judged_at, self.judged_by_id, self.stands, self.judged_why = at, by.person_id, stands, why.strip()[:300]
        self.save(update_fields=["judged_at", "judged_by", "stands", "judged_why"])
        task = row.record.task
        others = Record.objects.at_estate(self.estate_id).filter(task=task, beside=False).counted()
        if stands and task.done_at and not others.exists():
            task.reopen()
        verdict = kept(_("不算数") if stands else _("算数"))
        Event.objects.record(
            Action.RECORD_JUDGED,
            row.record,
            by=by,
            at=at,
            task=task.source_title,
            verdict=verdict,
            why=why.strip(),
            worker_id=row.record.by_id,
        )
