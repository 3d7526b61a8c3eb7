"""A month's figures equal an independent recomputation from the rows; corrections leave both versions (INC-09, QLT-57, QLT-60, QLT-63, CF-06, CF-60)."""

from __future__ import annotations

import pytest
from django.db import DatabaseError, transaction

from guanjia.incentives.book import book, indicators
from guanjia.incentives.models import Figure, Reckoning
from guanjia.incentives.reckoning import reckon
from guanjia.rulebooks.parameters import entry_of
from guanjia.surveys.board import counted
from guanjia.surveys.models import Response
from guanjia.tenancy.scope import ALL, estate_scope
from guanjia.tickets.models import Ticket
from guanjia.tickets.models.completable import Confirmation, Rating
from tests.billing.again import fill as ledger

from .again import Again
from .conftest import AFTER, MARCH
from .rows import fill


def march(*estates):
    return reckon(estates, MARCH, at=AFTER)


def kept(estate, version=None):
    rows = Figure.objects.at_estate(estate).filter(month=MARCH).standing(version)
    return {(row.indicator, row.level, row.subject_id): (row.part, row.whole) for row in rows if row.part or row.whole}


@pytest.mark.parametrize("seed", range(3))
def test_every_figure_equals_a_recomputation_from_the_rows(cast, books, seed):
    """INC-09: every indicator of estate, zones and persons, the month's first and last second included."""
    fill(cast, seed)
    ledger(books, seed)
    march(cast.sunny)
    found, again = kept(cast.sunny), Again(cast.sunny).tell()
    assert {key[0] for key in again} == set(indicators())  # the dice left nothing out
    assert {key: value for key, value in found.items() if again.get(key) != value} == {}
    assert set(found) == set(again)


def test_satisfaction_is_what_the_page_of_satisfaction_says(cast):
    """CF-60, QLT-57: one formula on both pages, counted twice by different statements."""
    fill(cast, 6)
    march(cast.sunny)
    found, page = kept(cast.sunny), counted(cast.sunny, MARCH, MARCH)
    for key, core in (("satisfaction", "overall"), ("solving", "solved")):
        rows = [months[MARCH] for (indicator, _source), months in page.items() if indicator == core and MARCH in months]
        assert len(rows) == 3 and found[key, "estate", 0] == tuple(map(sum, zip(*rows, strict=True)))


def test_run_again_it_writes_nothing(cast):
    """The month may be worked out any number of times."""
    fill(cast, 1)
    first = march(cast.sunny)
    assert first["figures"] and first["estates"] == 1
    assert march(cast.sunny) == {"figures": 0, "estates": 0}
    assert Reckoning.objects.count() == 1


def test_a_correction_leaves_both_versions(cast):
    """A rating that is struck out later changes the month; what was said before is still there."""
    fill(cast, 2)
    march(cast.sunny)
    before = kept(cast.sunny)
    row = Rating.objects.filter(at__gte="2026-03-02T00:00Z", at__lt="2026-03-30T00:00Z").first()
    row.delete()
    assert march(cast.sunny)["estates"] == 1
    assert kept(cast.sunny, version=1) == before
    now = kept(cast.sunny)
    assert now["solving", "estate", 0][1] == before["solving", "estate", 0][1] - 1
    assert [one.number for one in Reckoning.objects.of(cast.sunny, MARCH)] == [2, 1]


def test_what_is_no_more_is_nought_in_the_next_version(cast):
    fill(cast, 3, tickets=6)
    march(cast.sunny)
    for said in (Rating, Confirmation, Response):
        said.objects.all().delete()
    march(cast.sunny)
    assert ("solving", "estate", 0) not in kept(cast.sunny)
    assert ("solving", "estate", 0) in kept(cast.sunny, 1)


def test_all_estates_at_once_say_what_each_says_alone(cast):
    """Set-based over every estate; nothing of one counts at another."""
    fill(cast, 4)
    with estate_scope(ALL):
        told = march(cast.sunny, cast.lake)
    assert told["estates"] == 2  # also the one that has nothing to count
    together = kept(cast.sunny)
    assert together == Again(cast.sunny).tell() | {key: value for key, value in together.items() if key[0] == "collection"}
    with estate_scope(cast.lake):
        assert {key[0] for key in kept(cast.lake)} <= {"complaints", "patrols"}


def test_nobody_changes_a_figure(cast):
    """Append-only: the application's role may not."""
    fill(cast, 1, tickets=3)
    march(cast.sunny)
    for act in (lambda: Figure.objects.update(part=0), lambda: Figure.objects.all().delete(), lambda: Reckoning.objects.update(number=9)):
        with pytest.raises(DatabaseError), transaction.atomic():
            act()


def test_every_indicator_has_a_target_a_formula_and_both_names():
    """INC-09, QLT-57, CF-60: no figure without its words; response speed and problem solving are two; speed never stands alone."""
    assert {"response", "solving"} <= set(indicators())
    for key, one in indicators().items():
        assert one.words and one.words_en and one.title_en, key
        assert float(entry_of(one.target).default) >= 0, key
    for fast in ("response", "on_time"):
        assert set(indicators()[fast].beside) >= {"reopen", "sampled"}
    assert book().satisfied_from == 4


def test_a_figure_reads_no_more_than_the_month(cast):
    """A month that still runs counts up to now."""
    fill(cast, 5)
    reckon([cast.sunny], MARCH)  # at the cast's Tuesday, the 10th
    days = kept(cast.sunny)["patrols", "estate", 0][1]
    assert days == 2 * 10
    assert Ticket.objects.count() == 30
