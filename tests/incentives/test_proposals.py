"""A month's rewards and penalties: proposed, appealed against, approved, corrected by entries (INC-01..05, INC-07, INC-10..12, CF-44, CF-46)."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.db import DatabaseError, transaction

from guanjia import clock
from guanjia.events.actions import Action
from guanjia.events.models import Event
from guanjia.incentives.models import Appeal, Figure, Line, Proposal, Reckoning
from guanjia.incentives.showing import shown
from guanjia.people.models import Post
from guanjia.people.reach import reach_of
from guanjia.rulebooks.models import Parameter
from guanjia.staffing.models import Appraisal, Award
from guanjia.tenancy.errors import NotAllowed, Refused
from tests.cast import ALWAYS, post, staff

from .conftest import AFTER, MARCH


def figure(cast, indicator, zone, part, whole, version=1):
    level, subject = ("zone", zone.pk) if zone else ("estate", 0)
    Figure.objects.create(estate=cast.sunny, month=MARCH, indicator=indicator, level=level, subject_id=subject, version=version, part=part, whole=whole)


def reckoned(cast, number=1, at=AFTER):
    Reckoning.objects.create(estate=cast.sunny, month=MARCH, number=number, at=at)


@pytest.fixture
def march(cast):
    """East earns its bonus, west is last and below target; both amounts are set. It is 1 April."""
    for key, value in (("zone.bonus", "500"), ("zone.penalty", "200")):
        Parameter.objects.set(key, value, by=None, reason="定额", company=cast.company, at=clock.now() - timedelta(days=30))
    for zone, collected, satisfied in ((cast.east, 97, 95), (cast.west, 80, 85)):
        figure(cast, "collection", zone, collected, 100)
        figure(cast, "satisfaction", zone, satisfied, 100)
    reckoned(cast)
    Appraisal.objects.mark(cast.zhou, 95, "", by=cast.as_("ming"))
    award = Award.objects.propose(cast.wu, "reward", Decimal("50"), "雨夜抢修", by=cast.as_("ming"))
    award.decide(True, "", by=cast.as_("qian"))
    with clock.at(AFTER):
        yield cast


@pytest.fixture
def proposal(march):
    return Proposal.objects.work_out(march.sunny, MARCH, by=march.as_("qian"))


def told(proposal):
    return {(line.kind, line.zone_id or line.person_id): line.amount for line in proposal.lines.filter(corrects=None)}


def test_the_months_money(proposal, march):
    """INC-03, INC-04, INC-05, INC-07: bonus, penalty, star and instant award, each with its numbers, rule and figures' version."""
    assert told(proposal) == {
        ("zone_bonus", march.east.pk): 500, ("zone_penalty", march.west.pk): -200, ("star", march.zhou.pk): 200, ("award", march.wu.pk): 50,
    }  # fmt: skip
    bonus = proposal.lines.get(kind="zone_bonus")
    assert bonus.inputs["collection"] == ["97", "100"] and bonus.inputs["collection_target"] == "95" and bonus.version == 1
    assert proposal.terms["penalty"] == "200"
    assert proposal.totals() == (Decimal(750), Decimal(200))
    event = Event.objects.get(action=Action.INCENTIVE_PROPOSED)
    assert event.sentence == "2026-03 奖惩建议：奖 750.00 元，罚 200.00 元"
    assert set(event.particulars["worker_ids"]) == {march.ming.pk, march.fang.pk, march.zhou.pk, march.wu.pk}


def test_a_month_that_runs_has_none(march):
    with clock.at(AFTER - timedelta(days=2)), pytest.raises(Refused):
        Proposal.objects.work_out(march.sunny, MARCH)
    with pytest.raises(Refused):
        Proposal.objects.work_out(march.sunny, date(2026, 2, 1))  # never reckoned
    with pytest.raises(NotAllowed):
        Proposal.objects.work_out(march.sunny, MARCH, by=march.as_("ming"))


