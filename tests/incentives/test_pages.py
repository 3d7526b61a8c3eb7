"""Pages, workbook and API of scores: who sees what, appeal and approval from the page, the big screen, the company's view (QLT-63, INC-03)."""

from __future__ import annotations

import io

import pytest
from django.core.management import call_command
from django.urls import reverse
from python_calamine import CalamineWorkbook

from guanjia import clock
from guanjia.incentives.models import Appeal, Line, Proposal
from guanjia.incentives.reckoning import reckon
from guanjia.incentives.work import KIND, propose, run_once
from guanjia.jobs.models import Job
from guanjia.people.models import CompanyPost
from guanjia.tenancy.scope import estate_scope
from tests.api.conftest import Caller
from tests.cast import ALWAYS, staff

from .conftest import AFTER, MARCH
from .rows import fill
from .test_proposals import march, proposal

__all__ = ["march", "proposal"]


def page(client, name, *args, **query):
    return client.get(reverse(f"incentives:{name}", args=["sunny", *args]), query)


def say(client, name, *args, **data):
    return client.post(reverse(f"incentives:{name}", args=["sunny", *args]), data)


@pytest.fixture
def counted(cast):
    fill(cast, 1)
    reckon([cast.sunny], MARCH, at=AFTER)
    with clock.at(AFTER):
        yield cast


def test_a_figure_leads_to_its_formula_its_trend_and_its_rows(client, counted):
    """INC-09: estate → indicator → zone → rows; speed beside reopening and sampled checks."""
    client.force_login(counted.qian)
    text = page(client, "scores", month="2026-03").content.decode()
    assert "响应及时" in text and "重开率" in text and "东区" in text
    text = page(client, "indicator", "response", month="2026-03").content.decode()
    assert "当月到期的分类时限中按时分类的" in text and "重开率" in text and "抽查属实" in text
    text = page(client, "rows", "response", month="2026-03", level="zone", subject=counted.east.pk).content.decode()
    assert "26000" in text and "东区" in text
    for key in ("collection", "patrols", "tasks", "visits", "sampled", "familiarity", "complaints"):
        assert page(client, "rows", key, month="2026-03").status_code == 200
    assert page(client, "indicator", "nonsense").status_code == 404
    for level, subject in (("person", "9" * 30), ("person", counted.stranger.pk), ("person", counted.mei.pk), ("zone", counted.lake_zone.pk)):
        assert page(client, "rows", "response", level=level, subject=subject).status_code == 404, "nobody's name but of this estate's people"
    assert page(client, "rows", "response", level="person", subject=counted.ming.pk).status_code == 200
    assert page(client, "scores", month="2026-99").status_code == 200


def test_a_steward_sees_their_own_and_their_zones_only(client, counted):
    client.force_login(counted.ming)
    assert page(client, "scores").headers["Location"].endswith("/scores/mine/")
    text = page(client, "mine", month="2026-03").content.decode()
    assert "东区" in text and "西区" not in text
    assert page(client, "rows", "response", month="2026-03", level="zone", subject=counted.east.pk).status_code == 200
    for level, subject in (("zone", counted.west.pk), ("person", counted.fang.pk), ("estate", 0)):
        assert page(client, "rows", "response", month="2026-03", level=level, subject=subject).status_code == 404
    for name in ("indicator", "export", "simulation", "proposals", "company"):
        answer = page(client, name, *(["response"] if name == "indicator" else []))
        assert answer.status_code == 404, name


def test_the_workbook_has_a_sheet_a_level(client, counted):
    client.force_login(counted.qian)
    book = CalamineWorkbook.from_object(io.BytesIO(b"".join(page(client, "export", month="2026-03").streaming_content)))
    assert book.sheet_names == ["小区", "片区", "人员"]
    first = book.get_sheet_by_name("小区").to_python()[1]
    assert first[1] == "响应及时" and isinstance(first[6], float)


def test_appeal_verdict_and_approval_from_the_pages(client, proposal, march):
    """INC-03, CF-46: the whole way by the buttons; what may not be done is said or not there."""
    client.force_login(march.fang)
    text = page(client, "mine", month="2026-03").content.decode()
    assert "末位片区处罚" in text and "片区月度奖励" not in text and "申诉" in text
    line = Line.objects.get(kind="zone_penalty")
    assert say(client, "appeals", line.pk, words="欠费在诉讼", back="mine").status_code == 302
    assert say(client, "appeals", Line.objects.get(kind="zone_bonus").pk, words="x").status_code == 404
    assert say(client, "approval", proposal.pk).status_code == 404
    client.force_login(march.qian)
    say(client, "approval", proposal.pk)
    proposal.refresh_from_db()
    assert proposal.approved_at is None
    appeal = Appeal.objects.get()
    for becomes in ("", "abc", "1e9", "NaN"):
        say(client, "appeal_verdict", appeal.pk, upheld="yes", becomes=becomes, judgement="属实")
        appeal.refresh_from_db()
        assert appeal.judged_at is None, becomes
    say(client, "appeal_verdict", appeal.pk, upheld="yes", becomes="-50", judgement="属实")
    assert Line.objects.get(appeal=appeal).amount == 150
    say(client, "entries", proposal.pk, person=march.ming.pk, kind="other", amount="30", grades="", why="代班")
    say(client, "approval", proposal.pk, words="同意")
    text = page(client, "proposal", proposal.pk).content.decode()
    assert "已批准" in text and "申诉更正" in text and "不得低于劳动合同" in text and "代班" in text
    assert client.get(reverse("incentives:proposal_export", args=["sunny", proposal.pk])).status_code == 200


