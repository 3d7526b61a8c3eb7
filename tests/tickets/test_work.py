"""Work orders: take, refuse, help, hand over, object, material (STF-02, CF-14, REQ-47)."""

from __future__ import annotations

from decimal import Decimal

import pytest

from guanjia.tenancy.errors import NotAllowed, Refused
from guanjia.tickets.kinds import Stage, WorkStage
from guanjia.tickets.models import HelpRequest, Refusal, Ticket


@pytest.fixture
def order(cast):
    ticket = Ticket.objects.report(by=cast.as_("mei"), estate=cast.sunny, words="电梯抖动", unit=cast.home, household_id=cast.meis.pk)
    ticket.classify(by=cast.as_("ming"), klass="urgent", category="lift")
    return ticket.dispatch(by=cast.as_("ming"), worker=cast.zhou, priority="high", wishes="无")


def test_refusal_only_as_illegal_or_dangerous(cast, order):
    """STF-02: any other ground is refused; a supervisor judges; overruled goes back to the worker."""
    with pytest.raises(Refused) as refused:
        order.refuse("unreasonable", "太累", by=cast.as_("zhou"))
    assert refused.value.code == "ground"
    order.refuse("dangerous", "井道内有积水", by=cast.as_("zhou"))
    assert order.stage == WorkStage.REFUSED
    with pytest.raises(NotAllowed):
        order.judge_refusal(False, "可以做", by=cast.as_("ming"))
    order.judge_refusal(False, "已断电抽水", by=cast.as_("zhao"))
    assert order.stage == WorkStage.OFFERED and Refusal.objects.at_estate(cast.sunny).get().upheld is False
    order.refuse("illegal", "无证操作", by=cast.as_("zhou"))
    order.judge_refusal(True, "须持证", by=cast.as_("zhao"))
    assert order.stage == WorkStage.REFUSED and order.ended_at and not order.is_open


def test_objection_comes_after_the_work(cast, order):
    """CF-14: done first, objected to afterwards."""
    with pytest.raises(Refused):
        order.object("不合理", by=cast.as_("zhou"))
    order.take(by=cast.as_("zhou"))
    order.finish("已复位", by=cast.as_("zhou"))
    order.object("应由维保单位处理", by=cast.as_("zhou"))
    with pytest.raises(Refused):
        order.object("再提", by=cast.as_("zhou"))


def test_help_by_either_route(cast, order):
    """REQ-47: a neighbouring post or the own supervisor; the helper gets an order of their own."""
    order.take(by=cast.as_("zhou"))
    order.ask_help("neighbour", "需要两人抬", by=cast.as_("zhou"))
    with pytest.raises(Refused):
        order.ask_help("supervisor", "还要人", by=cast.as_("zhou"))
    helper = order.send_help(cast.wu, by=cast.as_("ming"))
    assert helper.helps == order and helper.worker == cast.wu
    assert HelpRequest.objects.at_estate(cast.sunny).get().met_by == cast.ming


def test_the_ticket_is_done_when_the_last_order_is(cast, order):
    """Several orders per ticket: only the last finish completes it."""
    ticket = order.ticket
    second = ticket.dispatch(by=cast.as_("ming"), worker=cast.wu, priority="low", wishes="无")
    order.take(by=cast.as_("zhou"))
    order.finish("已复位", by=cast.as_("zhou"))
    ticket.refresh_from_db()
    assert ticket.stage == Stage.HANDLING
    with pytest.raises(Refused) as refused:
        ticket.complete("完成", by=cast.as_("ming"))
    assert refused.value.code == "work_open"
    second.take(by=cast.as_("wu"))
    second.finish("已清理", by=cast.as_("wu"))
    ticket.refresh_from_db()
    assert ticket.stage == Stage.DONE


def test_handing_over_ends_one_order_and_opens_another(cast, order):
    new = order.hand_over(cast.wu, "下班交接", by=cast.as_("zhou"))
    assert order.stage == WorkStage.HANDED_OVER and new.worker == cast.wu and new.is_open


def test_one_open_order_a_worker(cast, order):
    """The database promises it; the second dispatch is told."""
    with pytest.raises(Refused):
        order.ticket.dispatch(by=cast.as_("ming"), worker=cast.zhou, priority="low", wishes="无")


def test_pause_material_and_arrival_proof(cast, order):
    order.take(by=cast.as_("zhou"))
    with pytest.raises(Refused):
        order.arrive(by=cast.as_("zhou"), proof="position")
    order.arrive(by=cast.as_("zhou"), proof="position", latitude=Decimal("30.66"), longitude=Decimal("104.06"))
    order.pause("等配件", by=cast.as_("zhou"))
    with pytest.raises(Refused):
        order.finish("完工", by=cast.as_("zhou"))
    order.resume(by=cast.as_("zhou"))
    order.use("门机皮带", Decimal("1"), by=cast.as_("zhou"), unit="条", price=Decimal("85.00"))
    assert order.stage == WorkStage.ARRIVED and order.materials.get().item == "门机皮带"


def test_a_second_take_is_told(cast, order):
    order.take(by=cast.as_("zhou"))
    with pytest.raises(Refused) as refused:
        order.take(by=cast.as_("zhou"))
    assert refused.value.code == "already_taken"


def test_a_guard_is_not_reached_round_the_leader(cast, order):
    """STF-04: neither by handing over."""
    with pytest.raises(Refused) as refused:
        order.hand_over(cast.zheng, "请保安处理", by=cast.as_("zhou"))
    assert refused.value.code == "through_leader"


def test_a_refused_order_keeps_the_ticket_open(cast, order):
    """STF-02: nothing is done while the verdict is pending."""
    order.refuse("dangerous", "带电", by=cast.as_("zhou"))
    with pytest.raises(Refused) as refused:
        order.ticket.complete("完成", by=cast.as_("ming"))
    assert refused.value.code == "work_open"
