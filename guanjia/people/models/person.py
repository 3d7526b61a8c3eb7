"""Who: people who sign in."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager
from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from guanjia.tenancy.models import Local


class PersonManager(BaseUserManager["Person"]):
    def create_user(self, username: str, password: str | None = None, **fields: Any) -> Person:
        person = self.model(username=username, **fields)
        person.set_password(password)
        person.save(using=self._db)
        return person

    def create_superuser(self, username: str, password: str | None = None, **fields: Any) -> Person:
        return self.create_user(username, password, is_superuser=True, kind=Person.Kind.STAFF, **fields)

    def get_by_natural_key(self, username: str | None) -> Person:
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

    @property
    def face_url(self) -> str:
        """Where the photo is served, or nothing; the name in the address changes with the picture."""
        return f"{reverse('people:face_of', args=[self.pk])}?{str(self.photo.name)[-16:-4]}" if self.photo else ""

    def get_full_name(self) -> str:
        return self.name
