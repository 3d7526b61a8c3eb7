"""A round of a questionnaire: drafted, published to whom it is for, reminded of once, closed (COM-27 … COM-30, QLT-67)."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from guanjia import clock
from guanjia.events.actions import Action
from guanjia.events.models import Event
from guanjia.tenancy.errors import Refused
from guanjia.tenancy.models import EstateForeignKey, EstateOwned, EstateQuerySet, PersonKey
from guanjia.tenancy.scope import estate_scope
from guanjia.tenancy.verbs import verb

from ..book import surveys_book
from ..questions import kept, read
from .closable import Closable
from .publishable import Publishable

if TYPE_CHECKING:
    from datetime import date, datetime

    from ..questions import Questions

MOST_DAYS = 92


class PollVersion(EstateOwned):
    """The questions as they were published. Never changed, never deleted: the application's role has no privilege to."""

    noun = "poll_version"
    series = models.CharField(max_length=40)  # the template, or own
    number = models.PositiveIntegerField()
    questions = models.JSONField()
    by = PersonKey(null=True)
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["estate", "series", "number"], name="poll_version_once")]

    def __str__(self) -> str:
        return f"{self.series} {self.number}"


class PollQuerySet(EstateQuerySet["Poll"]):
    def published(self) -> PollQuerySet:
        return self.filter(published_at__isnull=False)

    def open_on(self, day: date) -> PollQuerySet:
        """Answers are taken on that business date."""
        return self.published().filter(closed_at__isnull=True, begins_on__lte=day, ends_on__gte=day)

    def visible_to(self, reach: Any) -> PollQuerySet:
        """Those who run or read them: all; others what they are asked themselves."""
        if reach.is_staff and (reach.may("poll.run") or reach.may("poll.ask") or reach.may("opinion.read")):
            return self
        mine = Q(invitations__person_id=reach.person_id) | Q(invitations__household_id__in=reach.households)
        return self.published().filter(mine & Q(invitations__drawn=True)).distinct()

    def draft(self, estate: Any, template: str, *, by: Any, at: datetime | None = None, **said: Any) -> Poll:
        """A new round from a template of the programme, set up as the template says; `said` changes any of it."""
        by.must("poll.run")
        at = at or clock.now()
        entry = surveys_book().templates.get(template)
        if entry is None:
            raise Refused(_("没有这种问卷。"), code="no_template")
        day = clock.today(estate, at)
        usual: dict[str, Any] = {
            "title": f"{day.year} {entry.title}", "intro": entry.intro, "audience": entry.audience, "anonymous": entry.anonymous, "draw": entry.draw,
            "size": entry.size, "begins_on": day, "ends_on": day + timedelta(days=entry.days - 1), "questions": kept(entry.questions),
        }  # fmt: skip
        made = Poll(estate=estate, series=template, made_by_id=by.person_id, made_at=at, **{**usual, **said})
        with estate_scope(estate):
            made._make(by, at)
        return made


