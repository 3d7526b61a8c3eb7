"""Answers of a record, checked by its form: what the phone checked is checked again here (issue 3 point 4)."""

from __future__ import annotations

import base64
import binascii
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from guanjia.rulebooks.form_book import CHECK, FormEntry, Item
from guanjia.tenancy.errors import Refused

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping

MOST_WORDS = 2000
MOST_DECIMALS = 6
SIGNED = "signed"
MOST_SIGNATURE = 500_000  # bytes


class Unanswered(Refused):
    """The record lacks something: `items` says what, item by item. Nothing of it was kept, nothing of it is lost."""

    def __init__(self, items: dict[str, str]) -> None:
        super().__init__(_("还有 %(n)s 处没填好，见标红的项目。") % {"n": len(items)}, code="unanswered")
        self.items = items


@dataclass
class Answers:
    """What was said: item → {value, words}. `bad` names the items that are findings."""

    said: dict[str, dict[str, Any]] = field(default_factory=dict)
    errors: dict[str, str] = field(default_factory=dict)
    bad: list[str] = field(default_factory=list)
    signed: list[str] = field(default_factory=list)  # the items that hold a drawing
    score: Decimal | None = None


def checked(
    form: FormEntry, raw: Mapping[str, Any], photographed: Collection[str], members: Mapping[str, Collection[str]]
) -> Answers:
    """Check raw answers (`item`, `item-words`) against the form. `photographed` are the items that have photos, "" for the
    record's own; `members` who may be ticked, item by item. Nothing is refused here: see `errors`."""
    found = Answers()
    for name, item in form.items.items():
        try:
            value = READ[item.kind](item, raw.get(name), members.get(name, ()))
        except ValueError as wrong:
            found.errors[name] = str(wrong)
            continue
        has_photo = name in photographed
        words = plain(raw.get(f"{name}-words"))
        _judge(found, name, item, value, words, has_photo)
        if item.kind == "signature" and value:
            found.signed.append(name)
        if value not in (None, "", []) or words:
            found.said[name] = {"value": value} | ({"words": words} if words else {})
    if form.photos == "required" and not photographed:
        found.errors["photos"] = _("请至少拍一张照片。")
    return found


def _judge(found: Answers, name: str, item: Item, value: Any, words: str, has_photo: bool) -> None:
    lacks = not has_photo if item.kind == "photo" else value in (None, "", [])
    if item.required and lacks:
        found.errors[name] = LACKING.get(item.kind, LACKING["text"])()
        return
    if item.kind == "score" and value is not None:
        found.score = (found.score or Decimal(0)) + Decimal(value)
    if item.is_bad(value):
        found.bad.append(name)
        if "words" in item.asks and not words:
            found.errors[name] = _("请写一句哪里不合格。")
        elif "photo" in item.asks and not has_photo:
            found.errors[name] = _("不合格请拍一张照片。")


LACKING: dict[str, Callable[[], str]] = {
    "check": lambda: _("请选一项。"), "choice": lambda: _("请选一项。"), "photo": lambda: _("请拍一张照片。"),
    "signature": lambda: _("请签名。"), "members": lambda: _("请逐个确认。"), "mark": lambda: _("请扫现场码。"),
    "text": lambda: _("请填写。"),
}  # fmt: skip


def _choice(item: Item, raw: Any, _members: Any) -> str:
    value = str(raw or "")
    if value and value not in (CHECK if item.kind == "check" else item.choices):
        raise ValueError(_("没有这个选项。"))
    return value


def _number(item: Item, raw: Any, _members: Any) -> Any:
    """Whole for a number, with decimals (as text) for an amount."""
    text = str(raw if raw is not None else "").strip()
    if not text:
        return None
    try:
        value = Decimal(text)
    except InvalidOperation:
        raise ValueError(_("请填数字。")) from None
    if not value.is_finite() or abs(value) >= Decimal(10) ** 12 or value.as_tuple().exponent < -MOST_DECIMALS:  # type: ignore[operator]  # finite
        raise ValueError(_("请填数字。"))
    if item.kind == "number" and value != value.to_integral_value():
        raise ValueError(_("请填整数。"))
    least = 0 if item.kind == "score" and item.least is None else item.least
    if least is not None and value < least:
        raise ValueError(_("不能小于 %(n)s。") % {"n": least})
    if item.most is not None and value > item.most:
        raise ValueError(_("不能大于 %(n)s。") % {"n": item.most})
    return int(value) if item.kind == "number" else format(value, "f")


def _members(item: Item, raw: Any, members: Collection[str]) -> list[str]:
    """Those who were ticked. With required, every one of a fixed list must be (each member was asked)."""
    said = raw if isinstance(raw, list | tuple) else [raw] if raw else []
    ticked = [str(each) for each in said]
    if set(ticked) - set(members):
        raise ValueError(_("没有这个选项。"))
    if item.required and item.members and set(item.members.choices) - set(ticked):
        missing = [_(item.members.choices[each]) for each in item.members.choices if each not in ticked]
        raise ValueError(_("还没有问：%(names)s") % {"names": "、".join(missing)})
    return [each for each in members if each in ticked]


def plain(raw: Any) -> str:
    """Words as they are kept: without NUL, which PostgreSQL has not, and not without end."""
    return str(raw or "").replace("\x00", "").strip()[:MOST_WORDS]


def _text(_item: Item, raw: Any, _members: Any) -> str:
    return plain(raw)


def drawn(raw: Any) -> bytes:
    """The PNG of a signature, from the data URL that the pad makes. ValueError for anything else."""
    head, _comma, body = str(raw).partition(",")
    try:
        content = base64.b64decode(body, validate=True)
    except (binascii.Error, ValueError):
        content = b""
    if head != "data:image/png;base64" or not 0 < len(content) <= MOST_SIGNATURE:
        raise ValueError(_("请在框内签名。"))
    return content


def _signature(_item: Any, raw: Any, _members: Any) -> str:
    return SIGNED if raw and drawn(raw) else ""


READ: dict[str, Callable[[Item, Any, Collection[str]], Any]] = {
    "check": _choice, "choice": _choice, "number": _number, "amount": _number, "score": _number, "text": _text, "mark": _text,
    "members": _members, "photo": lambda *_all: "", "signature": _signature,
}  # fmt: skip
