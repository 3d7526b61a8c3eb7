"""Changing a parameter: from when, and why."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from .schema import ParameterEntry


WRITTEN = {
    "amount": lambda: _("例如 30m、2h、1d"), "number": lambda: _("例如 0.05、3000"), "times": lambda: _("例如 06:00, 12:00, 18:00"),
    "hours": lambda: _("例如 07:00-09:00, 18:00-20:00"), "days": lambda: _("例如 15-21"), "date": lambda: _("例如 09-30"),
    "dates": lambda: _("例如 09-25..10-15"), "band": lambda: _("例如 80-90"),
}  # fmt: skip


class ParameterForm(forms.Form):
    """`value` becomes what sort of field the parameter is; its rule is the rulebook's, not the form's."""

    value = forms.CharField(label=_("改为"), max_length=60)
    valid_from = forms.DateTimeField(
        label=_("从何时起"), required=False, help_text=_("不填则立即生效；以前的单子仍按原来的规则。"),
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
    )  # fmt: skip
    company_wide = forms.BooleanField(label=_("公司所有小区都改"), required=False)
    reason = forms.CharField(label=_("为什么调整"), max_length=300)

    def __init__(self, *args: Any, entry: ParameterEntry, now: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.entry = entry
        if entry.type == "choice":
            choices = [(key, _t(title)) for key, title in entry.choices.items()]
            self.fields["value"] = forms.ChoiceField(label=_("改为"), choices=choices, initial=now)
        elif entry.type == "count":
            self.fields["value"] = forms.IntegerField(label=_("改为"), min_value=0, max_value=1_000_000, initial=now)
        elif entry.type == "flag":
            self.fields["value"] = forms.TypedChoiceField(
                label=_("改为"), choices=[("on", _("启用")), ("off", _("停用"))], coerce=lambda word: word == "on", initial="on" if now else "off"
            )
        else:
            self.fields["value"].initial = now
            self.fields["value"].help_text = WRITTEN[entry.type]() if entry.type in WRITTEN else ""
        self.order_fields(["value", "valid_from", "company_wide", "reason"])
