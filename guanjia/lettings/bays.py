"""Bays of the imported register (车位台账) and the spaces that are let: one bay is one space, found by its code (VAS-01)."""

from __future__ import annotations

from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

from django.db import connection
from django.utils.translation import gettext as _

from guanjia import clock
from guanjia.billing.models import UnitFee
from guanjia.events.actions import Action
from guanjia.events.models import Event
from guanjia.households.models import Parking
from guanjia.tenancy.errors import Refused
from guanjia.tenancy.scope import estate_scope
from guanjia.tenancy.verbs import refusing_clashes

if TYPE_CHECKING:
    from datetime import date, datetime
    from decimal import Decimal

    from .models import Space

SOLD = "S"
COUNTED = "车位数"  # how a formula names the bays of a household
# A space for every bay that is not sold and has none; where two lots use one code it is written 停车场-编号.
GATHER = """
INSERT INTO lettings_space (estate_id, kind, code, plan, "where", area, price, retired_why, parking_id)
SELECT %(estate)s, 'parking', n.code, '', left(n.kind, 80), n.area, %(price)s, '', n.id FROM (
    SELECT p.id, p.kind, p.area, p.tenure, upper(CASE WHEN count(*) OVER (PARTITION BY upper(p.code)) > 1 THEN p.lot || '-' || p.code ELSE p.code END) AS code
    FROM households_parking p WHERE p.estate_id = %(estate)s
) n
WHERE n.tenure <> 'S' AND length(n.code) <= 20
    AND NOT EXISTS (SELECT FROM lettings_space s WHERE s.estate_id = %(estate)s AND (s.parking_id = n.id OR (s.kind = 'parking' AND s.code = n.code)))
ORDER BY n.code
ON CONFLICT DO NOTHING
"""


def bay_of(estate: Any, code: str) -> Parking | None:
    """The bay that a code names, alone or after its lot (停车场-编号); None where there is none. Refused where several lots have it."""
    rows = list(Parking.objects.at_estate(estate).filter(code__iexact=code)[:2])
    if len(rows) > 1:
        raise Refused(_("几个停车场都有车位 %(code)s，请写“停车场-编号”。") % {"code": code}, code="several_bays")
    lot, dash, rest = code.partition("-")
    if not rows and dash:
        rows = list(Parking.objects.at_estate(estate).filter(lot__iexact=lot, code__iexact=rest)[:1])
    return rows[0] if rows else None


def gather(estate: Any, price: Decimal, *, by: Any, at: datetime | None = None) -> int:
    """Make spaces of all bays that are not sold, at a price of the list. How many are new; again, none."""
    from .models.space import money

    at = at or clock.now()
    by.must("lease.make")
    with refusing_clashes(), estate_scope(estate), connection.cursor() as cursor:
        cursor.execute(GATHER, {"estate": estate.pk, "price": money(price)})
        count = int(cursor.rowcount)
        if count:
            subject = SimpleNamespace(noun="estate", pk=estate.pk, estate_id=estate.pk)
            Event.objects.record(Action.SPACES_GATHERED, subject, by=by, at=at, told=False, count=count, price=f"{price:.2f}")
    return count


def must_be_theirs(space: Space, unit: Any, household: Any, first: date) -> None:
    """A bay that was sold, belongs to somebody else, or is charged by the number of bays already, is not let. Raises Refused."""
    bay = space.parking
    if bay is None:
        return
    if bay.tenure == SOLD:
        raise Refused(_("车位台账上 %(code)s 已经出售。") % {"code": bay.code}, code="sold")
    if bay.household is None:
        return
    if bay.household_id != household.pk and (bay.ends_on is None or bay.ends_on >= first):
        raise Refused(_("车位台账上 %(code)s 归 %(name)s 使用，先更正台账。") % {"code": bay.code, "name": bay.household.name}, code="held")
    if bay.household_id == household.pk and (fee := _counted(unit, first)):
        raise Refused(_("这户已按车位数收“%(fee)s”，签约会重复收费，先停那一项。") % {"fee": fee}, code="charged_twice")


def _counted(unit: Any, day: date) -> str:
    """The fee by which a home pays for the number of its bays on a day."""
    rows = UnitFee.objects.at_estate(unit.estate_id).filter(unit=unit, starts_on__lte=day, fee__tariffs__expression__contains=COUNTED)
    return rows.exclude(ends_on__lte=day).values_list("fee__name", flat=True).first() or ""
