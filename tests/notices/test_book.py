"""Who is told of what is data, and checked."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
import yaml

from guanjia.events.actions import Action
from guanjia.notices.book import NoticesBook, notices_book, sentences, subscribable
from guanjia.rulebooks.book import FOLDER, RulebookError, read


def broken(tmp_path, change):
    tree = yaml.safe_load((FOLDER / "notices.yaml").read_text())
    change(tree)
    (tmp_path / "notices.yaml").write_text(yaml.safe_dump(tree, allow_unicode=True))
    with pytest.raises(RulebookError) as slip:
        read("notices.yaml", NoticesBook, tmp_path)
    return str(slip.value)


def test_every_action_stands_there():
    assert set(notices_book().notices) == set(Action.values)


def test_a_forgotten_action_is_named(tmp_path):
    assert "work.taken" in broken(tmp_path, lambda tree: tree["notices"].pop("work.taken"))


@pytest.mark.parametrize(
    "note",
    [
        {"to": ["everybody"], "title": "x"},
        {"to": ["reporter"], "title": "a resident without a resident's face"},
        {"to": ["manager"], "face": "resident", "title": "x"},
        {"to": ["manager"], "title": "{ticket.secret}"},
        {"to": ["manager"], "title": "{ticket[0]}"},
        {"to": ["manager"], "title": "x", "channels": ["email"]},
        {"to": ["manager"], "title": "x", "channels": ["pigeon"]},
    ],
)
def test_slips_are_refused(tmp_path, note):
    assert "notices.yaml:" in broken(tmp_path, lambda tree: tree["notices"]["work.taken"].update(tell=[note]))


def test_personal_data_never_leaves_by_webhook():
    """HSE-14"""
    assert not {action for action in subscribable() if action.value.startswith(("personal.", "import.", "notice."))}


def test_sentences_for_the_catalogues():
    assert "报事已受理" in sentences() and "" not in sentences()


@pytest.mark.parametrize(
    ("now", "wakes"),
    [
        ("21:29", "21:29"),
        ("21:30", "+08:00"),
        ("23:59", "+08:00"),
        ("00:00", "08:00"),
        ("07:59", "08:00"),
        ("08:00", "08:00"),
    ],
)
def test_quiet_hours_by_the_estates_clock(now, wakes):
    zone = ZoneInfo("Asia/Shanghai")

    def at(words):
        hours, minutes = map(int, words.lstrip("+").split(":"))
        return datetime(2026, 3, 10, hours, minutes, tzinfo=zone) + timedelta(days=words.startswith("+"))

    assert notices_book().quiet.wake(at(now), "Asia/Shanghai") == at(wakes)
