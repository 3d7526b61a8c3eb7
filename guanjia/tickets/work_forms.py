"""What is filled in about a work order. Forms check shapes; rules stay with the verbs."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from guanjia import clock
from guanjia.events.sentences import labelled

from .forms import ActForm, PersonField, WhyForm, colleagues
from .kinds import Ground
from .models import HelpRequest


class HandOverForm(WhyForm):
    worker = PersonField(label=_("转给"))
    field_order = ["worker", "why"]

    def prepare(self) -> None:
        people = colleagues(self.reach, clock.today(self.reach.estate))
        self.choice("worker").choices = [("", _("请选择")), *[pair for pair in people if pair[0] != self.row.worker_id]]


class HelperForm(ActForm):
    helper = PersonField(label=_("请谁协助"))

    def prepare(self) -> None:
        people = colleagues(self.reach, clock.today(self.reach.estate))
        self.choice("helper").choices = [("", _("请选择")), *[pair for pair in people if pair[0] != self.row.worker_id]]


class ArriveForm(ActForm):
    proof = forms.ChoiceField(choices=[("word", ""), ("position", ""), ("qr", "")], required=False, widget=forms.HiddenInput)
    mark = forms.CharField(required=False, max_length=120, widget=forms.HiddenInput)
    latitude = forms.DecimalField(required=False, max_digits=9, decimal_places=6, widget=forms.HiddenInput)
    longitude = forms.DecimalField(required=False, max_digits=9, decimal_places=6, widget=forms.HiddenInput)


class MaterialForm(ActForm):
    item = forms.CharField(label=_("材料"), max_length=80)
    quantity = forms.DecimalField(label=_("数量"), min_value=0, max_digits=10, decimal_places=2, initial=1)
    unit = forms.CharField(label=_("单位"), max_length=10, required=False)
    price = forms.DecimalField(label=_("单价（元）"), min_value=0, max_digits=14, decimal_places=2, required=False)


class FinishForm(ActForm):
    words = forms.CharField(label=_("做了什么"), max_length=1000, widget=forms.Textarea(attrs={"rows": 3}))


class RefuseForm(WhyForm):
    note = _("只有违法或危险可以拒单，由主管裁定。其他意见请先完成，再“事后提异议”。")
    ground = forms.ChoiceField(label=_("理由"), choices=Ground.choices, widget=forms.RadioSelect)
    field_order = ["ground", "why"]


class RefusalJudgeForm(WhyForm):
    upheld = forms.TypedChoiceField(
        label=_("裁定"), choices=[("yes", _("成立，停止作业")), ("no", _("不成立，继续作业"))], coerce=lambda v: v == "yes", widget=forms.RadioSelect
    )
    field_order = ["upheld", "why"]

    def prepare(self) -> None:
        if refusal := self.row.refusals.filter(judged_at=None).first():
            self.note = labelled(f"{self.row.worker.name} · {refusal.get_ground_display()}", refusal.why)


class HelpForm(WhyForm):
    route = forms.ChoiceField(label=_("向谁求助"), choices=HelpRequest.Route.choices, widget=forms.RadioSelect)
    field_order = ["route", "why"]
