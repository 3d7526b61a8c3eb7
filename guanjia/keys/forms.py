"""What people fill in about keys. Forms check shapes; rules stay with the verbs."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from guanjia import clock
from guanjia.people.roles import roles, title_of
from guanjia.rulebooks.parameters import parameter
from guanjia.staffing.finding import unit_for
from guanjia.staffing.forms import colleagues

from .models import Key

NONE = [("", "—")]
MOMENT = "%Y-%m-%dT%H:%M"


class KeyForm(forms.Form):
    code = forms.CharField(label=_("编码"), max_length=16, help_text=_("写在钥匙牌上，如 GZ-012；不写房号。"))
    kind = forms.ChoiceField(label=_("类别"), choices=Key.Kind.choices, widget=forms.RadioSelect, initial=Key.Kind.WORK)
    opens = forms.CharField(label=_("开什么"), max_length=120)
    custody = forms.CharField(label=_("存放位置"), max_length=80)
    copies = forms.IntegerField(label=_("把数"), min_value=1, max_value=100, initial=1)
    role = forms.ChoiceField(label=_("属于哪个岗位"), required=False, help_text=_("工作钥匙必填：只借给在任的人。"))
    room = forms.CharField(label=_("房号"), max_length=40, required=False, help_text=_("业主托管钥匙必填；只在台账里，不写在钥匙牌上。"))

    def __init__(self, *args: Any, estate: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.estate = estate
        field: Any = self.fields["role"]
        field.choices = NONE + sorted(((key, title_of(key)) for key in roles()), key=lambda pair: str(pair[1]))

    def clean_room(self) -> Any:
        room = self.cleaned_data["room"].strip()
        unit = unit_for(self.estate, room) if room else None
        if room and unit is None:
            raise forms.ValidationError(_("没有找到这个房号。"))
        return unit


class LendForm(forms.Form):
    person = forms.ChoiceField(label=_("借用人"), required=False)
    name = forms.CharField(label=_("外部人员姓名"), max_length=60, required=False, help_text=_("施工、维保单位等；须当面签名。"))
    purpose = forms.CharField(label=_("用途"), max_length=200)
    due_at = forms.DateTimeField(label=_("归还时间"), input_formats=[MOMENT, "%Y-%m-%d %H:%M"], widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format=MOMENT))
    proof_seen = forms.BooleanField(label=_("已核对工装、工作证或身份证"), required=False)
    overtime = forms.CharField(label=_("加班安排"), max_length=200, required=False, help_text=_("不在本人班次时填写。"))
    signature = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, key: Key, reach: Any, **kwargs: Any) -> None:
        now = clock.now()
        kwargs.setdefault("initial", {"due_at": now + timedelta(hours=int(parameter(key.estate, "keys.loan_hours", now)))})
        super().__init__(*args, **kwargs)
        self.people = {str(person.pk): person for person in key.borrowers(now)}
        field: Any = self.fields["person"]
        field.choices = NONE + [(pk, person.name) for pk, person in self.people.items()]
        if key.role:
            del self.fields["name"]
        if key.kind != Key.Kind.WORK:
            del self.fields["proof_seen"], self.fields["overtime"]

    def said(self) -> dict[str, Any]:
        return {**self.cleaned_data, "person": self.people.get(self.cleaned_data["person"])}


class CustodyForm(forms.Form):
    first = forms.ChoiceField(label=_("保管人（高级管家）"))
    second = forms.ChoiceField(label=_("保管人（助理管家）"))
    terms = forms.CharField(label=_("托管事项"), max_length=500, widget=forms.Textarea(attrs={"rows": 3}), help_text=_("什么时候可以用、由谁用、用完怎样告诉业主。"))

    def __init__(self, *args: Any, estate: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.people = {str(person.pk): person for person in colleagues(estate)}
        for name in ("first", "second"):
            field: Any = self.fields[name]
            field.choices = NONE + [(pk, person.name) for pk, person in self.people.items()]

    def said(self) -> dict[str, Any]:
        data = self.cleaned_data
        return {"first": self.people.get(data["first"]), "second": self.people.get(data["second"]), "terms": data["terms"]}
