"""A topic: what is decided, and the matter of the law it falls under."""

from __future__ import annotations

from typing import Any

from django.db import models

from guanjia.tenancy.models import EstateForeignKey, EstateOwned

from ..book import assembly_book
from .assembly import Assembly


class Topic(EstateOwned):
    noun = "assembly_topic"
    assembly = EstateForeignKey(Assembly, models.CASCADE, related_name="topics")
    n = models.PositiveSmallIntegerField()
    title = models.CharField(max_length=100)
    words = models.CharField(max_length=1000, blank=True)
    matter = models.CharField(max_length=12)  # of rulebooks/assembly.yaml

    class Meta:
        constraints = [models.UniqueConstraint(fields=["estate", "assembly", "n"], name="topic_number")]

    def __str__(self) -> str:
        return self.title

    @property
    def entry(self) -> Any:
        return assembly_book().matters[self.matter]

    @property
    def share(self) -> Any:
        return assembly_book().shares[self.entry.by]
