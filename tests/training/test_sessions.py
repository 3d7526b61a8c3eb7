"""Trainings: asked, signed in to, held, made up for, evaluated; duties and outline are done with them (TRN-02..13, QLT-11, QLT-31)."""

from datetime import date, timedelta
from io import BytesIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from guanjia.duties.models import Duty, Task
from guanjia.events.actions import Action
from guanjia.events.models import Event
from guanjia.tenancy.errors import NotAllowed, Refused
from guanjia.training.models import Material, Outline, Session
from tests.cast import TUESDAY

HOUR = timedelta(hours=1)


def plan(cast, **more):
    said = {"trainer": cast.zhao, "groups": ["order"], "place": "会议室"} | more
    return Session.objects.plan("防盗与夜巡", "security", TUESDAY, TUESDAY + 2 * HOUR, by=cast.as_("qian"), **said)


def refused(code, verb):
    with pytest.raises(Refused) as said:
        verb()
    assert said.value.code == code


def test_everybody_of_the_groups_is_asked_and_told(cast):
    row = plan(cast)
    assert set(row.attendees.values_list("person__username", flat=True)) == {"zheng", "sun"}
    assert set(Event.objects.get(action=Action.TRAINING_PLANNED).particulars["worker_ids"]) == {cast.zheng.pk, cast.sun.pk}
    with pytest.raises(NotAllowed):
        Session.objects.plan("x", "security", TUESDAY, TUESDAY + HOUR, by=cast.as_("ming"), trainer=cast.ming)
    refused("ends_first", lambda: Session.objects.plan("x", "fire", TUESDAY, TUESDAY, by=cast.as_("qian"), trainer=cast.zhao))
    assert plan(cast, groups=[]).attendees.count() == 10  # everybody in post


def test_signing_in_by_code_and_by_the_list(cast):
    """On the phone by the code that is shown, or by the trainer; a second time changes nothing."""
    row = plan(cast)
    by = cast.as_("zheng")
    refused("wrong_code", lambda: row.sign_in("XXXXXX", by=by))
    refused("too_early", lambda: row.sign_in(row.code, by=by, at=TUESDAY - 2 * HOUR))
    refused("over", lambda: row.sign_in(row.code, by=by, at=row.ends_at + 2 * HOUR))
    first = row.sign_in(row.code.lower(), by=by).signed_at
    assert row.sign_in(row.code, by=by, at=TUESDAY + HOUR).signed_at == first
    with pytest.raises(NotAllowed):
        row.tick_off([cast.sun.pk], by=by)
    assert row.tick_off([cast.sun.pk, cast.zheng.pk, cast.ming.pk], by=cast.as_("zhao")) == 2
    assert not row.attendees.get(person=cast.ming).expected  # came without being asked


def test_held_with_a_record_then_notes_make_up_and_effect(cast):
    """QLT-11 and QLT-31: record, sign-in, notes, effect; who was absent is asked again."""
    row = plan(cast)
    refused("nobody", lambda: row.hold("讲了夜巡要点", by=cast.as_("zhao")))
    row.sign_in(row.code, by=cast.as_("zheng"))
    refused("summary_missing", lambda: row.hold(" ", by=cast.as_("zhao")))
    row.hold("讲了夜巡要点", by=cast.as_("zhao"), at=TUESDAY + HOUR)
    refused("over", lambda: row.sign_in(row.code, by=cast.as_("sun")))
    refused("over", lambda: row.hold("再来", by=cast.as_("zhao")))
    seat = row.attendees.get(person=cast.zheng)
    refused("not_yours", lambda: seat.note("x", by=cast.as_("sun")))
    seat.note("夜巡两人一组", by=cast.as_("zheng"), rating=5)
    refused("not_there", lambda: row.attendees.get(person=cast.sun).note("x", by=cast.as_("sun")))
    again = row.make_up(TUESDAY + 30 * HOUR, TUESDAY + 31 * HOUR, by=cast.as_("zhao"))
    assert list(again.attendees.values_list("person__username", flat=True)) == ["sun"]
    refused("nobody", lambda: row.make_up(TUESDAY + 50 * HOUR, TUESDAY + 51 * HOUR, by=cast.as_("zhao")))
    refused("incomplete", lambda: row.evaluate(6, "x", by=cast.as_("zhao")))
    row.evaluate(4, "夜巡记录齐全", by=cast.as_("zhao"))
    refused("not_now", lambda: row.evaluate(5, "x", by=cast.as_("zhao")))


