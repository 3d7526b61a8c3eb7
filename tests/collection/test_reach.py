"""What a steward sees of dunning is that of their zones; asking for the same twice is told, not broken."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest

from guanjia import clock
from guanjia.billing.models import BillLine
from guanjia.collection.models import Chase, Hold, Letter, Payer, Waiver
from guanjia.tenancy.errors import Refused

from .test_dunning import on

pytestmark = pytest.mark.django_db
MONEY = "/e/sunny/money"


@pytest.fixture
def lus(cast, counter):
    """The home of the western zone: held back, a waiver asked, a letter approved."""
    payer = Payer.of(cast.sunny, cast.lus.pk)
    letter = Letter.objects.create(
        estate=cast.sunny, household=cast.lus, unit_id=payer.unit_id, on=on(16).date(), why="拒不缴费", owed=Decimal("237.18"), late=Decimal("0.00"), state="approved",
        asker=cast.fang, asked_at=on(16),
    )  # fmt: skip
    line = BillLine.objects.owing(cast.sunny, on(16).date() + timedelta(days=60)).get(bill__household=cast.lus)
    Waiver.objects.ask(line, Decimal("1.00"), "首次免收", by=cast.as_("fang"), at=on(16))
    return payer, letter


def test_another_zones_letters_and_holds_are_not_shown(client, cast, lus):
    """FEE-08, FEE-11: what a household owes is read by who answers for it, and by those who see the estate."""
    payer, letter = lus
    Hold.objects.begin(payer, "hardship", "住院", by=cast.as_("fang"), at=on(16))
    for who, sees in ((cast.ming, False), (cast.fang, True), (cast.qian, True)):
        client.force_login(who)
        page = client.get(f"{MONEY}/holds/").content.decode()
        assert ("5-1-101" in page, "首次免收" in page, "拒不缴费" in page) == (sees, sees, sees), who.name
        assert client.get(f"{MONEY}/letters/{letter.pk}/").status_code == (200 if sees else 404)
        if not sees:
            assert client.post(f"{MONEY}/letters/{letter.pk}/post/", {"parcel": "EMS1"}).status_code == 404
    client.force_login(cast.ming)
    assert client.get(f"{MONEY}/calls/").context["held"] == 0


def test_a_letter_goes_out_once(cast, lus):
    """FEE-11: a second tap, or a second person with the page open, sends no second letter."""
    _payer, letter = lus
    again = Letter.objects.get(pk=letter.pk)
    with clock.at(on(20, 6)):
        letter.send("EMS1", by=cast.as_("fang"))
        with pytest.raises(Refused, match="还没有寄出"):
            again.send("EMS2", by=cast.as_("fang"))
    assert Chase.objects.count() == 1 and Letter.objects.get().parcel == "EMS1"


def test_asking_for_the_same_twice_is_told(client, cast, counter):
    """FEE-08: one hold of a kind; the second form says so instead of breaking."""
    client.force_login(cast.ming)
    there = f"{MONEY}/households/{cast.meis.pk}/hold/"
    asked = {"kind": "hardship", "why": "住院"}
    assert client.post(there, asked).status_code == 302
    again = client.post(there, asked)
    assert again.status_code == 409 and "刚刚有人做了同样的操作" in again.content.decode()
    assert Hold.objects.count() == 1