def test_who_gains_does_not_approve(proposal, march, ding):
    """INC-03, INC-12: approval by a manager who is on no line; once."""
    for who in ("ming", "zhao"):
        with pytest.raises(NotAllowed):
            proposal.approve(by=march.as_(who))
    Post.objects.create(estate=march.sunny, person=march.qian, role="steward", zone=march.east, deputy=True, during=ALWAYS)
    with pytest.raises(Refused) as own:
        proposal.approve(by=march.as_("qian"))
    assert own.value.code == "own_matter"
    Post.objects.filter(person=march.qian, zone=march.east).delete()
    proposal.approve("同意", by=march.as_("qian"))
    assert Event.objects.get(action=Action.INCENTIVE_APPROVED).sentence == "钱经理批准 2026-03 的奖惩"
    with pytest.raises(Refused) as again:
        proposal.approve(by=march.as_("qian"))
    assert again.value.code == "already_approved"


def test_an_appeal_by_whom_it_concerns_moves_the_money_by_an_entry(proposal, march, ding):
    """CF-46: within the days, in words, once; judged by another; the first line stays as it was."""
    line = proposal.lines.get(kind="zone_penalty")
    with pytest.raises(Refused) as strange:
        Appeal.objects.file(line, "不服", by=march.as_("ming"))
    assert strange.value.code == "not_concerned"
    with pytest.raises(Refused):
        Appeal.objects.file(line, " ", by=march.as_("fang"))
    appeal = Appeal.objects.file(line, "三户欠费在诉讼，不应计入", by=march.as_("fang"))
    with pytest.raises(Refused):
        Appeal.objects.file(line, "再说一次", by=march.as_("fang"))
    with pytest.raises(Refused) as waits:
        proposal.approve(by=march.as_("qian"))
    assert waits.value.code == "appeal_open"
    with pytest.raises(NotAllowed):
        appeal.judge(Decimal(0), "成立", by=march.as_("fang"))
    appeal.judge(Decimal("-50"), "两户确在诉讼", by=march.as_("qian"))
    line.refresh_from_db()
    assert line.amount == -200
    entry = Line.objects.get(appeal=appeal)
    assert (entry.amount, entry.corrects_id, entry.by_id) == (150, line.pk, march.qian.pk)
    assert proposal.totals() == (Decimal(750), Decimal(50))
    assert Event.objects.get(action=Action.INCENTIVE_APPEAL_JUDGED).sentence == "钱经理裁定 2026-03 的申诉成立：两户确在诉讼"
    with pytest.raises(Refused):
        appeal.judge(None, "改判", by=ding)
    proposal.approve(by=march.as_("qian"))


def test_an_appeal_that_fails_moves_nothing(proposal, march, ding):
    appeal = Appeal.objects.file(proposal.lines.get(kind="zone_penalty"), "不服", by=march.as_("fang"))
    appeal.judge(None, "催收记录不全", by=ding)
    assert not Line.objects.filter(appeal=appeal).exists() and proposal.totals()[1] == 200


def test_nobody_judges_their_own_and_nobody_appeals_too_late(proposal, march):
    line = proposal.lines.get(kind="zone_penalty")
    Post.objects.create(estate=march.sunny, person=march.qian, role="steward", zone=march.west, deputy=True, during=ALWAYS)
    appeal = Appeal.objects.file(line, "不服", by=march.as_("fang"))
    with pytest.raises(Refused) as own:
        appeal.judge(Decimal(0), "成立", by=march.as_("qian"))
    assert own.value.code == "own_matter"
    with pytest.raises(Refused) as late:
        Appeal.objects.file(proposal.lines.get(kind="star"), "不要", by=march.as_("zhou"), at=AFTER + timedelta(days=6))
    assert late.value.code == "too_late"


def test_after_approval_figures_change_the_money_only_by_entries(proposal, march):
    """Worked out again under the month's own rule; what an appeal moved stays moved; a third time adds nothing."""
    penalty = proposal.lines.get(kind="zone_penalty")
    Appeal.objects.file(penalty, "欠费在诉讼", by=march.as_("fang")).judge(Decimal("-50"), "属实", by=march.as_("qian"))
    proposal.approve(by=march.as_("qian"))
    figure(march, "complaints", march.east, 1, 10, version=2)  # a verdict came later: the bonus is gone
    reckoned(march, 2)
    Parameter.objects.set("zone.bonus", "900", by=None, reason="调整", company=march.company, at=clock.now())
    Proposal.objects.work_out(march.sunny, MARCH, by=march.as_("qian"))
    entry = proposal.lines.get(kind="zone_bonus", corrects__isnull=False)
    assert (entry.amount, entry.version, entry.inputs["gone"]) == (-500, 2, True)
    assert proposal.totals() == (Decimal(250), Decimal(50))
    count = Line.objects.count()
    Proposal.objects.work_out(march.sunny, MARCH)
    assert Line.objects.count() == count
    proposal.refresh_from_db()
    assert proposal.approved_at and proposal.terms["bonus"] == "500"


