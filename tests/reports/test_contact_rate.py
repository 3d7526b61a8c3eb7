"""HSE-08, HSE-09, CF-06: one formula each for page, API and proof; contact is having spoken with a household, not having heard a report."""

from __future__ import annotations

import pytest

from guanjia import clock
from guanjia.care import coverage
from guanjia.care.models import Visit
from guanjia.reports.context import values
from guanjia.reports.counting import run
from guanjia.reports.proofs import proofs
from guanjia.tickets.models import Ticket
from tests.api.conftest import Caller

pytestmark = pytest.mark.django_db


def spoken_with(cast):
    return coverage.total(coverage.counted(cast.sunny, clock.now())["contact"]).part


def proved(cast, name):
    """(figure as the proof says it, whether it is reached)."""
    one = proofs()[name]
    statement = f"SELECT {one.source.label}, {one.kept} {one.source.rows}"
    return run(statement, values(cast.sunny, clock.now(), statement))[0]


def test_a_report_is_no_contact_and_a_visit_that_met_is(cast):
    Ticket.objects.report(
        by=cast.as_("mei"), estate=cast.sunny, words="漏水", unit=cast.home, household_id=cast.meis.pk
    )
    Visit.objects.note(cast.lus, by=cast.as_("fang"), outcome="absent")
    assert spoken_with(cast) == 0
    Visit.objects.note(cast.meis, by=cast.as_("ming"), outcome="met", heard="都好")
    assert spoken_with(cast) == 1


def test_page_api_and_proof_tell_the_same_figure(cast, client):
    """Whatever formula is in force: the three places never differ."""
    Visit.objects.note(cast.meis, by=cast.as_("ming"), outcome="met", heard="都好")
    coverage.keep(cast.sunny, clock.now())
    told = {row["metric"]: row for row in Caller(cast.qian).get("/coverage").json() if row["zone"] is None}
    client.force_login(cast.qian)
    page = client.get("/e/sunny/households/coverage/").content.decode()
    for name, metric in (("contact_rate", "contact"), ("familiarity_rate", "familiarity")):
        whole = coverage.total(coverage.counted(cast.sunny, clock.now())[metric])
        label, reached = proved(cast, name)
        assert label == f"{whole.rate} %" and reached == whole.is_reached == told[metric]["reached"]
        assert (told[metric]["part"], told[metric]["whole"]) == (whole.part, whole.whole) and whole.rate in page
