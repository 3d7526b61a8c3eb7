"""Inspections: planned, hidden, scored, finished, corrected (QLT-20, QLT-27..54, CF-30..32)."""

import uuid
from datetime import timedelta
from decimal import Decimal

import pytest

from guanjia.duties.answers import Unanswered
from guanjia.events.actions import Action
from guanjia.events.models import Event
from guanjia.people.reach import reach_of
from guanjia.quality.models import Inspection, ItemScore, OwnRubric, QualityPhoto
from guanjia.quality.rubrics import in_force
from guanjia.rulebooks.models import Parameter
from guanjia.tenancy.errors import NotAllowed, Refused
from tests.cast import TUESDAY, post

from .conftest import ITEMS, SMALL, TODAY, bad, fine, finished, planned, shot


def test_the_rubrics_in_force_add_up(quality):
    """QLT-27, QLT-30, CF-32: 100 points of customer service, 20 visible of equipment; EQ07 is never scored."""
    found = in_force(quality.sunny, TUESDAY, TODAY)
    totals = {key: sum(Decimal(item["points"]) for item in row["items"]) for key, row in found.items()}
    assert totals == {"customer_service": 100, "equipment": 20}
    assert next(item["points"] for item in found["customer_service"]["items"] if item["key"] == "CS03") == "10"
    assert (found["customer_service"]["weight"], found["equipment"]["weight"]) == ("25", "")
    Parameter.objects.set("rubric.intake_points", 12, estate=quality.sunny, by=None, reason="试")
    with pytest.raises(Refused, match="102"):
        planned(quality, rubrics={"customer_service": Decimal(100)})
    assert planned(quality, rubrics={"equipment": Decimal(100)}).rubrics[0]["total"] == "20"


def test_an_inspection_is_scored_item_by_item(small):
    """CF-30: within the range, with reason and photo; an item stops at nought; the score is fixed at the end."""
    row, ding = planned(small), small.by["ding"]
    with pytest.raises(Unanswered) as lacking:
        row.mark({"gate-A1-a": "ok", **bad("gate-A1-b", "2.5"), **bad("gate-A1-c", words="")}, [shot("gate-A1-b")], by=ding)
    assert set(lacking.value.items) == {"gate-A1-b", "gate-A1-c"}
    with pytest.raises(Unanswered) as lacking:  # no photo, and a check point not looked at
        row.mark({"gate-A1-a": "ok", **bad("gate-A1-b")}, by=ding)
    assert set(lacking.value.items) == {"gate-A1-b", "gate-A1-c"}
    assert not ItemScore.objects.filter(inspection=row).exists()
    three = {name: value for check in "abc" for name, value in bad(f"gate-A1-{check}", "2").items()}
    row.mark(three, [shot(f"gate-A1-{check}") for check in "abc"], by=ding)
    with pytest.raises(Refused, match="门岗"):
        row.finish(by=ding)
    row.mark({"gate-A2-a": "ok", "gate-A2-b": "ok"}, by=ding)
    assert row.finish("整改岗亭", by=ding).score == Decimal("28.57")  # 0 of 5 and 2 of 2
    item = ItemScore.objects.get(inspection=row, item="A1")
    assert (item.deducted, item.score, item.deductions.count()) == (6, 0, 3)
    assert QualityPhoto.objects.filter(deduction__item_score=item).count() == 3
    with pytest.raises(Refused):
        row.mark(fine(row), by=ding)
    with pytest.raises(Refused):
        row.finish(by=ding)


def test_what_does_not_apply_leaves_score_and_full_mark(small):
    """The written rule: an item all of whose points do not apply is taken out; it says why."""
    row, ding = planned(small), small.by["ding"]
    nothing = {f"gate-A2-{check}": "na" for check in "ab"}
    with pytest.raises(Unanswered) as lacking:
        row.mark(nothing, by=ding)
    assert set(lacking.value.items) == {"gate-na"}
    row.mark({**nothing, "gate-na": "没有门岗", "gate-A1-a": "na", "gate-A1-b": "ok", **bad("gate-A1-c", "1")}, [shot("gate-A1-c")], by=ding)
    assert row.finish(by=ding).score == 80  # 4 of 5
    rest = planned(small)
    rest.mark({**nothing, "gate-na": "没有门岗", **{f"gate-A1-{check}": "na" for check in "abc"}}, by=ding)
    with pytest.raises(Refused):
        rest.finish(by=ding)


