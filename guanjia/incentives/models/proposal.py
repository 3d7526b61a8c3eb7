"""A month's rewards and penalties: worked out, appealed against, approved, and from then on only corrected by entries."""

from __future__ import annotations

from collections import defaultdict
from datetime import timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.db import models
from django.utils.translation import gettext as _

from guanjia import clock
from guanjia.events.actions import Action
from guanjia.events.models import Event
from guanjia.rulebooks.parameters import parameter
from guanjia.tenancy.errors import Refused
from guanjia.tenancy.models import EstateOwned, EstateQuerySet, PersonKey
from guanjia.tenancy.scope import estate_scope
from guanjia.tenancy.verbs import refusing_clashes, verb

from .appeal import MOST, Appeal
from .figure import Reckoning
from .line import BY_HAND, Line, net

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date, datetime

    from guanjia.people.models import Person

    from ..rules import Result, Terms


class ProposalQuerySet(EstateQuerySet["Proposal"]):
    def visible_to(self, reach: Any) -> ProposalQuerySet:
        rows = self.at_estate(reach.estate)
        return rows if reach.may("incentive.read") else rows.filter(pk__in=Line.objects.visible_to(reach).values("proposal_id"))

    def work_out(self, estate: Any, month: date, *, by: Any = None, at: datetime | None = None) -> Proposal:
        """The month's proposal; worked out again, what differs is added as entries under the same rule. A month that still runs has none."""
        from ..ends import close_of
        from ..facts import terms_of

        at = at or clock.now()
        if by is not None:
            by.must("incentive.propose")
        if at < close_of(estate, month):
            raise Refused(_("这个月还没有结束。"), code="still_running")
        with refusing_clashes(), estate_scope(estate):
            last = Reckoning.objects.of(estate, month).first()
            if last is None:
                raise Refused(_("这个月的指标还没有算。"), code="not_reckoned")
            known = self.at_estate(estate).select_for_update().filter(month=month).first()
            if known:
                known._correct(last.number, by, at)
                return known
            terms = terms_of(estate, month)
            days = int(parameter(estate, "incentive.appeal_days", at))
            made = self.create(
                estate=estate, month=month, version=last.number, terms=terms.told(), at=at, by_id=by.person_id if by else None, appeal_until=at + timedelta(days=days)
            )
            Line.objects.bulk_create([Line.of(made, one, last.number, at, by) for one in made.results(terms, last.number)])
            made.tell_proposed(by, at)
        return made


