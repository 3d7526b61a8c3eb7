"""Bands and money: combined by weight, who held which post, a proposal that another person decides (QLT-20..25, CF-27..29)."""

from decimal import Decimal

import pytest

from guanjia.events.actions import Action
from guanjia.events.models import Event
from guanjia.people.models import CompanyPost
from guanjia.people.reach import reach_of
from guanjia.quality.models import Assessment, Payout
from guanjia.rulebooks.models import Parameter
from guanjia.tenancy.errors import NotAllowed, Refused
from tests.cast import ALWAYS, post, staff

from .conftest import fine, finished, planned, reported_exam

WAYS = ("questions", "callback", "test")


def four(cast, onsite, others):
    """One finished inspection of every way with these scores; the one on site deducts until it has its score."""
    row, ding = planned(cast, rubrics={"gate": Decimal(100)}), cast.by["ding"]
    row.mark(fine(row), by=ding)
    row.finish(by=ding)
    type(row).objects.filter(pk=row.pk).update(score=onsite)
    row.refresh_from_db()
    made = [row]
    for method in WAYS:
        one = planned(cast, method)
        if method == "test":
            one.take_exam(reported_exam(cast, [("zhou", Decimal(others) / 5)]), by=ding)
        else:
            one.note("某岗", str(others), "" if others == 100 else "不足", by=ding)
        one.finish(by=ding)
        made.append(one)
    return made


def combined(cast, onsite, others, **more):
    return Assessment.objects.combine("四季度", four(cast, onsite, others), by=cast.by["ding"], **more)


def paid(row):
    return {(one.person.name if one.person else "", one.kind, int(one.amount)) for one in row.payouts.all()}


def setting(cast, key, value):
    Parameter.objects.set(key, value, estate=cast.sunny, by=None, reason="试")


def test_the_ways_are_combined_by_weight(small):
    """QLT-20: 25 % each; two visits on site are averaged; a way that counts and is lacking is an error."""
    rows = four(small, 80, 100)
    found = Assessment.objects.combine("四季度", rows, by=small.by["ding"])
    assert found.score == 95
    assert next((part["group"], part["weight"], part["score"]) for part in found.parts) == ("site", "25", "80.00")
    with pytest.raises(Refused, match="客户回访"):
        Assessment.objects.combine("四季度", rows[:2], by=small.by["ding"])
    setting(small, "grade.weight_site", 30)
    with pytest.raises(Refused, match="105"):
        Assessment.objects.combine("四季度", rows, by=small.by["ding"])
    for key, value in (("site", 100), ("questions", 0), ("callback", 0), ("test", 0)):
        setting(small, f"grade.weight_{key}", value)
    assert Assessment.objects.combine("只看现场", rows[:1], by=small.by["ding"]).score == 80


def test_a_fail_proposes_what_the_table_says(small):
    """QLT-22: the manager 500, a department's head 300, a squad leader 100; stewards and workers nothing."""
    row = combined(small, 70, 79)
    assert row.band == "fail"
    assert paid(row) == {("钱经理", "fine", 500), ("赵主管", "fine", 300), ("孙班长", "fine", 100)}


def test_good_pays_nothing(small):
    """QLT-23, CF-28."""
    row = combined(small, 80, 90)
    assert (row.band, paid(row)) == ("good", set())


def test_excellent_rewards_but_for_squad_leaders(small):
    """QLT-24, CF-28: 1,000 and 600; a deputy 800; the squad leader is not named."""
    deputy = staff(small.company, "fu", "傅副经理")
    post(small.sunny, deputy, "deputy_manager")
    row = combined(small, 92, 92)
    assert row.band == "excellent"
    assert paid(row) == {("钱经理", "reward", 1000), ("傅副经理", "reward", 800), ("赵主管", "reward", 600)}


def test_the_team_award_is_added_or_instead(small):
    """QLT-25, CF-29: from 96 on, beside the personal rewards unless the company says instead."""
    assert ("", "team", 3000) in paid(combined(small, 96, 96))
    assert len(paid(combined(small, 96, 96))) == 3
    assert ("", "team", 3000) not in paid(combined(small, 95, 96))  # 95.75 counts as 95
    setting(small, "grade.team_award", "instead")
    assert paid(combined(small, 96, 96)) == {("", "team", 3000)}


def test_the_rounding_rule_is_dated(small):
    """CF-27: 90.5 is good when the fraction is dropped, excellent when it is rounded; what was assessed keeps its rule."""
    before = combined(small, "90.50", "90.50")
    setting(small, "grade.rounding", "half_up")
    after = combined(small, "90.50", "90.50")
    assert (before.score, before.counted, before.band) == (Decimal("90.50"), 90, "good")
    assert (after.counted, after.band) == (91, "excellent")
    before.refresh_from_db()
    assert before.band == "good"
    setting(small, "grade.fine_pm", "800")
    assert ("钱经理", "fine", 800) in paid(combined(small, 10, 10))


def test_another_person_decides_once(small):
    """Issue 6: a proposal, approved by somebody else than its maker and than whom it pays; then the estate sees it."""
    row, gao = combined(small, 92, 92), small.by["gao"]
    assert row not in Assessment.objects.visible_to(small.as_("qian"))
    with pytest.raises(Refused):
        row.decide(True, "", by=small.by["ding"])
    with pytest.raises(NotAllowed):
        row.decide(True, "", by=small.as_("qian"))
    CompanyPost.objects.create(company=small.company, person=small.qian, role="company_admin", during=ALWAYS)
    with pytest.raises(Refused):
        row.decide(True, "", by=reach_of(small.qian, small.sunny))
    with pytest.raises(Refused):
        row.decide(False, "", by=gao)
    row.decide(True, "", by=gao)
    with pytest.raises(Refused):
        row.decide(False, "再想想", by=gao)
    assert row in Assessment.objects.visible_to(small.as_("zhao"))
    assert Event.objects.filter(action=Action.ASSESSMENT_GRANTED).count() == 1
    assert Payout.objects.filter(assessment=row).count() == 2


def test_a_hidden_visit_does_not_count_until_it_is_opened(small):
    """QLT-20 暗访: who plans at the estate reads an assessment's parts; nothing unannounced stands there."""
    rows, hidden = four(small, 90, 90), finished(small, "covert")
    with pytest.raises(Refused) as found:
        Assessment.objects.combine("四季度", [*rows, hidden], by=small.by["ding"])
    assert found.value.code == "hidden"
    hidden.open_up(by=small.by["ding"])
    assert len(Assessment.objects.combine("四季度", [*rows, hidden], by=small.by["ding"]).parts[0]["inspections"]) == 2


def test_what_is_not_finished_does_not_count(small):
    rows = [*four(small, 90, 90), planned(small)]
    with pytest.raises(Refused):
        Assessment.objects.combine("四季度", rows, by=small.by["ding"])
