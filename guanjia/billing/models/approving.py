"""What becomes of a draft: joined, changed, asked for, judged by a superior, who puts what it sets in force."""

from __future__ import annotations

from datetime import datetime, time
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from guanjia import clock
from guanjia.events.actions import Action
from guanjia.events.models import Event
from guanjia.rulebooks.models import Parameter
from guanjia.tenancy.errors import Refused
from guanjia.tenancy.verbs import verb

if TYPE_CHECKING:
    from datetime import date
    from decimal import Decimal

    from .draft import DraftPart


class Approvable:
    """The verbs of a Draft."""

    asked_at: datetime | None
    judged_at: datetime | None

    @verb
    def revise(
        self: Any, title: str, words: str, *, by: Any, starts_on: date | None = None, settings: list[tuple[str, str]] | None = None, party: str = "",
        amount: Decimal | None = None, supplier: Any = None, at: datetime | None = None,
    ) -> None:  # fmt: skip
        """The author's: a new revision, which has to be agreed to anew. One that was not approved may be mended so."""
        self._hold("drafted", "refused")
        self._must_be_author(by)
        self.say(title, words, starts_on, settings or [], party, amount, supplier)
        self.revision += 1
        self.state, self.verdict, self.judge_id, self.judged_at, self.asked_at = "drafted", "", None, None, None
        self.save()
        Event.objects.record(Action.DRAFT_REVISED, self, by=by, at=at or clock.now(), told=False, title=self.title, revision=self.revision)

    @verb
    def join(self: Any, agrees: bool, words: str = "", *, by: Any, at: datetime | None = None) -> DraftPart:
        """Take part in the drafting: agree with this revision, or say what has to change. Once a revision."""
        from .draft import DraftPart

        if not by.may("draft.finance"):
            by.must("draft.judge")
        at = at or clock.now()
        self._hold("drafted")
        if by.person_id == self.author_id:
            raise Refused(_("自己起草的，不用自己会签。"), code="same_person")
        if not agrees and not words.strip():
            raise Refused(_("请写明要改什么。"), code="why_missing")
        if self.parts.filter(revision=self.revision, person_id=by.person_id).exists():
            raise Refused(_("这一稿您已经会签过。"), code="already_joined")
        made = DraftPart.objects.create(
            estate_id=self.estate_id, draft=self, revision=self.revision, person_id=by.person_id, finance=by.may("draft.finance"), agrees=agrees,
            words=words.strip()[:500], at=at,
        )  # fmt: skip
        word = _("同意") if agrees else _("要修改")
        Event.objects.record(Action.DRAFT_JOINED, self, by=by, at=at, title=self.title, verdict=word, words=made.words, worker_id=self.author_id)
        return made

    @verb
    def ask(self: Any, *, by: Any, at: datetime | None = None) -> None:
        """Send it up. A contract or paper that finance did not draft goes only once finance agreed with this very revision."""
        at = at or clock.now()
        self._hold("drafted")
        self._must_be_author(by)
        if not self.joined_by_finance:
            raise Refused(_("财务还没有会签这一稿。"), code="finance_missing")
        self.state, self.asked_at = "asked", at
        self.save(update_fields=["state", "asked_at"])
        Event.objects.record(Action.DRAFT_ASKED, self, by=by, at=at, title=self.title, kind=str(self.get_kind_display()))

    @verb
    def judge_it(self: Any, approved: bool, *, by: Any, words: str = "", at: datetime | None = None) -> None:
        """The superior's word, who is neither its author nor of finance. Approved, what a rule sets is in force from its day on."""
        by.must("draft.judge")
        at = at or clock.now()
        self._hold("asked")
        if by.person_id == self.author_id:
            raise Refused(_("自己的申请要由别人审批。"), code="same_person")
        if self.finance and by.may("draft.finance"):
            raise Refused(_("财务起草的，要由财务以外的上级批准。"), code="not_superior")
        if not approved and not words.strip():
            raise Refused(_("请写明理由。"), code="why_missing")
        self.state, self.judge_id, self.judged_at = "approved" if approved else "refused", by.person_id, at
        self.verdict = words.strip()[:200]
        if approved:
            self._put_in_force(by, at)
        self.save(update_fields=["state", "judge", "judged_at", "verdict", "put"])
        said = {"title": self.title, "verdict": str(self.get_state_display()), "why": self.verdict, "worker_id": self.author_id}
        Event.objects.record(Action.DRAFT_JUDGED, self, by=by, at=at, **said)

    @verb
    def withdraw(self: Any, *, by: Any, at: datetime | None = None) -> None:
        """The author's, before it was judged."""
        self._hold("drafted", "asked", "refused")
        self._must_be_author(by)
        self.state = "withdrawn"
        self.save(update_fields=["state"])
        Event.objects.record(Action.DRAFT_WITHDRAWN, self, by=by, at=at or clock.now(), told=False, title=self.title)

    @property
    def joined_by_finance(self: Any) -> bool:
        """Finance drafted it, or agreed with the revision that stands."""
        return bool(self.finance or self.parts.filter(revision=self.revision, finance=True, agrees=True).exists())

    def _put_in_force(self: Any, by: Any, at: datetime) -> None:
        since = at
        if self.starts_on and self.starts_on > clock.today(self.estate, at):
            since = datetime.combine(self.starts_on, time(), tzinfo=ZoneInfo(self.estate.time_zone))
        reason = f"《{self.title}》"
        made = [
            Parameter.objects.set(key, value, by=by, reason=reason, estate=self.estate, valid_from=since, at=at) for key, value in self.settings
        ]
        self.put = [row.pk for row in made]

    def _hold(self: Any, *states: str) -> None:
        """Lock the row and look again: what was judged, changed or withdrawn meanwhile is refused."""
        known = self.revision
        row = type(self).objects.at_estate(self.estate_id).select_for_update(of=("self",)).get(pk=self.pk)
        if row.state not in states or row.revision != known:
            raise Refused(_("这份草案刚刚有变化，请刷新后再看。"), code="other_state")
        self.state = row.state

    def _must_be_author(self: Any, by: Any) -> None:
        if by.person_id != self.author_id:
            raise Refused(_("只有起草人可以这样做。"), code="not_author")
