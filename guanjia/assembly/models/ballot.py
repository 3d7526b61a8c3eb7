"""A ballot: one for a unit, final when it is given, on the phone or on paper. The database keeps it so."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy

from guanjia.tenancy.models import EstateForeignKey, EstateOwned, PersonKey

from .assembly import Assembly
from .topic import Topic


class Ballot(EstateOwned):
    class Way(models.TextChoices):
        PHONE = "phone", gettext_lazy("手机")
        PAPER = "paper", gettext_lazy("纸质")

    noun = "ballot"
    assembly = EstateForeignKey(Assembly, models.RESTRICT, related_name="ballots")
    unit = EstateForeignKey("estates.Unit", models.RESTRICT, related_name="+")
    way = models.CharField(max_length=5, choices=Way.choices)
    photo = models.FileField(upload_to="ballots/", blank=True)  # of the paper, signed
    by = PersonKey()  # the owner, or who entered the paper
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["estate", "assembly", "unit"], name="ballot_unit_once"),
            models.CheckConstraint(condition=models.Q(way="phone") | ~models.Q(photo=""), name="ballot_paper_has_photo"),
        ]

    def __str__(self) -> str:
        return f"{self.unit_id}"


class Choice(EstateOwned):
    class Said(models.TextChoices):
        YES = "yes", gettext_lazy("同意")
        NO = "no", gettext_lazy("反对")
        ABSTAIN = "abstain", gettext_lazy("弃权")

    noun = "ballot_choice"
    ballot = EstateForeignKey(Ballot, models.RESTRICT, related_name="choices")
    topic = EstateForeignKey(Topic, models.RESTRICT, related_name="choices")
    said = models.CharField(max_length=7, choices=Said.choices)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["estate", "ballot", "topic"], name="choice_once")]

    def __str__(self) -> str:
        return self.said
