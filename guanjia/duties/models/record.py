"""What was found: the record that proves a task (docs/decisions/0008-duties.md)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from guanjia import clock
from guanjia.events.actions import Action
from guanjia.events.models import Event
from guanjia.events.sentences import kept
from guanjia.rulebooks.form_book import forms_book
from guanjia.tenancy.errors import Refused
from guanjia.tenancy.models import EstateForeignKey, EstateOwned, EstateQuerySet, PersonKey
from guanjia.tenancy.verbs import verb

from .task import Task

if TYPE_CHECKING:
    from datetime import datetime


class RecordQuerySet(EstateQuerySet):
    def visible_to(self, reach: Any) -> RecordQuerySet:
        """Those of the tasks one sees, and one's own."""
        tasks = Task.objects.at_estate(reach.estate).visible_to(reach)
        rows = self.at_estate(reach.estate)
        return rows if reach.sees == "estate" else rows.filter(Q(by_id=reach.person_id) | Q(task__in=tasks))

    def counted(self) -> RecordQuerySet:
        """Without those a reviewer struck out."""
        struck = Suspicion.objects.filter(estate=OuterRef("estate"), record=OuterRef("pk"), stands=True)
        return self.filter(~Exists(struck))


class Record(EstateOwned):
    """A task as somebody did it. `done_at` is the device's word, `received_at` ours; both are kept."""

    noun = "record"
    task = EstateForeignKey(Task, models.RESTRICT, related_name="records")
    form = models.CharField(max_length=40)
    answers = models.JSONField(default=dict)  # item → answer, as the form checked it
    words = models.TextField(blank=True)
    score = models.DecimalField(max_digits=6, decimal_places=2, null=True)
    by = PersonKey()
    began_at = models.DateTimeField(null=True)
    done_at = models.DateTimeField()
    received_at = models.DateTimeField()
    offline = models.BooleanField(default=False)
    client_id = models.UUIDField()  # made on the device; the same record sent twice is one
    latitude = models.DecimalField(max_digits=9, decimal_places=6, null=True)
    longitude = models.DecimalField(max_digits=9, decimal_places=6, null=True)
    accuracy = models.PositiveIntegerField(null=True)  # metres
    mark_kind = models.CharField(max_length=1, blank=True)  # of the label that was scanned: u, e, p
    mark_id = models.BigIntegerField(null=True)
    beside = models.BooleanField(default=False)  # the task was done, waived or another's already: kept, not counted

    objects = RecordQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["estate", "task"], name="record_task"),
            models.Index(fields=["estate", "-received_at"], name="record_recent"),
            models.Index(fields=["estate", "by", "-done_at"], name="record_by"),
        ]
        constraints = [models.UniqueConstraint(fields=["estate", "client_id"], name="record_client")]

    def __str__(self) -> str:
        return f"{self.form} {self.done_at:%F %T}"

    @property
    def is_late(self) -> bool:
        return self.done_at > self.task.due_at


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


class Finding(EstateOwned):
    """A bad answer, what it opened, and whether a later round found it mended (PAT-04)."""

    noun = "finding"
    record = EstateForeignKey(Record, models.CASCADE, related_name="findings")
    key = models.CharField(max_length=60)  # the duty's
    item = models.CharField(max_length=60)  # of the form
    subject_kind = models.CharField(max_length=12)
    subject_id = models.BigIntegerField(default=0)
    words = models.CharField(max_length=500, blank=True)
    ticket = EstateForeignKey("tickets.Ticket", models.RESTRICT, null=True, blank=True, related_name="findings")
    found_at = models.DateTimeField()
    mended_at = models.DateTimeField(null=True)
    mended_by = EstateForeignKey(Record, models.RESTRICT, null=True, blank=True, related_name="mended")

    class Meta:
        indexes = [
            models.Index(
                fields=["estate", "subject_kind", "subject_id"],
                condition=Q(mended_at__isnull=True),
                name="finding_open",
            ),
            models.Index(fields=["estate", "record"], name="finding_record"),
        ]
        constraints = [models.UniqueConstraint(fields=["estate", "record", "item"], name="finding_once")]

    def __str__(self) -> str:
        return self.item

    @property
    def _asked(self) -> Any:
        """Its item as the form now has it; None when the form has changed since."""
        entry = forms_book().forms.get(self.record.form)
        return entry.items.get(self.item) if entry else None

    @property
    def title(self) -> str:
        return str(_(self._asked.title)) if self._asked else self.item

    @property
    def rechecked(self) -> bool:
        return self._asked is None or self._asked.recheck

    def mend(self, record: Record, *, by: Any, at: datetime) -> None:
        """A later round found it mended (PAT-04)."""
        self.mended_at, self.mended_by = at, record
        self.save(update_fields=["mended_at", "mended_by"])
        self._tell(Action.FINDING_MENDED, by, at)

    def insist(self, *, by: Any, at: datetime) -> None:
        """A later round found it as it was: its ticket is urged."""
        from ..findings import urge

        urge(self, by=by, at=at)
        self._tell(Action.FINDING_UNMENDED, by, at)

    def _tell(self, action: Action, by: Any, at: datetime) -> None:
        item = self._asked.title if self._asked else self.item
        Event.objects.record(action, self, by=by, at=at, item=item, told=False)


class RecordPhoto(EstateOwned):
    """A photo of a record, re-encoded; its digests show a picture that was used before."""

    record = EstateForeignKey(Record, models.CASCADE, related_name="photos")
    item = models.CharField(max_length=60, blank=True)
    file = models.FileField(upload_to="records/%Y/%m/", max_length=200)
    digest = models.CharField(max_length=64)  # of what was sent
    looks = models.BigIntegerField(null=True)  # perceptual hash: the same picture cropped or saved again
    client_id = models.UUIDField()

    class Meta:
        indexes = [
            models.Index(fields=["estate", "record"], name="recordphoto_record"),
            models.Index(fields=["estate", "digest"], name="recordphoto_digest"),
        ]
        constraints = [models.UniqueConstraint(fields=["estate", "client_id"], name="recordphoto_client")]

    def __str__(self) -> str:
        return str(self.file.name)


class Waiver(EstateOwned):
    """A task that need not be done, by whom and why."""

    noun = "waiver"
    task = EstateForeignKey(Task, models.CASCADE, related_name="waivers")
    by = PersonKey()
    why = models.CharField(max_length=300)
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["estate", "task"], name="waiver_once")]

    def __str__(self) -> str:
        return self.why
