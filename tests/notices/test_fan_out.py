"""Who is told, and above all who is not (issue 2, point 8)."""

from datetime import date, timedelta

import pytest

from guanjia.events.actions import Action
from guanjia.events.models import Event, Outbox
from guanjia.households.models import Member
from guanjia.notices.deliver import fan_out
from guanjia.notices.models import Delivery, Preference
from guanjia.people.models import Person, Post
from guanjia.tickets.models import Ticket
from tests.cast import TUESDAY


def test_a_report_reaches_its_steward_and_household(cast, ticket):
    fan_out(TUESDAY)
    rows = Delivery.objects.filter(channel="inbox")
    assert sorted(row.person.username for row in rows) == ["ming", "mr_mei"]  # she did it herself
    assert not Outbox.objects.exists()


def test_fanning_out_again_changes_nothing(cast, ticket):
    fan_out(TUESDAY)
    count = Delivery.objects.count()
    event = Event.objects.get(action=Action.TICKET_REPORTED)
    Outbox.objects.create(estate=cast.sunny, event_id=event.pk, ready_at=TUESDAY)
    fan_out(TUESDAY)
    assert Delivery.objects.count() == count and not Outbox.objects.exists()


def test_what_is_not_ready_waits(cast, ticket):
    fan_out(TUESDAY - timedelta(seconds=1))
    assert Outbox.objects.exists() and not Delivery.objects.exists()


def test_the_actor_is_never_told(cast, ticket, tell):
    assert tell(Action.TICKET_ADDED, ticket, by="ming", words="带工具", public=True) == ["mei", "mr_mei"]
    assert tell(Action.TICKET_ADDED, ticket, by="mei", words="在家", public=True) == ["ming", "mr_mei"]


def test_a_dispatch_reaches_the_worker_by_mail_too(cast, ticket, tell):
    particulars = {"worker": "周工", "worker_id": cast.zhou.pk, "work": 1}
    assert tell(Action.WORK_DISPATCHED, ticket, by="jing", **particulars) == ["mei", "ming", "mr_mei", "zhou"]
    assert tell(Action.WORK_DISPATCHED, ticket, by="jing", channel="email", **particulars) == ["zhou"]


def test_residents_hear_only_of_what_is_public(cast, ticket, tell):
    assert tell(Action.TICKET_PROGRESSED, ticket, by="ming", words="等配件") == []
    assert tell(Action.TICKET_PROGRESSED, ticket, by="ming", words="等配件", public=True) == ["mei", "mr_mei"]
    assert tell(Action.TICKET_NOTED, ticket, by="ming", words="此户常投诉", public=True) == []


def test_nobody_of_another_household_zone_or_estate_is_told(cast, ticket, tell):
    everything = [
        name
        for action in Action
        if action not in (Action.FINDING_URGENT, Action.DECORATION_SUBMITTED, Action.DECORATION_STOPPED)  # engineering is the whole estate's (VAC-04, MOV-05)
        for name in tell(
            action,
            ticket,
            public=True,
            tell=["responsible", "deputy", "dispatcher", "supervisor", "manager", "company"],
        )
    ]
    assert "lu" not in everything and "stranger" not in everything and "wu" not in everything
    assert "fang" not in {
        name
        for action in Action
        if not action.value.startswith(("incident.", "run.", "occasion.", "emergency.started"))  # every steward's
        for name in tell(action, ticket, public=True)
    }


def test_an_anonymous_reporter_hears_nothing(cast, tell):
    """CF-61: no way leads from an anonymous complaint to a person."""
    complaint = Ticket.objects.report(
        by=cast.as_("mei"),
        estate=cast.sunny,
        words="深夜施工",
        kind="complaint",
        anonymous=True,
        unit=cast.home,
        household_id=cast.meis.pk,
    )
    residents = {"mei", "mr_mei", "lu"}
    for action in Action:
        assert not residents & set(tell(action, complaint, public=True))


@pytest.mark.parametrize("gone", ["post", "person", "member"])
def test_who_left_is_told_no_more(cast, ticket, tell, gone):
    if gone == "post":
        Post.objects.filter(person=cast.ming).update(during=(date(2025, 1, 1), date(2026, 3, 10)))
        assert "ming" not in tell(Action.TICKET_URGED, ticket, by="mei")
    elif gone == "person":
        Person.objects.filter(pk=cast.ming.pk).update(is_active=False)
        assert "ming" not in tell(Action.TICKET_URGED, ticket, by="mei")
    else:
        Member.objects.filter(login=cast.mei).update(left_on=date(2026, 3, 1))
        assert tell(Action.TICKET_PROGRESSED, ticket, by="ming", words="x", public=True) == ["mr_mei"]


