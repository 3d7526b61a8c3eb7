"""Rectification: who, by when, proof, a look by another, closed or again; what is late climbs the line (QLT-14, issue 6 line 4)."""

from datetime import timedelta

import pytest

from guanjia import clock
from guanjia.events.actions import Action
from guanjia.events.models import Event
from guanjia.quality import rounds
from guanjia.quality.agenda import Quality
from guanjia.quality.line import holders, ladder
from guanjia.quality.models import Deduction, Rectification
from guanjia.tenancy.errors import NotAllowed, Refused
from tests.cast import TUESDAY

from .conftest import TODAY, finished, shot

SOON = TODAY + timedelta(days=2)


def asked(cast, **more):
    return Rectification.objects.ask("钥匙柜上锁", cast.ming, SOON, by=cast.as_("qian"), **more)


def test_it_has_a_person_and_a_day(quality):
    """QLT-14: both are mandatory; who may not ask, asks nothing."""
    for person, day in ((None, SOON), (quality.ming, None), (quality.ming, TODAY - timedelta(days=1))):
        with pytest.raises(Refused):
            Rectification.objects.ask("钥匙柜上锁", person, day, by=quality.as_("qian"))
    with pytest.raises(NotAllowed):
        Rectification.objects.ask("钥匙柜上锁", quality.ming, SOON, by=quality.as_("fang"))
    row = asked(quality)
    assert row in Rectification.objects.visible_to(quality.as_("ming"))
    assert row not in Rectification.objects.visible_to(quality.as_("fang"))


def test_proof_then_another_looks_then_closed_or_again(quality):
    row, ming, zhao = asked(quality), quality.as_("ming"), quality.as_("zhao")
    with pytest.raises(Refused):
        row.judge(True, "", by=zhao)
    with pytest.raises(NotAllowed):
        row.submit("上了锁", [shot("")], by=zhao)
    for words, photos in (("", [shot("")]), ("上了锁", [])):
        with pytest.raises(Refused):
            row.submit(words, photos, by=ming)
    row.submit("上了锁", [shot("")], by=ming)
    with pytest.raises(Refused):
        row.submit("再交", [shot("")], by=ming)
    with pytest.raises(Refused):
        row.judge(False, "", by=zhao)
    row.judge(False, "锁是坏的", by=zhao)
    assert (row.round, row.due_on, row.closed_at) == (2, TODAY + timedelta(days=7), None)
    row.submit("换了新锁", [shot("")], by=ming)
    row.judge(True, "好了", by=zhao)
    assert row.closed_at and [one.passed for one in row.rounds.order_by("number")] == [False, True]
    with pytest.raises(Refused):
        row.judge(True, "", by=quality.as_("qian"))


def test_whose_it_is_counts_when_it_is_handed_in(quality):
    """Handed over meanwhile: who opened the page before hands nothing in any more, and may look at it again."""
    row = asked(quality)
    before = Rectification.objects.get(pk=row.pk)
    row.hand_over(quality.zhao, by=quality.as_("qian"))
    with pytest.raises(NotAllowed):
        before.submit("上了锁", [shot("")], by=quality.as_("ming"))
    row.submit("上了锁", [shot("")], by=quality.as_("zhao"))
    with pytest.raises(Refused, match="自己"):
        before.judge(True, "", by=quality.as_("zhao"))


def test_nobody_looks_again_at_their_own(quality):
    """The responsible may be the manager: then the manager does not judge it."""
    row = Rectification.objects.ask("公示栏更新", quality.zhao, SOON, by=quality.as_("qian"))
    row.submit("更新了", [shot("")], by=quality.as_("zhao"))
    with pytest.raises(Refused):
        row.judge(True, "", by=quality.as_("zhao"))
    row.judge(True, "", by=quality.as_("qian"))


def test_a_deduction_is_asked_once_and_not_while_hidden(small):
    row = finished(small, "covert")
    lack = Deduction.objects.get(item_score__inspection=row)
    with pytest.raises(Refused):
        asked(small, deduction=lack)
    row.open_up(by=small.by["ding"])
    asked(small, deduction=lack)
    with pytest.raises(Refused):
        asked(small, deduction=lack)


def test_it_may_be_a_ticket_as_well(quality):
    """QLT-05: rectification as tickets; the ticket has its own clocks."""
    row = asked(quality, file_ticket=True, zone=quality.east)
    assert row.ticket.words == "钥匙柜上锁" and row.ticket.due_at


def test_it_stands_on_today_until_it_is_handed_in(quality):
    source, ming = Quality(), quality.as_("ming")
    row = asked(quality)
    assert source.counts(ming, TUESDAY) == {"open": 1, "late": 0, "mine": 1}
    assert [entry.line.words for entry in source.worked(ming, "todo", TUESDAY, 9)] == ["钥匙柜上锁"]
    later = TUESDAY + timedelta(days=4)
    assert source.counts(ming, later)["late"] == 1
    assert source.pressing(ming, "late", later, 9) and not source.pressing(quality.as_("fang"), "all", later, 9)
    row.submit("上了锁", [shot("")], by=ming)
    assert source.counts(ming, later)["open"] == 0


def test_what_is_late_climbs_the_reporting_line(quality):
    """Each day one level further; told once each; nothing once it is handed in."""
    row = asked(quality)
    steps = ladder(quality.ming.pk, holders(quality.sunny, TODAY))
    assert steps[0] == [quality.qian.pk] and quality.gao.pk in steps[1]

    def told(days):
        at = TUESDAY + timedelta(days=days)
        with clock.at(at):
            rounds.run_once(at, quality.sunny)
            rounds.run_once(at, quality.sunny)
        events = Event.objects.filter(action=Action.FIX_LATE, subject_id=row.pk).order_by("pk")
        return [event.particulars["worker_id"] for event in events]

    assert told(2) == []
    assert told(3) == [quality.ming.pk, quality.qian.pk]
    assert told(4)[2:] == [quality.gao.pk]
    assert told(9) == told(4)


def test_somebody_else_takes_it_over(quality):
    row = asked(quality)
    row.hand_over(quality.fang, by=quality.as_("qian"))
    assert row.responsible_id == quality.fang.pk
    with pytest.raises(NotAllowed):
        row.submit("上了锁", [shot("")], by=quality.as_("ming"))
    row.submit("上了锁", [shot("")], by=quality.as_("fang"))
    with pytest.raises(Refused):
        row.hand_over(quality.ming, by=quality.as_("qian"))
