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


class SinceForm(forms.Form):
    """From when, and why: what every change of a rule asks."""

    valid_from = forms.DateTimeField(
        label=_("从何时起"), required=False, help_text=_("不填则立即生效。"),
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
    )  # fmt: skip
    reason = forms.CharField(label=_("为什么"), max_length=300)

    def clean_valid_from(self) -> Any:
        from guanjia import clock

        since = self.cleaned_data["valid_from"]
        if since and since < clock.now():
            raise forms.ValidationError(_("只能从现在或以后生效。"))
        return since


class BookForm(forms.Form):
    file = forms.FileField(label=_("制度文件（YAML）"), help_text=_("可先下载现有制度，改好再上传。"))


class AdoptForm(SinceForm):
    adopt = forms.BooleanField(label=_("公司所有小区从那时起采用"), required=False, initial=True)


class DutyForm(SinceForm):
    """An empty field is the book's own word."""

    on = forms.TypedChoiceField(label=_("是否执行"), choices=[("on", _("启用")), ("off", _("停用"))], coerce=lambda word: word == "on")
    cadence = forms.CharField(label=_("频次"), required=False, max_length=200)
    role = forms.ChoiceField(label=_("岗位"), required=False)
    opens = forms.TimeField(label=_("开始"), required=False, widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"))
    closes = forms.TimeField(label=_("结束"), required=False, widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"))
    company_wide = forms.BooleanField(label=_("公司所有小区都改"), required=False)

    def __init__(self, *args: Any, entry: Any, now: dict[str, Any], **kwargs: Any) -> None:
        from guanjia.people.roles import roles, title_of

        super().__init__(*args, **kwargs)
        said: Any = self.fields
        said["role"].choices = [("", _t("按制度")), *sorted(((key, title_of(key)) for key in roles()), key=lambda each: each[1])]
        for name, value in now.items():
            said[name].initial = value if name != "on" else ("on" if value else "off")
        if entry.waits and not now["cadence"]:
            said["cadence"].initial = entry.waits.suggest
        said["cadence"].help_text = _t("例如 FREQ=WEEKLY;BYDAY=MO、COUNT_PER_DAY=3、PER_SHIFT:start；写法见说明。")
        self.order_fields(["on", "cadence", "role", "opens", "closes", "valid_from", "company_wide", "reason"])

    def clean_cadence(self) -> str:
        from .cadence import parse

        written = str(self.cleaned_data["cadence"]).strip()
        try:
            if written and "$" not in written:
                parse(written)
        except ValueError as slip:
            raise forms.ValidationError(_("这个频次看不懂：%(slip)s") % {"slip": slip}) from slip
        return written

    def said(self) -> dict[str, Any]:
        """What is set, as parameters keep it."""
        data = self.cleaned_data
        hours = {name: f"{data[name]:%H:%M}" if data[name] else "" for name in ("opens", "closes")}
        return {"on": data["on"], "cadence": data["cadence"], "role": data["role"], **hours}