class Proposal(EstateOwned):
    """`terms` is the rule of the month as it was; `version` that of the figures first used."""

    noun = "incentive"
    month = models.DateField()  # its first day
    version = models.PositiveIntegerField()
    terms = models.JSONField(default=dict)
    at = models.DateTimeField()
    by = PersonKey(null=True)
    appeal_until = models.DateTimeField()
    approved_at = models.DateTimeField(null=True)
    approved_by = PersonKey(null=True)
    words = models.CharField(max_length=300, blank=True)

    objects = ProposalQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["estate", "month"], name="incentive_month_once")]

    def __str__(self) -> str:
        return f"{self.month:%Y-%m}"

    @property
    def rule(self) -> Terms:
        from ..rules import Terms

        return Terms.read(self.terms)

    def lock(self) -> Proposal:
        """Read anew under the lock that approving, appealing and correcting queue at."""
        return type(self).objects.at_estate(self.estate_id).select_for_update().get(pk=self.pk)

    def results(self, terms: Terms, version: int, tried: Mapping[str, Any] | None = None) -> list[Result]:
        from ..facts import further, person_facts, zone_facts
        from ..rules import results

        zones, people = zone_facts(self.estate, self.month, version), person_facts(self.estate, self.month, version)
        return [*results(terms, zones, people), *further(self.estate, self.month, version, tried or {})]

    def totals(self) -> tuple[Decimal, Decimal]:
        """(what is given, what is taken), both above nought, after every correction."""
        sums = self._sums(self.lines.all()).values()
        return sum((one for one in sums if one > 0), Decimal(0)), -sum((one for one in sums if one < 0), Decimal(0))

    @staticmethod
    def _sums(lines: Any) -> dict[int, Decimal]:
        """Line → what it comes to with its corrections."""
        found: dict[int, Decimal] = defaultdict(Decimal)
        for line in lines:
            found[line.corrects_id or line.pk] += line.amount
        return found

    def tell_proposed(self, by: Any, at: datetime) -> None:
        reward, penalty = self.totals()
        told: set[int] = set()
        for line in self.lines.all():
            told |= line.concerned()
        said: dict[str, Any] = {"month": f"{self.month:%Y-%m}", "reward": f"{reward:.2f}", "penalty": f"{penalty:.2f}", "until": f"{clock.today(self.estate, self.appeal_until):%Y-%m-%d}"}
        Event.objects.record(Action.INCENTIVE_PROPOSED, self, by=by, at=at, worker_ids=sorted(told), **said)

    def _correct(self, version: int, by: Any, at: datetime) -> None:
        """Entries for what the newest figures say otherwise, under the month's own rule. What an appeal moved stays moved."""
        rows = list(self.lines.filter(appeal__isnull=True).exclude(inputs={}).order_by("pk"))  # lines by hand have no numbers
        before: dict[Any, list[Line]] = defaultdict(list)
        for row in rows:
            before[row.key].append(row)
        fresh = {one.key: one for one in self.results(self.rule, version)}
        made = [entry for key in {**fresh, **before} if (entry := self._entry(before.get(key, []), fresh.get(key), version, by, at))]
        Line.objects.bulk_create(made)
        if made:
            Event.objects.record(Action.INCENTIVE_CORRECTED, self, by=by, at=at, month=f"{self.month:%Y-%m}", count=len(made), worker_ids=sorted(set().union(*(one.concerned() for one in made))))

    def _entry(self, before: list[Line], now: Result | None, version: int, by: Any, at: datetime) -> Line | None:
        amount, grades = net(before)
        more, up = (now.amount if now else Decimal(0)) - amount, (now.grades if now else 0) - grades
        if not before:
            return Line.of(self, now, version, at, by) if now else None
        if not more and not up:
            return None
        first = before[0]
        return Line(
            estate_id=self.estate_id, proposal=self, kind=first.kind, zone_id=first.zone_id, person_id=first.person_id, amount=more, grades=up,
            inputs=now.inputs if now else {**first.inputs, "gone": True}, version=version, corrects=first, at=at, by_id=by.person_id if by else None,
        )  # fmt: skip

    @verb
    def approve(self, words: str = "", *, by: Any, at: datetime | None = None) -> None:
        """Once, by who neither gains nor loses by it, with no appeal open. From then on only entries (INC-03)."""
        at = at or clock.now()
        by.must("incentive.approve")
        self.lock()
        if any(by.person_id in line.concerned() for line in self.lines.all()):
            raise Refused(_("奖惩里有您自己，请由他人批准。"), code="own_matter")
        if Appeal.objects.at_estate(self.estate_id).open().filter(line__proposal=self).exists():
            raise Refused(_("还有申诉没有裁定。"), code="appeal_open")
        rows = type(self).objects.at_estate(self.estate_id).filter(pk=self.pk, approved_at__isnull=True)
        if not rows.update(approved_at=at, approved_by=by.person_id, words=words.strip()[:300]):
            raise Refused(_("已经批准过了。"), code="already_approved")
        self.refresh_from_db()
        told = sorted(set().union(*(line.concerned() for line in self.lines.all())))
        Event.objects.record(Action.INCENTIVE_APPROVED, self, by=by, at=at, month=f"{self.month:%Y-%m}", worker_ids=told)

    @verb
    def add(self, kind: str, person: Person, amount: Decimal, why: str, *, by: Any, grades: int = 0, at: datetime | None = None) -> Line:
        """What a manager decides besides (CF-44: pay or grade for a missed half-year), in words; before or after approval."""
        at = at or clock.now()
        by.must("incentive.approve")
        if kind not in BY_HAND or not why.strip() or abs(amount) > MOST or not -20 <= grades <= 20 or not (amount or grades):
            raise Refused(_("请写明金额或档数，以及依据。"), code="incomplete")
        if person.pk == by.person_id:
            raise Refused(_("不能评自己的事。"), code="own_matter")
        made = Line.objects.create(
            estate_id=self.estate_id, proposal=self, kind=kind, person=person, amount=amount, grades=grades, words=why.strip()[:300], version=self.version, at=at, by_id=by.person_id
        )
        said: dict[str, Any] = {"month": f"{self.month:%Y-%m}", "person": person.name, "amount": f"{amount:.2f}", "why": made.words[:120]}
        Event.objects.record(Action.INCENTIVE_ADDED, self, by=by, at=at, worker_id=person.pk, **said)
        return made
