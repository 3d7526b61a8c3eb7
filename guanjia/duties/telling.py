"""A record in words: each item with its answer, as a person reads it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from guanjia.estates.models import Building
from guanjia.events.sentences import listed
from guanjia.rulebooks.form_book import Item, forms_book
from guanjia.tenancy.reading import row_id

if TYPE_CHECKING:
    from .models import Record


@dataclass(frozen=True)
class Said:
    name: str
    title: str
    answer: str
    words: str
    tone: str  # good, bad, or nothing to judge


def told(record: Record) -> list[Said]:
    """Answers in the form's order; an item that the form has lost since is told by its name."""
    form = forms_book().forms.get(record.form)
    items = form.items if form else {}
    names = [
        *(name for name in items if name in record.answers),
        *(name for name in record.answers if name not in items),
    ]
    return [_said(name, items.get(name), record.answers[name], record) for name in names]


def _said(name: str, item: Item | None, said: dict[str, Any], record: Record) -> Said:
    value, words = said.get("value"), str(said.get("words", ""))
    if item is None:
        return Said(name, name, str(value), words, "")
    bad = item.is_bad(value)
    tone = "bad" if bad else "good" if item.kind == "check" and value == "ok" else ""
    return Said(name, _(item.title), _answer(item, value, record), words, tone)


def _answer(item: Item, value: Any, record: Record) -> str:
    match item.kind:
        case "check":
            return {"ok": _("合格"), "bad": _("不合格")}.get(value, _("不适用"))
        case "choice":
            return _(item.choices[value]) if value in item.choices else str(value)
        case "members":
            return _members(item, value or [], record)
        case "signature":
            return _("已签名")
    if item.kind == "score":
        return f"{value} / {item.most}"
    return f"{value} {_(item.unit)}" if item.unit else str(value)


def _members(item: Item, value: list[str], record: Record) -> str:
    if item.members:
        return listed(_(item.members.choices[each]) for each in value if each in item.members.choices)
    rows = Building.objects.at_estate(record.estate_id).filter(pk__in=[pk for each in value if (pk := row_id(each))])
    return listed(rows) or "—"
