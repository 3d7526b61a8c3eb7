"""A company's own small rulebook for tests: only the duties a test asks for are in force."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from guanjia.duties.models import Task
from guanjia.rulebooks.models import OwnBook, Parameter
from guanjia.rulebooks.own import forget_own
from guanjia.rulebooks.parameters import forget

DAY, HOUR, MINUTE = timedelta(days=1), timedelta(hours=1), timedelta(minutes=1)
CLAUSE = {
    "title": "门岗",
    "title_en": "Gate",
    "text": "门岗有人。",
    "text_en": "Somebody is there.",
    "kind": "duty",
    "source": ["自拟"],
}
DUTY = {
    "title": "巡视",
    "title_en": "Patrol",
    "rows": ["OWN-01"],
    "source": ["自拟"],
    "role": "steward",
    "source_role": "管家",
    "evidence": "记录",
}


def book(**duties):
    return {
        "code": "own", "title": "本公司制度", "title_en": "Our own", "source": "own", "about": "自拟", "clauses": {"OWN-01": CLAUSE, "OWN-02": CLAUSE},
        "duties": {key: DUTY | {"title": key, "title_en": key} | said for key, said in duties.items()},
    }  # fmt: skip


def adopt(cast, at, **duties):
    """The company writes a book of these duties and the estate adopts it at an instant."""
    OwnBook.objects.bring_in(book(**duties), company=cast.company, by=None, reason="试行", at=at)
    set_to(cast, at, "book.own.adopted", True)


def set_to(cast, at, key, value, estate=None):
    forget(), forget_own()
    Parameter.objects.set(key, value, by=None, reason="试行", at=at, estate=estate or cast.sunny)
    forget(), forget_own()


def local(day, hour=0, minute=0):
    """An instant by the wall clock of Shanghai."""
    return datetime(day.year, day.month, day.day, hour, minute, tzinfo=UTC) - 8 * HOUR


def tasks(cast, **which):
    return (
        Task.objects.at_estate(which.pop("estate", cast.sunny))
        .filter(**which)
        .order_by("opens_at", "slot", "subject_id")
    )
