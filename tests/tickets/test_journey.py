"""A ticket's life by the real verbs, from report to archive (REQ-01, REQ-03, REQ-04..12)."""

from __future__ import annotations

from datetime import timedelta

import pytest

from guanjia import clock
from guanjia.clocks.models import Clock
from guanjia.estates.marks import mark_of
from guanjia.events.actions import Action
from guanjia.events.models import Event, Outbox
from guanjia.tenancy.errors import NotAllowed, Refused
from guanjia.tickets.kinds import Stage, WorkStage
from guanjia.tickets.models import Hold, Photo, Ticket, WorkOrder
from tests.cast import TUESDAY

MINUTE = timedelta(minutes=1)


def report(cast, who="mei", **more):
    fields = {"words": "厨房水管漏水", "unit": cast.home, "household_id": cast.meis.pk, **more}
    return Ticket.objects.report(by=cast.as_(who), estate=cast.sunny, **fields)


def dispatched(cast, **more):
    ticket = report(cast, **more)
    ticket.classify(by=cast.as_("ming"), klass="urgent", category="leak")
    return ticket, ticket.dispatch(by=cast.as_("ming"), worker=cast.zhou, priority="high", wishes="孩子上网课，请轻声")


def running(ticket):
    return {row.kind for row in ticket.running_clocks}


def test_a_report_gets_number_steward_clock_and_event(cast):
    """REQ-03, REQ-04: routed to the zone's steward, ten minutes to classify."""
    ticket = report(cast)
    assert ticket.number.startswith("260310-") and ticket.zone == cast.east and ticket.steward == cast.ming
    assert ticket.kind == "repair"
    row = ticket.running_clocks.get(kind="sla_classify")
    assert row.due_at == TUESDAY + 10 * MINUTE
    assert ticket.due_at == min(ticket.running_clocks.values_list("due_at", flat=True))
    event = Event.objects.about(ticket).get()
    assert event.action == Action.TICKET_REPORTED and event.actor_id == cast.mei.pk
    assert Outbox.objects.at_estate(cast.sunny).filter(event_id=event.pk).exists()


def test_a_double_click_is_one_ticket(cast):
    """The form's own key makes the second submission find the first ticket."""
    first = report(cast, client_key="k1")
    assert report(cast, client_key="k1") == first
    assert Ticket.objects.at_estate(cast.sunny).count() == 1


def test_the_whole_journey(cast):
    """REQ-01: six steps, each with its time; the clocks stop where they should."""
    ticket, order = dispatched(cast)
    assert "sla_classify" not in running(ticket) and "sla_urgent_onsite" in running(ticket)
    with clock.at(TUESDAY + 5 * MINUTE):
        order.take(by=cast.as_("zhou"))
    with clock.at(TUESDAY + 20 * MINUTE):
        order.arrive(by=cast.as_("zhou"), proof="qr", mark=mark_of(cast.e31))
    ticket.refresh_from_db()
    assert ticket.stage == Stage.HANDLING and ticket.arrived_at == TUESDAY + 20 * MINUTE
    onsite = Clock.objects.of(ticket).get(kind="sla_urgent_onsite")
    assert onsite.outcome == "met"
    with clock.at(TUESDAY + 50 * MINUTE):
        order.finish("更换角阀，试水不漏", by=cast.as_("zhou"))
    ticket.refresh_from_db()
    assert ticket.stage == Stage.DONE and {"sla_phone_confirm", "sla_online_followup"} <= running(ticket)
    with clock.at(TUESDAY + 55 * MINUTE):
        ticket.confirm("satisfied", by=cast.as_("ming"))
        ticket.rate(by=cast.as_("mei"), speed=5, result=5, attitude=4)
    with clock.at(TUESDAY + 60 * MINUTE):
        ticket.archive(by=cast.as_("ming"))
    ticket.refresh_from_db()
    assert ticket.stage == Stage.ARCHIVED and ticket.closed_at and ticket.due_at is None and not running(ticket)
    told = list(Event.objects.about(ticket).values_list("action", flat=True))
    assert told == [
        "ticket.reported", "ticket.classified", "work.dispatched", "work.taken", "work.arrived", "work.finished", "ticket.done",
        "ticket.confirmed", "ticket.rated", "ticket.archived",
    ]  # fmt: skip
    assert all(event.sentence for event in Event.objects.about(ticket))


def test_dispatch_without_priority_or_wishes_is_refused(cast):
    """REQ-08: both are mandatory; “无” is an answer."""
    ticket = report(cast)
    ticket.classify(by=cast.as_("ming"), klass="routine", category="drain")
    for wishes, priority in (("", "high"), ("无", "")):
        with pytest.raises(Refused) as refused:
            ticket.dispatch(by=cast.as_("ming"), worker=cast.zhou, wishes=wishes, priority=priority)
        assert refused.value.code == "wishes_missing"
    assert ticket.dispatch(by=cast.as_("ming"), worker=cast.zhou, wishes="无", priority="low").stage == WorkStage.OFFERED


