"""公告: written by one, read over by another, out from a day until a day (COM-12, COM-14, COM-15)."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from guanjia import clock
from guanjia.estates.models import Building, Zone
from guanjia.events.actions import Action
from guanjia.events.models import Event
from guanjia.events.sentences import kept
from guanjia.tenancy.errors import Refused
from guanjia.tenancy.models import EstateOwned, EstateQuerySet, PersonKey
from guanjia.tenancy.scope import estate_scope
from guanjia.tenancy.staged import Staged
from guanjia.tenancy.verbs import refusing_clashes, verb

from ..audience import is_for
from ..book import kinds, unfilled

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

LONGEST = timedelta(days=366)
AUDIENCE = ("zones", "buildings", "tiers", "kinds")


class State(models.TextChoices):
    DRAFT = "draft", gettext_lazy("草稿")
    ASKED = "asked", gettext_lazy("待审核")
    RETURNED = "returned", gettext_lazy("退回修改")
    APPROVED = "approved", gettext_lazy("等待发布")
    OUT = "out", gettext_lazy("已发布")
    OVER = "over", gettext_lazy("已到期")
    WITHDRAWN = "withdrawn", gettext_lazy("已撤回")


OPEN = (State.DRAFT, State.ASKED, State.RETURNED)  # its words can still change


class BulletinQuerySet(EstateQuerySet["Bulletin"]):
    def visible_to(self, reach: Any) -> BulletinQuerySet:
        """Residents: what is out and for them. Staff: everything; drafts only to who writes or checks bulletins."""
        rows = self.at_estate(reach.estate)
        if not reach.is_staff:
            return rows.filter(is_for(reach), state=State.OUT)
        if reach.may("bulletin.write") or reach.may("bulletin.check"):
            return rows
        return rows.filter(state__in=(State.OUT, State.OVER))

    def write(self, kind: str, title: str, words: str, *, by: Any, starts_at: datetime | None = None, ends_at: datetime | None = None,
              audience: dict[str, Iterable[Any]] | None = None, client_key: str = "", at: datetime | None = None) -> Bulletin:  # fmt: skip
        """A draft. The end may be left out: the kind knows how long it hangs (COM-13). Sent twice with one key, it is one."""
        by.must("bulletin.write")
        at = at or clock.now()
        with refusing_clashes(), estate_scope(by.estate):
            if client_key and (known := self.at_estate(by.estate).filter(client_key=client_key, writer_id=by.person_id).first()):
                return known
            row = Bulletin(estate=by.estate, kind=kind, writer_id=by.person_id, written_at=at, client_key=client_key)
            row._fill(title, words, starts_at or at, ends_at, audience or {})
            row.save(force_insert=True)
            Event.objects.record(Action.BULLETIN_WRITTEN, row, by=by, at=at, told=False, title=row.title)
        return row


class Bulletin(Staged, EstateOwned):
    stage_column = "state"
    noun = "bulletin"
    kind = models.CharField(max_length=12)  # of rulebooks/bulletins.yaml
    title = models.CharField(max_length=60)
    words = models.TextField()
    zones = ArrayField(models.BigIntegerField(), default=list)
    buildings = ArrayField(models.BigIntegerField(), default=list)
    tiers = ArrayField(models.CharField(max_length=10), default=list)
    kinds = ArrayField(models.CharField(max_length=10), default=list)  # of members: owner, tenant …
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    state = models.CharField(max_length=10, choices=State.choices, default=State.DRAFT)
    writer = PersonKey()
    written_at = models.DateTimeField()
    checker = PersonKey(null=True)
    checked_at = models.DateTimeField(null=True)
    why = models.CharField(max_length=200, blank=True)  # why it was returned or withdrawn
    out_at = models.DateTimeField(null=True)
    over_at = models.DateTimeField(null=True)
    reached = models.PositiveIntegerField(null=True)  # households it was for when it went out
    client_key = models.CharField(max_length=40, blank=True)

    objects = BulletinQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["estate", "state", "-starts_at"], name="bulletin_state"),
            models.Index(fields=["starts_at"], condition=Q(state="approved"), name="bulletin_to_go_out"),
            models.Index(fields=["ends_at"], condition=Q(state="out"), name="bulletin_to_end"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["estate", "writer", "client_key"], condition=~Q(client_key=""), name="bulletin_client"),
            models.CheckConstraint(condition=Q(ends_at__gt=F("starts_at")), name="bulletin_ends_later"),
            models.CheckConstraint(condition=Q(checker__isnull=True) | ~Q(checker=F("writer")), name="bulletin_checked_by_other"),
        ]  # fmt: skip

    def __str__(self) -> str:
        return self.title

    @property
    def entry(self) -> Any:
        return kinds()[self.kind]

    @property
    def is_open(self) -> bool:
        return self.state in OPEN

    def had_a_hand(self, by: Any) -> bool:
        """Who wrote any of its versions is no second pair of eyes (COM-14)."""
        return by.person_id == self.writer_id or Event.objects.about(self).filter(action=Action.BULLETIN_WRITTEN, actor_id=by.person_id).exists()

    def _fill(self, title: str, words: str, starts_at: datetime, ends_at: datetime | None, audience: dict[str, Iterable[Any]]) -> None:
        if self.kind not in kinds():
            raise Refused(_("没有这种公告。"), code="no_such_kind")
        if not title.strip() or not words.strip():
            raise Refused(_("请写标题和正文。"), code="words_missing")
        ends_at = ends_at or starts_at + timedelta(days=self.entry.days)
        if not timedelta(0) < ends_at - starts_at <= LONGEST:
            raise Refused(_("到期时间要晚于发布时间，最长一年。"), code="ends_before")
        self.title, self.words, self.starts_at, self.ends_at = title.strip()[:60], words.strip()[:4000], starts_at, ends_at
        for name in AUDIENCE:
            setattr(self, name, sorted(set(audience.get(name, ()))))
        for model, wanted, words in ((Zone, self.zones, _("没有这个片区。")), (Building, self.buildings, _("没有这栋楼，或楼里没有房屋。"))):
            if set(wanted) - set(model.objects.at_estate(self.estate_id).values_list("pk", flat=True)):
                raise Refused(words, code="not_here")

    @verb
    def revise(self, title: str, words: str, *, by: Any, starts_at: datetime, ends_at: datetime | None = None,
               audience: dict[str, Iterable[Any]] | None = None, at: datetime | None = None) -> None:  # fmt: skip
        """While nobody has approved it; what was asked for goes back to its writer's desk."""
        by.must("bulletin.write")
        self._hold(*OPEN)
        self._fill(title, words, starts_at, ends_at, audience or {})
        self.state = State.DRAFT
        self.save(update_fields=["title", "words", "starts_at", "ends_at", *AUDIENCE, "state"])
        Event.objects.record(Action.BULLETIN_WRITTEN, self, by=by, at=at or clock.now(), told=False, title=self.title)

    @verb
    def send_in(self, *, by: Any, at: datetime | None = None) -> None:
        """Ready. Kinds that nobody has to check are approved with it; at its time the house puts it out."""
        by.must("bulletin.write")
        at = at or clock.now()
        self._hold(State.DRAFT, State.RETURNED)
        if self.ends_at <= at:
            raise Refused(_("到期时间已经过去，请先改期。"), code="ended")
        if gaps := unfilled(self.title + self.words):
            raise Refused(_("还没有填：%(what)s。") % {"what": "、".join(gaps)}, code="gaps_left")
        self.state = State.ASKED if self.entry.checked else State.APPROVED
        self.save(update_fields=["state"])
        Event.objects.record(Action.BULLETIN_ASKED, self, by=by, at=at, told=self.entry.checked, title=self.title, kind=kept(self.entry.title))
        if self.state == State.APPROVED and self.starts_at <= at:
            self.put_out(at)

    @verb
    def check_it(self, approved: bool, why: str = "", *, by: Any, at: datetime | None = None) -> None:
        """Somebody else reads it over (COM-14); returned only with the reason."""
        by.must("bulletin.check")
        at = at or clock.now()
        self._hold(State.ASKED)
        if self.had_a_hand(by):
            raise Refused(_("自己写的公告要由别人审核。"), code="same_person")
        if not approved and not why.strip():
            raise Refused(_("退回时请写明原因。"), code="why_missing")
        if approved and self.ends_at <= at:
            raise Refused(_("到期时间已经过去，请先改期。"), code="ended")
        self.state, self.why = State.APPROVED if approved else State.RETURNED, "" if approved else why.strip()[:200]
        self.checker_id, self.checked_at = by.person_id, at
        self.save(update_fields=["state", "why", "checker", "checked_at"])
        action = Action.BULLETIN_APPROVED if approved else Action.BULLETIN_RETURNED
        Event.objects.record(action, self, by=by, at=at, title=self.title, why=self.why, worker_id=self.writer_id)
        if approved and self.starts_at <= at:
            self.put_out(at)

    @verb
    def withdraw(self, why: str, *, by: Any, at: datetime | None = None) -> None:
        """Taken back before its end; what hangs on a board is then overdue there."""
        by.must("bulletin.write")
        at = at or clock.now()
        if not why.strip():
            raise Refused(_("请写明撤回的原因。"), code="why_missing")
        self._hold(*OPEN, State.APPROVED, State.OUT)
        if self.state == State.OUT:
            by.must("bulletin.check")
        self.state, self.why, self.over_at = State.WITHDRAWN, why.strip()[:200], at
        self.save(update_fields=["state", "why", "over_at"])
        Event.objects.record(Action.BULLETIN_WITHDRAWN, self, by=by, at=at, told=False, title=self.title, why=self.why)

    @verb
    def put_out(self, at: datetime) -> None:
        """Its time has come: told to whom it is for, hung on the boards there. Run twice, the second does nothing."""
        from ..audience import members_of
        from ..brief import fulfil
        from .hanging import Hanging

        rows = type(self).objects.at_estate(self.estate_id).filter(pk=self.pk, state=State.APPROVED)
        if not rows.update(state=State.OUT, out_at=at, reached=members_of(self).values("household_id").distinct().count()):
            return
        self.refresh_from_db()
        Hanging.objects.hang(self)
        fulfil(self, at)
        Event.objects.record(Action.BULLETIN_OUT, self, at=at, title=self.title, kind=kept(self.entry.title), words=self.words[:120], public=True)

    @verb
    def run_out(self, at: datetime) -> None:
        """Its end has come: residents no longer see it; boards that still show it stand in the morning's check (COM-13)."""
        rows = type(self).objects.at_estate(self.estate_id).filter(pk=self.pk, state=State.OUT)
        if rows.update(state=State.OVER, over_at=self.ends_at):
            Event.objects.record(Action.BULLETIN_OVER, self, at=at, told=False, title=self.title)
