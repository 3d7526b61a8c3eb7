"""Polls: drafted from the programme, fixed when published, answered once, closed (COM-27 … COM-30, QLT-67, CF-07)."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import ProgrammingError, connection, transaction

from guanjia import clock
from guanjia.events.models import Event
from guanjia.notices.deliver import fan_out
from guanjia.notices.models import Delivery
from guanjia.rulebooks.models import Parameter
from guanjia.surveys.book import programme, surveys_book
from guanjia.surveys.models import Envelope, Invitation, Opinion, Poll, PollVersion, Response
from guanjia.surveys.questions import Unanswered
from guanjia.surveys.results import results
from guanjia.surveys.rounds import run_once
from guanjia.tenancy.errors import NotAllowed, Refused
from tests.cast import TUESDAY
from tests.surveys.making import GOOD, homes, mark, published, told

DAY = timedelta(days=1)


def test_the_programme_has_its_own_intervals():
    """CF-07: yearly, half-yearly and quarterly side by side, each the template of its duty; staff beside them (QLT-67)."""
    from guanjia.rulebooks.books import duties

    assert programme() == {"com_survey_annual": "annual", "com_survey_half": "half", "com_opinion_q": "quarter"}
    assert set(programme()) <= set(duties())
    assert surveys_book().templates["staff"].audience == "staff"


def test_published_questions_do_not_change(cast):
    poll = published(cast, "quarter")
    assert poll.version.number == 1
    with pytest.raises(Refused, match="复制"):
        poll.revise(by=cast.as_("zhao"), title="改了")
    with pytest.raises(ProgrammingError), transaction.atomic():
        PollVersion.objects.filter(pk=poll.version_id).update(questions=[])
    again = poll.copy(by=cast.as_("zhao"))
    again.revise(by=cast.as_("zhao"), questions={"overall": {"title": "满意吗", "kind": "scale", "core": "overall"}})
    again.publish(by=cast.as_("zhao"))
    assert again.version.number == 2 and list(Poll.objects.get(pk=poll.pk).asked) == ["overall", "about", "words"]
    third = poll.copy(by=cast.as_("zhao"))
    third.publish(by=cast.as_("zhao"))
    assert third.version.number == 3  # only the newest is used again


def test_what_is_published_is_what_stands(cast):
    """Somebody else changed the draft since it was read: the questions and the way of asking are the changed ones."""
    old = Poll.objects.draft(cast.sunny, "quarter", by=cast.as_("zhao"))
    asked = {"overall": {"title": "满意吗", "kind": "scale", "core": "overall"}}
    Poll.objects.get(pk=old.pk).revise(by=cast.as_("zhao"), questions=asked, anonymous=True, ends_on=old.ends_on + DAY)
    old.publish(by=cast.as_("zhao"))
    assert list(old.asked) == ["overall"] and old.anonymous
    assert Event.objects.get(action="poll.published").particulars["until"] == old.ends_on.isoformat()


def test_questions_keep_their_order(cast):
    """jsonb sorts keys; people do not."""
    poll = published(cast)
    kept = Poll.objects.get(pk=poll.pk).asked
    assert list(kept) == list(surveys_book().templates["annual"].questions)
    assert list(kept["first"].choices) == ["repair", "clean", "order", "parking", "green", "activity", "fee"]


def test_a_household_answers_once(cast):
    """COM-29: whoever of the household answers first; the second is told."""
    poll = published(cast, "quarter")
    mine = mark(poll, cast.meis)
    with pytest.raises(NotAllowed):
        mine.answer({"overall": "5"}, by=cast.as_("lu"))
    with pytest.raises(Unanswered) as lacking:
        mine.answer({"overall": "9"}, by=cast.as_("mei"))
    assert set(lacking.value.items) == {"overall"}
    with pytest.raises(Unanswered):
        mark(published(cast), cast.meis).answer({**GOOD, "first": 7}, by=cast.as_("mei"))
    mine.answer({"overall": "4", "about": "green", "words": "多种些树"}, by=cast.as_("mei"))
    with pytest.raises(Refused, match="答过"):
        mine.answer({"overall": "1"}, by=cast.as_("mr_mei"))
    kept = Response.objects.get()
    assert (kept.by, kept.answers["overall"]) == (cast.mei, 4)
    said = Opinion.objects.get()
    assert (said.household, said.topic, said.words) == (cast.meis, "green", "多种些树")


def test_before_and_after_its_days_answers_are_refused_clearly(cast):
    poll = published(cast, "quarter", begins_on=clock.today(cast.sunny) + DAY)
    with pytest.raises(Refused, match="还没有开始"):
        mark(poll, cast.meis).answer({"overall": "4"}, by=cast.as_("mei"))
    with clock.at(TUESDAY + 40 * DAY), pytest.raises(Refused, match="结束"):
        mark(poll, cast.meis).answer({"overall": "4"}, by=cast.as_("mei"))


def test_an_interviewer_fills_in_and_is_noted(cast):
    poll = published(cast, "half", draw="census")
    with pytest.raises(NotAllowed):
        mark(poll, cast.meis).answer({}, by=cast.as_("zhou"), way="phone")
    mark(poll, cast.meis).answer({"overall": "3", "speed": "4", "solved": "4", "changed": "same"}, by=cast.as_("ming"), way="door")
    row = mark(poll, cast.meis)
    assert (row.way, row.interviewer) == ("door", cast.ming)
    assert not Invitation.objects.filter(poll=poll).visible_to(cast.as_("ming")).filter(household=cast.lus).exists()


def test_a_sample_is_drawn_and_replaced_within_its_stratum(cast):
    """COM-28: stated size, seed kept, by zone in proportion; who cannot be reached is replaced by the next of the same zone."""
    homes(cast, east=7, west=3)
    poll = Poll.objects.draft(cast.sunny, "half", by=cast.as_("zhao"), size=6)
    assert poll.publish(by=cast.as_("zhao"), seed=7) == 6
    rows = Invitation.objects.filter(poll=poll)
    assert (poll.population, poll.seed) == (12, 7)
    assert rows.filter(drawn=True, zone=cast.east).count() == 4 and rows.filter(drawn=True, zone=cast.west).count() == 2
    again = Poll.objects.draft(cast.sunny, "half", by=cast.as_("zhao"), size=6)
    again.publish(by=cast.as_("zhao"), seed=7)
    order = list(rows.order_by("rank").values_list("household_id", "drawn"))
    assert order == list(Invitation.objects.filter(poll=again).order_by("rank").values_list("household_id", "drawn"))
    lost = rows.filter(drawn=True, zone=cast.west).first()
    new = lost.miss("unreached", by=cast.as_("fang"))
    assert new.zone == cast.west and new.drawn
    with pytest.raises(Refused):
        lost.miss("away", by=cast.as_("fang"))
    assert Event.objects.filter(action="poll.replaced").get().particulars["household_id"] == new.household_id


def test_those_who_are_asked_are_told_and_no_event_lists_them(cast):
    """COM-29: every household of a census, everybody in post; an event is kept for ever and names none of them."""
    poll = published(cast, "quarter")
    assert told(cast) == ["lu", "mei", "mr_mei"]
    assert Event.objects.get(action="poll.published").particulars == {"title": poll.title, "until": poll.ends_on.isoformat(), "count": 2, "public": True}
    Delivery.objects.filter(estate=cast.sunny).delete()
    published(cast, "staff")
    assert told(cast) == sorted(Invitation.objects.filter(person__isnull=False).exclude(person=cast.zhao).values_list("person__username", flat=True))


def test_the_house_reminds_once_by_day_and_closes(cast):
    """Reminders once in daytime; closed after the end, by the tick."""
    poll = published(cast, "quarter", ends_on=clock.today(cast.sunny) + 5 * DAY)
    mark(poll, cast.meis).answer({"overall": "4"}, by=cast.as_("mei"))
    night = TUESDAY + 3 * DAY + timedelta(hours=12)  # 22:00
    assert run_once(TUESDAY + DAY, cast.sunny) == 0  # too early
    assert run_once(night, cast.sunny) == 0
    fan_out(night)
    Delivery.objects.filter(estate=cast.sunny).delete()
    assert run_once(TUESDAY + 4 * DAY, cast.sunny) == 1
    assert told(cast, TUESDAY + 4 * DAY) == ["lu"]
    assert run_once(TUESDAY + 5 * DAY, cast.sunny) == 0
    reminded = Event.objects.get(action="poll.reminded")
    assert reminded.particulars == {"title": poll.title, "until": poll.ends_on.isoformat(), "count": 1, "public": True}
    assert run_once(TUESDAY + 6 * DAY, cast.sunny) == 1
    poll.refresh_from_db()
    assert poll.closed_at and Event.objects.get(action="poll.closed").particulars["count"] == 1
    with pytest.raises(Refused, match="已经结束"):
        poll.close(by=cast.as_("zhao"))


# -- without names ------------------------------------------------------------------------------------------------------


def anonymous(cast, count=6):
    """Answered by `count` households of the east and one of the west."""
    made = homes(cast, east=count)
    poll = published(cast)
    for n, home in enumerate(made):
        person = home.members.get().login
        from guanjia.people.reach import reach_of

        mark(poll, home).answer({**GOOD, "words": f"秘密{n}"}, by=reach_of(person, cast.sunny))
    mark(poll, cast.lus).answer({**GOOD, "overall": "1"}, by=cast.as_("lu"))
    return poll


def everything():
    """Every row that the application can read, table by table, as text."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT table_name FROM information_schema.tables WHERE table_schema = 'public' AND table_type = 'BASE TABLE'")
        for (table,) in cursor.fetchall():
            cursor.execute(f'SELECT t::text FROM "{table}" t')
            yield from ((table, row) for (row,) in cursor.fetchall())