def test_guards_take_orders_only_through_their_leader(cast):
    """STF-04: the steward reaches an order keeper through the squad leader."""
    ticket = report(cast, words="楼下停车占用通道")
    ticket.classify(by=cast.as_("ming"), klass="routine", category="parking")
    with pytest.raises(Refused) as refused:
        ticket.dispatch(by=cast.as_("ming"), worker=cast.zheng, wishes="无", priority="low")
    assert refused.value.code == "through_leader"
    order = ticket.dispatch(by=cast.as_("ming"), worker=cast.sun, wishes="无", priority="low")
    assert order.hand_over(cast.zheng, "派郑保安去", by=cast.as_("sun")).worker == cast.zheng


def test_reclassifying_keeps_the_time_already_used(cast):
    """REQ-05..07: a suggestion that turns out to be a leak owes 30 minutes from receipt, not from now."""
    ticket = report(cast)
    ticket.classify(by=cast.as_("ming"), klass="suggestion", category="improvement")
    assert "sla_suggestion_plan" in running(ticket)
    with clock.at(TUESDAY + 12 * MINUTE):
        with pytest.raises(Refused):
            ticket.classify(by=cast.as_("ming"), klass="urgent", category="leak")
        ticket.classify(by=cast.as_("ming"), klass="urgent", category="leak", why="现场看是漏水")
    assert ticket.running_clocks.get(kind="sla_urgent_onsite").due_at == TUESDAY + 30 * MINUTE
    assert Clock.objects.of(ticket).get(kind="sla_suggestion_plan").outcome == "superseded"


def test_a_hold_moves_deadlines_and_is_explained(cast):
    """Design §5: pause shifts the deadline by the time paused; the reason is in the sentence."""
    ticket = report(cast, words="客厅灯不亮")
    ticket.classify(by=cast.as_("ming"), klass="routine", category="lighting")
    before = {row.kind: row.due_at for row in ticket.running_clocks if row.pausable}
    assert before
    with clock.at(TUESDAY + 10 * MINUTE):
        ticket.hold("等业主回家", by=cast.as_("ming"))
    with clock.at(TUESDAY + 40 * MINUTE):
        with pytest.raises(Refused):
            ticket.hold("再次", by=cast.as_("ming"))
        ticket.resume(by=cast.as_("ming"))
    for kind, due in before.items():
        row = ticket.running_clocks.get(kind=kind)
        assert row.due_at == due + 30 * MINUTE and "等业主回家" in row.explain()
    assert Hold.objects.at_estate(cast.sunny).get(ticket=ticket).resumed_at == TUESDAY + 40 * MINUTE


def test_progress_every_two_hours_from_dispatch_to_done(cast):
    """REQ-09: each message restarts the clock."""
    ticket = report(cast, words="马桶堵塞")
    ticket.classify(by=cast.as_("ming"), klass="routine", category="drain")
    ticket.dispatch(by=cast.as_("ming"), worker=cast.zhou, wishes="无", priority="medium")
    assert ticket.running_clocks.get(kind="sla_progress").due_at == TUESDAY + timedelta(hours=2)
    with clock.at(TUESDAY + 90 * MINUTE):
        ticket.progress("师傅已在路上", by=cast.as_("ming"))
    assert ticket.running_clocks.get(kind="sla_progress").due_at == TUESDAY + 90 * MINUTE + timedelta(hours=2)


def test_unsatisfied_on_the_phone_reopens(cast):
    """REQ-10: the call is logged and the matter taken up again."""
    ticket, order = dispatched(cast)
    order.take(by=cast.as_("zhou"))
    order.finish("已处理", by=cast.as_("zhou"))
    ticket.refresh_from_db()
    ticket.confirm("unsatisfied", by=cast.as_("ming"), words="还在滴水")
    assert ticket.stage == Stage.CLASSIFIED and ticket.reopened == 1
    assert "sla_urgent_onsite" in running(ticket)


def test_reopening_ends_after_seven_days(cast):
    """Issue 2.3: reopen within seven days."""
    ticket, order = dispatched(cast)
    order.take(by=cast.as_("zhou"))
    order.finish("已处理", by=cast.as_("zhou"))
    ticket.refresh_from_db()
    ticket.confirm("satisfied", by=cast.as_("ming"))
    ticket.archive(by=cast.as_("ming"))
    with clock.at(TUESDAY + timedelta(days=8)), pytest.raises(Refused) as refused:
        ticket.reopen("又漏了", by=cast.as_("mei"))
    assert refused.value.code == "too_late"
    with clock.at(TUESDAY + timedelta(days=6)):
        ticket.reopen("又漏了", by=cast.as_("mei"))
    assert ticket.is_open and ticket.closed_at is None


