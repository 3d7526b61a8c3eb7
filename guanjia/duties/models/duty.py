"""A duty as it is in force at one estate (docs/decisions/0008-duties.md)."""

from __future__ import annotations

from typing import Any

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import ArrayField, DateRangeField, RangeOperators
from django.db import models

from guanjia import clock
from guanjia.rulebooks.books import duties
from guanjia.rulebooks.own import known_books
from guanjia.tenancy.models import EstateOwned, EstateQuerySet


class DutyQuerySet(EstateQuerySet):
    def in_force(self, day: Any) -> DutyQuerySet:
        """Duties that hold on a business date."""
        return self.filter(during__contains=day)


class Duty(EstateOwned):
    """What recurs: laid down from a rulebook with the company's own settings filled in. A change ends it and begins another."""

    noun = "duty"
    book = models.CharField(max_length=30)  # code of its rulebook
    key = models.CharField(max_length=60)  # hse_core_care
    rows = ArrayField(models.CharField(max_length=10))  # clauses it keeps
    cadence = models.CharField(max_length=200)
    window = models.JSONField(default=dict)
    role = models.CharField(max_length=40)
    scope = models.CharField(max_length=20)
    narrowed = models.CharField(max_length=20, blank=True)  # the kind after the colon of its scope
    form = models.CharField(max_length=40)
    proof = ArrayField(models.CharField(max_length=12), default=list)
    during = DateRangeField()  # business dates, [from, to); empty when it was replaced on its first day
    laid_at = models.DateTimeField(default=clock.now)  # in force from this instant
    ended_at = models.DateTimeField(null=True)  # … to this one
    follows = models.BooleanField(
        default=False
    )  # it replaced another way of the same duty: that one's slots are not made anew

    objects = DutyQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["estate", "key"], name="duty_key")]
        constraints = [
            ExclusionConstraint(
                name="duty_one_in_force",
                expressions=[
                    ("estate", RangeOperators.EQUAL),
                    ("key", RangeOperators.EQUAL),
                    ("during", RangeOperators.OVERLAPS),
                ],
            ),
        ]

    def __str__(self) -> str:
        return self.key

    @property
    def title(self) -> str:
        """Its name in the reader's language; a duty since removed from its book is named by its key."""
        from django.utils.translation import gettext as _

        return _(self.source_title)

    @property
    def source_title(self) -> str:
        """The same in the house's language, from the house's books or a company's own."""
        known = duties().get(self.key)
        if known:
            return known[1].title
        return next((book.duties[self.key].title for book in known_books() if self.key in book.duties), self.key)

    @property
    def role_title(self) -> str:
        from guanjia.people.roles import title_of

        return title_of(self.role)