def test_before_the_end_nobody_reads_an_anonymous_answer(cast):
    """COM-27: until it is closed the words lie sealed, all envelopes of one length."""
    poll = anonymous(cast)
    assert not [table for table, row in everything() if "秘密" in row]
    assert len({len(row) - len(row.split(",")[0]) for table, row in everything() if table == "surveys_envelope"}) == 1
    assert results(poll).answered == 7 and results(poll).overall.value is None
    assert not Event.objects.filter(action="poll.answered").exclude(actor_id=None).exists()


def test_after_the_end_no_row_links_a_person_and_an_answer(cast):
    """Who was asked and answered is kept, and what was answered, and nothing that joins the two."""
    poll = anonymous(cast)
    poll.close(by=cast.as_("zhao"))
    assert not Envelope.objects.exists()
    rows = list(Response.objects.filter(poll=poll))
    assert len(rows) == 7
    assert all((row.invitation_id, row.by_id, row.at) == (None, None, None) for row in rows)
    assert {row.zone_id for row in rows} == {None}  # one answer of the west would be 吕先生's; six and one together are seven
    words = {table for table, row in everything() if "秘密" in row}
    assert words == {"surveys_response", "surveys_opinion"}
    assert all((one.household_id, one.giver, one.taken_by_id, one.at) == (None, "", None, poll.closed_at) for one in Opinion.objects.all())
    assert Invitation.objects.filter(poll=poll, answered=True).count() == 7
    columns = {field.name for field in Invitation._meta.get_fields()}
    assert not {name for name in columns if name.endswith("_at") or name == "at"}


