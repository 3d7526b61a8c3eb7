"""Authority and support: facts about who does not support the zone, the steward's say over its people (STF-03, STF-05..08, STF-16, STF-19)."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.urls import reverse

from guanjia.events.actions import Action
from guanjia.events.models import Event
from guanjia.people.models import CompanyPost, Post
from guanjia.people.reach import reach_of
from guanjia.staffing.models import Appraisal, Award, FactRecord, ZoneNote
from guanjia.staffing.team import heads, team
from guanjia.tenancy.errors import NotAllowed, Refused
from tests.cast import ALWAYS, TUESDAY, staff

TODAY = date(2026, 3, 10)


@pytest.fixture
def company(cast):
    """品质部 at the company."""
    cast.ding = staff(cast.company, "ding", "丁敏")
    CompanyPost.objects.create(company=cast.company, person=cast.ding, role="company_quality", during=ALWAYS)
    return reach_of(cast.ding, cast.sunny)


def fact(cast, about, **more):
    return FactRecord.objects.note(
        about, TODAY, "三次催办，没有派人修单元门", by=cast.as_("ming"), wanted="当天派人", **more
    )


def test_a_slack_department_head_is_assessed_by_the_manager(cast, company):
    """STF-05: the steward's facts go to the project manager, who assesses; nobody else does."""
    record = fact(cast, cast.zhao)
    assert record.level == "manager"
    for by in (company, cast.as_("ming"), cast.as_("zhao")):
        with pytest.raises(NotAllowed):
            record.judge("stands", "约谈", by=by)
    with pytest.raises(Refused):
        record.judge("stands", "", by=cast.as_("qian"))
    record.judge("stands", "约谈，扣当月绩效 5 分", by=cast.as_("qian"))
    assert Event.objects.get(action=Action.FACT_JUDGED).sentence == "钱经理考核关于赵主管的事实记录：属实"
    with pytest.raises(Refused):
        record.judge("unfounded", "再想想", by=cast.as_("qian"))


def test_a_slack_manager_is_assessed_by_the_company(cast, company):
    """STF-06: facts about the manager go to the company's quality department, past the manager."""
    record = fact(cast, cast.qian)
    assert record.level == "company"
    with pytest.raises(NotAllowed):
        record.judge("unfounded", "没有的事", by=cast.as_("qian"))
    assert record not in FactRecord.objects.visible_to(cast.as_("qian"))
    record.judge("stands", "限期整改", by=company)
    assert record in FactRecord.objects.visible_to(cast.as_("qian"))  # once assessed


def test_no_level_is_skipped(cast):
    """STF-16: the level follows from the post; the zone's own people are no matter for a fact record."""
    for about in (cast.zhou, cast.zheng, cast.fang, cast.ming):
        with pytest.raises(Refused):
            fact(cast, about)
    assert fact(cast, cast.sun).level == "manager"  # the order leader heads the guards
    with pytest.raises(Refused):
        FactRecord.objects.note(cast.zhao, TODAY + timedelta(days=1), "明天的事", by=cast.as_("ming"))
    with pytest.raises(NotAllowed):
        FactRecord.objects.note(cast.zhao, TODAY, "不配合", by=cast.as_("zhou"))


def test_the_steward_marks_the_zones_people(cast):
    """STF-07, STF-19: one mark a steward and month, put right until the month is over; heads are not marked."""
    Appraisal.objects.mark(cast.zhou, 80, "", by=cast.as_("ming"))
    Appraisal.objects.mark(cast.zhou, 90, "补了三处", by=cast.as_("ming"))
    Appraisal.objects.mark(cast.zhou, 70, "", by=cast.as_("fang"))
    mates = {mate.person.name: mate for mate in team(cast.as_("ming"), TODAY.replace(day=1))}
    assert set(mates) == {"周工", "吴工", "郑保安", "孙班长"}
    assert (mates["周工"].score, mates["周工"].mine.score) == (80, 90)
    for score, words in ((101, ""), (59, "")):
        with pytest.raises(Refused):
            Appraisal.objects.mark(cast.zhou, score, words, by=cast.as_("ming"))
    for person in (cast.zhao, cast.ming):
        with pytest.raises(Refused):
            Appraisal.objects.mark(person, 90, "", by=cast.as_("ming"))
    Appraisal.objects.mark(cast.zhou, 60, "", by=cast.as_("ming"), at=TUESDAY + timedelta(days=30))
    assert Appraisal.objects.count() == 3  # April is another month


