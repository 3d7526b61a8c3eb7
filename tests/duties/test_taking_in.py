"""Paper rounds taken in by the batch: the checks of `finish`, set by set (issue 3 point 4)."""

from __future__ import annotations

import io
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from guanjia import clock
from guanjia.duties.generation import make_up
from guanjia.duties.models import Duty, Finding, Record, Suspicion, Task
from guanjia.duties.models.finishable import Shot
from guanjia.duties.taking_in import Taken, take_in
from guanjia.events.models import Event
from guanjia.tenancy.errors import NotAllowed
from guanjia.tickets.models import Ticket
from tests.cast import TUESDAY
from tests.duties import doing

HOUR = timedelta(hours=1)
PATROL = doing.answers()


def taken(cast, task, **more):
    """李明's round, done an hour after it opened, as his paper says."""
    given = {
        "by": cast.as_("ming"),
        "done_at": task.opens_at + HOUR,
        "began_at": task.opens_at + HOUR / 2,
        "answers": PATROL,
    } | more
    return Taken(task.pk, **given)


@pytest.fixture
def rounds(cast):
    return [doing.task(cast, opens=-120 - 1440 * n, due=240 - 1440 * n, slot=f"2026-03-{10 - n:02}") for n in range(3)]


def test_a_batch_is_kept_with_one_event(cast, rounds):
    """Issue 3 point 4: records of a batch close their tasks; each says who did it and when."""
    found = take_in(cast.sunny, [taken(cast, task) for task in rounds], by=cast.as_("zhao"))
    assert len(found.records) == 3 and not found.refused
    assert list(Task.objects.filter(pk__in=[task.pk for task in rounds]).values_list("done_at", "done_by")) == [
        (task.opens_at + HOUR, cast.ming.pk) for task in rounds
    ]
    assert Event.objects.get(action="record.taken_in").particulars["count"] == 3


def test_the_same_batch_again_keeps_nothing_twice(cast, rounds):
    batch = [taken(cast, task) for task in rounds]
    take_in(cast.sunny, batch, by=None)
    again = take_in(cast.sunny, batch, by=None)
    assert again.known == 3 and not again.records and Record.objects.at_estate(cast.sunny).count() == 3


def test_what_finish_would_refuse_is_refused_by_name(cast, rounds):
    """An unanswered item, a task done already, a task of nobody's: the good rows of the batch are kept."""
    lacking = taken(cast, rounds[0], answers={})
    twice = [taken(cast, rounds[1]), taken(cast, rounds[1], done_at=rounds[1].opens_at + 2 * HOUR)]
    stranger = taken(cast, rounds[2])._replace(task=0)
    found = take_in(cast.sunny, [lacking, *twice, stranger], by=None)
    assert [row.task for row, _why in found.refused] == [rounds[0].pk, rounds[1].pk, 0]
    assert [record.task_id for record in found.records] == [rounds[1].pk]


def test_another_s_task_is_not_taken_by_who_sees_only_his_own(cast, rounds):
    found = take_in(cast.sunny, [taken(cast, rounds[0], by=cast.as_("zhou"))], by=None)
    assert found.refused and not found.records


def test_only_a_reviewer_takes_records_in(cast, rounds):
    with pytest.raises(NotAllowed):
        take_in(cast.sunny, [taken(cast, rounds[0])], by=cast.as_("ming"))


def test_what_looks_wrong_is_flagged(cast, rounds):
    """Too early, too fast, and no label where the duty asks for one."""
    Duty.objects.filter(pk=rounds[0].duty_id).update(proof=["mark"])
    early, fast = rounds[0], rounds[1]
    rows = [
        taken(cast, early, done_at=early.opens_at - HOUR, began_at=early.opens_at - 2 * HOUR),
        taken(cast, fast, began_at=fast.opens_at + HOUR - timedelta(minutes=1)),
    ]
    found = take_in(cast.sunny, rows, by=None)
    why = {
        (row.record.task_id, row.why)
        for row in Suspicion.objects.filter(record__in=found.records).select_related("record")
    }
    assert why >= {(early.pk, "early"), (early.pk, "no_mark"), (fast.pk, "too_fast")}
    assert (early.pk, "too_fast") not in why
    assert Event.objects.filter(action="record.flagged").count() == 2


def photo():
    buffer = io.BytesIO()
    Image.linear_gradient("L").rotate(30).convert("RGB").save(buffer, "JPEG")
    return SimpleUploadedFile("a.jpg", buffer.getvalue())


def test_a_photo_used_before_is_flagged(cast, rounds):
    take_in(cast.sunny, [taken(cast, rounds[0], photos=(Shot(photo()),))], by=None)
    found = take_in(cast.sunny, [taken(cast, rounds[1], photos=(Shot(photo()),))], by=None)
    assert Suspicion.objects.get(record=found.records[0]).why == "seen_photo"


def test_a_bad_answer_opens_its_ticket_and_is_found_mended(cast, rounds):
    """PAT-04: by the ordinary verbs, also in a batch."""
    bad = PATROL | {"cleaning": "bad", "cleaning-words": "楼道有烟头"}
    take_in(cast.sunny, [taken(cast, rounds[0], answers=bad)], by=None)
    finding = Finding.objects.get()
    assert Ticket.objects.get(pk=finding.ticket_id).category == "cleaning"
    take_in(cast.sunny, [taken(cast, rounds[1], answers=PATROL | {f"recheck-{finding.pk}": "mended"})], by=None)
    finding.refresh_from_db()
    assert finding.mended_at is not None


def test_tasks_of_days_before_the_house_was_at_work_are_made_as_of_then(cast):
    """make_up: not late, once, and what the estate remembers of its generations stays as it was."""
    duty = Duty.objects.create(
        estate=cast.sunny, book="b", key="walk", rows=["PAT-01"], cadence="FREQ=DAILY", window={}, role="steward", scope="zone", form="patrol",
        during=(clock.today(cast.sunny) - timedelta(days=9), None), laid_at=TUESDAY - timedelta(days=9),
    )  # fmt: skip
    since, until = TUESDAY - timedelta(days=7), TUESDAY - timedelta(days=4)
    assert make_up(cast.sunny, since, until) == 6  # three mornings in two zones
    rows = Task.objects.filter(duty=duty)
    assert not rows.filter(late_made=True).exists() and not rows.exclude(made_at=since).exists()
    assert make_up(cast.sunny, since, until) == 0
