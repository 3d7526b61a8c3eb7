"""银行代扣: who lets the bank pay; a list to the bank and its answer; who could not be debited is rung up (FEE-12..14)."""

from __future__ import annotations

import csv
import io
from datetime import timedelta
from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING, Any

from django.db import models
from django.db.models import Sum
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from guanjia import clock
from guanjia.collection.kinds import CallKind, Way
from guanjia.events.actions import Action
from guanjia.events.models import Event
from guanjia.tenancy.errors import Refused
from guanjia.tenancy.models import EstateForeignKey, EstateOwned, EstateQuerySet, PersonKey
from guanjia.tenancy.scope import estate_scope
from guanjia.tenancy.verbs import verb

from .mandate import Mandate
from .payer import Payer

if TYPE_CHECKING:
    from datetime import datetime

CALL_WITHIN = timedelta(days=1)  # the source says at once
HEAD = ["序号", "户名", "账号", "金额", "房号", "结果", "原因"]
GOOD = ("成功", "0000", "00", "success", "y")


class DebitBatchQuerySet(EstateQuerySet["DebitBatch"]):
    def list_up(self, estate: Any, *, by: Any, at: datetime | None = None) -> DebitBatch:
        """The service hall's step: everybody with a mandate. One unfinished list at a time."""
        by.must("debit.run")
        at = at or clock.now()
        with estate_scope(estate):
            if self.at_estate(estate).exclude(state=DebitBatch.State.RETURNED).exists():
                raise Refused(_t("上一批代扣还没有回盘。"), code="unfinished")
            mandates = list(Mandate.objects.at_estate(estate).filter(ended_at__isnull=True).order_by("unit__code"))
            if not mandates:
                raise Refused(_t("还没有签约代扣的住户。"), code="no_mandates")
            made = self.create(estate=estate, on=clock.today(estate, at), listed_by_id=by.person_id, listed_at=at)
            DebitItem.objects.bulk_create(
                DebitItem(
                    estate=estate,
                    batch=made,
                    mandate=one,
                    number=place,
                    household_id=one.household_id,
                    unit_id=one.unit_id,
                )
                for place, one in enumerate(mandates, 1)
            )
            Event.objects.record(Action.DEBIT_LISTED, made, by=by, at=at, told=False, count=len(mandates))
            return made


class DebitBatch(EstateOwned):
    """Listed by the hall, filled in by the cashier, taken to the bank, answered by it: four people perhaps, in that order."""

    class State(models.TextChoices):
        LISTED = "listed", _("已列名单")
        FILLED = "filled", _("已填金额")
        SENT = "sent", _("已送银行")
        RETURNED = "returned", _("已回盘")

    noun = "debit_batch"
    on = models.DateField()
    state = models.CharField(max_length=10, choices=State.choices, default=State.LISTED)
    listed_by = PersonKey()
    listed_at = models.DateTimeField()
    filled_by = PersonKey(null=True)
    sent_by = PersonKey(null=True)
    sent_at = models.DateTimeField(null=True)
    returned_at = models.DateTimeField(null=True)

    objects = DebitBatchQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["estate"], condition=~models.Q(state="returned"), name="debit_batch_one_open"
            )
        ]
        indexes = [models.Index(fields=["estate", "-listed_at"], name="debit_batch_recent")]

    def __str__(self) -> str:
        return f"{self.on:%Y%m%d}-{self.pk}"

    def total(self) -> Decimal:
        return self.items.aggregate(sum=Sum("amount"))["sum"] or Decimal("0.00")

    @verb
    def fill(self, *, by: Any, at: datetime | None = None) -> int:
        """The cashier's step: what each owes today; who owes nothing, or has ended it, leaves the list. How many are left."""
        by.must("payment.take")
        self._step("listed", "filled", filled_by_id=by.person_id)
        kept = []
        for item in self.items.select_related("mandate"):
            item.amount = item.payer().owes(clock.today(self.estate, at))
            if item.amount > 0 and item.mandate.ended_at is None:
                kept.append(item)
            else:
                item.delete()
        DebitItem.objects.update_each(kept, ["amount"])
        if not kept:
            raise Refused(_t("名单上的住户都不欠费。"), code="nothing_owed")
        Event.objects.record(
            Action.DEBIT_FILLED,
            self,
            by=by,
            at=at or clock.now(),
            told=False,
            count=len(kept),
            amount=str(self.total()),
        )
        return len(kept)

    @verb
    def send(self, *, by: Any, at: datetime | None = None) -> None:
        """Taken to the bank."""
        by.must("debit.run")
        at = at or clock.now()
        self._step("filled", "sent", sent_by_id=by.person_id, sent_at=at)
        Event.objects.record(Action.DEBIT_SENT, self, by=by, at=at, told=False, amount=str(self.total()))

    @verb
    def take_out(self, *, by: Any, at: datetime | None = None) -> str:
        """The bank's file. It names account numbers, so who asked for it is written down."""
        by.must("debit.run")
        Event.objects.record(
            Action.PERSONAL_DATA_EXPORTED, self, by=by, at=at or clock.now(), told=False, what="代扣名单"
        )
        return self.file()

    def file(self) -> str:
        """What the bank gets: CSV that Excel opens; the last two columns are for its answer."""
        out = io.StringIO()
        rows = csv.writer(out)
        rows.writerow(HEAD)
        for item in self.items.select_related("mandate", "unit").order_by("number"):
            rows.writerow(
                [item.number, _plain(item.mandate.holder), item.mandate.number, item.amount, item.unit.code, "", ""]
            )
        return "\ufeff" + out.getvalue()

    @verb
    def take_back(self, content: bytes, *, by: Any, at: datetime | None = None) -> dict[str, int]:
        """The bank's answer: {"good", "bad"}. Whole or not at all: a wrong line refuses the file."""
        by.must("payment.take")
        at = at or clock.now()
        answers = _answers(content)
        items = {item.number: item for item in self.items.select_related("mandate", "unit")}
        for number, amount, _good, _why in answers:
            if number not in items or amount != items[number].amount:
                raise Refused(
                    _t("回盘文件第 %(number)s 号与名单不符，没有入账。") % {"number": number}, code="other_list"
                )
        if missing := sorted(set(items) - {number for number, *_rest in answers}):
            raise Refused(_t("回盘文件缺第 %(number)s 号，没有入账。") % {"number": missing[0]}, code="incomplete")
        self._step("sent", "returned", returned_at=at)
        counts = {"good": 0, "bad": 0}
        for number, _amount, good, why in answers:
            items[number].settle(good, why, by, at)
            counts["good" if good else "bad"] += 1
        Event.objects.record(Action.DEBIT_RETURNED, self, by=by, at=at, told=False, **counts)
        return counts

    def _step(self, before: str, after: str, **more: Any) -> None:
        rows = type(self).objects.at_estate(self.estate_id).filter(pk=self.pk, state=before)
        if not rows.update(state=after, **more):
            raise Refused(_t("这一批已经走到别的步骤，请刷新。"), code="other_step")
        self.refresh_from_db()


