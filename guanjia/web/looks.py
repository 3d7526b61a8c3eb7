"""How a reader wants to see the house: theme, size of type, language. Kept in cookies."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.http import QueryDict
from django.utils.html import format_html_join

if TYPE_CHECKING:
    from collections.abc import Mapping

    from django.utils.safestring import SafeString

CHOICES = {"theme": ("auto", "light", "dark"), "type": ("normal", "large")}
YEAR = 365 * 24 * 3600


def chosen(cookies: Mapping[str, str], name: str) -> str:
    """The cookie's value if it is one of ours, else the first choice."""
    value = cookies.get(name, "")
    return value if value in CHOICES[name] else CHOICES[name][0]


def html_attrs(cookies: Mapping[str, str]) -> SafeString:
    """` data-theme="dark" data-type="large"` for `<html>`; the defaults are left out."""
    kept = ((name, chosen(cookies, name)) for name in CHOICES)
    return format_html_join("", ' data-{}="{}"', (pair for pair in kept if pair[1] != CHOICES[pair[0]][0]))


def field_kind(bound: Any) -> str:
    widget = bound.field.widget
    if isinstance(widget, forms.CheckboxInput):
        return "check"
    if isinstance(widget, forms.RadioSelect | forms.CheckboxSelectMultiple):
        return "many"
    return "file" if isinstance(widget, forms.FileInput) else "text"


def no_params() -> QueryDict:
    return QueryDict(mutable=True)
