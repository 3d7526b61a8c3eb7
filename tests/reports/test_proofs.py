"""Named proofs: every one can be asked, and each family can be kept and broken."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest

from guanjia.duties.models import Absence
from guanjia.people.models import Person, Post
from guanjia.reports.context import values
from guanjia.reports.counting import run
from guanjia.reports.proofs import breaking, counting, known_proof, proofs
from guanjia.rulebooks.books import books
from guanjia.tickets.models import Ticket, Verdict, WorkOrder
from tests.cast import SINCE, TUESDAY

from .unanswered import UNANSWERED

WINDOW = (TUESDAY - timedelta(days=30), TUESDAY + timedelta(days=1))


def ask(cast, name):
    """(due, kept) of one proof over all persons."""
    statement, named = counting([(known_proof(name), *WINDOW)])
    rows = run(statement, values(cast.sunny, TUESDAY, statement) | named)
    return sum(row[4] for row in rows), sum(row[5] for row in rows)


def broken(cast, name):
    statement, named = breaking(known_proof(name), *WINDOW)
    return [label for _pk, label, _at, _who in run(statement, values(cast.sunny, TUESDAY, statement) | named)]


def test_every_proof_can_be_asked(cast):
    """Each by itself and all in one statement; what it counts as broken is what it lists."""
    assert len(proofs()) > 60
    statement, named = counting([(one, *WINDOW) for one in proofs().values()])
    run(statement, values(cast.sunny, TUESDAY, statement) | named)
    statement, named = counting([(one, *WINDOW) for one in proofs().values()], zone=cast.east.pk)
    run(statement, values(cast.sunny, TUESDAY, statement) | named)
    for name in proofs():
        due, kept = ask(cast, name)
        assert len(broken(cast, name)) == min(due - kept, 20), name


def test_every_name_a_book_uses_is_a_proof_or_listed():
    """Issue 3: no clause names a proof that nobody wrote, but those listed here by name."""
    used = {name.strip() for book in books().values() for clause in book.clauses.values() for name in clause.proof.split(",") if name.strip()}
    assert {name for name in used if not known_proof(name)} == UNANSWERED & used
    assert not {name for name in UNANSWERED if known_proof(name)}, "answered now: take it off the list"


def test_proofs_say_themselves_in_two_languages():
    for one in proofs().values():
        assert one.title and one.title_en, one.name


def test_a_day_is_the_estates(cast):
    """Proofs that ask for today name the estate's day: the instant's own is yesterday's until eight in the morning."""
    for one in proofs().values():
        for words in (one.source.rows, one.due, one.kept):
            assert not re.search(r"%\(now\)s::timestamptz(?:[^:]{0,70}\))?::date", words.replace("AT TIME ZONE %(time_zone)s", ":")), one.name


def test_one_steward_a_zone(cast):
    """EST-01: two heads of a zone are not one, and none is none either."""
    assert ask(cast, "zone_has_one_steward") == (2, 2)
    Post.objects.filter(person=cast.fang).delete()
    assert ask(cast, "zone_has_one_steward") == (2, 1) and broken(cast, "zone_has_one_steward") == ["西区"]


def test_a_roster_of_four(cast):
    """STF-01: repairer, cleaner, order keeper and manager; the cast has no cleaner."""
    assert ask(cast, "zone_roster_complete") == (2, 0)
    Post.objects.create(estate=cast.sunny, person=cast.wu, role="cleaner", during=(SINCE, None))
    assert ask(cast, "zone_roster_complete") == (2, 2)


def test_a_steward_one_can_ring(cast):
    """COM-01: a steward without a telephone is none for the board."""
    assert ask(cast, "building_has_reachable_steward") == (2, 0)
    Person.objects.filter(pk=cast.ming.pk).update(phone="+8619900000009")
    assert ask(cast, "building_has_reachable_steward") == (2, 1)


def test_a_file_for_every_home(cast):
    """HSE-02: the empty 3-1-502 has nobody."""
    assert ask(cast, "household_has_file") == (3, 2) and broken(cast, "household_has_file") == ["3-1-502"]


def test_orders_to_guards_go_through_their_leader(cast):
    """STF-04: an order of the steward to a guard is a breach, one of the leader is not."""
    ticket = Ticket.objects.report(by=cast.as_("ming"), estate=cast.sunny, words="有人喧哗", unit=cast.home, kind="complaint", channel="phone")
    for giver in (cast.ming, cast.sun):
        WorkOrder.objects.create(estate=cast.sunny, ticket=ticket, worker=cast.zheng, given_by=giver, priority="high", wishes="轻声", offered_at=TUESDAY, stage="withdrawn" if giver == cast.ming else "taken")
    assert ask(cast, "order_work_via_leader") == (1, 1)
    WorkOrder.objects.filter(given_by=cast.ming).update(stage="finished", ended_at=TUESDAY)
    assert ask(cast, "order_work_via_leader") == (2, 1)


@pytest.mark.parametrize(("judge", "kept"), [("zhao", 1), ("ming", 0)])
def test_nobody_judges_a_complaint_about_himself(cast, judge, kept):
    """REQ-20: the verdict of the accused does not count."""
    ticket = Ticket.objects.report(by=cast.as_("mei"), estate=cast.sunny, words="管家不接电话", unit=cast.home, kind="complaint", household_id=cast.meis.pk)
    Ticket.objects.filter(pk=ticket.pk).update(done_at=TUESDAY, stage="done")
    assert ask(cast, "complaint_has_verdict_by_other") == (1, 0)
    Verdict.objects.create(estate=cast.sunny, ticket=ticket, by=getattr(cast, judge), at=TUESDAY, ruling="valid", why="属实", accused=cast.ming)
    assert ask(cast, "complaint_has_verdict_by_other") == (1, kept)


def test_a_steward_who_is_away_is_covered(cast):
    """STF-17: by a named cover or the zone's assistant; nobody away is nothing due."""
    assert ask(cast, "cover_named") == (0, 0)
    gone = Absence.objects.create(estate=cast.sunny, person=cast.ming, during=(TUESDAY.date(), None), begun_at=TUESDAY)
    Absence.objects.create(estate=cast.sunny, person=cast.wu, during=(TUESDAY.date(), None), begun_at=TUESDAY)
    assert ask(cast, "cover_named") == (1, 0)
    Post.objects.create(estate=cast.sunny, person=cast.wu, role="assistant_steward", zone=cast.east, during=(SINCE, None))
    assert ask(cast, "cover_named") == (1, 1)
    Post.objects.filter(person=cast.wu, role="assistant_steward").delete()
    Absence.objects.filter(pk=gone.pk).update(cover=cast.fang)
    assert ask(cast, "cover_named") == (1, 1)
