"""How loudly a person wants to be told. The inbox always has everything."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from guanjia.tenancy.models import Local, PersonKey

from .delivery import Channel


class Wanted(models.TextChoices):
    ALL = "all", _("全部")
    URGENT = "urgent", _("只要紧急的")
    NONE = "none", _("不要")


class Preference(Local):
    """One channel of one person; without a row the channel tells everything."""

    person = PersonKey()
    channel = models.CharField(max_length=10, choices=Channel.choices)
    wanted = models.CharField(max_length=8, choices=Wanted.choices, default=Wanted.ALL)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["person", "channel"], name="preference_once")]

    def __str__(self) -> str:
        return f"{self.channel}: {self.wanted}"
