"""报价 and photos of a service order."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from guanjia.tenancy.models import EstateForeignKey, EstateOwned, PersonKey


class Quote(EstateOwned):
    """报价: what it would cost, line by line, said before the work; answered once, by a tap or a signature."""

    noun = "service_quote"
    order = EstateForeignKey("services.ServiceOrder", models.CASCADE, related_name="quotes")
    round = models.PositiveSmallIntegerField()
    lines = models.JSONField()  # [[words, "yuan"], …]
    amount = models.DecimalField(max_digits=14, decimal_places=2)  # yuan, the sum of the lines
    words = models.CharField(max_length=300, blank=True)
    by = PersonKey()
    at = models.DateTimeField()
    agreed = models.BooleanField(null=True)
    answered_at = models.DateTimeField(null=True)
    answered_by = models.CharField(max_length=60, blank=True)  # who, as they are called
    way = models.CharField(max_length=10, blank=True)  # tap, signature

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["estate", "order", "round"], name="quote_round"),
            models.UniqueConstraint(fields=["estate", "order"], condition=Q(agreed__isnull=True), name="quote_one_open"),
            models.CheckConstraint(condition=Q(amount__gte=0), name="quote_amount"),
            models.CheckConstraint(condition=Q(agreed__isnull=True, answered_at__isnull=True) | Q(agreed__isnull=False, answered_at__isnull=False), name="quote_answered"),
        ]

    def __str__(self) -> str:
        return f"{self.amount}"


class OrderPhoto(EstateOwned):
    noun = "service_photo"
    order = EstateForeignKey("services.ServiceOrder", models.CASCADE, related_name="photos")
    moment = models.CharField(max_length=6)  # ask, done
    image = models.FileField(upload_to="services/")
    digest = models.CharField(max_length=64)
    by = PersonKey(null=True)
    at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["estate", "order", "at"], name="service_photo_of")]

    def __str__(self) -> str:
        return f"{self.moment} {self.pk}"
