"""From papers to permit: handing in, the chain of approval, refusal with reason, handing in again (MOV-05, CF-10)."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from django.db import models
from django.utils.translation import gettext as _

from guanjia import clock
from guanjia.events.actions import Action
from guanjia.households.models import HouseholdDocument
from guanjia.rulebooks.parameters import parameter
from guanjia.tenancy.errors import NotAllowed, Refused
from guanjia.tenancy.papers import harmless
from guanjia.tenancy.verbs import verb

from ..book import decoration_book
from ..charging import charge

if TYPE_CHECKING:
    from datetime import datetime


class Approvable(models.Model):
    class Meta:
        abstract = True

    def _must_be_theirs(self: Any, by: Any) -> None:
        if not (by.is_resident and self.household_id in by.households):
            by.must("decoration.take")

    @verb
    def supply(self: Any, key: str, upload: Any = None, *, by: Any, at: datetime | None = None) -> Any:
        """A paper, made harmless and kept in the household's file; without an upload the desk says that it saw it."""
        from .permit import Paper

        at = at or clock.now()
        self._must_be_theirs(by)
        self._hold("draft")
        entry = decoration_book().papers.get(key)
        if entry is None:
            raise Refused(_("没有这种资料。"), code="no_such_paper")
        document = None
        if upload is not None:
            content, suffix = harmless(upload)
            document = HouseholdDocument(estate_id=self.estate_id, household_id=self.household_id, kind="application", title=f"{self.number} {entry.title}"[:80])
            document._put(content, suffix, by, at)
        else:
            by.must("decoration.take")
        row, _new = Paper.objects.update_or_create(
            estate_id=self.estate_id, permit=self, key=key, defaults={"document": document, "by_id": by.person_id, "at": at}
        )
        return row

    @verb
    def submit(self: Any, *, by: Any, at: datetime | None = None) -> None:
        """Hand it in, complete; the chain of the day is written down with it."""
        at = at or clock.now()
        self._must_be_theirs(by)
        self._hold("draft")
        if missing := self.missing():
            raise Refused(_("还缺：%(papers)s") % {"papers": "、".join(_(title) for title in missing.values())}, code="papers_missing")
        chain = decoration_book().chains[parameter(self.estate, "decoration.chain", at)]
        steps: list[dict[str, Any]] = [{"key": step.key, "title": step.title, "roles": step.roles, "minutes": int(step.within.total_seconds() // 60)} for step in chain.steps]
        self._set(chain=steps, stage="review", step=0, submitted_at=at, due_at=at + timedelta(minutes=steps[0]["minutes"]), why="")
        self.tell(Action.DECORATION_SUBMITTED, by=by, at=at, step=self.chain[0]["title"])

    def may_decide(self: Any, by: Any) -> bool:
        """Whether the step that waits is theirs."""
        return self.pk in type(self).objects.at_estate(self.estate_id).filter(pk=self.pk).waiting_for(by)

    @property
    def turn(self: Any) -> str:
        """Which step of which round waits: what a page shows to who decides."""
        return f"{self.round}.{self.step}"

    @verb
    def decide(self: Any, granted: bool, words: str = "", *, by: Any, turn: str = "", at: datetime | None = None) -> None:
        """One step of the chain; with `turn` that one only. The last one grants the permit and charges deposit and fees."""
        from .permit import Decision

        at = at or clock.now()
        self._hold("review")
        if turn and turn != self.turn:
            raise Refused(_("刚刚有人做了同样的操作，请刷新后再看。"), code="stale")
        if by.person_id in (self.applicant_id, self.taken_by_id):
            raise Refused(_("自己申请或经办的要由别人审批。"), code="own_application")
        if self.decisions.filter(round=self.round, by_id=by.person_id).exists():
            raise Refused(_("每一级由不同的人审批。"), code="same_person")
        step = self.chain[self.step]
        if not by.roles & set(step["roles"]):
            raise NotAllowed("decoration.decide")
        if not granted and len(words.strip()) < 2:
            raise Refused(_("不同意时请写明原因。"), code="why_missing")
        Decision.objects.create(
            estate_id=self.estate_id, permit=self, round=self.round, step=self.step, title=step["title"], granted=granted, words=words.strip()[:300],
            by_id=by.person_id, at=at, due_at=self.due_at,
        )  # fmt: skip
        if not granted:
            self._set(stage="draft", why=words.strip()[:300], due_at=None, round=self.round + 1, step=0)
            self.tell(Action.DECORATION_REFUSED, by=by, at=at, step=step["title"], why=self.why)
        elif self.step + 1 < len(self.chain):
            later = self.step + 1
            self._set(step=later, due_at=at + timedelta(minutes=self.chain[later]["minutes"]))
            self.tell(Action.DECORATION_PASSED, by=by, at=at, step=step["title"], next=self.chain[self.step]["title"])
        else:
            self._grant(by, at)

    def _grant(self: Any, by: Any, at: datetime) -> None:
        deposit, charges = charge(self, at)
        self._set(stage="approved", approved_at=at, due_at=None, deposit=deposit, charges=charges)
        self.tell(Action.DECORATION_APPROVED, by=by, at=at)

    @verb
    def withdraw(self: Any, why: str, *, by: Any, at: datetime | None = None) -> None:
        """Given up before anything was charged."""
        at = at or clock.now()
        self._must_be_theirs(by)
        self._hold("draft", "review")
        self._set(stage="withdrawn", why=why.strip()[:300])
        self.tell(Action.DECORATION_WITHDRAWN, by=by, at=at, why=self.why)
