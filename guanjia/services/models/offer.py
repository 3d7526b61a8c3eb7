"""目录: what an estate offers from a date on, at which price, promised within what time (VAS-11, VAS-13, FEE-26)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.db import models
from django.utils.translation import gettext as _

from guanjia import clock
from guanjia.estates.models import Estate
from guanjia.events.actions import Action
from guanjia.events.models import Event
from guanjia.tenancy.errors import Refused
from guanjia.tenancy.models import EstateOwned, EstateQuerySet, PersonKey
from guanjia.tenancy.scope import estate_scope
from guanjia.tenancy.verbs import refusing_clashes

from ..book import Item, services_book

if TYPE_CHECKING:
    from datetime import date, datetime

CENT = Decimal("0.01")
LONGEST = timedelta(days=60)


@dataclass(frozen=True)
class Offered:
    """One item as it stands on a day: the rulebook's words with the estate's own switch, price and promise."""

    key: str
    item: Item
    on: bool
    amount: Decimal | None  # yuan for one unit; with a quote, where it begins
    within: timedelta
    since: date | None = None

    @property
    def title(self) -> str:
        return _(self.item.title)

    @property
    def kind(self) -> str:
        return self.item.price.kind

    @property
    def unit(self) -> str:
        return _(self.item.price.unit) if self.item.price.unit else ""

    @property
    def free(self) -> bool:
        """Nothing is charged: said so, or its price is nought."""
        return self.kind == "free" or (self.kind == "fixed" and not self.amount)

    @property
    def about(self) -> str:
        return "　".join(_(words) for words in (self.item.about, self.item.price.about) if words)

    @property
    def why_words(self) -> str:
        return _(self.item.why) if self.item.why else ""

    @property
    def minutes(self) -> int:
        return int(self.within.total_seconds() // 60)

    @property
    def days(self) -> int:
        """Whole days, else 0."""
        return 0 if self.within % timedelta(days=1) else self.within.days

    @property
    def hours(self) -> Decimal:
        return Decimal(int(self.within.total_seconds())) / 3600


class OfferQuerySet(EstateQuerySet["Offer"]):
    def catalogue(self, estate: Any, on: date) -> dict[str, Offered]:
        """Every item of the rulebook as it stands on a day, in one statement."""
        rows = self.at_estate(estate).filter(since__lte=on).order_by("key", "-since").distinct("key")
        said = {row.key: row for row in rows}
        found = {}
        for key, item in services_book().items.items():
            row = said.get(key)
            if row is None:
                found[key] = Offered(key, item, item.offered and not item.why, item.price.amount, item.within)
            else:
                found[key] = Offered(key, item, row.on and not item.why, row.amount, row.within, row.since)
        return found

    def offered(self, estate: Any, on: date) -> dict[str, Offered]:
        return {key: one for key, one in self.catalogue(estate, on).items() if one.on}

    def set(
        self, estate: Estate, key: str, since: date, *, on: bool, amount: Decimal | None, within: timedelta, why: str, by: Any, at: datetime | None = None
    ) -> Offer:  # fmt: skip
        """From `since` on: offered or not, at this price, within this time. What was ordered before keeps its own."""
        by.must("service.set")
        at, item = at or clock.now(), services_book().items.get(key)
        if item is None:
            raise Refused(_("目录里没有这项服务。"), code="no_such_item")
        if item.why and on:
            raise Refused(_(item.why), code="withheld")
        if since < clock.today(estate, at):
            raise Refused(_("从今天或以后的日期开始。"), code="past")
        if not timedelta(minutes=10) <= within <= LONGEST:
            raise Refused(_("承诺时间在 10 分钟到 60 天之间。"), code="bad_promise")
        if amount is not None and (not amount.is_finite() or not 0 <= amount < 10**6 or amount != amount.quantize(CENT)):
            raise Refused(_("价格写到分，不能为负。"), code="bad_price")
        if on and item.price.kind == "fixed" and amount is None:
            raise Refused(_("明码标价的服务要有价格。"), code="no_price")
        with refusing_clashes(), estate_scope(estate):
            made, _new = self.update_or_create(
                estate=estate, key=key, since=since,
                defaults={"on": on, "amount": amount, "within": within, "why": why.strip()[:200], "by_id": by.person_id, "at": at},
            )  # fmt: skip
            said = {"title": item.title, "since": str(since), "price": f"{amount:.2f}" if amount is not None else "", "why": made.why}
            Event.objects.record(Action.SERVICE_OFFERED if on else Action.SERVICE_WITHDRAWN, made, by=by, at=at, told=False, **said)
        return made


class Offer(EstateOwned):
    noun = "service_offer"
    key = models.CharField(max_length=30)  # of services.yaml
    since = models.DateField()
    on = models.BooleanField()
    amount = models.DecimalField(max_digits=14, decimal_places=2, null=True)  # yuan
    within = models.DurationField()  # working time on the book's hours
    why = models.CharField(max_length=200, blank=True)
    by = PersonKey()
    at = models.DateTimeField()

    objects = OfferQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["estate", "key", "since"], name="offer_from"),
            models.CheckConstraint(condition=models.Q(amount__isnull=True) | models.Q(amount__gte=0), name="offer_price"),
        ]

    def __str__(self) -> str:
        return f"{self.key} {self.since}"
