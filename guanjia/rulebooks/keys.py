"""What may be set of a book: `book.<code>.adopted`, `clause.<id>.on`, `duty.<key>.on|cadence|role|opens|closes`, and its figures."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from .cadence import CadenceError, parse
from .filling import keys_in, sample
from .schema import ParameterEntry, setting_of

if TYPE_CHECKING:
    from collections.abc import Iterable

    from .books import DutyEntry

HOUR = re.compile(r"([01][0-9]|2[0-3]):[0-5][0-9]|24:00")


class DutySetting(ParameterEntry):
    """How a duty is done here; the text says what its key asks for, or nothing for the book's own word."""

    what: str
    figures: frozenset[str] = frozenset()  # of its book: what its cadence may name

    def check_value(self, value: Any) -> None:
        super().check_value(value)
        if self.type != "text":
            return
        if not isinstance(value, str) or len(value) > 200:
            raise ValueError(f"{value!r} is not a word")
        if value and self.what in ("opens", "closes") and not HOUR.fullmatch(value):
            raise ValueError(f"{value!r} is not an hour")
        if value and self.what == "cadence":
            self._check_cadence(value)
        if value and self.what == "role":
            from guanjia.people.roles import roles

            if value not in roles():
                raise ValueError(f"{value!r} is not a role")

    def _check_cadence(self, text: str) -> None:
        """Well written; whether it goes with the window is asked of all the settings together (agreeing.py)."""
        if unknown := set(keys_in(text)) - self.figures:
            raise CadenceError(f"{text}: its book has no figure {', '.join(sorted(unknown))}")
        parse(sample(text))


def entry_of_book(key: str, company_id: int | None = None) -> ParameterEntry:
    """The parameter of a book that has this key, a company's own book first; KeyError when no book knows it."""
    from .own import known_books

    word, _dot, rest = key.partition(".")
    name, _dot, what = rest.rpartition(".")
    for book in known_books(company_id):
        if key in book.figures:
            return setting_of(book.figures[key])
        if word == "book" and (name, what) == (book.code, "adopted"):
            return ParameterEntry(title=book.title, rows=[], type="flag", default=False)
        if word == "clause" and what == "on" and name in book.clauses:
            return ParameterEntry(title=book.clauses[name].title, rows=[name], type="flag", default=True)
        if word == "duty" and name in book.duties:
            return _of_duty(book.duties[name], what, key, book.figures)
    raise KeyError(key)


def _of_duty(duty: DutyEntry, what: str, key: str, figures: Iterable[str]) -> ParameterEntry:
    named = {"on": _("启用"), "cadence": _("频次"), "role": _("岗位"), "opens": _("开始"), "closes": _("结束")}
    if what not in named:
        raise KeyError(key)
    told = {
        "cadence": duty.cadence,
        "role": duty.role,
        "opens": duty.window.opens,
        "closes": duty.window.closes,
        "on": True,
    }
    said: dict[str, Any] = {
        "title": f"{_(duty.title)} · {named[what]}",
        "rows": duty.rows,
        "default": told[what] or "",
        "what": what,
        "figures": frozenset(figures),
    }
    return DutySetting(**said, type="flag" if what == "on" else "text")
