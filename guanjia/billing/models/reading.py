"""Reading meters: what was used since last time, and whether that can be."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from guanjia import clock
from guanjia.events.actions import Action
from guanjia.events.models import Event
from guanjia.tenancy.errors import Refused
from guanjia.tenancy.pictures import cleaned
from guanjia.tenancy.verbs import verb

if TYPE_CHECKING:
    from datetime import date, datetime

    from .meter import Meter, Reading

JUMP, AMONG = Decimal(3), 3  # three times the mean of the last three months is a jump
LEAST = Decimal(5)  # … when it is more than this


class Readable:
    """A meter is read, estimated, replaced."""

    removed_on: date | None

    def last_before(self, period: date) -> Any:
        """The reading of the month before, or None."""
        return self.readings.filter(estate_id=self.estate_id, period__lt=period).order_by("-period").first()

    @verb
    def read(
        self, value: Decimal, *, period: date, by: Any = None, at: datetime | None = None, photo: Any = None, estimated: bool = False, told: bool = True
    ) -> Reading:  # fmt: skip
        """Keep one reading for a month (again: it replaces the first, unless it was billed). A fall or a jump is kept as suspect."""
        from .meter import Reading

        if by is not None:
            by.must("meter.read")
        at = at or clock.now()
        if not value.is_finite() or not 0 <= value < Decimal(10) ** 11:
            raise Refused(_("读数不对。"), code="bad_value")
        self._must_be_open(period)
        last = self.last_before(period)
        previous = last.value if last else self.initial
        usage, doubt = self._usage(previous, value)
        doubt = doubt or self._jump(usage, period)
        row = Reading.objects.filter(estate_id=self.estate_id, meter=self, period=period).first() or Reading(
            estate_id=self.estate_id, meter=self, period=period
        )
        row.read_on, row.value, row.previous, row.usage = clock.today(self.estate, at), value, previous, usage
        row.estimated, row.doubt, row.state = estimated, doubt, Reading.State.SUSPECT if doubt else Reading.State.FINE
        row.reader_id, row.at = by.person_id if by else None, at
        if photo:
            picture = cleaned(photo)
            row.photo.save(f"{self.estate_id}/{picture.digest}.{picture.suffix}", picture.file, save=False)
        row.save()
        if told:
            Event.objects.record(
                Action.METER_READ, row, by=by, at=at, told=False, meter=self.number, value=f"{value.normalize():f}"
            )
        return row

    @verb
    def estimate(self, *, period: date, by: Any = None, at: datetime | None = None) -> Reading:
        """Where nobody could read: the mean use of the last months, marked as estimated; the next reading evens it out."""
        used = list(
            self.readings.filter(estate_id=self.estate_id, period__lt=period)
            .order_by("-period")
            .values_list("usage", flat=True)[:AMONG]
        )
        last = self.last_before(period)
        if not used or last is None:
            raise Refused(_("没有以前的读数，无法估算。"), code="no_history")
        mean = (sum(used, Decimal(0)) / len(used) / self.multiplier).quantize(Decimal("0.001"))
        value = last.value + mean
        return self.read(
            value - self.limit if self.limit and value > self.limit else value,
            period=period,
            by=by,
            at=at,
            estimated=True,
        )

    @verb
    def replace(
        self,
        number: str,
        last: Decimal,
        *,
        period: date,
        by: Any,
        initial: Decimal = Decimal(0),
        at: datetime | None = None,
    ) -> Meter:
        """Take the meter out with its last reading and put in another, which begins at `initial`."""
        at = at or clock.now()
        if self.removed_on:
            raise Refused(_("这只表已经换下。"), code="already_removed")
        self.read(last, period=period, by=by, at=at)
        today = clock.today(self.estate, at)
        new = type(self).objects.create(
            estate_id=self.estate_id, unit_id=self.unit_id, kind=self.kind, number=number.strip(), multiplier=self.multiplier, limit=self.limit,
            initial=initial, installed_on=today, replaces=self,
        )  # fmt: skip
        self.removed_on = today
        self.save(update_fields=["removed_on"])
        Event.objects.record(Action.METER_REPLACED, self, by=by, at=at, told=False, old=self.number, new=new.number)
        return new

    def _must_be_open(self, period: date) -> None:
        """A reading that a posted run used stays as it is."""
        from .bill import BillLine

        lines = BillLine.objects.at_estate(self.estate_id).filter(
            unit_id=self.unit_id, period__lte=period, until__gt=period, live=True
        )
        if lines.filter(fee__meter_kind=self.kind).exists():
            raise Refused(_("这个月已经按读数出账，要改请先冲销。"), code="already_billed")

    def _usage(self, previous: Decimal, value: Decimal) -> tuple[Decimal, str]:
        """(used, doubt): a value that fell either went round the dial or is a mistake."""
        if value >= previous:
            return ((value - previous) * self.multiplier).quantize(Decimal("0.001")), ""
        if self.limit and previous > self.limit * Decimal("0.9") and value < self.limit * Decimal("0.1"):
            return ((self.limit - previous + value) * self.multiplier).quantize(Decimal("0.001")), ""
        return Decimal(0), _("读数比上次的 %(previous)s 小") % {"previous": f"{previous.normalize():f}"}

    def _jump(self, usage: Decimal, period: date) -> str:
        used = list(
            self.readings.filter(estate_id=self.estate_id, period__lt=period)
            .order_by("-period")
            .values_list("usage", flat=True)[:AMONG]
        )
        mean = sum(used, Decimal(0)) / len(used) if used else Decimal(0)
        if used and usage > LEAST and usage > mean * JUMP:
            return _("用量 %(usage)s 是前几个月平均 %(mean)s 的三倍以上") % {
                "usage": f"{usage.normalize():f}",
                "mean": f"{mean.quantize(Decimal('0.1')):f}",
            }
        return ""


class Confirmable:
    """A doubtful reading is true after all."""

    @verb
    def confirm(self, *, by: Any, at: datetime | None = None) -> None:
        by.must("meter.read")
        rows = type(self).objects.filter(estate_id=self.estate_id, pk=self.pk, state="suspect")
        if not rows.update(state="confirmed"):
            raise Refused(_("这个读数不需要核实。"), code="not_suspect")
        self.state = "confirmed"
        Event.objects.record(
            Action.READING_CONFIRMED,
            self,
            by=by,
            at=at or clock.now(),
            told=False,
            meter=self.meter.number,
            value=f"{self.value.normalize():f}",
        )
