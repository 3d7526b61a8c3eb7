"""How much of a bonus a year's contract earns by each scale; what it earns is never more than the bonus (INC-06, QLT-67)."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from guanjia import clock
from guanjia.incentives.models import Contract, Proposal
from guanjia.incentives.promises import ALL, DEGREE, EACH, Promise, percent, share, yuan
from guanjia.incentives.showing import shown
from guanjia.tenancy.errors import Refused
from tests.api.conftest import Caller

from .test_yearly import DECEMBER, NEW_YEAR, put, year_over

promises = st.lists(
    st.builds(
        Promise, target=st.decimals(0, 100, places=1), value=st.none() | st.fractions(0, 300, max_denominator=1000), upward=st.booleans(),
        parts=st.decimals(0, 9, places=0),
    ), min_size=1, max_size=5,
)  # fmt: skip


@given(promises, st.decimals(0, 100, places=0), st.decimals(0, 100_000, places=2))
@settings(max_examples=60)
def test_no_scale_gives_more_than_the_bonus_and_each_gives_no_less_than_the_stricter(found, least, bonus):
    """INC-06: all ≤ each ≤ degree without a floor; whole when everything is reached; nothing where nothing was counted."""
    strict, by_target, by_degree = (yuan(bonus, share(way, found, least)) for way in (ALL, EACH, DEGREE))
    assert 0 <= strict <= by_target <= yuan(bonus, share(DEGREE, found, Decimal(0))) <= bonus
    assert by_target <= by_degree <= bonus
    if all(one.reached for one in found) and any(one.parts for one in found):
        assert strict == by_target == by_degree == bonus
    if all(one.value is None for one in found):
        assert by_degree == 0
    assert all(0 <= one.completion <= 1 and (one.completion == 1) == one.reached for one in found)


def test_completion_is_measured_on_its_own_side():
    """90 of 100 up is 90 %; 2 where 1 was allowed is 50 %; 99.96 % is never shown as 100."""
    assert percent(Promise(Decimal(100), Fraction(90), upward=True).completion) == 90
    assert percent(Promise(Decimal(1), Fraction(2), upward=False).completion) == 50
    assert percent(Promise(Decimal(0), Fraction(1), upward=False).completion) == 0
    assert percent(Fraction(9996, 10000)) == Decimal("99.9")
    three = [Promise(Decimal(90), Fraction(91), upward=True), Promise(Decimal(1), Fraction(2), upward=False), Promise(Decimal(80), Fraction(76), upward=True)]
    assert [yuan(Decimal(1000), share(way, three, Decimal(80))) for way in (ALL, EACH, DEGREE)] == [0, Decimal("333.33"), Decimal("650.00")]


@pytest.mark.parametrize(("scale", "amount"), [("all", "0.00"), ("each", "1500.00"), ("degree", "1993.75")])
def test_the_year_pays_by_the_scale_that_was_signed(cast, scale, amount):
    """INC-06: staff satisfaction 76 of 80 is missed and counts one part of four; the scale of the day of signing holds, whatever the company says later."""
    put(cast, "contract.share_satisfaction", 2)
    put(cast, "contract.scale", scale)
    made = Contract.objects.draft(2026, "service", cast.zhao, by=cast.as_("qian"), targets={"complaints": Decimal("1.5")}, bonus=Decimal(2000))
    made.sign(by=cast.as_("zhao"))
    put(cast, "contract.scale", "all")
    year_over(cast, 79)
    with clock.at(NEW_YEAR):
        proposal = Proposal.objects.work_out(cast.sunny, DECEMBER, by=cast.as_("qian"))
    line = proposal.lines.get(kind="contract")
    assert (line.amount, line.inputs["scale"]) == (Decimal(amount), scale)
    words = dict(shown(proposal, cast.as_("qian"))[-1].numbers)
    assert words["怎样发"] == dict(Contract.Scale.choices)[scale] and "完成 98.7%" in words["员工满意度"]


def test_the_scale_is_chosen_when_it_is_drafted_and_shown_with_what_it_gives(client, cast):
    """On the page and over the API, an unknown one refused."""
    with pytest.raises(Refused):
        Contract.objects.draft(2026, "service", cast.zhao, by=cast.as_("qian"), scale="half")
    caller = Caller(cast.qian)
    said = {"year": 2026, "department": "service", "head": cast.zhao.username, "bonus": "3000", "targets": {"complaints": "0.5"}}
    assert caller.post("/contracts", **said, scale="half").status_code == 422
    answer = caller.post("/contracts", **said, scale="each")
    assert answer.status_code == 201 and answer.json()["scale"] == "each"
    year_over(cast, 90)
    with clock.at(NEW_YEAR):
        told = Caller(cast.qian).get("/contracts").json()[0]
        client.force_login(cast.qian)
        page = client.get("/e/sunny/scores/contracts/").content.decode()
    assert told["earned"] == "2000.00" and [Decimal(one["share"]) for one in told["promises"]] == [Decimal("33.3"), 0, Decimal("33.3")]
    assert "达到几项发几项" in page and "按现在的数可得 ¥ 2,000.00" in page
