"""Finishing a task: the record is checked by its form, kept once, and looked at when something is odd (issue 3 point 4)."""

from __future__ import annotations

import uuid
from datetime import timedelta
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from guanjia import clock
from guanjia.duties.answers import Unanswered, checked
from guanjia.duties.models import Finding, Record, Suspicion
from guanjia.duties.models.finishable import Shot
from guanjia.duties.sameness import looks_of
from guanjia.duties.whereabouts import Position, metres
from guanjia.estates.marks import mark_of
from guanjia.rulebooks.form_book import form, forms_book
from guanjia.tenancy.errors import NotAllowed, Refused
from guanjia.tickets.models import Ticket

from .doing import answers, photo, signature, task


@pytest.fixture(autouse=True)
def media(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


def why(record):
    return sorted(record.suspicions.values_list("why", flat=True))


def test_a_patrol_is_recorded(cast):
    """PAT-01: seven headings answered, the task is done by its record, on time."""
    todo = task(cast)
    record = todo.finish(by=cast.as_("ming"), answers=answers(covered=[str(cast.b3.pk)]))
    todo.refresh_from_db()
    assert (todo.done_at, todo.done_by, record.is_late) == (clock.now(), cast.ming, False)
    assert record.answers["staff"] == {"value": "ok"} and record.answers["covered"]["value"] == [str(cast.b3.pk)]
    assert not record.suspicions.exists() and not record.findings.exists()


def test_what_is_missing_is_named_item_by_item_and_nothing_is_kept(cast):
    todo = task(cast)
    with pytest.raises(Unanswered) as refused:
        todo.finish(
            by=cast.as_("ming"), answers=answers(staff="", cleaning="bad", engineering="bad", engineering__words="灯坏")
        )
    assert set(refused.value.items) == {"staff", "cleaning", "engineering"}  # words, then a photo are wanted
    assert not Record.objects.exists() and not Ticket.objects.exists()


def test_late_finishing_is_taken_and_said(cast):
    """Design §5: a window that closed is late, not lost."""
    todo = task(cast, opens=-600, due=-60)
    record = todo.finish(by=cast.as_("ming"), answers=answers())
    assert record.is_late and why(record) == []


def test_the_same_record_sent_twice_is_one(cast):
    """Issue 3 point 5: sent once, however often it is replayed."""
    todo, key = task(cast), uuid.uuid4()
    bad = answers(cleaning="bad", cleaning__words="垃圾满了")
    first = todo.finish(by=cast.as_("ming"), answers=bad, client_id=key, photos=[Shot(photo(), "", uuid.uuid4())])
    again = todo.finish(by=cast.as_("ming"), answers=bad, client_id=key, photos=[Shot(photo(), "", uuid.uuid4())])
    assert again == first and Record.objects.count() == 1 and Ticket.objects.count() == 1 and first.photos.count() == 1
    with pytest.raises(Refused) as refused:
        task(cast, slot="2026-03-11").finish(by=cast.as_("ming"), answers=answers(), client_id=key)
    assert refused.value.code == "clash"


def test_somebody_was_faster(cast):
    """A conflict is told; kept beside the first if one wants, it changes nothing and is looked at."""
    todo = task(cast)
    first = todo.finish(by=cast.as_("zhao"), answers=answers())
    with pytest.raises(Refused) as refused:
        todo.finish(by=cast.as_("ming"), answers=answers())
    assert refused.value.code == "already_done" and "赵主管" in str(refused.value)
    second = todo.finish(by=cast.as_("ming"), answers=answers(), beside=True)
    todo.refresh_from_db()
    assert second.beside and why(second) == ["beside"] and todo.done_by == cast.zhao and first.suspicions.count() == 0


def test_another_persons_task_is_not_mine(cast):
    todo = task(cast, person="zhou", subject=cast.lift, form="equipment_check", key="x")
    with pytest.raises(Refused) as refused:
        todo.finish(by=cast.as_("zheng"), answers=answers("equipment_check"))
    assert refused.value.code == "not_yours"
    with pytest.raises(Refused):  # nor may a stranger leave a record beside
        todo.finish(by=cast.as_("zheng"), answers=answers("equipment_check"), beside=True)
    with pytest.raises(NotAllowed):
        todo.finish(by=cast.as_("mei"), answers=answers("equipment_check"))


def test_a_signature_and_photos_are_kept_re_encoded(cast):
    todo = task(cast, form="handover", key="x", proof=["photo"])
    with pytest.raises(Unanswered) as refused:
        todo.finish(by=cast.as_("ming"), answers=answers("handover", signature="nonsense"))
    assert set(refused.value.items) == {"signature", "photos"}
    record = todo.finish(by=cast.as_("ming"), answers=answers("handover"), photos=[Shot(photo())])
    assert sorted(record.photos.values_list("item", flat=True)) == ["", "signature"]
    assert record.answers["signature"]["value"] == "signed" and signature() not in str(record.answers)


# -- what looks wrong ----------------------------------------------------------------------------------------------


def test_too_early_too_fast_and_a_clock_that_is_off(cast):
    now = clock.now()
    todo = task(cast, opens=60)
    record = todo.finish(
        by=cast.as_("ming"), answers=answers(), began_at=now - timedelta(minutes=1), sent_at=now + timedelta(minutes=20)
    )
    assert why(record) == ["early", "skew", "too_fast"]
    told = {row.why: row.detail for row in record.suspicions.all()}
    assert told["too_fast"] == {"seconds": 60} and told["skew"] == {"seconds": 1200}


def test_a_phones_time_counts_when_it_had_no_signal(cast):
    """Finished in time without signal, sent after the window: in time. The same claim while connected is looked at."""
    now = clock.now()
    done = now - timedelta(hours=3)
    offline = task(cast, opens=-600, due=-120).finish(
        by=cast.as_("ming"), answers=answers(), done_at=done, offline=True, sent_at=now
    )
    assert not offline.is_late and why(offline) == [] and offline.task.done_at == done
    online = task(cast, opens=-600, due=-120, slot="2026-03-11").finish(
        by=cast.as_("ming"), answers=answers(), done_at=done, sent_at=now
    )
    assert why(online) == ["skew"]
    ahead = task(cast, slot="2026-03-12").finish(
        by=cast.as_("ming"), answers=answers(), done_at=now + timedelta(hours=1)
    )
    assert why(ahead) == ["skew"] and ahead.task.done_at == now  # nobody finishes tomorrow


def test_rounds_in_the_wrong_order(cast):
    """6:00, 12:00, 18:00: the noon round before the morning one."""
    morning = task(cast, opens=-60, due=60, slot="2026-03-10T06:00")
    noon = task(cast, opens=-60, due=400, slot="2026-03-10T12:00")
    assert why(noon.finish(by=cast.as_("ming"), answers=answers())) == ["order"]
    assert why(morning.finish(by=cast.as_("ming"), answers=answers())) == []


def test_the_label_says_where(cast):
    """PAT-03: a label of the place proves it, another label does not, none is noted."""

    def at(slot, mark=""):
        todo = task(cast, person="zhou", subject=cast.lift, form="equipment_check", key="x", proof=["mark"], slot=slot)
        return why(todo.finish(by=cast.as_("zhou"), answers=answers("equipment_check"), mark=mark))

    assert (
        at("2026-03-01", mark_of(cast.lift)) == at("2026-03-02", mark_of(cast.e31)) == []
    )  # the entrance of its building
    assert at("2026-03-03", mark_of(cast.e51)) == at("2026-03-04", "made up") == ["far"]
    assert at("2026-03-05") == ["no_mark"]


def test_far_from_the_place(cast):
    cast.b3.latitude, cast.b3.longitude = Decimal("30.572816"), Decimal("104.066801")
    cast.b3.save()
    near, far = (Position(Decimal(north), Decimal("104.066801"), 20) for north in ("30.573500", "30.582816"))
    assert metres(near, cast.b3) == pytest.approx(76, abs=1)
    here = task(cast, subject=cast.b3, form="building_tour", key="x")
    assert why(here.finish(by=cast.as_("ming"), answers=answers("building_tour"), position=near)) == []
    away = task(cast, subject=cast.b3, form="building_tour", key="x", slot="2026-03-11")
    record = away.finish(by=cast.as_("ming"), answers=answers("building_tour"), position=far)
    assert why(record) == ["far"] and record.suspicions.get().detail["metres"] == pytest.approx(1092, abs=3)


def test_a_photo_used_before(cast):
    """The same file, and the same picture saved again smaller; another picture is another picture."""

    def send(slot, picture):
        return why(task(cast, slot=slot).finish(by=cast.as_("ming"), answers=answers(), photos=[Shot(picture)]))

    assert send("2026-03-01", photo(1)) == []
    assert send("2026-03-02", photo(1)) == ["seen_photo"]
    assert send("2026-03-03", photo(1, quality=40, size=(200, 150))) == ["seen_photo"]
    assert send("2026-03-04", photo(2)) == []


@settings(max_examples=25, deadline=None)
@given(st.integers(1, 10**6), st.integers(30, 95), st.sampled_from([(640, 480), (200, 150), (330, 250)]))
def test_a_picture_saved_again_still_looks_the_same(seed, quality, size):
    one, other = looks_of(photo(seed)), looks_of(photo(seed, quality, size))
    if one is not None and other is not None:
        assert ((one ^ other) & (2**64 - 1)).bit_count() <= 12


def test_a_white_wall_looks_like_nothing():
    import io

    from PIL import Image

    wall = io.BytesIO()
    Image.new("RGB", (300, 200), "white").save(wall, "JPEG")
    assert looks_of(wall) is None


# -- the reviewer --------------------------------------------------------------------------------------------------


def test_a_record_that_does_not_count_opens_its_task_again(cast):
    todo = task(cast, opens=60)
    todo.finish(by=cast.as_("ming"), answers=answers())
    doubt = Suspicion.objects.get()
    with pytest.raises(NotAllowed):
        doubt.judge(True, "没去", by=cast.as_("ming"))
    with pytest.raises(Refused):
        doubt.judge(True, " ", by=cast.as_("zhao"))
    doubt.judge(True, "监控里没有人到过", by=cast.as_("zhao"))
    todo.refresh_from_db()
    assert (
        todo.done_at is None
        and todo.done_by is None
        and not Record.objects.counted().exists()
        and Record.objects.count() == 1
    )
    with pytest.raises(Refused) as refused:
        Suspicion.objects.get().judge(False, "看错", by=cast.as_("qian"))
    assert refused.value.code == "already_judged"
    todo.finish(by=cast.as_("ming"), answers=answers())  # and is done anew
    todo.refresh_from_db()
    assert todo.done_at


def test_a_record_that_counts_stays(cast):
    todo = task(cast, opens=60)
    todo.finish(by=cast.as_("zhao"), answers=answers())
    with pytest.raises(Refused) as refused:
        Suspicion.objects.get().judge(False, "我去了", by=cast.as_("zhao"))
    assert refused.value.code == "own_record"
    Suspicion.objects.get().judge(False, "临时调班", by=cast.as_("qian"))
    todo.refresh_from_db()
    assert todo.done_at and Record.objects.counted().count() == 1


# -- findings (PAT-04) ----------------------------------------------------------------------------------------------


def test_a_finding_opens_a_ticket_whose_clock_runs(cast):
    record = task(cast).finish(by=cast.as_("ming"), answers=answers(cleaning="bad", cleaning__words="3 栋大堂有积水"))
    finding = Finding.objects.get()
    ticket = finding.ticket
    assert (ticket.channel, ticket.kind, ticket.category, ticket.zone) == ("patrol", "repair", "cleaning", cast.east)
    assert "积水" in ticket.words and ticket.due_at and ticket.running_clocks.exists() and finding.record == record


def test_an_urgent_finding_is_classified_at_once(cast):
    """VAC-04: gas open in a vacant house: urgent, engineering hears of it at once, whoever found it."""
    from guanjia.events.models import Event

    todo = task(cast, person="zhou", subject=cast.home, form="vacant_unit_check", key="vac_inspect", role="repairer")
    said = answers("vacant_unit_check", gas="bad", gas__words="阀门开着")
    todo.finish(by=cast.as_("zhou"), answers=said, photos=[Shot(photo())])
    ticket = Ticket.objects.get()
    assert (ticket.stage, ticket.klass, ticket.unit) == ("classified", "urgent", cast.home)
    assert Event.objects.filter(action="finding.urgent").count() == 1


def test_the_next_round_asks_whether_it_was_mended(cast):
    """PAT-04: found, not mended → urged, not found twice; mended → closed; broken again → found anew."""
    me = cast.as_("ming")
    task(cast, slot="2026-03-01").finish(by=me, answers=answers(cleaning="bad", cleaning__words="积水"))
    finding = Finding.objects.get()
    second = task(cast, slot="2026-03-02")
    with pytest.raises(Unanswered) as refused:
        second.finish(by=me, answers=answers(shown=str(finding.pk)))
    assert set(refused.value.items) == {f"recheck-{finding.pk}"}
    with clock.at(clock.now() + timedelta(hours=1)):
        second.finish(
            by=me,
            answers={
                **answers(cleaning="bad", cleaning__words="还在"),
                "shown": str(finding.pk),
                f"recheck-{finding.pk}": "unmended",
            },
        )
    assert Finding.objects.count() == 1 and Ticket.objects.get().urged == 1
    task(cast, slot="2026-03-03").finish(by=me, answers={**answers(), f"recheck-{finding.pk}": "mended"})
    finding.refresh_from_db()
    assert finding.mended_at and finding.mended_by.task.slot == "2026-03-03"
    task(cast, slot="2026-03-04").finish(by=me, answers=answers(cleaning="bad", cleaning__words="又积水"))
    assert Finding.objects.count() == 2 and Ticket.objects.count() == 2


def test_a_phone_without_signal_is_not_asked_about_what_it_never_saw(cast):
    me = cast.as_("ming")
    task(cast, slot="2026-03-01").finish(by=me, answers=answers(cleaning="bad", cleaning__words="积水"))
    task(cast, slot="2026-03-02").finish(by=me, answers=answers(), offline=True)
    assert Finding.objects.get().mended_at is None


def test_a_closed_ticket_that_was_not_mended_comes_again(cast):
    me = cast.as_("ming")
    task(cast, slot="2026-03-01").finish(by=me, answers=answers(cleaning="bad", cleaning__words="积水"))
    finding = Finding.objects.get()
    finding.ticket.cancel("误报", by=me)
    task(cast, slot="2026-03-02").finish(by=me, answers={**answers(), f"recheck-{finding.pk}": "unmended"})
    finding.refresh_from_db()
    assert Ticket.objects.count() == 2 and finding.ticket.is_open and "复查未整改" in finding.ticket.words


# -- answers -------------------------------------------------------------------------------------------------------


@given(
    st.dictionaries(
        st.sampled_from([name for entry in forms_book().forms.values() for name in entry.items]),
        st.one_of(st.none(), st.text(), st.integers(), st.lists(st.text()), st.floats()),
    ),
    st.sampled_from(sorted(forms_book().forms)),
)
@settings(max_examples=150, deadline=None)
def test_no_answer_breaks_the_check(raw, key):
    """Whatever a phone sends is answered item by item, never by an error of ours."""
    found = checked(form(key), raw, (), {name: ["1"] for name in form(key).items})
    assert set(found.errors) <= {*form(key).items, "photos"}


@given(st.integers(-(10**6), 10**6))
def test_numbers_keep_their_limits(number):
    found = checked(form("patrol"), {"greeted": str(number)}, (), {})
    assert ("greeted" in found.errors) == (not 0 <= number <= 500)


def test_words_that_sound_like_a_signature_are_words(cast):
    """Somebody types "signed" into a text: nothing is drawn, nothing breaks."""
    text = next(name for name, item in form("handover").items.items() if item.kind == "text")
    record = task(cast, form="handover", key="x").finish(
        by=cast.as_("ming"), answers=answers("handover") | {text: "signed"}
    )
    assert record.answers[text]["value"] == "signed" and record.photos.count() == 1


def test_what_the_database_cannot_keep_is_left_out(cast):
    """NUL is no character of PostgreSQL: the rest of the words is kept."""
    me = cast.as_("ming")
    record = task(cast).finish(by=me, answers=answers(cleaning="bad", cleaning__words="积\x00水", words="雨\x00后"))
    assert record.answers["cleaning"]["words"] == "积水" and record.words == "雨后"


@pytest.mark.parametrize("amount", ["1e-99999999", "0.0000001"])
def test_an_amount_has_few_decimals(amount):
    """A number that would be written with a hundred million noughts is none."""
    name = next(name for name, item in form("cash_count").items.items() if item.kind == "amount")
    assert name in checked(form("cash_count"), {name: amount}, (), {}).errors


def test_a_photo_sent_under_a_used_id_is_kept_and_doubted(cast):
    """A picture that some app named by an id, sent twice: the second record stays, and a reviewer sees why."""
    me, number = cast.as_("ming"), uuid.uuid4()
    task(cast, slot="2026-03-01").finish(by=me, answers=answers(), photos=[Shot(photo(), client_id=number)])
    shots = [Shot(photo(), client_id=number), Shot(photo(2), client_id=number)]
    record = task(cast, slot="2026-03-02").finish(by=me, answers=answers(), photos=shots)
    assert record.photos.count() == 2 and "seen_photo" in why(record)


def test_each_closed_ticket_that_was_not_mended_comes_again(cast):
    """PAT-04: also the second time, and never by its own old report."""
    me = cast.as_("ming")
    task(cast, slot="2026-03-01").finish(by=me, answers=answers(cleaning="bad", cleaning__words="积水"))
    finding = Finding.objects.get()
    for day in (2, 3, 4):
        finding.ticket.cancel("误报", by=me)
        task(cast, slot=f"2026-03-0{day}").finish(by=me, answers={**answers(), f"recheck-{finding.pk}": "unmended"})
        finding.refresh_from_db()
        assert Ticket.objects.count() == day and finding.ticket.is_open