def test_the_order_of_answers_is_lost(cast):
    poll = anonymous(cast, count=12)
    poll.close(by=cast.as_("zhao"))
    order = [row.answers.get("words", "") for row in Response.objects.order_by("pk")]
    assert order != [f"秘密{n}" for n in range(12)] + [""]  # one chance in six thousand million


def test_too_few_anonymous_answers_are_destroyed_unread(cast):
    poll = published(cast)
    mark(poll, cast.meis).answer(GOOD, by=cast.as_("mei"))
    poll.close(by=cast.as_("zhao"))
    poll.refresh_from_db()
    assert (poll.destroyed, Response.objects.count(), Envelope.objects.count()) == (1, 0, 0)


def test_the_number_promised_cannot_be_lowered_after_people_answered(cast):
    """Whoever may set `survey.small` cannot open the single answer of a round that is under way."""
    poll = published(cast)
    mark(poll, cast.meis).answer(GOOD, by=cast.as_("mei"))
    with clock.at(TUESDAY + DAY):
        Parameter.objects.set("survey.small", 1, by=None, reason="测试", estate=cast.sunny)
        poll.close(by=cast.as_("zhao"))
    assert not Response.objects.exists()


def test_staff_are_asked_themselves(cast):
    """QLT-67: whoever holds a post, once each; nobody fills in for them."""
    poll = published(cast, "staff")
    rows = Invitation.objects.filter(poll=poll)
    assert rows.count() == 10
    mine = rows.get(person=cast.zhou)
    with pytest.raises(Refused):
        mine.answer({}, by=cast.as_("ming"), way="phone")
    mine.answer({"overall": "4", "support": "3", "fair": "4", "load": "right"}, by=cast.as_("zhou"))
    with pytest.raises(Refused):
        mine.answer({"overall": "4", "support": "3", "fair": "4", "load": "right"}, by=cast.as_("zhou"))


# -- results ------------------------------------------------------------------------------------------------------------


def test_results_count_and_hide_small_zones(cast):
    """COM-27: each question counted; a zone with fewer than five answers is put together with the next smallest."""
    poll = anonymous(cast, count=6)
    poll.close(by=cast.as_("zhao"))
    found = results(poll)
    assert (found.asked, found.answered) == (8, 7)
    assert found.overall.words == "6 ÷ 7 = 85.7%" and found.overall.low is None
    assert [group.title for group in found.groups] == ["其余片区合并"]
    assert next(line for line in found.lines if line.name == "green").bars[2][1] == 7


def test_a_sample_has_its_interval(cast):
    made = homes(cast, east=20)
    poll = Poll.objects.draft(cast.sunny, "quarter", by=cast.as_("zhao"), draw="simple", size=10)
    poll.publish(by=cast.as_("zhao"), seed=1)
    assert made
    for n, row in enumerate(Invitation.objects.filter(poll=poll, drawn=True)):
        row.answer({"overall": "5" if n < 8 else "2"}, by=cast.as_("he"), way="phone")
    found = results(poll).overall
    assert found.words == "8 ÷ 10 = 80.0%"
    assert 50 < found.low < 80 < found.high < 94.4  # of 22; without the correction 94.33
