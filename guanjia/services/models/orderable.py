"""Ordering: on the resident's phone from the menu, or at the desk for them (VAS-16)."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.db.models import Q
from django.utils.translation import gettext as _

from guanjia import clock
from guanjia.clocks.calendars import calendar
from guanjia.events.actions import Action
from guanjia.households.models import Household
from guanjia.tenancy.errors import Refused
from guanjia.tenancy.scope import estate_scope

from ..book import services_book
from ..moments import opening
from .offer import Offer

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import date, datetime

    from .offer import Offered

MOST_PHOTOS = 4
MOST = 99  # units of one order
LONGEST = 200  # characters of a field
TWICE = timedelta(minutes=1)


class Orderable:
    model: Any

    def place(
        self, unit: Any, household: Any, key: str, *, by: Any, count: int = 1, details: Mapping[str, Any] | None = None, words: str = "", day: date | None = None,
        photos: Iterable[Any] = (), at: datetime | None = None,
    ) -> Any:  # fmt: skip
        """One order. A fixed or free price is agreed to by ordering, anything else waits for a quote."""
        at, estate = at or clock.now(), unit.estate
        own = by.is_resident and household.pk in by.households and unit.pk in by.units
        if not own:
            by.must_in(unit.zone_id, "service.order")
        today = clock.today(estate, at)
        one = Offer.objects.offered(estate, today).get(key)
        if one is None:
            raise Refused(_("现在不提供这项服务。"), code="not_offered")
        if not 1 <= count <= MOST:
            raise Refused(_("数量在 1 到 %(n)s 之间。") % {"n": MOST}, code="bad_count")
        if day and not today <= day <= today.replace(year=today.year + 1, day=min(today.day, 28)):
            raise Refused(_("日期在今天到一年之内。"), code="bad_day")
        said = _details(one, details or {})
        quoted = one.kind == "quote"
        amount = None if quoted else Decimal(0) if one.free else (one.amount or Decimal(0)) * count
        due = _promise(one, estate, at, day)
        with estate_scope(estate):
            Household.objects.at_estate(estate).select_for_update(no_key=True).get(pk=household.pk)  # the second of two taps waits for the first
            same = {"unit": unit, "household": household, "item": key, "count": count, "details": said, "words": words.strip()[:500], "day": day}
            if known := self._just_placed(same, by, at):
                return known
            made = self.model(
                estate=estate, **same, kind=one.kind, price=one.amount, promised=one.within, stage="asked" if quoted else "agreed", amount=amount, due_at=due,
                ordered_at=at, orderer_id=by.person_id if own else None, taken_by_id=None if own else by.person_id, agreed_at=None if quoted else at,
            )  # fmt: skip
            made.save(force_insert=True)
            made.keep_photos(list(photos)[:MOST_PHOTOS], "ask", by=by, at=at)
            made.tell(Action.SERVICE_ORDERED, by=by, at=at)
        return made

    def _just_placed(self: Any, same: dict[str, Any], by: Any, at: datetime) -> Any:
        """The very same order by the same person a moment ago, still untouched: a form that was sent twice."""
        rows = self.filter(estate=same["unit"].estate_id, **same, ordered_at__gt=at - TWICE, ordered_at__lte=at, stage__in=["asked", "agreed"], assigned_at__isnull=True)
        return rows.filter(Q(orderer=by.person_id) | Q(taken_by=by.person_id)).first()


def _promise(one: Offered, estate: Any, at: datetime, day: date | None) -> datetime:
    """By when: the quote, or the work; for a later day that the household chose, counted from its morning."""
    book = services_book()
    hours = calendar(estate, book.hours)
    if one.kind == "quote":
        return hours.add(at, book.quote_within)
    return hours.add(opening(estate, at, day), one.within)


def _details(one: Offered, said: Mapping[str, Any]) -> dict[str, str]:
    """The item's own fields; what is wanted and missing is named."""
    found = {}
    for key, field in one.item.fields.items():
        value = str(said.get(key) or "").strip()[:LONGEST]
        if field.required and not value:
            raise Refused(_("请填写：%(field)s") % {"field": _(field.title)}, code="incomplete")
        if field.kind == "number" and value and not (value.isascii() and value.isdigit()):
            raise Refused(_("%(field)s：请填数字") % {"field": _(field.title)}, code="bad_number")
        if field.kind == "choice" and value and value not in field.choices:
            raise Refused(_("请选择：%(field)s") % {"field": _(field.title)}, code="bad_choice")
        if value:
            found[key] = value
    return found
