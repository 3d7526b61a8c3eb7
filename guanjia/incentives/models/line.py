"""What somebody or a zone's team would get or lose, with the numbers it comes from. Never changed: a correction is a further line."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.db import models
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from guanjia.people.models import Person, Post
from guanjia.tenancy.models import EstateForeignKey, EstateOwned, EstateQuerySet, PersonKey

if TYPE_CHECKING:
    from guanjia.incentives.rules import Result


class Sort(models.TextChoices):
    ZONE_BONUS = "zone_bonus", _("片区月度奖励")
    ZONE_PENALTY = "zone_penalty", _("末位片区处罚")
    STAR = "star", _("月度之星")
    SUPPORT = "support", _("支持不力")
    AWARD = "award", _("及时奖惩")
    LADDER = "ladder", _("薪酬阶梯")
    HALF_YEAR = "half_year", _("半年收费任务未达")
    CAMPAIGN = "campaign", _("品质活动奖惩")
    CONTRACT = "contract", _("年度目标合同")
    OTHER = "other", _("其他")


BY_HAND = (Sort.HALF_YEAR, Sort.OTHER)  # what a manager decides and writes down (CF-44)


class LineQuerySet(EstateQuerySet["Line"]):
    def visible_to(self, reach: Any) -> LineQuerySet:
        """Everything for who reads proposals; else what is about oneself or the team that one was of that month."""
        return self.at_estate(reach.estate) if reach.may("incentive.read") else self.about(reach)

    def about(self, reach: Any) -> LineQuerySet:
        """What `concerned` says of a line, asked for all lines at once."""
        found = models.Q(person_id=reach.person_id)
        posts = Post.objects.at_estate(reach.estate).filter(person_id=reach.person_id, zone__isnull=False)
        for zone, during in posts.values_list("zone_id", "during"):
            held = models.Q(person__isnull=True, zone_id=zone)
            if during.lower:
                held &= models.Q(proposal__month__gte=during.lower.replace(day=1))
            found |= held & models.Q(proposal__month__lt=during.upper) if during.upper else held
        return self.at_estate(reach.estate).filter(found)


class Line(EstateOwned):
    """`amount` in yuan, below nought for a loss; `grades` up the pay scale. `corrects` is the line it puts right."""

    noun = "incentive_line"
    proposal = EstateForeignKey("incentives.Proposal", models.RESTRICT, related_name="lines")
    kind = models.CharField(max_length=12, choices=Sort.choices)
    zone = EstateForeignKey("estates.Zone", models.RESTRICT, null=True, related_name="+")
    person = PersonKey(null=True)
    amount = models.DecimalField(max_digits=10, decimal_places=2)
    grades = models.SmallIntegerField(default=0)
    inputs = models.JSONField(default=dict)  # the numbers, and what is still missing
    words = models.CharField(max_length=300, blank=True)
    version = models.PositiveIntegerField()  # of the month's figures
    corrects = EstateForeignKey("self", models.RESTRICT, null=True, related_name="corrections")
    appeal = EstateForeignKey("incentives.Appeal", models.RESTRICT, null=True, related_name="entries")
    at = models.DateTimeField()
    by = PersonKey(null=True)

    objects = LineQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["estate", "proposal"], name="incentive_line_proposal"),
            models.Index(fields=["estate", "person"], name="incentive_line_person"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["estate", "appeal"], condition=models.Q(appeal__isnull=False), name="incentive_appeal_once"),
            models.CheckConstraint(condition=models.Q(appeal__isnull=True) | models.Q(corrects__isnull=False), name="incentive_appeal_corrects"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.amount}"

    @property
    def key(self) -> tuple[str, int | None, int | None, int | None]:
        """What it is about: of two lines about the same thing one corrects the other."""
        return self.kind, self.zone_id, self.person_id, self.inputs.get("source")

    @property
    def who(self) -> str:
        return self.person.name if self.person_id and self.person else str(self.zone or _t("项目团队"))

    def concerned(self) -> set[int]:
        """Whose money it is: the person, or whoever held a post of the zone that month."""
        if self.person_id:
            return {self.person_id}
        return team_of(self.estate_id, self.zone_id, self.proposal.month)

    @staticmethod
    def of(proposal: Any, result: Result, version: int, at: Any, by: Any) -> Line:
        return Line(
            estate_id=proposal.estate_id, proposal=proposal, kind=result.kind, zone_id=result.zone, person_id=result.person, amount=result.amount,
            grades=result.grades, inputs=result.inputs, version=version, at=at, by_id=by.person_id if by else None,
        )  # fmt: skip


def team_of(estate_id: int, zone_id: int | None, month: Any) -> set[int]:
    from guanjia.billing.months import month_after

    rows = Post.objects.at_estate(estate_id).filter(zone_id=zone_id, during__overlap=(month, month_after(month)))
    return set(rows.values_list("person_id", flat=True)) if zone_id else set()


def net(lines: list[Line]) -> tuple[Decimal, int]:
    """What lines about one thing come to."""
    return sum((line.amount for line in lines), Decimal(0)), sum(line.grades for line in lines)


def names_of(ids: set[int]) -> dict[int, str]:
    return dict(Person.objects.filter(pk__in=ids).values_list("pk", "name"))