def test_rewards_and_penalties_need_the_managers_word(cast):
    """STF-07: instant, with a reason and an amount; never decided by who proposed it."""
    award = Award.objects.propose(cast.zhou, "reward", Decimal("50"), "雨夜抢修", by=cast.as_("ming"))
    with pytest.raises(NotAllowed):
        award.decide(True, "", by=cast.as_("ming"))
    award.decide(True, "", by=cast.as_("qian"))
    assert Event.objects.get(action=Action.AWARD_GRANTED).sentence == "钱经理同意周工奖励 50.00 元"
    with pytest.raises(Refused):
        award.decide(False, "算了", by=cast.as_("qian"))
    own = Award.objects.propose(cast.zhou, "penalty", Decimal("20"), "迟到", by=cast.as_("qian"))
    with pytest.raises(Refused):
        own.decide(True, "", by=cast.as_("qian"))
    for amount, why in ((Decimal("-1"), "x"), (Decimal("10001"), "x"), (Decimal("5"), " ")):
        with pytest.raises(Refused):
            Award.objects.propose(cast.zhou, "penalty", amount, why, by=cast.as_("ming"))


def test_meetings_and_praise_are_kept(cast):
    """INC-05, RPT-17: zone meetings with who came; praise tells the praised."""
    ZoneNote.objects.write("meeting", "讨论单元门", by=cast.as_("ming"), zone=cast.east, attended="周工、郑保安")
    ZoneNote.objects.write("praise", "主动清理天台", by=cast.as_("ming"), person=cast.zhou)
    assert Event.objects.get(action=Action.TEAM_PRAISED).particulars["worker_id"] == cast.zhou.pk
    with pytest.raises(Refused):
        ZoneNote.objects.write("praise", "我真棒", by=cast.as_("ming"), person=cast.ming)


def test_the_page_for_the_steward_the_manager_and_nobody_else(client, cast):
    def say(name, *args, **data):
        return client.post(reverse(f"staffing:{name}", args=["sunny", *args]), data)

    page = reverse("staffing:team", args=["sunny"])
    client.force_login(cast.ming)
    assert say("marks", person=cast.zhou.pk, score="88").status_code == 302
    assert say("notes", person=cast.zhou.pk, kind="praise", words="及时").status_code == 302
    assert say("awards", person=cast.zhou.pk, kind="reward", amount="50", why="抢修").status_code == 302
    assert say("awards", person=cast.zhou.pk, kind="reward", amount="NaN", why="抢修").status_code == 302
    assert say("facts", person=cast.zhao.pk, words="不派人", happened_on="2026-03-09").status_code == 302
    text = client.get(page).content.decode()
    assert "周工" in text and "88" in text
    record, award = FactRecord.objects.get(), Award.objects.get()
    assert say("award_verdict", award.pk, granted="yes").status_code == 404
    client.force_login(cast.qian)
    assert "不派人" in client.get(page).content.decode()
    say("fact_verdict", record.pk, verdict="stands", measure="约谈")
    say("award_verdict", award.pk, granted="yes")
    record.refresh_from_db()
    award.refresh_from_db()
    assert record.verdict == "stands" and award.granted
    client.force_login(cast.zhou)
    assert client.get(page).status_code == 404


def test_a_steward_marks_nobody_of_another_zone(cast):
    """STF-07: the steward's say is over the people of their own zone, whoever else's id is sent."""
    Post.objects.filter(person=cast.wu).update(zone=cast.west)
    for say in (
        lambda by: Appraisal.objects.mark(cast.wu, 90, "", by=by),
        lambda by: Award.objects.propose(cast.wu, "reward", Decimal("5"), "抢修", by=by),
    ):
        with pytest.raises(Refused):
            say(cast.as_("ming"))
        say(cast.as_("fang"))


def test_who_is_offered_for_facts_is_whom_the_verb_takes(cast, django_assert_max_num_queries):
    """STF-05: heads and managers, in one statement however many."""
    reach = cast.as_("ming")
    with django_assert_max_num_queries(1):
        found = heads(reach)
    assert {person.name for person, _title in found} == {"赵主管", "钱经理", "孙班长"}
