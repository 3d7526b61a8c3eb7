"""An item as it was scored: its deductions with reason and photo. A later version supersedes, nothing is changed (CF-30)."""

from __future__ import annotations

from decimal import Decimal

from django.db import models
from django.db.models import Q

from guanjia.tenancy.models import EstateForeignKey, EstateOwned, EstateQuerySet, PersonKey

from ..scoring import Got


class ItemScoreQuerySet(EstateQuerySet["ItemScore"]):
    def current(self) -> ItemScoreQuerySet:
        """The version that counts."""
        return self.filter(superseded_at__isnull=True)


class ItemScore(EstateOwned):
    inspection = EstateForeignKey("quality.Inspection", models.CASCADE, related_name="item_scores")
    rubric = models.CharField(max_length=30)
    item = models.CharField(max_length=30)
    points = models.DecimalField(max_digits=6, decimal_places=2)  # the item's full mark then
    deducted = models.DecimalField(max_digits=7, decimal_places=2)  # sum of its deductions, perhaps more than its points
    score = models.DecimalField(max_digits=6, decimal_places=2)  # points − deducted, never below nought
    na = models.BooleanField(default=False)  # does not apply here: leaves score and full mark
    na_words = models.CharField(max_length=300, blank=True)
    by = PersonKey()
    at = models.DateTimeField()  # when it was seen, by the device
    received_at = models.DateTimeField()
    client_id = models.UUIDField()  # of the sending: the same one sent twice is kept once
    version = models.PositiveSmallIntegerField(default=1)
    superseded_at = models.DateTimeField(null=True)
    why = models.CharField(max_length=300, blank=True)  # of a correction

    objects = ItemScoreQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["estate", "inspection"], name="itemscore_inspection"), models.Index(fields=["estate", "client_id"], name="itemscore_client")]
        constraints = [
            models.UniqueConstraint(fields=["estate", "inspection", "rubric", "item"], condition=Q(superseded_at__isnull=True), name="itemscore_once"),
            models.CheckConstraint(condition=Q(score__gte=0, score__lte=models.F("points"), deducted__gte=0), name="itemscore_range"),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.item} {self.score}"

    @property
    def got(self) -> Got:
        return Got(self.points, self.deducted, self.na)


class Deduction(EstateOwned):
    noun = "deduction"
    item_score = EstateForeignKey(ItemScore, models.CASCADE, related_name="deductions")
    check_key = models.CharField(max_length=4)
    title = models.CharField(max_length=120)  # the check point as it was written
    amount = models.DecimalField(max_digits=6, decimal_places=2)
    words = models.CharField(max_length=500)

    objects = EstateQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["estate", "item_score"], name="deduction_item")]
        constraints = [
            models.UniqueConstraint(fields=["estate", "item_score", "check_key"], name="deduction_once"),
            models.CheckConstraint(condition=Q(amount__gt=Decimal(0)) & ~Q(words=""), name="deduction_has_reason"),
        ]

    def __str__(self) -> str:
        return f"{self.title} −{self.amount}"


class QualityPhoto(EstateOwned):
    """A photo of a deduction, of something put right, or of a campaign's evidence; exactly one of them."""

    deduction = EstateForeignKey(Deduction, models.CASCADE, null=True, related_name="photos")
    round = EstateForeignKey("quality.FixRound", models.CASCADE, null=True, related_name="photos")
    evidence = EstateForeignKey("quality.Evidence", models.CASCADE, null=True, related_name="photos")
    file = models.FileField(upload_to="quality/%Y/%m/", max_length=200)
    digest = models.CharField(max_length=64)

    objects = EstateQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["estate", "deduction"], name="qphoto_deduction"),
            models.Index(fields=["estate", "round"], name="qphoto_round"),
            models.Index(fields=["estate", "evidence"], name="qphoto_evidence"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(deduction__isnull=False, round__isnull=True, evidence__isnull=True)
                | Q(deduction__isnull=True, round__isnull=False, evidence__isnull=True)
                | Q(deduction__isnull=True, round__isnull=True, evidence__isnull=False),
                name="qphoto_of_one",
            )
        ]

    def __str__(self) -> str:
        return str(self.file.name)
