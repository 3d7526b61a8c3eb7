"""What people fill in about bodies outside and what they send. Rules stay with the verbs."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from guanjia import clock
from guanjia.duties.forms import colleagues
from guanjia.people.models import Person

from .models import Contact
from .models.contact import Kind


class DayField(forms.DateField):
    widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")


class ContactForm(forms.Form):
    kind = forms.ChoiceField(label=_("类别"), choices=Kind.choices)
    name = forms.CharField(label=_("单位"), max_length=80)
    person = forms.CharField(label=_("联系人"), max_length=40, required=False)
    phone = forms.CharField(label=_("电话"), max_length=40, widget=forms.TextInput(attrs={"inputmode": "tel"}))
    address = forms.CharField(label=_("地址"), max_length=120, required=False)
    words = forms.CharField(label=_("事项"), max_length=200, required=False, help_text=_("什么事找他们。"))


class PaperForm(forms.Form):
    contact = forms.ModelChoiceField(label=_("来文单位"), queryset=Contact.objects.none())
    title = forms.CharField(label=_("标题"), max_length=120)
    number = forms.CharField(label=_("文号"), max_length=40, required=False)
    words = forms.CharField(label=_("要办什么"), max_length=500, required=False, widget=forms.Textarea(attrs={"rows": 3}))
    received_on = DayField(label=_("收文日期"))
    due_on = DayField(label=_("办理期限"))
    handler = forms.ModelChoiceField(label=_("办理人"), queryset=Person.objects.none())
    upload = forms.FileField(label=_("扫描件"), required=False, help_text=_("照片或 PDF，不超过 20 MB。"))
    key = forms.CharField(required=False, max_length=40, widget=forms.HiddenInput)

    def __init__(self, *args: Any, reach: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial.setdefault("received_on", clock.today(reach.estate))
        among(self, "contact", Contact.objects.visible_to(reach).live().order_by("kind", "name"))
        among(self, "handler", colleagues(reach.estate))


class HandlerForm(forms.Form):
    handler = forms.ModelChoiceField(label=_("办理人"), queryset=Person.objects.none())
    due_on = DayField(label=_("办理期限"))

    def __init__(self, *args: Any, reach: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        among(self, "handler", colleagues(reach.estate))


class ResultForm(forms.Form):
    result = forms.CharField(label=_("办理结果"), max_length=500, widget=forms.Textarea(attrs={"rows": 3}))


class MatterForm(forms.Form):
    on = DayField(label=_("日期"))
    words = forms.CharField(label=_("协调事项"), max_length=500, widget=forms.Textarea(attrs={"rows": 2}))
    result = forms.CharField(label=_("落实情况"), max_length=500, required=False, help_text=_("已经落实的，一并写上。"))


def among(form: forms.Form, name: str, rows: Any) -> None:
    """What a choice offers."""
    field = form.fields[name]
    if isinstance(field, forms.ModelChoiceField):
        field.queryset = rows
