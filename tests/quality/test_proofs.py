"""What quality proves by name (QLT-02..54): steps in time, items without fault, what was put right; hidden visits prove nothing yet."""

from datetime import timedelta

from guanjia.quality.models import Campaign, Rectification
from tests.cast import TUESDAY
from tests.reports.test_proofs import ask

from .conftest import TODAY, fine, finished, planned, shot
from .test_money import combined, setting


def test_items_are_proved_by_what_was_found(small):
    """QLT-28 … QLT-52: an item is kept when nothing was deducted; a visit that is not open yet counts for nobody."""
    row = planned(small, rubrics={"equipment": 100})
    said = fine(row, "EQ01", "EQ02") | {f"equipment-EQ02-{check}": "na" for check in "abc"} | {"equipment-na": "没有"}
    said |= {f"equipment-EQ01-{check}": "ok" for check in "bcd"} | {"equipment-EQ01-a": "bad", "equipment-EQ01-a-amount": "1", "equipment-EQ01-a-words": "缺"}
    row.mark(said, [shot("equipment-EQ01-a")], by=small.by["ding"])
    assert ask(small, "item_scored:EQ03") == (0, 0)
    row.finish(by=small.by["ding"])
    assert [ask(small, f"item_scored:EQ0{n}") for n in (1, 2, 3)] == [(1, 0), (0, 0), (1, 1)]
    assert ask(small, "rubrics_weighted") == (1, 1)
    hidden = finished(small, "covert")
    assert ask(small, "rubrics_weighted") == (1, 1)
    hidden.open_up(by=small.by["ding"])
    assert ask(small, "rubrics_weighted") == (2, 2)


def test_steps_are_proved_by_their_day(quality):
    """QLT-09: late is late although it was delivered."""
    row = Campaign.objects.begin(2026, by=quality.by["ding"])
    for key, day in (("kickoff", TODAY - timedelta(days=2)), ("draft", TODAY)):
        row.steps.filter(key=key).update(due_on=day, done_at=TUESDAY, done_by=quality.ding.pk)
    assert (ask(quality, "campaign_step:kickoff"), ask(quality, "campaign_step:draft")) == ((1, 0), (1, 1))
    assert ask(quality, "campaign_phase:start") == (2, 1)
    row.steps.filter(key="draft").update(due_on=TODAY - timedelta(days=1), done_at=TUESDAY.replace(hour=17) - timedelta(days=1))
    assert ask(quality, "campaign_step:draft") == (1, 0)  # one in the morning of the next day here, still the day in UTC


def test_issues_are_proved_when_closed_in_time(quality):
    """QLT-14: in time is its last day, without grace; whoever looks at it again may do so later."""
    row = Rectification.objects.ask("上锁", quality.ming, TODAY, by=quality.as_("qian"), at=TUESDAY)
    assert ask(quality, "fixes_owned") == (0, 0)
    row.submit("上了锁", [shot("")], by=quality.as_("ming"))
    row.judge(True, "", by=quality.as_("zhao"))
    assert ask(quality, "fixes_owned") == (1, 1)
    row.rounds.update(due_on=TODAY - timedelta(days=1))
    assert ask(quality, "fixes_owned") == (1, 0)


def test_the_team_award_is_proved_from_the_score_in_force(small):
    """QLT-25: from which score is a figure of the estate, not of the proof."""
    combined(small, 92, 92)
    assert ask(small, "team_award_proposed") == (0, 0)
    setting(small, "grade.team_bonus_at", 90)
    assert ask(small, "team_award_proposed") == (1, 0)
    combined(small, 92, 92)
    assert ask(small, "team_award_proposed") == (2, 1)