def test_several_rubrics_by_weight(small):
    """QLT-27, CF-31: the shares make exactly 100 %; one alone is the whole."""
    with pytest.raises(Refused, match="100"):
        planned(small, rubrics={"gate": Decimal(25), "equipment": Decimal(25)})
    row, ding = planned(small, rubrics={"gate": Decimal(75), "equipment": Decimal(25)}), small.by["ding"]
    row.mark({**fine(row, "A1"), "gate-A1-a": "ok", **bad("gate-A1-b", "2"), "gate-A1-c": "ok"}, [shot("gate-A1-b")], by=ding)
    made = row.finish(by=ding)
    assert made.score == Decimal("78.57")  # 5 of 7 is 71.43; × 75 % + 25
    assert [part["percent"] for part in made.sheets] == ["71.43", "100.00"]


def test_the_version_it_was_scored_by_stays(small):
    """QLT-54: a newer rubric changes neither what is planned nor what was scored; other companies never see it."""
    row = planned(small)
    OwnRubric.objects.keep({**SMALL, "items": [{**ITEMS[0], "points": "50"}]}, by=small.by["ding"], reason="加分")
    assert in_force(small.sunny, TUESDAY, TODAY)["gate"]["version"] == 2
    assert "gate" not in in_force(small.lake, TUESDAY, TODAY)
    row.mark(fine(row), by=small.by["ding"])
    assert row.finish(by=small.by["ding"]).sheets[0]["version"] == 1
    OwnRubric.objects.keep(SMALL, by=small.by["ding"], reason="下月起", valid_from=TODAY + timedelta(days=30))
    assert in_force(small.sunny, TUESDAY, TODAY)["gate"]["version"] == 2
    with pytest.raises(Refused):
        OwnRubric.objects.keep(SMALL, by=small.by["ding"], reason="以前", valid_from=TODAY - timedelta(days=1))


@pytest.mark.parametrize(
    "wrong",
    [{"points": "0"}, {"low": "3"}, {"high": "6"}, {"low": "0"}, {"points": "NaN"}, {"points": "1e9"}, {"checks": {}}, {"key": ""}, {"key": "A 1"}],
)
def test_a_rubric_that_does_not_fit_is_refused(quality, wrong):
    with pytest.raises(Refused):
        OwnRubric.objects.keep({**SMALL, "items": [{**ITEMS[0], **wrong}]}, by=quality.by["ding"], reason="试")


def test_nobody_inspects_their_own_post(small):
    """Independence: a post at the estate, or of the inspected zone, rules somebody out; the quality officer's does not."""
    post(small.sunny, small.qiu, "steward", small.west, deputy=True)
    with pytest.raises(Refused, match="秋"):
        Inspection.objects.plan("检查", "open", TODAY, small.qiu, by=small.by["ding"], rubrics={"gate": Decimal(100)})
    made = Inspection.objects.plan("检查", "open", TODAY, small.qiu, by=small.by["ding"], rubrics={"gate": Decimal(100)}, zone=small.east)
    assert made.zone == small.east
    with pytest.raises(Refused):  # no permission to inspect at all
        Inspection.objects.plan("检查", "open", TODAY, small.ming, by=small.by["ding"], rubrics={"gate": Decimal(100)}, zone=small.west)
    with pytest.raises(Refused):
        planned(small, companion=small.qiu)
    with pytest.raises(Refused):  # not the inspector
        made.mark(fine(made), by=small.by["ding"])
    with pytest.raises(NotAllowed):
        planned(small, by="gao").mark({}, by=small.as_("ming"))


def test_an_unannounced_one_is_hidden_until_it_is_opened(small):
    """QLT-20 暗访: the estate neither sees nor hears of it; its own quality officer neither; then everybody does."""
    with pytest.raises(NotAllowed):
        planned(small, "covert", by="qiu")
    row = finished(small, "covert")
    for name in ("qian", "zhao", "qiu", "ming"):
        assert row not in Inspection.objects.visible_to(small.as_(name))
    told = Event.objects.filter(subject_type="inspection", subject_id=row.pk)
    assert {event.action for event in told} >= {Action.INSPECTION_PLANNED, Action.INSPECTION_FINISHED}
    assert row in Inspection.objects.visible_to(small.by["xu"])
    with pytest.raises(NotAllowed):
        row.open_up(by=small.by["qiu"])
    row.open_up(by=small.by["ding"])
    assert row in Inspection.objects.visible_to(small.as_("qian"))
    with pytest.raises(Refused):
        row.open_up(by=small.by["ding"])


