"""A bill run: draft → reviewed → posted → reversed. The title page; what it does is in drafting, posting, reversing."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from guanjia.tenancy.models import EstateForeignKey, EstateOwned

from .drafting import BillRunQuerySet, Draftable
from .issuing import Issuable
from .posting import Postable
from .reversing import Reversible


class RunState(models.TextChoices):
    DRAFT = "draft", _("草稿")
    REVIEWED = "reviewed", _("已复核")
    POSTED = "posted", _("已过账")
    REVERSED = "reversed", _("已冲销")
    DISCARDED = "discarded", _("已作废")


class BillRun(Draftable, Postable, Issuable, Reversible, EstateOwned):
    """出账批次: the charges of one month. A draft keeps figures and a digest, no lines: posting works them out anew and
    goes on only when they are the same (docs/decisions/0009-ledger.md)."""

    noun = "bill_run"
    period = models.DateField()  # first of the month
    sequence = models.PositiveSmallIntegerField(default=1)  # 2 and on: what came later in the same month
    state = models.CharField(max_length=10, choices=RunState.choices, default=RunState.DRAFT)
    lines = models.PositiveIntegerField(default=0)
    total = models.DecimalField(max_digits=16, decimal_places=2, default=0)
    digest = models.CharField(max_length=64, blank=True)  # of every line it would write
    report = models.JSONField(default=dict)  # totals by fee, difference from last month by cause, refused units
    entry = EstateForeignKey("billing.Entry", models.PROTECT, null=True, related_name="runs")
    drafted_at = models.DateTimeField()
    posted_at = models.DateTimeField(null=True)
    issued_at = models.DateTimeField(null=True)  # when its statements went out (FEE-04)
    ended_at = models.DateTimeField(null=True)  # reversed or discarded

    objects = BillRunQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["estate", "period", "sequence"], name="run_sequence"),
            models.UniqueConstraint(
                fields=["estate", "period"], condition=models.Q(state__in=["draft", "reviewed"]), name="run_one_open"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.period:%Y-%m}/{self.sequence}"
