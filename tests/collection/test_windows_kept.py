"""The calls are the one engine of the four windows: no duty asks for the same work again, and they prove the clauses."""

from __future__ import annotations

import pytest

from guanjia import clock
from guanjia.collection.chasing import make_calls
from guanjia.collection.models import Call, Chase
from guanjia.duties.laying import in_force
from guanjia.reports.counting import Count
from guanjia.reports.evidence import PROOF, Part
from guanjia.reports.keeping import standings
from guanjia.reports.records import behind
from tests.reports.conftest import adopt

from .test_dunning import on

pytestmark = pytest.mark.django_db
RECHECK = Part(PROOF, "billing:calls_recheck")


def standing(cast, day, **more):
    [found] = standings(cast.sunny, None, on(day), only={"FEE-09"}, **more)
    return found


def counted(cast, day, **more):
    return standing(cast, day, **more).by_part[RECHECK]


@pytest.fixture
def called(cast, counter):
    """The third week of March: 梅's and 陆's homes owe and are to be called by the 21st."""
    adopt(cast)
    with clock.at(on(16)):
        assert make_calls(cast.sunny) == 2
    return cast


def test_no_task_asks_for_what_the_calls_ask(called):
    """FEE-05, FEE-06, FEE-09, FEE-10: one engine; the neighbours of the four still make their tasks."""
    laid = set(in_force(called.sunny, on(16)))
    assert not laid & {"fee_call_15_21", "fee_q2m_25", "fee_q3m_15_21", "fee_q3m_22_27"}
    assert {"fee_statement_send", "fee_debit_weekly"} <= laid


def test_a_call_is_due_when_its_window_ends_and_kept_by_a_contact_in_it(called, counter):
    """FEE-09: not due while the window runs; a contact keeps it, none breaches it, and its steward answers for it."""
    cast = called
    assert counted(cast, 20) == Count() and standing(cast, 20).running
    with clock.at(on(17)):
        Chase.objects.record(counter.payer, contact="phone", reason="forgot", words="下周缴", by=cast.as_("ming"))
    assert counted(cast, 17) == Count() and counted(cast, 18) == Count(1, 1)
    assert counted(cast, 22) == Count(2, 1)
    assert standing(cast, 22).breakers == [(cast.fang.pk, 1)]
    [broken] = behind(cast.sunny, RECHECK, on(1), on(22), kept=False)
    assert (broken.title, broken.who) == ("5-1-101 2026-03", "王芳")
    assert broken.url == f"/e/sunny/money/households/{cast.lus.pk}/"
    assert counted(cast, 22, zone=cast.east.pk) == Count(1, 1) and counted(cast, 22, zone=cast.west.pk) == Count(1, 0)


@pytest.mark.parametrize(("day", "found"), [(20, Count()), (24, Count(1, 0))])
def test_who_paid_in_time_need_not_be_called(called, counter, day, found):
    """FEE-09: a payment within the window leaves nothing to keep; one after it does not mend the call that was not made."""
    cast = called
    Call.objects.filter(household=cast.lus).delete()
    with clock.at(on(day)):
        counter.take("237.18", way="transfer")
    assert counted(cast, 26) == found
