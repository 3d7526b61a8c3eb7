"""What every template may use: `{% load house %}`. Words and marks only, never a rule."""

from __future__ import annotations

import json
from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING, Any

from django import template
from django.templatetags.static import static
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

from guanjia import clock
from guanjia.events.sentences import labelled, listed
from guanjia.people.privacy import LONG_SURNAMES
from guanjia.web import looks, times

if TYPE_CHECKING:
    from datetime import date, datetime

register = template.Library()


register.filter("listed", listed)
register.filter("labelled", labelled)


@register.filter
def dom_id(record: Any, prefix: str = "") -> str:
    """`{{ ticket|dom_id:"meta" }}` → `ticket-42-meta`. A class gives `ticket-new`."""
    name = record._meta.model_name
    key = "new" if isinstance(record, type) or record.pk is None else record.pk
    return f"{name}-{key}-{prefix}" if prefix else f"{name}-{key}"


@register.simple_tag
def icon(name: str, label: str = "", size: str = "") -> SafeString:
    """One picture of the sprite. Without a label it is decoration."""
    said = format_html('role="img" aria-label="{}"', label) if label else mark_safe('aria-hidden="true"')
    return format_html(
        '<svg class="icon" {} {} viewBox="0 0 24 24"><use href="{}#{}"/></svg>',
        format_html('data-size="{}"', size) if size else "", said, static("built/icons.svg"), name,
    )  # fmt: skip


@register.simple_tag(takes_context=True)
def due_time(context: template.Context, at: datetime | None, done: datetime | None = None) -> SafeString:
    """A deadline: words, colour by `data-tone`, exact instant. Counts down in the browser until `done`."""
    if at is None:
        return mark_safe('<span class="due" data-tone="mute">—</span>')
    zone, now = times.zone_of(context), clock.now()
    return format_html(
        '<time class="due" datetime="{}" data-tone="{}" title="{}"{}>{}</time>',
        at.isoformat(), times.due_tone(at, now, done), times.exact(at, zone),
        "" if done else mark_safe(" data-due"), times.due_words(at, now, zone, done),
    )  # fmt: skip


@register.simple_tag(takes_context=True)
def when(context: template.Context, at: datetime | date | None) -> SafeString:
    """An instant or a date in human words, the exact one in the title."""
    if at is None:
        return mark_safe("—")
    zone = times.zone_of(context)
    return format_html(
        '<time datetime="{}" title="{}">{}</time>', at.isoformat(), times.exact(at, zone),
        times.when_words(at, clock.now(), zone),
    )  # fmt: skip


@register.simple_tag(takes_context=True)
def due_words(context: template.Context, at: datetime, now: datetime | None = None) -> str:
    return times.due_words(at, now or clock.now(), times.zone_of(context))


@register.filter
def due_tone(at: datetime | None) -> str:
    """`bad` when late, `soon` within half an hour, else `mute`."""
    return times.due_tone(at, clock.now()) if at else "mute"


@register.filter
def is_late(at: datetime | None) -> bool:
    return at is not None and at < clock.now()


@register.filter
def money(value: Decimal | str | int | None, sign: str = "") -> str:
    """`1286400` → `1,286,400.00`; `{{ x|money:"¥" }}` puts the sign in front. A true minus for debts."""
    if value is None or value == "":
        return "—"
    try:
        amount = Decimal(value)
    except InvalidOperation:
        return str(value)
    minus = "−" if amount < 0 else ""
    return f"{minus}{sign + ' ' if sign else ''}{abs(amount):,.2f}"


@register.filter
def mask_phone(phone: str | None) -> str:
    """`13800138000` → `138****8000`; a fixed line keeps its last four."""
    digits = "".join(c for c in phone or "" if c.isdigit()).removeprefix(
        "86" if (phone or "").startswith("+86") else ""
    )
    if len(digits) < 7:
        return digits and "*" * len(digits)
    return f"{digits[:3]}****{digits[-4:]}" if len(digits) == 11 else f"****{digits[-4:]}"


@register.filter
def surname(name: str | None) -> str:
    """The sign that stands in a face without a photo."""
    name = (name or "").strip()
    return next((s for s in LONG_SURNAMES if name.startswith(s) and len(name) > len(s)), name[:1].upper())


@register.filter
def percent(part: Any, whole: Any) -> int:
    """Whole percents, 0 to 100; 0 when there is nothing to divide by."""
    return max(0, min(100, round(float(part) * 100 / float(whole)))) if whole else 0


@register.simple_tag(takes_context=True)
def query(context: template.Context, **changes: Any) -> str:
    """The present query string with changes: `?{% query state="open" after=None %}`. None or "" removes."""
    params = context["request"].GET.copy() if "request" in context else looks.no_params()
    for key, value in changes.items():
        if value in (None, ""):
            params.pop(key, None)
        else:
            params[key] = str(value)
    return mark_safe(params.urlencode())


@register.simple_tag(takes_context=True)
def asked(context: template.Context, name: str, value: str | None = None) -> str:
    """What the reader searched for: the value given, else the query parameter of that name."""
    return value if value is not None else context["request"].GET.get(name, "") if "request" in context else ""


@register.simple_tag
def thumb_bar(nav: list[dict[str, Any]]) -> dict[str, Any]:
    """Five places under the thumb; when there are more, the four that people walk with and a menu of the rest."""
    places = [item for item in nav or [] if not item.get("desk_only")]
    if len(places) <= 5:
        return {"shown": places, "rest": []}
    shown = sorted(places, key=lambda item: not item.get("thumb"))[:4]
    return {"shown": shown, "rest": [item for item in places if item not in shown]}


@register.filter
def field_kind(bound: Any) -> str:
    """How the field part lays a bound field out: check, many, file or text."""
    return looks.field_kind(bound)


@register.simple_tag(takes_context=True)
def html_attrs(context: template.Context) -> SafeString:
    """`data-theme` and `data-type` of the reader, from cookies; unknown values are ignored."""
    request = context.get("request")
    return looks.html_attrs(request.COOKIES if request else {})


@register.simple_tag(takes_context=True)
def look(context: template.Context, name: str) -> str:
    """The reader's present `theme` or `type`."""
    request = context.get("request")
    return looks.chosen(request.COOKIES if request else {}, name)


@register.simple_tag
def script_words() -> SafeString:
    """Translated words for the scripts, as data; never executed."""
    words = json.dumps(times.script_words(clock.now()), ensure_ascii=False).replace("<", "\\u003c")
    return format_html('<script type="application/json" id="words">{}</script>', mark_safe(words))
