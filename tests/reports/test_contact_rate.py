"""HSE-09, CF-06: effective contact is having spoken with a household, not having heard a report or ticked off a task."""

from __future__ import annotations

import pytest

from guanjia import clock
from guanjia.care.models import Visit
from guanjia.reports.checks.homes import CONTACT
from guanjia.reports.context import values
from guanjia.reports.counting import run
from guanjia.tickets.models import Ticket

pytestmark = pytest.mark.django_db


def spoken_with(cast):
    statement = f"SELECT h.number FROM households_household h WHERE h.estate_id = %(estate)s AND ({CONTACT}) ORDER BY 1"
    return [row[0] for row in run(statement, values(cast.sunny, clock.now(), statement))]


def test_a_report_is_no_contact_and_a_visit_that_met_is(cast):
    Ticket.objects.report(
        by=cast.as_("mei"), estate=cast.sunny, words="漏水", unit=cast.home, household_id=cast.meis.pk
    )
    Visit.objects.note(cast.lus, by=cast.as_("fang"), outcome="absent")
    assert spoken_with(cast) == []
    Visit.objects.note(cast.meis, by=cast.as_("ming"), outcome="met", heard="都好")
    assert spoken_with(cast) == [cast.meis.number]
