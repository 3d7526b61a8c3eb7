"""What shows a step of the campaign: papers and minutes that are written down, trainings and exams as they were held (QLT-08..19)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import models
from django.utils.translation import gettext as _

from guanjia import clock
from guanjia.events.actions import Action
from guanjia.tenancy.errors import Refused
from guanjia.tenancy.models import EstateForeignKey, EstateOwned, EstateQuerySet, PersonKey
from guanjia.tenancy.verbs import verb
from guanjia.training.results import results

from .photographing import keep_photos

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date, datetime

    from guanjia.training.models import Exam, Session


class Showing(models.Model):
    class Meta:
        abstract = True

    estate_id: int
    entry: Any
    campaign: Any
    evidence: Any
    done_at: Any
    tell: Any
    _must: Any

    @verb
    def show(
        self, title: str, words: str, *, by: Any, held_on: date | None = None, attended: int | None = None, notes: int | None = None,
        photos: Iterable[Any] = (), at: datetime | None = None,
    ) -> Evidence:  # fmt: skip
        """Add what shows it: a document, minutes, a report. By who is responsible, or who plans."""
        if not title.strip() or not words.strip():
            raise Refused(_("请写名称和内容。"), code="incomplete")
        if self.entry.shows in ("session", "exam"):
            raise Refused(_("请从培训或考试里选，不用手填。"), code="not_typed")
        if self.entry.shows == "minutes" and (held_on is None or not attended):
            raise Refused(_("会议要写日期和到会人数。"), code="incomplete")
        return self._keep(by, at, photos, title=title.strip(), words=words.strip()[:5000], held_on=held_on, attended=attended, notes=notes)

    @verb
    def show_training(self, session: Session, *, by: Any, at: datetime | None = None) -> Evidence:
        """A training that was held: its record, who signed in and who handed in notes count as they stand there (QLT-10, QLT-11, QLT-15)."""
        if self.entry.shows != "session":
            raise Refused(_("这项任务不是培训。"), code="not_a_training")
        if session.estate_id != self.estate_id or not session.held_at:
            raise Refused(_("这场培训还没有结束。"), code="not_held")
        day = clock.today(session.estate, session.starts_at)
        return self._keep(by, at, title=session.title, words=session.summary, held_on=day, session=session)

    @verb
    def show_exam(self, exam: Exam, *, by: Any, at: datetime | None = None) -> Evidence:
        """An exam whose report was handed in: its figures and its words (QLT-16)."""
        if self.entry.shows != "exam":
            raise Refused(_("这项任务不是考试。"), code="not_an_exam")
        if exam.estate_id != self.estate_id or not exam.reported_at:
            raise Refused(_("考试报告还没有提交。"), code="not_reported")
        return self._keep(by, at, title=exam.title, words=exam_words(exam), held_on=clock.today(exam.estate, exam.closes_at), exam=exam)

    def _keep(self, by: Any, at: datetime | None, photos: Iterable[Any] = (), *, title: str, **said: Any) -> Evidence:
        at = at or clock.now()
        self._must(by)
        if self.done_at:
            raise Refused(_("已经交了。"), code="done")
        for link in ("session", "exam"):
            if said.get(link) and self.evidence.filter(**{link: said[link]}).exists():
                raise Refused(_("已经存入了。"), code="known")
        made: Evidence = Evidence.objects.create(estate_id=self.estate_id, step=self, title=title[:80], by_id=by.person_id, at=at, **said)
        keep_photos(photos, evidence=made)
        self.tell(Action.STEP_SHOWN, by=by, at=at, what=made.title, told=False)
        return made

    def _must_show(self) -> None:
        match self.entry.shows:
            case "issues":
                if not self.campaign.issues.exists():
                    raise Refused(_("方案至少要有一项整改，每项有责任人和完成时间。"), code="no_issues")
            case "inspection":
                if not self.campaign.inspections.filter(finished_at__isnull=False).exists():
                    raise Refused(_("还没有完成的验收检查。"), code="no_inspection")
        if not self.evidence.exists() and self.entry.shows not in ("issues", "inspection"):
            raise Refused(_("还没有资料可以证明。"), code="no_evidence")


def exam_words(exam: Exam) -> str:
    """The report in a sentence, its own words after it."""
    found = results(exam)
    said = _("应考 %(asked)s 人，参加 %(sat)s 人，通过 %(passed)s 人，平均 %(average)s 分。") % {
        "asked": found.asked, "sat": found.sat, "passed": found.passed, "average": found.average if found.average is not None else "—"
    }
    return f"{said}{exam.words}"


class Evidence(EstateOwned):
    """What shows a step: written down, dated, with whom and photos of the papers; or a training, or an exam (QLT-11)."""

    step = EstateForeignKey("quality.Step", models.CASCADE, related_name="evidence")
    title = models.CharField(max_length=80)
    words = models.TextField()
    held_on = models.DateField(null=True)
    attended = models.PositiveSmallIntegerField(null=True)  # of a meeting; a training counts its own
    notes = models.PositiveSmallIntegerField(null=True)  # how many handed in their notes (QLT-11)
    session = EstateForeignKey("training.Session", models.RESTRICT, null=True, related_name="shows")
    exam = EstateForeignKey("training.Exam", models.RESTRICT, null=True, related_name="shows")
    by = PersonKey()
    at = models.DateTimeField()

    objects = EstateQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["estate", "step"], name="evidence_step")]
        constraints = [
            models.UniqueConstraint(fields=["estate", "step", "session"], condition=models.Q(session__isnull=False), name="evidence_session_once"),
            models.UniqueConstraint(fields=["estate", "step", "exam"], condition=models.Q(exam__isnull=False), name="evidence_exam_once"),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def came(self) -> int | None:
        """Who came: of a training whoever signed in, else as it was written down."""
        return self.session.attendees.filter(signed_at__isnull=False).count() if self.session else self.attended

    @property
    def noted(self) -> int | None:
        return self.session.attendees.filter(signed_at__isnull=False).exclude(notes="").count() if self.session else self.notes
