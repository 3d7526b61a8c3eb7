"""Dated parameters: what a company or an estate set, from when, by whom and why."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import models, transaction
from django.utils.translation import gettext_lazy as _

from guanjia import clock
from guanjia.events.actions import Action
from guanjia.events.models import Event
from guanjia.tenancy.errors import Refused
from guanjia.tenancy.models import CompanyWide, PersonKey
from guanjia.tenancy.scope import estate_scope

if TYPE_CHECKING:
    from datetime import datetime

    from guanjia.estates.models import Company, Estate


class ParameterQuerySet(models.QuerySet):
    def set(
        self, key: str, value: Any, *, by: Any, reason: str, company: Company | None = None, estate: Estate | None = None,
        at: datetime | None = None, valid_from: datetime | None = None,
    ) -> Parameter:  # fmt: skip
        """Set a parameter for a company or for one of its estates, from now or a later instant on.

        The past keeps its rule: an earlier date is refused, and running clocks keep what they started with.
        """
        from .agreeing import slip_of
        from .parameters import entry_of, forget

        at = at or clock.now()
        if by is not None:
            by.must("rule.change")
        if valid_from and valid_from < at:
            raise Refused(_("参数只能从现在或以后生效。"), code="in_the_past")
        if not reason.strip():
            raise Refused(_("请写明为什么调整参数。"), code="why_missing")
        try:
            entry_of(key, estate.company_id if estate else company.pk).check_value(value)  # type: ignore[union-attr]
        except (KeyError, ValueError) as slip:
            raise Refused(slip_of(key, value, slip), code="bad_value") from slip
        company_id = estate.company_id if estate else company.pk  # type: ignore[union-attr]
        with transaction.atomic():
            made = Parameter(
                company_id=company_id, estate=estate, key=key, value=value, valid_from=valid_from or at,
                author_id=by.person_id if by else None, reason=reason.strip(),
            )  # fmt: skip
            made.save(force_insert=True)
            made._tell(by, at)
            forget()
            transaction.on_commit(forget)
        return made


class Parameter(CompanyWide):
    """One setting from one instant on. Rows are added, never changed; the last one that is in force counts."""

    noun = "parameter"
    company = models.ForeignKey("estates.Company", models.PROTECT, related_name="parameters")
    estate = models.ForeignKey("estates.Estate", models.PROTECT, null=True, blank=True, related_name="parameters")
    key = models.CharField(max_length=80)
    value = models.JSONField()
    valid_from = models.DateTimeField()
    author = PersonKey(null=True)
    reason = models.CharField(max_length=300)

    objects = ParameterQuerySet.as_manager()

    def __str__(self) -> str:
        return f"{self.key} = {self.value}"

    def _tell(self, by: Any, at: datetime) -> None:
        _tell_estates(Action.PARAMETER_CHANGED, self, by, at, key=self.key, value=self.value, why=self.reason)


class OwnBookQuerySet(models.QuerySet):
    def bring_in(
        self, content: dict[str, Any], *, company: Company, by: Any, reason: str, valid_from: datetime | None = None, at: datetime | None = None
    ) -> OwnBook:
        """`content` is what the file said, already checked (upload.py). Keep a company's own rulebook, in force from now or a later instant on; an earlier version holds until then."""
        from .parameters import forget

        at = at or clock.now()
        if by is not None:
            by.must("rule.change")
        if valid_from and valid_from < at:
            raise Refused(_("制度只能从现在或以后生效。"), code="in_the_past")
        if not reason.strip():
            raise Refused(_("请写明为什么采用这份制度。"), code="why_missing")
        with transaction.atomic():
            version = self.filter(company=company, code=content["code"]).count() + 1
            made = OwnBook(
                company=company, code=content["code"], version=version, content=content, valid_from=valid_from or at,
                author_id=by.person_id if by else None, reason=reason.strip(), made_at=at,
            )  # fmt: skip
            made.save(force_insert=True)
            _tell_estates(Action.BOOK_BROUGHT_IN, made, by, at, title=content["title"], version=version, why=made.reason)
            forget()
            transaction.on_commit(forget)
        return made


class OwnBook(CompanyWide):
    """A rulebook a company wrote itself; each version is a row and is never changed."""

    noun = "book"
    company = models.ForeignKey("estates.Company", models.PROTECT, related_name="own_books")
    code = models.CharField(max_length=30)
    version = models.PositiveSmallIntegerField()
    content = models.JSONField()  # a Rulebook of guanjia/rulebooks/books.py
    valid_from = models.DateTimeField()
    author = PersonKey(null=True)
    reason = models.CharField(max_length=300)
    made_at = models.DateTimeField()

    objects = OwnBookQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["company", "code", "version"], name="ownbook_version")]

    def __str__(self) -> str:
        return f"{self.code} {self.version}"


def _tell_estates(action: Action, row: Any, by: Any, at: datetime, **said: Any) -> None:
    """One event at every estate that a company-wide row reaches, or at its own."""
    from types import SimpleNamespace

    from guanjia.estates.models import Estate

    only = getattr(row, "estate_id", None)
    reached = [only] if only else Estate.objects.filter(company=row.company_id).values_list("pk", flat=True)
    for estate_id in reached:
        with estate_scope(estate_id):
            about = SimpleNamespace(noun=row.noun, pk=row.pk, estate_id=estate_id)
            Event.objects.record(action, about, by=by, at=at, told=False, **said)
