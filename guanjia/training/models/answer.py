"""One question of somebody's paper, as it was drawn, with what they answered."""

from __future__ import annotations

from decimal import Decimal

from django.db import models

from guanjia.tenancy.models import EstateForeignKey, EstateOwned, PersonKey

from .question import Question


class Answer(EstateOwned):
    """The words and the key stand here as they were when the paper was drawn; `key` and `given` name shown places."""

    attempt = EstateForeignKey("training.Attempt", models.CASCADE, related_name="answers")
    place = models.PositiveSmallIntegerField()  # from 1
    question = EstateForeignKey(Question, models.RESTRICT, related_name="+")
    kind = models.CharField(max_length=12, choices=Question.Kind.choices)
    stem = models.CharField(max_length=500)
    choices = models.JSONField(default=list)  # in the order they are shown
    key = models.JSONField(default=list)
    explained = models.CharField(max_length=1000, blank=True)
    worth = models.DecimalField(max_digits=6, decimal_places=2)
    given = models.JSONField(null=True)
    saved_at = models.DateTimeField(null=True)
    got = models.DecimalField(max_digits=6, decimal_places=2, null=True)
    marked_by = PersonKey(null=True)  # nobody: the house itself
    remark = models.CharField(max_length=300, blank=True)

    class Meta:
        ordering = ["place"]
        constraints = [
            models.UniqueConstraint(fields=["estate", "attempt", "place"], name="training_answer_once"),
            models.CheckConstraint(
                condition=models.Q(got__isnull=True) | models.Q(got__gte=Decimal(0), got__lte=models.F("worth")), name="training_answer_points"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.attempt_id} {self.place}"

    @property
    def shown(self) -> list[str]:
        """The choices as they are read; false and true have theirs."""
        from django.utils.translation import gettext as _

        return [_("错"), _("对")] if self.kind == "true_false" else list(self.choices)