def test_nobody_at_the_estate_is_told_of_a_hidden_one(small):
    """The outbox carries only what goes to the inspector."""
    from guanjia.events.models import Outbox

    Outbox.objects.all().delete()
    row = finished(small, "covert")
    ids = set(Outbox.objects.values_list("event_id", flat=True))
    told = Event.objects.filter(pk__in=ids, subject_type="inspection", subject_id=row.pk)
    assert [event.action for event in told] == [Action.INSPECTION_PLANNED]
    assert told[0].particulars["worker_id"] == small.ding.pk


def test_a_correction_leaves_both_versions(small):
    """Issue 6: the score is fixed; putting it right adds a version and a result, with the photos it was made with."""
    row, ding = finished(small), small.by["ding"]
    first = row.score
    again = {"gate-A1-a": "ok", **bad("gate-A1-b", "0.5", "记录不全"), "gate-A1-c": "ok"}
    with pytest.raises(Refused):
        row.correct("gate", "A1", again, "", by=ding)
    with pytest.raises(NotAllowed):
        row.correct("gate", "A1", again, "查到了记录", by=small.as_("qian"))
    post(small.sunny, small.qiu, "steward", small.west, deputy=True)
    with pytest.raises(Refused, match="秋"):  # who is judged by it does not put it right
        row.correct("gate", "A1", again, "查到了记录", by=reach_of(small.qiu, small.sunny))
    row.correct("gate", "A1", again, "查到了记录", by=ding)
    assert (first, row.score) == (Decimal("85.71"), Decimal("92.86"))
    assert [one.score for one in row.results.order_by("number")] == [first, row.score]
    versions = ItemScore.objects.filter(inspection=row, item="A1").order_by("version")
    assert [one.score for one in versions] == [4, Decimal("4.5")]
    assert versions[1].deductions.get().photos.count() == 1


def test_samples_are_averaged(small):
    """QLT-20: questions at posts, call-backs and written tests; below full marks it says what was lacking."""
    row, ding = planned(small, "questions"), small.by["ding"]
    with pytest.raises(Refused):
        row.finish(by=ding)
    for score, words in (("101", "x"), ("-1", "x"), ("abc", "x"), ("90", "")):
        with pytest.raises(Refused):
            row.note("南门岗", score, words, by=ding)
    key = uuid.uuid4()
    assert row.note("南门岗", "85.5", "不熟悉预案", by=ding, client_id=key) == row.note("南门岗", "85.5", "不熟悉预案", by=ding, client_id=key)
    row.note("前台", "100", by=ding)
    assert row.finish(by=ding).score == Decimal("92.75")
    assert row.note("南门岗", "85.5", "不熟悉预案", by=ding, client_id=key).who == "南门岗"  # its answer was lost on the way
    with pytest.raises(Refused):
        row.note("北门岗", "100", by=ding)


def test_the_same_sending_is_kept_once(small):
    """Offline: a record sent twice is one; one's own earlier mark is superseded, another inspector's is not."""
    row, ding, xu = planned(small, companion=small.xu), small.by["ding"], small.by["xu"]
    key, said = uuid.uuid4(), {"gate-A2-a": "ok", "gate-A2-b": "ok"}
    first = row.mark(said, by=ding, client_id=key)
    assert row.mark(said, by=ding, client_id=key) == first
    row.mark({"gate-A2-a": "ok", **bad("gate-A2-b", "0.2")}, [shot("gate-A2-b")], by=ding)
    assert ItemScore.objects.current().get(inspection=row, item="A2").score == Decimal("1.8")
    both = {**fine(row)}
    with pytest.raises(Refused) as taken:
        row.mark(both, by=xu)
    assert taken.value.code == "taken"
    assert [one.item for one in row.mark(both, by=xu, beside=True)] == ["A1"]
    assert ItemScore.objects.current().get(inspection=row, item="A2").by_id == small.ding.pk