class Poll(Publishable, Closable, EstateOwned):
    """满意度调查 or 意见征询. A draft's questions stand in `questions`; once published only its version counts."""

    class Audience(models.TextChoices):
        HOUSEHOLD = "household", _("住户")
        STAFF = "staff", _("员工")

    class Draw(models.TextChoices):
        CENSUS = "census", _("全部")
        SIMPLE = "simple", _("简单随机抽样")
        STRATIFIED = "stratified", _("按片区分层抽样")

    noun = "poll"
    series = models.CharField(max_length=40)
    title = models.CharField(max_length=80)
    intro = models.CharField(max_length=300, blank=True)
    audience = models.CharField(max_length=10, choices=Audience.choices)
    scope = models.JSONField(default=dict)  # zones, buildings, tiers, roles: lists; an absent one means all
    anonymous = models.BooleanField()
    draw = models.CharField(max_length=10, choices=Draw.choices)
    size = models.PositiveIntegerField(default=0)  # to be drawn; of a census 0
    seed = models.BigIntegerField(null=True)  # of the draw, kept so that it can be drawn again
    population = models.PositiveIntegerField(default=0)  # who it was drawn from, counted at publication
    begins_on = models.DateField()
    ends_on = models.DateField()  # the last day
    questions = models.JSONField(default=list)
    version = EstateForeignKey(PollVersion, models.RESTRICT, null=True, related_name="polls")
    task = EstateForeignKey("duties.Task", models.RESTRICT, null=True, related_name="polls")  # the duty it serves
    made_by = PersonKey()
    made_at = models.DateTimeField()
    published_at = models.DateTimeField(null=True)
    published_by = PersonKey(null=True)
    reminded_at = models.DateTimeField(null=True)
    closed_at = models.DateTimeField(null=True)
    destroyed = models.PositiveIntegerField(default=0)  # anonymous answers too few to be read

    objects = PollQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["estate", "-begins_on"], name="poll_recent"),
            models.Index(fields=["ends_on"], condition=Q(closed_at__isnull=True, published_at__isnull=False), name="poll_open"),
        ]
        constraints = [
            models.CheckConstraint(condition=Q(ends_on__gte=F("begins_on")), name="poll_days"),
            models.CheckConstraint(condition=Q(published_at__isnull=True) | Q(version__isnull=False), name="poll_published_has_version"),
            models.CheckConstraint(condition=Q(closed_at__isnull=True) | Q(published_at__isnull=False), name="poll_closed_was_published"),
            models.CheckConstraint(condition=Q(draw="census") | Q(size__gt=0), name="poll_sample_has_size"),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def asked(self) -> Questions:
        """The questions that count."""
        return read(self.version.questions if self.version_id and self.version else self.questions)

    def state(self, at: datetime | None = None) -> str:
        """draft, coming, open, over (its last day has passed) or closed."""
        if not self.published_at:
            return "draft"
        if self.closed_at:
            return "closed"
        day = clock.today(self.estate, at or clock.now())
        return "coming" if day < self.begins_on else "open" if day <= self.ends_on else "over"

    @property
    def sampled(self) -> bool:
        return self.draw != self.Draw.CENSUS

    def _make(self, by: Any, at: datetime) -> None:
        self._must_be_whole()
        self.save(force_insert=True)
        Event.objects.record(Action.POLL_DRAFTED, self, by=by, at=at, told=False, title=self.title)

    @verb
    def revise(self, *, by: Any, at: datetime | None = None, **said: Any) -> None:
        """Change a draft; `questions` by name. What is published stays as it is."""
        by.must("poll.run")
        self._must_be_draft()
        if "questions" in said:
            said["questions"] = kept(said["questions"])
        for name, value in said.items():
            setattr(self, name, value)
        self._must_be_whole()
        self.save(update_fields=list(said))
        Event.objects.record(Action.POLL_REVISED, self, by=by, at=at or clock.now(), told=False, title=self.title)

    @verb
    def copy(self, *, by: Any, at: datetime | None = None) -> Poll:
        """A new draft with the same questions and audience, from today on (去年的问卷)."""
        by.must("poll.run")
        at = at or clock.now()
        day, length = clock.today(self.estate, at), (self.ends_on - self.begins_on).days
        names = ("series", "intro", "audience", "scope", "anonymous", "draw", "size")
        title = str(self.title).replace(str(self.begins_on.year), str(day.year))[:80]
        questions = self.version.questions if self.version_id and self.version else self.questions
        made = Poll(
            estate_id=self.estate_id, title=title, questions=questions, begins_on=day, ends_on=day + timedelta(days=length), made_by_id=by.person_id, made_at=at,
            **{name: getattr(self, name) for name in names},
        )  # fmt: skip
        made._make(by, at)
        return made

    @verb
    def drop(self, *, by: Any) -> None:
        """Throw a draft away; nobody was asked anything."""
        by.must("poll.run")
        self._must_be_draft()
        Event.objects.record(Action.POLL_DROPPED, self, by=by, at=clock.now(), told=False, title=self.title)
        type(self).objects.filter(estate=self.estate_id, pk=self.pk, published_at__isnull=True).delete()

    def _must_be_draft(self) -> None:
        row = Poll.objects.at_estate(self.estate_id).select_for_update().filter(pk=self.pk).values("published_at").first()
        if row is None or row["published_at"]:
            raise Refused(_("已经发布的问卷不能再改；要改请复制一份。"), code="published")

    def _must_be_whole(self) -> None:
        if not self.title.strip() or self.ends_on < self.begins_on or (self.ends_on - self.begins_on).days >= MOST_DAYS:
            raise Refused(_("请写标题，并把期限定在 %(n)s 天以内。") % {"n": MOST_DAYS}, code="incomplete")
        if self.draw == self.Draw.CENSUS:
            self.size = 0
        elif not self.size:
            raise Refused(_("抽样请写抽多少户。"), code="no_size")