def test_nobodys_ticket_goes_to_the_dispatchers(cast, tell):
    """REQ-39: a report from outside anybody's area is somebody's all the same."""
    ticket = Ticket.objects.report(
        by=cast.as_("he"), estate=cast.sunny, words="门口积水", where="北门外", channel="phone"
    )
    assert tell(Action.TICKET_REPORTED, ticket, by="he") == ["jing"]


@pytest.mark.parametrize(
    ("steps", "names"),
    [
        (["responsible"], ["ming"]), (["dispatcher"], ["jing"]), (["supervisor"], ["zhao"]), (["dispatcher", "manager"], ["jing", "qian"]),
        (["company"], []), (["deputy"], ["jing"]), ([], []),
    ],
)  # fmt: skip
def test_a_step_of_a_ladder_reaches_whom_it_names(cast, ticket, tell, steps, names):
    """An empty post passes the word upwards: nobody is deputy here, so the dispatcher hears of it."""
    assert tell(Action.CLOCK_BREACHED, ticket, limit="10 分钟内完成分类", tell=steps) == names


def test_help_is_asked_of_the_right_one(cast, ticket, tell):
    assert tell(Action.WORK_HELP_ASKED, ticket, by="zhou", route="neighbour", why="搬不动") == ["ming"]
    assert tell(Action.WORK_HELP_ASKED, ticket, by="zhou", route="supervisor", why="搬不动") == ["zhao"]


def test_preferences_quieten_mail_and_never_the_inbox(cast, ticket, tell):
    said = {"worker": "周工", "worker_id": cast.zhou.pk}
    Preference.objects.create(person=cast.zhou, channel="email", wanted="none")
    assert tell(Action.WORK_DISPATCHED, ticket, by="jing", channel="email", **said) == []
    assert "zhou" in tell(Action.WORK_DISPATCHED, ticket, by="jing", **said)
    Preference.objects.update(wanted="urgent")
    assert tell(Action.WORK_DISPATCHED, ticket, by="jing", channel="email", **said) == ["zhou"]


def test_residents_mail_waits_for_the_morning_unless_it_is_urgent(cast, ticket, tell):
    Person.objects.filter(pk=cast.mei.pk).update(email="mei@example.com")
    night = TUESDAY + timedelta(hours=13)  # 23:00 in Shanghai
    tell(Action.TICKET_PROGRESSED, ticket, by="ming", channel="email", at=night, words="明早到", public=True)
    assert Delivery.objects.get(channel="email").next_at == TUESDAY + timedelta(hours=22)  # 08:00
    Ticket.objects.filter(pk=ticket.pk).update(klass="urgent")
    tell(Action.TICKET_PROGRESSED, ticket, by="ming", channel="email", at=night, words="在路上", public=True)
    assert Delivery.objects.get(channel="email").next_at == night


def test_old_news_is_not_mailed(cast, ticket):
    Event.objects.record(Action.TICKET_URGED, ticket, at=TUESDAY - timedelta(days=4))
    fan_out(TUESDAY)
    urged = Delivery.objects.filter(title="住户催办 {number}")
    assert urged.filter(channel="inbox").exists() and not urged.filter(channel="email").exists()


def test_the_number_of_queries_does_not_grow(cast, ticket, django_assert_num_queries):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    fan_out(TUESDAY)

    def cost(count):
        for _n in range(count):
            Event.objects.record(Action.TICKET_URGED, ticket, at=TUESDAY)
        with CaptureQueriesContext(
            connection,
        ) as asked:
            fan_out(TUESDAY)
        return len(asked)

    assert cost(3) == cost(60)


def test_one_that_cannot_be_told_holds_back_no_other(cast, ticket, monkeypatch, caplog):
    from guanjia.notices import deliver

    whole = deliver._to_people
    bad = Event.objects.record(Action.TICKET_URGED, ticket, at=TUESDAY)
    monkeypatch.setattr(
        deliver, "_to_people", lambda event, *more: 1 / 0 if event.pk == bad.pk else whole(event, *more)
    )
    fan_out(TUESDAY)
    assert Delivery.objects.exists() and not Outbox.objects.exists() and "cannot be told" in caplog.text
