"""The campaign: five phases and their deliverables, evidence, lateness, the end (QLT-02..19, QLT-26, CF-33)."""

from datetime import UTC, date, datetime, timedelta

import pytest

from guanjia import clock
from guanjia.events.actions import Action
from guanjia.events.models import Event
from guanjia.quality import rounds
from guanjia.quality.models import Campaign, Rectification
from guanjia.tenancy.errors import NotAllowed, Refused

from .conftest import shot

OCTOBER = datetime(2026, 10, 5, 2, tzinfo=UTC)


@pytest.fixture
def campaign(quality):
    with clock.at(OCTOBER):
        yield Campaign.objects.begin(2026, by=quality.by["ding"])


def step(campaign, key):
    return campaign.steps.get(key=key)


def test_it_is_made_of_the_template(quality, campaign):
    """QLT-03..19: days from the parameters, people from their posts; one a year; outside its phase only pointed out (CF-33)."""
    spans = [(phase["since"], phase["until"]) for phase in campaign.phases]
    assert spans == [
        ("2026-09-25", "2026-10-15"), ("2026-10-16", "2026-10-30"), ("2026-11-01", "2026-11-25"), ("2026-11-26", "2026-11-28"), ("2026-12-29", "2026-12-31"),
    ]  # fmt: skip
    due = {row.key: row.due_on for row in campaign.steps.all()}
    assert (due["draft"], due["plan"], due["exam"], due["acceptance"]) == (date(2026, 9, 30), date(2026, 10, 18), date(2026, 10, 31), date(2026, 11, 28))
    assert step(campaign, "kickoff").responsible_id == quality.qian.pk
    assert step(campaign, "exam").responsible.name in ("丁敏", "许静")  # nobody is at the project centre: its work falls to quality
    assert [row.key for row in campaign.steps.all() if row.outside] == ["exam"]
    with pytest.raises(Refused):
        Campaign.objects.begin(2026, by=quality.by["ding"])
    with pytest.raises(NotAllowed):
        Campaign.objects.begin(2027, by=quality.as_("qian"))


def test_a_step_is_delivered_with_what_shows_it(quality, campaign):
    """QLT-09, QLT-11: a meeting has a date, people, words and photos; nothing is delivered on a bare word."""
    kickoff, qian = step(campaign, "kickoff"), quality.as_("qian")
    with pytest.raises(Refused):
        kickoff.deliver(by=qian)
    with pytest.raises(Refused):
        kickoff.show("发动会", "各岗位表态", by=qian)
    with pytest.raises(NotAllowed):
        kickoff.show("发动会", "各岗位表态", by=quality.as_("ming"), held_on=date(2026, 10, 9), attended=30)
    made = kickoff.show("发动会", "各岗位表态", by=qian, held_on=date(2026, 10, 9), attended=30, notes=30, photos=[shot("")])
    assert made.photos.count() == 1
    kickoff.deliver(by=qian)
    with pytest.raises(Refused):
        kickoff.deliver(by=qian)
    with pytest.raises(Refused):
        kickoff.show("补充", "补充", by=qian, held_on=date(2026, 10, 9), attended=1)
    assert Event.objects.filter(action=Action.STEP_DONE).count() == 1


def test_a_plan_is_its_issues(quality, campaign):
    """QLT-13, QLT-14: no plan without issues, each with a person and a day."""
    plan, qian = step(campaign, "plan"), quality.as_("qian")
    with pytest.raises(Refused):
        plan.deliver(by=qian)
    with pytest.raises(Refused):
        Rectification.objects.ask("回访不及时", None, date(2026, 11, 10), by=qian, campaign=campaign)
    Rectification.objects.ask("回访不及时", quality.ming, date(2026, 11, 10), by=qian, campaign=campaign)
    plan.deliver(by=qian)
    with pytest.raises(Refused):  # an acceptance inspection comes first
        step(campaign, "acceptance").deliver(by=quality.by["ding"])


def test_what_is_late_is_told_up_the_line_and_by_phase(quality, campaign):
    """Issue 6: late steps climb the reporting line; a phase that is over is told once to manager and company."""
    at = datetime(2026, 10, 16, 2, tzinfo=UTC)
    step(campaign, "kickoff").give(quality.qian, date(2026, 10, 15), by=quality.by["ding"])
    with clock.at(at):
        rounds.run_once(at, quality.sunny)
        rounds.run_once(at, quality.sunny)
    late = Event.objects.filter(action=Action.STEP_LATE, subject_id=step(campaign, "kickoff").pk)
    assert {event.particulars["worker_id"] for event in late} >= {quality.qian.pk, quality.gao.pk}
    phase = Event.objects.get(action=Action.CAMPAIGN_LATE)
    assert phase.particulars["phase"] == "发动宣讲" and phase.particulars["count"] == 3


def test_it_ends_when_all_is_delivered_and_closed(quality, campaign):
    """QLT-26: a summary, every step, every issue."""
    ding = quality.by["ding"]
    issue = Rectification.objects.ask("回访不及时", quality.ming, date(2026, 11, 10), by=ding, campaign=campaign)
    with pytest.raises(Refused):
        campaign.end("发现 1 项", by=ding)
    campaign.steps.update(done_at=OCTOBER, done_by=quality.ding.pk)
    with pytest.raises(Refused):
        campaign.end("发现 1 项", by=ding)
    issue.submit("当天回访", [shot("")], by=quality.as_("ming"))
    issue.judge(True, "", by=quality.as_("zhao"), at=OCTOBER + timedelta(days=1))
    with pytest.raises(Refused):
        campaign.end(" ", by=ding)
    campaign.end("发现 1 项，已解决；当天回访的办法照用", by=ding)
    with pytest.raises(Refused):
        campaign.end("再来", by=ding)