class DebitItem(EstateOwned):
    batch = EstateForeignKey(DebitBatch, models.CASCADE, related_name="items")
    mandate = EstateForeignKey(Mandate, models.PROTECT, related_name="items")
    number = models.PositiveIntegerField()
    household = EstateForeignKey("households.Household", models.PROTECT, related_name="debit_items")
    unit = EstateForeignKey("estates.Unit", models.PROTECT, related_name="debit_items")
    amount = models.DecimalField(max_digits=14, decimal_places=2, default=0)
    good = models.BooleanField(null=True)  # empty until the bank has answered
    why = models.CharField(max_length=100, blank=True)
    payment = EstateForeignKey("collection.Payment", models.PROTECT, null=True, related_name="debit_items")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["estate", "batch", "number"], name="debit_item_number")]

    objects = EstateQuerySet.as_manager()

    def __str__(self) -> str:
        return f"{self.number} {self.amount}"

    def payer(self) -> Payer:
        return Payer(self.estate, self.household_id, self.unit_id)

    def settle(self, good: bool, why: str, by: Any, at: datetime) -> None:
        """Take what the bank paid; else the steward rings the household up (FEE-14)."""
        from .call import Call
        from .payment import Payment

        self.good, self.why = good, why[:100]
        if good:
            self.payment = Payment.objects.take(
                self.payer(),
                self.amount,
                way=Way.DEBIT,
                key=f"debit {self.pk}",
                by=by,
                reference=str(self.batch),
                at=at,
            )
        else:
            closes = clock.today(self.estate, at) + CALL_WITHIN
            Call.objects.make(self.payer(), CallKind.DEBIT_FAILED, f"debit {self.pk}", closes, words=why, at=at)
        self.save(update_fields=["good", "why", "payment"])


def _plain(words: str) -> str:
    """Never a formula where a spreadsheet opens it."""
    return f"'{words}" if words[:1] in "=+-@" else words


def _answers(content: bytes) -> list[tuple[int, Decimal, bool, str]]:
    """(number, yuan, paid, why not) of the bank's file."""
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            rows = list(csv.DictReader(io.StringIO(content.decode(encoding))))
            return [
                (int(row["序号"]), Decimal(row["金额"]).quantize(Decimal("0.01")), (row["结果"] or "").strip().lower() in GOOD, (row["原因"] or "").strip())
                for row in rows if (row["序号"] or "").strip()
            ]  # fmt: skip
        except UnicodeDecodeError:
            continue
        except (KeyError, TypeError, ValueError, InvalidOperation, csv.Error) as slip:
            raise Refused(_t("回盘文件要有 %(heads)s 各列。") % {"heads": "、".join(HEAD)}, code="unreadable") from slip
    raise Refused(_t("回盘文件要有 %(heads)s 各列。") % {"heads": "、".join(HEAD)}, code="unreadable")
