"""What is written down about a supplier: looks before listing, regular follow-ups, being struck off (VAS-09, VAS-10)."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from guanjia.tenancy.models import EstateForeignKey, EstateOwned, PersonKey


class Vetting(EstateOwned):
    """考察记录."""

    noun = "supplier_vetting"
    supplier = EstateForeignKey("services.Supplier", models.CASCADE, related_name="vettings")
    points = models.JSONField()  # {point: ok | bad}
    words = models.CharField(max_length=500)
    passed = models.BooleanField()
    by = PersonKey()
    at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["estate", "supplier", "-at"], name="vetting_of")]

    def __str__(self) -> str:
        return f"{self.passed}"


class Review(EstateOwned):
    """质量回访."""

    noun = "supplier_review"
    supplier = EstateForeignKey("services.Supplier", models.CASCADE, related_name="reviews")
    score = models.PositiveSmallIntegerField()  # 1–5
    words = models.CharField(max_length=500)
    on = models.DateField()
    by = PersonKey()
    at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["estate", "supplier", "-on"], name="review_of")]
        constraints = [models.CheckConstraint(condition=Q(score__range=(1, 5)), name="review_score")]

    def __str__(self) -> str:
        return f"{self.score}"


class Ban(EstateOwned):
    """黑名单: who struck it off and why; lifted with a reason."""

    noun = "supplier_ban"
    supplier = EstateForeignKey("services.Supplier", models.CASCADE, related_name="bans")
    why = models.CharField(max_length=300)
    by = PersonKey()
    at = models.DateTimeField()
    lifted_at = models.DateTimeField(null=True)
    lifted_by = PersonKey(null=True)
    lifted_why = models.CharField(max_length=300, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["estate", "supplier"], condition=Q(lifted_at__isnull=True), name="ban_one")]

    def __str__(self) -> str:
        return self.why[:40]
