"""The posts (岗位) people hold over dates."""

from __future__ import annotations

from typing import Any

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, RangeOperators
from django.db import models

from guanjia.tenancy.models import CompanyWide, EstateForeignKey, EstateOwned, EstateQuerySet, PersonKey

from ..roles import known_role


class PostQuerySet(EstateQuerySet):
    def held_on(self, day: Any) -> PostQuerySet:
        """Posts in force on a business date."""
        return self.filter(during__contains=day)


class Post(EstateOwned):
    """岗位: a person holds a role at an estate, for a zone or the whole of it, from a date to a date.

    One holder of a zone's post at a time, deputies apart (design decision 6).
    """

    noun = "post"
    person = PersonKey("people.Person", db_index=True)
    role = models.CharField(max_length=30, validators=[known_role])
    zone = EstateForeignKey("estates.Zone", models.CASCADE, null=True, blank=True, related_name="posts")
    deputy = models.BooleanField(default=False)
    during = DateRangeField()  # business dates, [from, to)
    warnings: list[str]  # what the giver should know: on the row that `appoint` returns

    objects = PostQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["person", "estate"], name="post_person")]
        constraints = [
            ExclusionConstraint(
                name="post_one_holder",
                expressions=[
                    ("estate", RangeOperators.EQUAL),
                    ("zone", RangeOperators.EQUAL),
                    ("role", RangeOperators.EQUAL),
                    ("during", RangeOperators.OVERLAPS),
                ],
                condition=models.Q(role="steward", deputy=False, zone__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person_id} {self.role}"


class CompanyPost(CompanyWide):
    """A post at the company itself: its holder reaches every estate of the company."""

    company = models.ForeignKey("estates.Company", models.PROTECT, related_name="posts")
    person = PersonKey("people.Person", db_index=True)
    role = models.CharField(max_length=30, validators=[known_role])
    during = DateRangeField()

    def __str__(self) -> str:
        return f"{self.person_id} {self.role}"