def test_a_rule_is_tried_and_nothing_is_kept(client, proposal, march):
    """INC-03, INC-04: who would gain or lose beside what holds."""
    before = (Line.objects.count(), Proposal.objects.count())
    client.force_login(march.qian)
    text = page(client, "simulation", **{"month": "2026-03", "zone.penalty": "300", "collection.target": "98"}).content.decode()
    assert "−¥ 100.00" in text
    assert page(client, "simulation", **{"zone.penalty": "minus"}).status_code == 422
    assert (Line.objects.count(), Proposal.objects.count()) == before
    from guanjia.incentives.simulation import simulate

    rows, months = simulate(march.sunny, MARCH, {"collection.target": 98, "zone.penalty": "300"})
    changed = {(row.kind, row.who): (row.now.amount, row.then.amount) for row in rows if row.change}
    assert months == [MARCH]
    assert changed == {("zone_bonus", "东区"): (500, 0), ("zone_penalty", "西区"): (-200, -300)}


def test_the_company_compares_its_estates_and_nobody_elses(client, counted, ding):
    """Estates of one's company only, in closed figures."""
    client.force_login(counted.ding)
    text = page(client, "company", month="2026-03").content.decode()
    assert "阳光花园" in text and "翠湖里" not in text
    boss = staff(counted.lake.company, "boss", "别家")
    CompanyPost.objects.create(company=counted.lake.company, person=boss, role="company_quality", during=ALWAYS)
    client.force_login(boss)
    assert page(client, "company").status_code == 404
    text = client.get(reverse("incentives:company", args=["lake"]), {"month": "2026-03"}).content.decode()
    assert "翠湖里" in text and "阳光花园" not in text


def test_the_big_screen_names_nobody(client, counted):
    """Counts and places; refreshed as a fragment."""
    client.force_login(counted.jing)
    text = page(client, "wall").content.decode()
    assert "data-poll" in text and all(words in text for words in ("在走的时限", "正在巡查", "在岗 / 当班", "今日报事"))
    assert not any(name in text.split("<main")[1] for name in ("李明", "梅女士", "灯不亮"))
    part = client.get(reverse("incentives:wall", args=["sunny"]), headers={"HX-Request": "true"}).content.decode()
    assert "<html" not in part and "wall-board" in part


def test_a_month_is_reckoned_by_itself_once_it_is_over(counted, ding):
    """One job for a company's estates; whoever asks again at one estate sees the same job."""
    for _twice in range(2):
        run_once(AFTER.replace(month=5))
    with estate_scope(counted.sunny):
        assert Job.objects.filter(kind=KIND, key="2026-04").count() == 1


def test_a_month_that_somebody_looked_at_while_it_ran_is_reckoned_all_the_same(counted):
    """The month's job is what says that it was closed, not a figure of its middle."""
    reckon([counted.sunny], AFTER.date(), at=AFTER)
    assert run_once(AFTER.replace(month=5)) == 2  # this company's and the other's


def test_one_estate_s_trouble_is_not_the_others_proposal(counted, monkeypatch):
    made = []

    def work_out(self, estate, month, **_more):
        if estate == counted.lake:
            raise RuntimeError
        made.append(estate)

    monkeypatch.setattr(type(Proposal.objects.all()), "work_out", work_out)
    monkeypatch.setattr(type(Proposal.objects), "work_out", work_out)
    assert (propose([counted.lake, counted.sunny], MARCH), made) == (1, [counted.sunny])


def test_the_command(counted, capsys):
    import json

    call_command("score", "2026-03", "--estate", "sunny", "--json")
    told = json.loads(capsys.readouterr().out)
    assert told["month"] == "2026-03" and told["figures"] == 0 and told["proposals"] == 1
    assert Proposal.objects.count() == 1


def test_over_the_api(proposal, march):
    """The same figures, lines, appeal and approval."""
    with clock.at(AFTER):
        qian, fang = Caller(march.qian), Caller(march.fang)
        assert {row["subject"] for row in qian.get("/scores", month="2026-03", level="zone").json()} == {"东区", "西区"}
        assert fang.get("/scores").status_code == 403
        told = fang.get(f"/incentives/{proposal.pk}").json()
        assert [row["kind"] for row in told["entries"]] == ["zone_penalty"]
        assert fang.post(f"/incentives/lines/{told['entries'][0]['id']}/appeals", words="欠费在诉讼").status_code == 200
        assert qian.post(f"/incentives/{proposal.pk}/approval", words="同意").status_code == 409
        assert qian.post(f"/incentives/appeals/{Appeal.objects.get().pk}/verdict", judgement="属实", becomes="0").status_code == 200
        assert qian.post(f"/incentives/{proposal.pk}/approval", words="同意").status_code == 200
