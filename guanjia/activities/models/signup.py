"""A household at an activity: signed up, waiting, withdrawn, came, what they thought."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from guanjia.tenancy.models import EstateForeignKey, EstateOwned, PersonKey

from .activity import Activity


class SignUp(EstateOwned):
    noun = "activity_signup"
    activity = EstateForeignKey(Activity, models.CASCADE, related_name="signups")
    household = EstateForeignKey("households.Household", models.CASCADE, related_name="signups")
    heads = models.PositiveSmallIntegerField(default=1)
    waiting = models.BooleanField(default=False)
    entered_at = models.DateTimeField()
    entered_by = PersonKey(null=True)
    moved_at = models.DateTimeField(null=True)  # off the waiting list
    left_at = models.DateTimeField(null=True)
    came_at = models.DateTimeField(null=True)
    how = models.CharField(max_length=4, blank=True)  # list, code
    mood = models.PositiveSmallIntegerField(null=True)  # 1 … 5
    words = models.CharField(max_length=500, blank=True)
    followed_at = models.DateTimeField(null=True)
    followed_by = PersonKey(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["estate", "activity", "household"], condition=Q(left_at__isnull=True), name="signup_once"),
            models.CheckConstraint(condition=Q(heads__range=(1, 20)), name="signup_heads"),
            models.CheckConstraint(condition=Q(mood__isnull=True) | Q(mood__range=(1, 5), came_at__isnull=False), name="signup_mood"),
            models.CheckConstraint(condition=Q(came_at__isnull=True) | Q(waiting=False), name="signup_came_has_place"),
        ]

    def __str__(self) -> str:
        return f"{self.household_id}"
