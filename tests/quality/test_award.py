"""创优: the title that a year's campaign aims at, its winning with who gave it, and its proof (QLT-59)."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from guanjia import clock
from guanjia.events.actions import Action
from guanjia.events.models import Event
from guanjia.quality.models import Campaign
from guanjia.tenancy.errors import NotAllowed, Refused
from tests.api.conftest import Caller
from tests.reports.test_proofs import counting, known_proof, run, values

OCTOBER, DECEMBER, LATER = (datetime(year, month, 5, 2, tzinfo=UTC) for year, month in ((2026, 10), (2026, 12), (2028, 1)))
HERE = "/e/sunny/quality/campaign/"


def begun(cast, year=2026):
    with clock.at(datetime(year, 10, 5, 2, tzinfo=UTC)):
        return Campaign.objects.begin(year, by=cast.by["ding"])


def proved(cast, at):
    statement, named = counting([(known_proof("award_won"), OCTOBER, at)])
    rows = run(statement, values(cast.sunny, at, statement) | named)
    return sum(row[4] for row in rows), sum(row[5] for row in rows)


def test_each_year_aims_higher(quality):
    """QLT-59: county in the first year of campaigns, province in the second, nation from the third on."""
    assert [begun(quality, year).aim for year in (2026, 2027, 2028, 2029)] == ["县（市）级", "省级", "国家级", "国家级"]


def test_the_title_is_written_down_once_with_its_document(quality):
    """QLT-59: by who plans quality, on a day that was, with who gave it; the manager and the company hear of it."""
    row, by = begun(quality), quality.by["ding"]
    with clock.at(DECEMBER):
        with pytest.raises(NotAllowed):
            row.win(date(2026, 12, 1), "市住建局", by=quality.as_("ming"))
        for on, words in ((date(2026, 12, 1), " "), (date(2026, 12, 6), "市住建局"), (date(2026, 10, 4), "市住建局")):
            with pytest.raises(Refused):
                row.win(on, words, by=by)
        stale = Campaign.objects.get(pk=row.pk)
        row.win(date(2026, 12, 1), "市住建局 建物〔2026〕12 号", by=by)
        with pytest.raises(Refused):
            stale.win(date(2026, 12, 2), "再登记", by=by)
    assert Event.objects.get(action=Action.CAMPAIGN_WON).sentence == "丁敏登记创优结果：县（市）级，2026-12-01，市住建局 建物〔2026〕12 号"


def test_a_year_that_ended_without_it_is_a_breach(quality):
    """QLT-59: nothing is due while the year runs; won it keeps, over without it breaks."""
    first, _second = begun(quality), begun(quality, 2027)
    assert proved(quality, DECEMBER) == (0, 0)
    with clock.at(DECEMBER):
        first.win(date(2026, 12, 1), "市住建局", by=quality.by["ding"])
    assert proved(quality, DECEMBER) == (1, 1) and proved(quality, LATER) == (2, 1)


def test_on_the_page_the_paper_and_over_the_api(client, quality):
    """QLT-59: the aim is shown; a refused form is told; the API knows it once."""
    row = begun(quality)
    with clock.at(DECEMBER):
        client.force_login(quality.ding)
        assert "今年争创县（市）级优秀示范小区" in client.get(f"{HERE}{row.pk}/").content.decode()
        client.post(f"{HERE}{row.pk}/award/", {"on": "x", "words": "市住建局"})
        client.post(f"{HERE}{row.pk}/award/", {"on": "2026-12-01", "words": ""})
        assert Campaign.objects.get().won_on is None
        caller = Caller(quality.ding)
        said = caller.post(f"/campaigns/{row.pk}/award", on="2026-12-01", words="市住建局")
        assert said.status_code == 200 and said.json()["won_on"] == "2026-12-01"
        assert caller.post(f"/campaigns/{row.pk}/award", on="2026-12-01", words="市住建局").status_code == 409
        assert "已评上县（市）级优秀示范小区" in client.get(f"{HERE}{row.pk}/").content.decode()
        assert client.get(f"{HERE}{row.pk}/report.pdf").content.startswith(b"%PDF")
        client.force_login(quality.ming)
        assert client.post(f"{HERE}{row.pk}/award/", {"on": "2026-12-01", "words": "x"}).status_code == 404


def test_the_pages_numbers_equal_the_rows(client, quality):
    """Issue 6: steps delivered and late, issues closed, each phase, once more from the rows."""
    row = begun(quality)
    steps = list(row.steps.order_by("due_on", "pk"))
    row.steps.filter(pk__in=[one.pk for one in steps[:3]]).update(done_at=OCTOBER, done_by=quality.ding.pk)
    day = datetime(2026, 11, 1, 2, tzinfo=UTC)
    with clock.at(day):
        client.force_login(quality.ding)
        page = client.get(f"{HERE}{row.pk}/").context
    rows = list(row.steps.all())
    assert page["done"] == sum(one.done_at is not None for one in rows) == 3
    assert {one.pk for one in page["late"]} == {one.pk for one in rows if one.done_at is None and one.due_on < date(2026, 11, 1)} != set()
    for phase in page["phases"]:
        mine = [one for one in rows if one.entry.phase == phase["key"]]
        state = "done" if all(one.done_at for one in mine) else "late" if phase["until"] < "2026-11-01" else "now" if phase["since"] <= "2026-11-01" else "todo"
        assert (phase["done"], len(phase["steps"]), phase["state"]) == (sum(one.done_at is not None for one in mine), len(mine), state)