def duty_task(cast, key, form, proof):
    duty = Duty.objects.create(
        estate=cast.sunny, book="posts", key=key, rows=["TRN-07"], cadence="FREQ=MONTHLY", role="security_head", scope="estate", form=form,
        proof=proof, during=(date(2026, 1, 1), None),
    )  # fmt: skip
    return Task.objects.create(
        estate=cast.sunny, duty=duty, key=key, slot="2026-03-01~month", day=date(2026, 3, 1), subject_kind="estate", opens_at=TUESDAY - 24 * HOUR,
        due_at=TUESDAY + 24 * HOUR, role="security_head", person=cast.zhao, made_at=TUESDAY,
    )  # fmt: skip


def picture():
    buffer = BytesIO()
    Image.new("RGB", (40, 30), "teal").save(buffer, "JPEG")
    return SimpleUploadedFile("a.jpg", buffer.getvalue())


def test_a_training_is_the_record_of_the_duty_that_asked_for_it(cast, settings, tmp_path):
    """TRN-07: no second form; a duty that wants a photo gets one; the task is planned once."""
    settings.MEDIA_ROOT = tmp_path
    task = duty_task(cast, "trn_security", "training", ["photo"])
    row = plan(cast, task=task)
    refused("already_planned", lambda: plan(cast, task=task))
    row.sign_in(row.code, by=cast.as_("zheng"))
    refused("photo_missing", lambda: row.hold("讲了夜巡", by=cast.as_("zhao")))
    row.refresh_from_db()
    assert row.held_at is None
    row.hold("讲了夜巡", by=cast.as_("zhao"), photos=[picture()])
    task.refresh_from_db()
    record = task.records.get()
    assert task.done_at and record.answers["present"]["value"] == 1 and record.answers["topic"]["value"] == "防盗与夜巡"
    assert record.photos.count() == 1


def test_the_outline_of_a_year(cast):
    """TRN-06: topics by month and group; issued once; the yearly task is done with it."""
    task = duty_task(cast, "trn_outline", "plan", [])
    row = Outline.objects.of(2026, "order", by=cast.as_("zhao"))
    refused("empty", lambda: row.issue("", by=cast.as_("zhao")))
    item = row.add(3, "夜巡", "security", 2, by=cast.as_("zhao"))
    assert row.add(3, "夜巡", "security", 3, by=cast.as_("zhao")).pk == item.pk
    refused("incomplete", lambda: row.add(13, "夜巡", "security", 2, by=cast.as_("zhao")))
    row.issue("人人会用灭火器", by=cast.as_("zhao"))
    refused("already_issued", lambda: row.issue("", by=cast.as_("zhao")))
    task.refresh_from_db()
    assert task.done_at and Outline.objects.of(2026, "order", by=cast.as_("qian")) == row


def test_materials_are_made_harmless(cast, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    row = plan(cast)
    assert Material.objects.keep(row, "夜巡图", picture(), by=cast.as_("zhao")).digest
    evil = SimpleUploadedFile("a.pdf", b"%PDF-1.4 /JavaScript (x) %%EOF")
    refused("unsafe_pdf", lambda: Material.objects.keep(row, "x", evil, by=cast.as_("zhao")))
    with pytest.raises(NotAllowed):
        Material.objects.keep(row, "x", picture(), by=cast.as_("zheng"))
