"""《物管费催收记录表》 as an Excel file: a quarter with one line a household, and every contact by itself."""

from __future__ import annotations

from types import SimpleNamespace
from typing import IO, TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from guanjia import clock
from guanjia.events.actions import Action
from guanjia.events.models import Event
from guanjia.events.sentences import kept
from guanjia.people.models import Person
from guanjia.tenancy.workbooks import Workbook

from .models import Call

if TYPE_CHECKING:
    from .models import Chase
    from .register import RegisterQuery, Window

MOST = 20_000  # rows of a sheet
Heads = list[tuple[str, int, Any]]


def workbook(query: RegisterQuery) -> IO[bytes]:
    """The file, open at its beginning; who took it along is written down (design §7)."""
    homes, entries = query.homes()[:MOST], list(query.entries()[:MOST])
    book = Workbook(ZoneInfo(query.reach.estate.time_zone))
    quarter = _("%(year)d年%(n)d季度") % {"year": query.first.year, "n": query.first.month // 3 + 1}
    _sheet(book, f"{_('按户')} {quarter}", home_columns(query), homes)
    _sheet(book, _("逐条记录"), entry_columns(entries), entries)
    what = gettext_lazy("物管费催收记录表 %(homes)s 户 %(n)s 条") % {"homes": len(homes), "n": len(entries)}
    subject = SimpleNamespace(noun="chase", pk=0, estate_id=query.reach.estate.pk)
    Event.objects.record(
        Action.PERSONAL_DATA_EXPORTED, subject, by=query.reach, at=query.now, told=False, what=kept(what)
    )
    return book.done()


def _sheet(book: Workbook, title: str, heads: Heads, rows: list[Any]) -> None:
    book.sheet(title, [(words, width) for words, width, _value in heads], frozen=1, filtered=True)
    book.rows([value(row) for _words, _width, value in heads] for row in rows)


def home_columns(query: RegisterQuery) -> Heads:
    """Title, width, value of a household's line."""
    windows: Heads = [
        (title, 30, lambda home, place=place: window_words(home.windows[place]))
        for place, title in enumerate(query.heads())
    ]
    return [
        (_("房号"), 12, lambda home: home.unit.code), (_("住户"), 12, lambda home: home.household.name), (_("片区"), 10, lambda home: home.zone),
        (_("管家"), 10, lambda home: home.steward), (_("欠费账期"), 20, lambda home: home.months_words), (_("首次催收时欠缴"), 14, lambda home: home.owed),
        *windows, (_("其他联系"), 36, lambda home: "\n".join(chase_words(chase) for chase in home.others)),
        (_("律师函"), 16, lambda home: letter_state(home.letter)), (_("最近缴费日"), 12, lambda home: home.paid_on), (_("现在欠缴"), 14, lambda home: home.owes),
    ]  # fmt: skip


def entry_columns(rows: list[Chase]) -> Heads:
    """Title, width, value of one contact."""
    people = Person.objects.in_bulk({row.author_id for row in rows})
    return [
        (_("房号"), 12, lambda row: row.unit.code), (_("住户"), 12, lambda row: row.household.name), (_("时间"), 17, lambda row: row.at),
        (_("方式"), 8, lambda row: row.get_contact_display()), (_("未缴原因"), 16, lambda row: row.get_reason_display()), (_("谈话内容"), 50, lambda row: row.words),
        (_("承诺缴费日"), 12, lambda row: row.promised_on), (_("意见较大"), 9, lambda row: _("是") if row.strongly else ""), (_("报事单"), 16, lambda row: row.ticket and row.ticket.number),
        (_("当时欠缴"), 14, lambda row: row.owed), (_("记录人"), 10, lambda row: people[row.author_id].name if row.author_id in people else ""),
    ]  # fmt: skip


def window_words(window: Window | None) -> str:
    """What came of a call, in one line."""
    if window is None:
        return ""
    if window.chase:
        return chase_words(window.chase)
    if window.call.outcome == Call.Outcome.PAID:
        return _("%(day)s 已缴清") % {"day": clock.today(window.call.estate, window.call.ended_at)}
    return str(window.call.get_outcome_display()) if window.call.outcome else _("没有联系")


def chase_words(row: Chase) -> str:
    """2026-08-18 电话 忘记或没空，承诺 2026-08-20."""
    words = f"{row.on} {row.get_contact_display()} {row.get_reason_display()}"
    return _("%(words)s，承诺 %(day)s") % {"words": words, "day": row.promised_on} if row.promised_on else words


def letter_state(row: Any) -> str:
    if row is None:
        return ""
    return f"{row} {_('已寄出')}" if row.sent_at else f"{row} {row.get_state_display()}"
