"""Who: people who sign in, and the posts (岗位) they hold over dates."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, RangeOperators
from django.db import models
from django.utils.translation import gettext_lazy as _

from guanjia.tenancy.models import CompanyWide, EstateForeignKey, EstateOwned, EstateQuerySet, Local, PersonKey

from .roles import Role


class PersonManager(BaseUserManager):
    def create_user(self, username: str, password: str | None = None, **fields: Any) -> Person:
        person = self.model(username=username, **fields)
        person.set_password(password)
        person.save(using=self._db)
        return person

    def create_superuser(self, username: str, password: str | None = None, **fields: Any) -> Person:
        return self.create_user(username, password, is_superuser=True, kind=Person.Kind.STAFF, **fields)

    def get_by_natural_key(self, username: str) -> Person:
        return self.get(username=username)


class Person(AbstractBaseUser, Local):
    """Somebody who signs in. Estate-owned rows hold a person by value; nobody is deleted, only deactivated.

    Staff sign in by username and password, residents by phone and a one-time code.
    """

    class Kind(models.TextChoices):
        STAFF = "staff", _("员工")
        RESIDENT = "resident", _("住户")

    noun = "person"
    username = models.CharField(max_length=60, unique=True)
    name = models.CharField(max_length=60)
    kind = models.CharField(max_length=10, choices=Kind.choices, default=Kind.STAFF)
    company = models.ForeignKey("estates.Company", models.PROTECT, null=True, blank=True, related_name="people")
    phone = models.CharField(max_length=20, null=True, blank=True, unique=True)  # E.164
    phone_verified = models.BooleanField(default=False)
    email = models.EmailField(blank=True)
    photo = models.ImageField(upload_to="faces/", blank=True)
    language = models.CharField(max_length=10, blank=True)
    theme = models.CharField(max_length=10, blank=True)
    large_type = models.BooleanField(default=False)
    is_active = models.BooleanField(default=True)
    is_superuser = models.BooleanField(default=False)
    joined_at = models.DateTimeField(null=True)
    last_login = None  # hot column: sessions know it (citus.md §3)

    USERNAME_FIELD = "username"
    objects = PersonManager()

    def __str__(self) -> str:
        return self.name

    def get_full_name(self) -> str:
        return self.name


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
    role = models.CharField(max_length=30, choices=Role.choices)
    zone = EstateForeignKey("estates.Zone", models.CASCADE, null=True, blank=True, related_name="posts")
    deputy = models.BooleanField(default=False)
    during = DateRangeField()  # business dates, [from, to)

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
    role = models.CharField(max_length=30, choices=Role.choices)
    during = DateRangeField()

    def __str__(self) -> str:
        return f"{self.person_id} {self.role}"


class Token(Local):
    """A bearer token for the API; only its digest is kept."""

    person = models.ForeignKey(Person, models.CASCADE, related_name="tokens")
    digest = models.CharField(max_length=64, unique=True)  # SHA-256, hex
    name = models.CharField(max_length=60, blank=True)
    made_at = models.DateTimeField()
    expires_at = models.DateTimeField(null=True)
    revoked_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"token of {self.person_id}"
