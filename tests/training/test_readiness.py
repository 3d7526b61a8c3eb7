"""Certificates, who is ready for a post, the gate (TRN-04, TRN-15)."""

from datetime import date, timedelta

import pytest

from guanjia.events.actions import Action
from guanjia.events.models import Event
from guanjia.people.models import Person, Post
from guanjia.people.posting import appoint
from guanjia.rulebooks.models import Parameter
from guanjia.tenancy.errors import NotAllowed, Refused
from guanjia.training.book import group_of, training_book
from guanjia.training.models import Certificate, Clearance, Session
from guanjia.training.profile import figure, profiles
from guanjia.training.rounds import run_once
from tests.cast import TUESDAY

DAY = timedelta(days=1)
TODAY = date(2026, 3, 10)


def hold(cast, who, kind, number="A-1234", until=None):
    return Certificate.objects.keep(getattr(cast, who), kind, number, by=cast.as_("zhao"), valid_until=until)


def refused(code, verb):
    with pytest.raises(Refused) as said:
        verb()
    assert said.value.code == code


def test_every_post_belongs_to_a_group():
    assert group_of("electrician") == "engineering" and group_of("patrol_guard") == "order"
    assert all(group.title for group in training_book().groups.values())


def test_a_certificate_is_sealed_masked_and_replaced(cast):
    """TRN-04: number masked; a newer one takes the place of the older; nobody holds another's number."""
    from django.db import connection

    row = hold(cast, "zhou", "repair", "川A-998877", TODAY + 40 * DAY)
    with connection.cursor() as cursor:
        cursor.execute("SELECT number FROM training_certificate WHERE id = %s", [row.pk])
        assert "998877" not in cursor.fetchone()[0]
    assert row.masked == "****8877"
    assert [hold(cast, "wu", "repair", number).masked for number in ("123", "1234", "123456")] == ["****3", "****34", "****456"]
    newer = hold(cast, "zhou", "repair", "川A-112233")
    row.refresh_from_db()
    assert row.ended_at and newer.ended_at is None
    refused("clash", lambda: hold(cast, "wu", "repair", "川A-112233"))
    refused("incomplete", lambda: hold(cast, "wu", "diploma"))
    with pytest.raises(NotAllowed):
        Certificate.objects.keep(cast.zhou, "repair", "A-1", by=cast.as_("ming"))


def test_expiry_is_told_90_30_7_days_ahead_and_after(cast):
    """Each step once; one that was away for long is told the nearest step only."""
    row = hold(cast, "zhou", "repair", until=TODAY + 91 * DAY)
    told = []
    for days in (0, 1, 2, 61, 62, 84, 91, 92, 93):
        told.append(run_once(TUESDAY + days * DAY, cast.sunny)["warned"])
    assert told == [0, 1, 0, 1, 0, 1, 0, 1, 0]
    expired = Event.objects.get(action=Action.CERTIFICATE_EXPIRED)
    assert expired.particulars["worker_id"] == cast.zhou.pk and expired.subject_id == row.pk
    late = hold(cast, "wu", "repair", "B-9999", TODAY + 100 * DAY)
    hold(cast, "zheng", "guard", "C-8888", TODAY + 100 * DAY)
    Person.objects.filter(pk=cast.zheng.pk).update(is_active=False)  # nobody hears of who has left
    assert run_once(TUESDAY + 96 * DAY, cast.sunny)["warned"] == 1
    late.refresh_from_db()
    assert late.warned == 7


def test_the_profile_says_what_is_lacking_and_the_figure_who_is_certified(cast):
    """TRN-04: 100 % certified, of those whose posts ask for a certificate."""
    before = figure(profiles(cast.sunny, TUESDAY))
    assert before.part == 0 and before.whole == len({"ming", "fang", "zhou", "wu", "zheng", "sun", "qian"}) and not before.reached
    hold(cast, "zhou", "repair", until=TODAY)
    hold(cast, "wu", "repair", "B-9999", until=TODAY - DAY)
    rows = {row.person.username: row for row in profiles(cast.sunny, TUESDAY)}
    assert rows["zhou"].certified and not rows["wu"].certified and rows["zhao"].certified is None
    assert {need.key for need in rows["zheng"].lacking} == {"guard", "security", "fire", "order"}
    assert [need.state for need in rows["zhou"].certificates] == ["soon"]


def test_a_guard_is_trained_and_reviewed_before_beginning(cast):
    """TRN-15: refused, or a manager says why; a review needs a training; nobody reviews themselves."""
    by = cast.as_("qian")
    refused("not_ready", lambda: appoint(cast.he, cast.sunny, "patrol_guard", by=by))
    refused("not_trained", lambda: Clearance.objects.review(cast.he, "order", "合格", by=by))
    row = Session.objects.plan("岗前培训", "security", TUESDAY, TUESDAY + timedelta(hours=2), by=by, trainer=cast.zhao, groups=["order"])
    row.tick_off([cast.he.pk], by=by)
    row.hold("队列与夜巡", by=by)
    refused("own_matter", lambda: Clearance.objects.review(cast.zhao, "order", "合格", by=cast.as_("zhao")))
    Clearance.objects.review(cast.he, "order", "合格", by=by)
    refused("clash", lambda: Clearance.objects.review(cast.he, "order", "合格", by=by))
    made = appoint(cast.he, cast.sunny, "patrol_guard", by=by)
    assert made.warnings == ["何前台还没有保安员证"]
    assert appoint(cast.zheng, cast.sunny, "patrol_guard", by=by)  # works there already


def test_a_manager_may_let_somebody_begin_and_says_why(cast):
    made = appoint(cast.he, cast.sunny, "order_keeper", by=cast.as_("qian"), despite="替班三天")
    assert Post.objects.filter(pk=made.pk).exists()
    assert Event.objects.get(action=Action.GATE_PASSED).particulars["why"] == "替班三天"


def test_the_company_may_only_be_warned(cast):
    Parameter.objects.set("training.gate", "off", estate=cast.sunny, by=cast.as_("qian"), reason="试行")
    assert appoint(cast.he, cast.sunny, "order_keeper", by=cast.as_("qian")).role == "order_keeper"
