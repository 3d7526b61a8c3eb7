"""目标责任合同: a department's head promises the year's targets; what the year's figures say of them becomes a line in December (INC-06, QLT-67)."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.db import models
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from guanjia import clock
from guanjia.events.actions import Action
from guanjia.events.models import Event
from guanjia.events.sentences import kept
from guanjia.people.models import Post
from guanjia.rulebooks.parameters import parameter
from guanjia.tenancy.errors import NotAllowed, Refused
from guanjia.tenancy.models import EstateOwned, EstateQuerySet, PersonKey
from guanjia.tenancy.scope import estate_scope
from guanjia.tenancy.verbs import refusing_clashes, verb

from ..book import book, indicators

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

MOST = 10**6  # yuan


class ContractQuerySet(EstateQuerySet["Contract"]):
    def visible_to(self, reach: Any) -> ContractQuerySet:
        rows = self.at_estate(reach.estate)
        return rows if reach.may("incentive.read") else rows.filter(head=reach.person_id)

    def draft(
        self, year: int, department: str, head: Any, *, by: Any, targets: Mapping[str, Decimal] | None = None, bonus: Decimal | None = None, scale: str = "", at: datetime | None = None
    ) -> Contract:
        """For its head to sign. Targets and scale not given are those in force; a bonus not given stays blank until the company sets it (CF-76)."""
        by.must("incentive.propose")
        at = at or clock.now()
        if department not in book().departments or not 2000 < year < 2100:
            raise Refused(_("请选部门和年份。"), code="incomplete")
        if not Post.objects.at_estate(by.estate).held_on(clock.today(by.estate, at)).filter(person=head).exists():
            raise Refused(_("责任人要在本小区任职。"), code="no_post")
        scale = scale or str(parameter(by.estate, "contract.scale", at))
        if scale not in Contract.Scale.values:
            raise Refused(_("请选奖金怎样发。"), code="incomplete")
        said = {key: Decimal(str((targets or {}).get(key, parameter(by.estate, indicators()[key].target, at)))) for key in book().promised}
        if any(not 0 <= value <= 100 for value in said.values()) or (bonus is not None and not 0 <= bonus <= MOST):
            raise Refused(_("目标在 0 到 100 之间，奖金不为负。"), code="bad_amount")
        with refusing_clashes(), estate_scope(by.estate):
            made = self.create(
                estate=by.estate, year=year, department=department, head=head, bonus=bonus, by_id=by.person_id, at=at,
                targets={key: f"{value.normalize():f}" for key, value in said.items()}, scale=scale, least=Decimal(parameter(by.estate, "contract.least", at)),
                shares={key: str(parameter(by.estate, f"contract.share_{key}", at)) for key in said},
            )  # fmt: skip
            made._tell(Action.CONTRACT_DRAFTED, by, at)
        return made


class Contract(EstateOwned):
    """One a department and year. `targets` are of indicators.yaml, as they were signed; what came of them is read from the figures.

    `scale`, `shares` (parts of each target) and `least` (per cent) say how much of the bonus they earn, as it was signed (promises.py).
    """

    class Scale(models.TextChoices):
        ALL = "all", gettext_lazy("全部达到才发")
        EACH = "each", gettext_lazy("达到几项发几项")
        DEGREE = "degree", gettext_lazy("按完成度发")

    noun = "contract"
    year = models.PositiveSmallIntegerField()
    department = models.CharField(max_length=20)
    head = PersonKey()
    targets = models.JSONField()  # indicator → target
    bonus = models.DecimalField(max_digits=10, decimal_places=2, null=True)
    scale = models.CharField(max_length=6, choices=Scale.choices, default=Scale.ALL)
    shares = models.JSONField(default=dict)  # indicator → parts; one where nothing is said
    least = models.DecimalField(max_digits=5, decimal_places=2, default=Decimal(0))
    by = PersonKey()
    at = models.DateTimeField()
    signed_at = models.DateTimeField(null=True)

    objects = ContractQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["estate", "year", "department"], name="contract_once"),
            models.CheckConstraint(condition=models.Q(bonus__isnull=True) | models.Q(bonus__gte=Decimal(0)), name="contract_bonus"),
            models.CheckConstraint(condition=models.Q(scale__in=("all", "each", "degree"), least__range=(Decimal(0), Decimal(100))), name="contract_scale"),
        ]

    def __str__(self) -> str:
        return f"{self.year} {self.department}"

    @property
    def title(self) -> str:
        return _(book().departments[self.department].title)

    @property
    def first(self) -> date:
        return date(self.year, 1, 1)

    @verb
    def sign(self, *, by: Any, at: datetime | None = None) -> None:
        """By the head alone, once; from then on nothing in it changes."""
        at = at or clock.now()
        if by.person_id != self.head_id:
            raise NotAllowed("contract.sign")
        rows = type(self).objects.at_estate(self.estate_id).filter(pk=self.pk, signed_at__isnull=True)
        if not rows.update(signed_at=at):
            raise Refused(_("已经签过了。"), code="signed")
        self.signed_at = at
        self._tell(Action.CONTRACT_SIGNED, by, at)

    def _tell(self, action: Action, by: Any, at: datetime) -> None:
        said: dict[str, Any] = {"department": kept(_(book().departments[self.department].title)), "year": str(self.year), "person": self.head.name}
        Event.objects.record(action, self, by=by, at=at, worker_id=self.head_id, **said)
