"""An appeal by whom a line concerns, judged by somebody else; upheld, it moves the money by an entry (CF-46)."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.db import models
from django.utils.translation import gettext as _

from guanjia import clock
from guanjia.events.actions import Action
from guanjia.events.models import Event
from guanjia.events.sentences import kept
from guanjia.tenancy.errors import Refused
from guanjia.tenancy.models import EstateForeignKey, EstateOwned, EstateQuerySet, PersonKey
from guanjia.tenancy.scope import estate_scope
from guanjia.tenancy.verbs import refusing_clashes, verb

from .line import Line, net

if TYPE_CHECKING:
    from datetime import datetime

MOST = Decimal(100_000)  # yuan of one line


class AppealQuerySet(EstateQuerySet["Appeal"]):
    def open(self) -> AppealQuerySet:
        return self.filter(judged_at__isnull=True)

    def visible_to(self, reach: Any) -> AppealQuerySet:
        rows = self.at_estate(reach.estate)
        return rows if reach.may("incentive.read") else rows.filter(by_id=reach.person_id)

    def file(self, line: Line, words: str, *, by: Any, at: datetime | None = None) -> Appeal:
        """By whom the line concerns, until the proposal's last day of appeal; once. The money waits until it is judged."""
        at = at or clock.now()
        if not words.strip():
            raise Refused(_("请写明为什么不认可。"), code="words_missing")
        with refusing_clashes(), estate_scope(line.estate_id):
            proposal = line.proposal.lock()
            if by.person_id not in line.concerned():
                raise Refused(_("只有当事人可以申诉。"), code="not_concerned")
            if line.corrects_id:
                raise Refused(_("请对原来那一笔申诉。"), code="a_correction")
            if at > proposal.appeal_until:
                raise Refused(_("申诉期已过。"), code="too_late")
            made = self.create(estate_id=line.estate_id, line=line, by_id=by.person_id, at=at, words=words.strip()[:500])
            said: dict[str, Any] = {"month": f"{proposal.month:%Y-%m}", "kind": kept(line.get_kind_display()), "why": made.words[:120]}
            Event.objects.record(Action.INCENTIVE_APPEALED, proposal, by=by, at=at, **said)
        return made


class Appeal(EstateOwned):
    noun = "incentive_appeal"
    line = EstateForeignKey("incentives.Line", models.RESTRICT, related_name="appeals")
    by = PersonKey()
    at = models.DateTimeField()
    words = models.CharField(max_length=500)
    judged_at = models.DateTimeField(null=True)
    judged_by = PersonKey(null=True)
    upheld = models.BooleanField(null=True)
    judgement = models.CharField(max_length=500, blank=True)

    objects = AppealQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["estate", "line", "by"], name="incentive_appeal_line_once"),
            models.CheckConstraint(
                condition=models.Q(judged_at__isnull=True, upheld__isnull=True) | models.Q(judged_at__isnull=False, upheld__isnull=False),
                name="incentive_appeal_judged",
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return self.words

    @verb
    def judge(self, becomes: Decimal | None, judgement: str, *, by: Any, grades: int | None = None, at: datetime | None = None) -> None:
        """Upheld: the line comes to `becomes` yuan (and `grades`), by an entry. None: it stays. Never by whom it concerns."""
        at = at or clock.now()
        by.must("incentive.judge")
        line, proposal = self.line, self.line.proposal.lock()
        if by.person_id == self.by_id or by.person_id in line.concerned():
            raise Refused(_("不能裁定自己的事。"), code="own_matter")
        if not judgement.strip():
            raise Refused(_("请写明裁定的理由。"), code="why_missing")
        if becomes is not None and abs(becomes) > MOST:
            raise Refused(_("金额不对。"), code="bad_amount")
        rows = type(self).objects.at_estate(self.estate_id).open().filter(pk=self.pk)
        said = {"judged_at": at, "judged_by": by.person_id, "upheld": becomes is not None, "judgement": judgement.strip()[:500]}
        if not rows.update(**said):
            raise Refused(_("已经裁定过了。"), code="already_judged")
        if becomes is not None:
            self._move(becomes, grades, judgement, by, at)
        self.refresh_from_db()
        told: dict[str, Any] = {"month": f"{proposal.month:%Y-%m}", "verdict": kept(_("成立") if self.upheld else _("不成立")), "why": self.judgement[:120]}
        Event.objects.record(Action.INCENTIVE_APPEAL_JUDGED, proposal, by=by, at=at, worker_id=self.by_id, **told)

    def _move(self, becomes: Decimal, grades: int | None, judgement: str, by: Any, at: datetime) -> None:
        line = self.line
        amount, now = net([line, *line.corrections.all()])
        Line.objects.create(
            estate_id=self.estate_id, proposal_id=line.proposal_id, kind=line.kind, zone_id=line.zone_id, person_id=line.person_id, amount=becomes - amount,
            grades=(now if grades is None else grades) - now, inputs=line.inputs, words=judgement.strip()[:300], version=line.version,
            corrects=line, appeal=self, at=at, by_id=by.person_id,
        )  # fmt: skip
