"""Done on its page, the duty is done: open days and experience officers (QLT-55, QLT-56)."""

from datetime import timedelta

import pytest

from guanjia import clock
from guanjia.duties.models import Record
from guanjia.duties.models.finishable import Shot
from guanjia.rulebooks.models import Parameter
from guanjia.surveys.models import Officer, OpenDay
from guanjia.tenancy.errors import Refused
from tests.cast import TUESDAY
from tests.duties.doing import photo, task


def test_an_open_day_that_was_held_is_the_duty_done(cast):
    """QLT-55: with who came, the summary and the photo that the duty asks for; without one it is not held."""
    boss, begins = cast.as_("zhao"), TUESDAY + timedelta(hours=1)
    waiting = task(cast, key="qlt_open_day", form="activity", scope="estate", proof=["photo"], due=3000)
    day = OpenDay.objects.plan(cast.sunny, "开放日", ["plant"], begins, begins + timedelta(hours=2), by=boss, places=5)
    with clock.at(begins + timedelta(hours=3)):
        day.enter(cast.meis, by=boss)
        with pytest.raises(Refused) as lacking:
            day.hold([cast.meis.pk], "一户到场", by=boss)
        assert lacking.value.code == "photo_missing" and OpenDay.objects.get().held_at is None
        day.hold([cast.meis.pk], "一户到场", by=boss, photos=[Shot(photo())])
    waiting.refresh_from_db()
    assert waiting.done_by_id == cast.zhao.pk
    told = Record.objects.get(task=waiting)
    assert told.answers["households"]["value"] == 1 and told.answers["words"]["value"] == "开放日：一户到场"


def test_officers_enough_and_one_joined_is_the_duty_done(cast):
    """QLT-56: as many as `exp.officers` asks for serve, and one took part."""
    boss = cast.as_("zhao")
    Parameter.objects.set("exp.officers", 2, by=None, reason="小", company=cast.company, at=TUESDAY - timedelta(days=9))
    waiting = task(cast, key="qlt_experience", form="activity", scope="estate", due=3000)
    Officer.objects.invite(cast.sunny, [cast.meis, cast.lus], by=boss)
    first, second = Officer.objects.order_by("pk")
    first.reply(True, by=boss)
    first.join("patrol", clock.today(cast.sunny), "消防门关不严", 4, by=boss)
    waiting.refresh_from_db()
    assert waiting.done_at is None
    second.reply(True, by=boss)
    waiting.refresh_from_db()
    assert waiting.done_by_id == cast.zhao.pk and "2 户" in Record.objects.get(task=waiting).answers["words"]["value"]


def test_a_duty_that_wants_a_photo_does_not_stop_a_reply(cast):
    """QLT-56: the officers' page takes no photo; the household's word is kept, the task stays to be reported with one."""
    boss = cast.as_("zhao")
    Parameter.objects.set("exp.officers", 1, by=None, reason="小", company=cast.company, at=TUESDAY - timedelta(days=9))
    waiting = task(cast, key="qlt_experience", form="activity", scope="estate", proof=["photo"], due=3000)
    Officer.objects.invite(cast.sunny, [cast.meis], by=boss)
    only = Officer.objects.get()
    only.reply(True, by=boss)
    only.join("patrol", clock.today(cast.sunny), "消防门关不严", 4, by=boss)
    waiting.refresh_from_db()
    assert only.acts.count() == 1 and waiting.done_at is None
