"""What a handover is made of: papers, looks at the home, readings."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from guanjia.tenancy.models import EstateForeignKey, EstateOwned, PersonKey

from ..book import moves_book
from .handover import Handover


class HandoverPaper(EstateOwned):
    """One paper: a picture or PDF in the household's file, or seen at the desk."""

    noun = "handover_paper"
    handover = EstateForeignKey(Handover, models.CASCADE, related_name="papers")
    key = models.CharField(max_length=20)  # of moves.yaml
    document = EstateForeignKey("households.HouseholdDocument", models.RESTRICT, null=True, related_name="+")
    by = PersonKey()
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["estate", "handover", "key"], name="handover_paper_once")]

    def __str__(self) -> str:
        return self.key

    @property
    def title(self) -> str:
        entry = moves_book().papers[self.handover.direction].get(self.key)
        return _(entry.title) if entry else self.key


class HandoverLook(EstateOwned):
    """One point of one room, as it was found; a defect has its ticket."""

    class Verdict(models.TextChoices):
        OK = "ok", gettext_lazy("完好")
        BAD = "bad", gettext_lazy("有缺陷")
        NA = "na", gettext_lazy("没有")

    noun = "handover_look"
    handover = EstateForeignKey(Handover, models.CASCADE, related_name="looks")
    room = models.CharField(max_length=20)
    point = models.CharField(max_length=20)
    verdict = models.CharField(max_length=4, choices=Verdict.choices)
    words = models.CharField(max_length=200, blank=True)
    ticket = EstateForeignKey("tickets.Ticket", models.RESTRICT, null=True, related_name="found_at")
    by = PersonKey()
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["estate", "handover", "room", "point"], name="look_once"),
            models.CheckConstraint(condition=~Q(verdict="bad") | ~Q(words=""), name="look_defect_words"),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def title(self) -> str:
        """厨房 给水与渗漏."""
        book = moves_book()
        room, point = book.rooms.get(self.room), book.points.get(self.point)
        return f"{_(room.title) if room else self.room} {_(point.title) if point else self.point}"


class HandoverReading(EstateOwned):
    """What a meter showed when the home changed hands."""

    noun = "handover_reading"
    handover = EstateForeignKey(Handover, models.CASCADE, related_name="readings")
    meter = EstateForeignKey("billing.Meter", models.RESTRICT, related_name="handover_readings")
    value = models.DecimalField(max_digits=14, decimal_places=3)
    by = PersonKey()
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["estate", "handover", "meter"], name="handover_reading_once")]

    def __str__(self) -> str:
        return f"{self.meter_id} {self.value}"