def test_a_manager_decides_what_a_missed_half_year_means(proposal, march):
    """INC-02, CF-44: a cut or a grade is the manager's decision, in words, never about oneself; and it is no computed line."""
    proposal.add("half_year", march.ming, Decimal("-100"), "半年任务未达，已与本人沟通，按绩效办法", by=march.as_("qian"), grades=0)
    assert Event.objects.get(action=Action.INCENTIVE_ADDED).particulars["amount"] == "-100.00"
    for kind, person, amount, why in (
        ("half_year", march.qian, "5", "我"), ("half_year", march.ming, "0", "无"), ("star", march.ming, "5", "x"), ("other", march.ming, "5", " "), ("other", march.ming, "100001", "x"),
    ):  # fmt: skip
        with pytest.raises(Refused):
            proposal.add(kind, person, Decimal(amount), why, by=march.as_("qian"))
    before = Line.objects.count()
    Proposal.objects.work_out(march.sunny, MARCH)
    assert Line.objects.count() == before


def test_the_ladder_at_the_end_of_a_half_year(march):
    """INC-01, INC-02: grades by the whole plot's rate in June and December; below the threshold a manager has to decide."""
    june = date(2026, 6, 1)
    lin = staff(march.company, "lin", "林小雨")
    post(march.sunny, lin, "assistant_steward", march.east)
    for part, version in ((96, 1), (80, 2)):
        Figure.objects.create(estate=march.sunny, month=june, indicator="collection", level="estate", version=version, part=part, whole=100)
        Reckoning.objects.create(estate=march.sunny, month=june, number=version, at=AFTER)
    from guanjia.incentives.facts import climbing

    up, missed = climbing(march.sunny, june, 1), climbing(march.sunny, june, 2)
    assert [(one.kind, one.person, one.grades) for one in up] == [("ladder", lin.pk, 4)]
    assert [(one.kind, one.amount, one.grades) for one in missed] == [("half_year", 0, 0)]
    assert climbing(march.sunny, MARCH) == []


def test_everybody_sees_their_own_and_managers_all(proposal, march, ding):
    """Others' money is nobody's business."""
    seen = {who: {line.kind for line in Line.objects.visible_to(march.as_(who))} for who in ("ming", "fang", "zhou", "zheng")}
    assert seen == {"ming": {"zone_bonus"}, "fang": {"zone_penalty"}, "zhou": {"star"}, "zheng": set()}
    assert Line.objects.visible_to(ding).count() == 4
    assert Proposal.objects.visible_to(march.as_("zheng")).count() == 0


def test_a_zones_money_is_that_months_teams(proposal, march):
    """Who had the zone in March sees and appeals against its line; who took it over in April has no business with it (CF-46)."""
    april, today = date(2026, 4, 1), clock.today(march.sunny)
    Post.objects.filter(estate=march.sunny, person=march.ming).update(during=(date(2025, 1, 1), april))
    new = staff(march.company, "new", "新人")
    Post.objects.create(estate=march.sunny, person=new, role="steward", zone=march.east, during=(today, None))
    Post.objects.create(estate=march.sunny, person=march.ming, role="assistant_steward", zone=march.west, during=(april, None))
    taken_over, moved = reach_of(new, march.sunny), march.as_("ming")
    bonus = proposal.lines.get(kind="zone_bonus")
    assert not Line.objects.visible_to(taken_over).exists() and not Proposal.objects.visible_to(taken_over).exists()
    assert Line.objects.visible_to(moved).get() == bonus
    (entry,) = shown(proposal, moved, own=True)
    assert entry.line == bonus and entry.may_appeal
    Appeal.objects.file(bonus, "应更多", by=moved)
    assert not any(one.may_appeal for one in shown(proposal, march.as_("qian")))


def test_an_entry_is_never_changed(proposal):
    for act in (lambda: Line.objects.update(amount=0), lambda: Line.objects.all().delete()):
        with pytest.raises(DatabaseError), transaction.atomic():
            act()
