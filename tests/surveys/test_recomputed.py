"""Satisfaction by month and source, a round by question and zone: once more in plain Python from the answers (QLT-57, CF-60, COM-28, COM-31)."""

from __future__ import annotations

import math
from collections import Counter
from datetime import date
from decimal import Decimal

import pytest

from guanjia import clock
from guanjia.rulebooks.parameters import supposing
from guanjia.surveys.board import board
from guanjia.surveys.models import Invitation, Poll, Response
from guanjia.surveys.results import results
from tests.incentives.conftest import AFTER
from tests.incentives.rows import fill
from tests.reports.again import MONTHS, Again

FEBRUARY, MARCH, APRIL, MAY = date(2026, 2, 1), date(2026, 3, 1), date(2026, 4, 1), date(2026, 5, 1)


@pytest.fixture
def counted(cast):
    fill(cast, 6)
    with clock.at(AFTER):
        yield cast


def again(key, first, last):
    """(share, note) of an indicator over months."""
    return Again(first, last, None, AFTER).satisfaction()[f"indicator_{key}"]


def test_the_board_says_what_the_answers_say(counted):
    """QLT-57, CF-60: each month's share, the sources of the span, the line from 78 to 90 in twelve months."""
    with supposing(counted.sunny, "survey.goal_from", "2026-01", AFTER):
        found = board(counted.sunny, AFTER, span=3)
    assert {one.key for one in found} == {"overall", "speed", "solved"}
    for one in found:
        months = {row.month: row for row in one.months}
        assert len(months) == 12
        for first, last in ((MONTHS[1], MARCH), (MARCH, APRIL), (APRIL, MAY)):
            value = months[first].value
            assert (f"{Decimal(months[first].part * 100) / months[first].whole:.1f}%" if value is not None else "—") == again(one.key, first, last)[0], (one.key, first)
        share, note = again(one.key, FEBRUARY, MAY)
        assert [f"{part} / {whole}" for _source, part, whole in one.sources] == [said.rpartition(" / ")[0].rpartition(" ")[2] + " / " + said.rpartition(" / ")[2] for said in note.split("；")]
        assert f"{one.value:.1f}%" == share
        goals = [months[month].goal for month in (date(2026, 1, 1), FEBRUARY, MARCH)]
        assert goals == ([78, 79, 80] if one.key == "overall" else [95, 95, 95])


def wilson(part, whole, population):
    """Wilson's interval for a sample from so many, as Brown, Cai and DasGupta write it; n is what the sample is worth."""
    z, p = 1.959963984540054, part / whole
    n = whole * (population - 1) / (population - whole)
    root = z * math.sqrt(p * (1 - p) / n + z * z / (4 * n * n))
    return [(p + z * z / (2 * n) + sign * root) / (1 + z * z / n) * 100 for sign in (-1, 1)]


def test_a_round_by_question_and_zone(counted):
    """COM-28, HSE-14: counts, shares, interval of a sample; zones with few answers together; nobody's answer alone."""
    poll = Poll.objects.filter(audience="household", closed_at__isnull=False).order_by("pk").first()
    zones = [counted.east] * 9 + [counted.west] * 6 + [None] * 2
    for n, zone in enumerate(zones):
        Response.objects.create(estate=counted.sunny, poll=poll, anonymous=True, zone=zone, answers={"fast": n % 5 + 1, "fixed": 5 - n % 3, "all": n % 4 + 2})
    Poll.objects.filter(pk=poll.pk).update(draw="stratified", size=30, seed=1, population=400)
    poll = Poll.objects.select_related("version", "estate").get(pk=poll.pk)
    found, rows = results(poll), list(Response.objects.filter(poll=poll))
    asked = list(Invitation.objects.filter(poll=poll, drawn=True))
    assert (found.asked, found.answered, found.missed) == (len(asked), sum(row.answered for row in asked), sum(bool(row.missed) for row in asked))
    assert math.isclose(found.rate, found.answered * 100 / found.asked)
    for line in found.lines:
        marks = Counter(row.answers[line.name] for row in rows if line.name in row.answers)
        whole, good = sum(marks.values()), marks[4] + marks[5]
        assert [(count, share) for _words, count, share in line.bars] == [(marks[mark], marks[mark] * 100 / whole) for mark in (5, 4, 3, 2, 1)]
        assert (line.measured.part, line.measured.whole, line.measured.words) == (good, whole, f"{good} ÷ {whole} = {good * 100 / whole:.1f}%")
        assert [line.measured.low, line.measured.high] == [pytest.approx(bound) for bound in wilson(good, whole, 400)]
    overall = {zone: [row.answers["all"] for row in rows if "all" in row.answers and row.zone_id == (zone and zone.pk)] for zone in (counted.east, counted.west, None)}
    told = {group.title: group.measured and (group.measured.part, group.measured.whole) for group in found.groups}
    for zone in (counted.east, counted.west):
        if zone.name in told:
            assert told[zone.name] == (sum(mark >= 4 for mark in overall[zone]), len(overall[zone])) and len(overall[zone]) >= 5
    assert told, "at least one group is told"
