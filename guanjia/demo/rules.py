"""The demo estate keeps the five books: adopted six weeks before its first start, with the coming tasks made at once."""

from __future__ import annotations

from typing import TYPE_CHECKING

from guanjia import clock
from guanjia.duties.generation import generate
from guanjia.duties.laying import lay_changes
from guanjia.duties.models import Enactment
from guanjia.reports.reading import midnight
from guanjia.rulebooks.books import books
from guanjia.rulebooks.models import Parameter
from guanjia.tenancy.scope import estate_scope

if TYPE_CHECKING:
    from guanjia.estates.models import Estate

DAYS = 45  # ago the estate adopted them
CADENCES = {"emg_fire_check": "FREQ=MONTHLY;INTERVAL=3"}  # left open by the books, set by this company


def keep_rules(estate: Estate) -> int:
    """Adopt every book that was never spoken of, six weeks ago, and make the tasks to come; harmless when run again.

    What opened since the adoption is told by the history (rounds.py).
    """
    now = clock.now()
    since = midnight(estate, now, DAYS)
    with estate_scope(estate):
        known = set(Parameter.objects.filter(company=estate.company).values_list("key", flat=True))
        for code in books():
            if (key := f"book.{code}.adopted") not in known:
                Parameter.objects.set(key, True, by=None, reason="演示小区采用这份制度", company=estate.company, at=since)
        for duty, cadence in CADENCES.items():
            if (key := f"duty.{duty}.cadence") not in known:
                Parameter.objects.set(key, cadence, by=None, reason="演示：制度里空着、由公司定的周期", company=estate.company, at=since)
        state = Enactment.objects.held(estate)
        if state.enacted_at is None:
            lay_changes(estate, state, since)
            state.keep(made_at=now, made_to=now, swept_on=clock.today(estate, now))
    return generate(now, estate)
