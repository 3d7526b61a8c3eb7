"""Under what the one search box finds a household or a unit."""

from __future__ import annotations

from django.db import models

from guanjia.tenancy.models import EstateForeignKey, EstateOwned

from .household import Household
from .member import Member


class SearchKey(EstateOwned):
    """A key under which the one search box finds a household or a unit.

    Searched by prefix on a plain ordered index: row security lets only leak-proof operators use an index, which
    trigram and LIKE operators are not. A phone is stored backwards, so that any tail of it is a prefix.
    """

    class Kind(models.TextChoices):
        ROOM = "room"
        NAME = "name"
        PINYIN = "pinyin"
        INITIALS = "initials"
        PHONE = "phone"
        PLATE = "plate"

    kind = models.CharField(max_length=10, choices=Kind.choices)
    key = models.CharField(max_length=80, db_collation="C")
    household = EstateForeignKey(Household, models.CASCADE, null=True, related_name="keys")
    unit = EstateForeignKey("estates.Unit", models.CASCADE, null=True, related_name="keys")
    member = EstateForeignKey(Member, models.CASCADE, null=True, related_name="keys")

    class Meta:
        indexes = [
            models.Index(fields=["estate", "kind", "key"], name="search_key"),
            models.Index(fields=["estate", "household"], name="search_household"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["estate", "kind", "key", "household", "unit", "member"],
                nulls_distinct=False,
                name="search_key_once",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind}:{self.key}"