def test_nobody_acts_without_the_permission(cast):
    """A repairer does not classify, a neighbour's order is not taken."""
    ticket, order = dispatched(cast)
    with pytest.raises(NotAllowed):
        ticket.classify(by=cast.as_("zhou"), klass="routine", category="drain", why="x")
    with pytest.raises(Refused) as refused:
        order.take(by=cast.as_("wu"))
    assert refused.value.code == "not_yours"


def test_who_sees_what(cast):
    """Zone stewards see their zone, workers their orders, households their own."""
    ticket, _order = dispatched(cast)
    seen = {name for name in ("ming", "fang", "zhou", "wu", "jing", "qian", "mei", "mr_mei", "lu") if Ticket.objects.visible_to(cast.as_(name)).exists()}
    assert seen == {"ming", "zhou", "jing", "qian", "mei", "mr_mei"}
    assert not WorkOrder.objects.visible_to(cast.as_("wu")).exists()
    assert ticket in Ticket.objects.visible_to(cast.as_("ming"))


def test_first_contact_stays_responsible(cast):
    """REQ-37, REQ-39: a report from the other zone is taken, passed on and still seen by its taker."""
    ticket = report(cast, who="fang", words="3栋大堂门禁刷卡无反应", unit=None, place=cast.lift, household_id=None, channel="on_site")
    assert ticket.taken_by == cast.fang and ticket.steward == cast.ming
    assert ticket in Ticket.objects.visible_to(cast.as_("fang"))
    ticket.pass_on("东区管家", by=cast.as_("jing"), words="请跟进")
    assert ticket.taken_by == cast.fang and ticket.is_open


def test_spam_is_refused_kindly(cast):
    """Issue 2.3: the same words twice at most while open."""
    report(cast)
    report(cast)
    with pytest.raises(Refused) as refused:
        report(cast)
    assert refused.value.code == "same_words"


def test_urging_twice_in_a_row_is_refused(cast):
    ticket = report(cast)
    ticket.urge(by=cast.as_("mei"))
    with pytest.raises(Refused):
        ticket.urge(by=cast.as_("mei"))
    with clock.at(TUESDAY + 11 * MINUTE):
        ticket.urge(by=cast.as_("mei"))
    assert ticket.urged == 2


def test_cancelling_withdraws_the_work(cast):
    ticket, order = dispatched(cast)
    ticket.cancel("自己修好了", by=cast.as_("mei"))
    order.refresh_from_db()
    assert order.stage == WorkStage.WITHDRAWN and ticket.stage == Stage.CANCELLED and not running(ticket)


def test_an_unassigned_ticket_is_found(cast):
    """REQ-03: a report outside every zone has no steward and stands out."""
    ticket = report(cast, unit=None, household_id=None, where="北门外人行道", words="路灯不亮")
    assert ticket.steward is None and ticket in Ticket.objects.at_estate(cast.sunny).unassigned()


def test_photos_are_made_harmless(cast, tmp_path, settings):
    """EXIF is gone, a disguised file is refused, nine are the most."""
    import io

    from django.core.files.uploadedfile import SimpleUploadedFile
    from PIL import Image

    settings.MEDIA_ROOT = tmp_path
    ticket = report(cast)
    buffer = io.BytesIO()
    exif = Image.Exif()
    exif[0x010F] = "SecretPhone"
    Image.new("RGB", (3000, 2000), "teal").save(buffer, "JPEG", exif=exif)
    upload = lambda: SimpleUploadedFile("a.jpg", buffer.getvalue())  # noqa: E731
    photo = ticket.photograph([upload()], by=cast.as_("mei"))[0]
    with Image.open(photo.image.open()) as kept:
        assert not kept.getexif() and max(kept.size) == 1600
    assert b"SecretPhone" not in photo.image.open().read()
    for name, content in (("b.jpg", b"%PDF-1.4"), ("c.png", b"<svg onload=alert(1)>"), ("d.jpg", b"")):
        with pytest.raises(Refused) as refused:
            ticket.photograph([SimpleUploadedFile(name, content)], by=cast.as_("mei"))
        assert refused.value.code == "not_a_photo" and name in str(refused.value)
    with pytest.raises(Refused):
        ticket.photograph([upload() for _ in range(9)], by=cast.as_("mei"))
    assert Photo.objects.at_estate(cast.sunny).count() == 1


def test_who_takes_what_lies_outside_every_zone_stays_responsible(cast):
    """REQ-03, REQ-37: a steward's own finding without a spot is theirs to the end; a dispatcher's waits for a steward."""
    said = {"estate": cast.sunny, "words": "小区北门外路灯不亮", "where": "北门外", "channel": "patrol"}
    assert Ticket.objects.report(by=cast.as_("ming"), **said).steward == cast.ming
    nobodys = Ticket.objects.report(by=cast.as_("jing"), **said)
    assert nobodys.steward is None and list(Ticket.objects.at_estate(cast.sunny).unassigned()) == [nobodys]
