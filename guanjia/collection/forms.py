"""What people fill in about money. Forms check shapes; rules stay with the verbs."""

from __future__ import annotations

import secrets
from typing import Any

from django import forms
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from .kinds import AT_THE_COUNTER, Contact, HoldKind, Reason, Way


def money(label: Any, **more: Any) -> forms.DecimalField:
    """Yuan, to the cent."""
    box = forms.NumberInput(attrs={"inputmode": "decimal", "step": "0.01"} | more.pop("attrs", {}))
    return forms.DecimalField(label=label, max_digits=12, decimal_places=2, widget=box, **more)


class TakeForm(forms.Form):
    """One payment; `token` makes a second click the same payment."""

    amount = money(_("收款金额"), min_value=0, attrs={"data-hotkey": "F4"})
    way = forms.ChoiceField(
        label=_("方式"),
        choices=[(way.value, way.label) for way in AT_THE_COUNTER],
        widget=forms.RadioSelect,
        initial=Way.CASH,
    )
    reference = forms.CharField(label=_("凭单号"), max_length=64, required=False)
    name = forms.CharField(label=_("交款人"), max_length=60, required=False)
    words = forms.CharField(label=_("备注"), max_length=200, required=False)
    token = forms.CharField(max_length=64, widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["token"].initial = secrets.token_hex(16)


class BackForm(forms.Form):
    amount = money(_("退款金额"), min_value=0)
    way = forms.ChoiceField(
        label=_("退款方式"), choices=[(way.value, way.label) for way in (*AT_THE_COUNTER, Way.ONLINE)]
    )
    why = forms.CharField(label=_("原因"), max_length=200, widget=forms.Textarea(attrs={"rows": 2}))


class VerdictForm(forms.Form):
    verdict = forms.ChoiceField(choices=[("yes", _("同意")), ("no", _("不同意"))])
    words = forms.CharField(label=_("意见"), max_length=200, required=False)


class OpenForm(forms.Form):
    amount = money(_("备用金"), min_value=0, initial=0, help_text=_("从银行提取的找零钱。"))


class CloseForm(forms.Form):
    counted = money(_("点钞金额"), min_value=0)
    banked = money(_("存行金额"), min_value=0)
    slip = forms.CharField(label=_("存款单号"), max_length=64, required=False)
    escort = forms.CharField(label=_("护送人"), max_length=60, required=False, help_text=_("大额现金存行由便衣岗护送。"))
    why = forms.CharField(label=_("差额原因"), max_length=200, required=False, help_text=_("点钞与应有不一致时必填。"))


class ChaseForm(forms.Form):
    """What was said in one contact."""

    contact = forms.ChoiceField(
        label=_("怎样联系"),
        choices=[choice for choice in Contact.choices if choice[0] != Contact.LETTER],
        widget=forms.RadioSelect,
        initial=Contact.PHONE,
    )
    reason = forms.ChoiceField(
        label=_("未缴原因"),
        choices=Reason.choices,
        help_text=_("选“对服务有意见”会开报事单，并暂缓催收到解决回访之后。"),
    )
    spoke_at = forms.DateTimeField(
        label=_("联系时间"), required=False, help_text=_("不填就是现在。"),
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
    )  # fmt: skip
    words = forms.CharField(label=_("谈话内容"), max_length=500, widget=forms.Textarea(attrs={"rows": 3}))
    promised_on = forms.DateField(label=_("承诺缴费日"), required=False, widget=forms.DateInput(attrs={"type": "date"}))
    strongly = forms.BooleanField(label=_("意见较大，需要上门并报告管理层"), required=False)
    offered_debit = forms.BooleanField(label=_("没空缴费的，已引导办理银行代扣"), required=False)
    token = forms.CharField(max_length=64, widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["token"].initial = secrets.token_hex(16)


class HoldForm(forms.Form):
    kind = forms.ChoiceField(
        label=_("为什么暂缓"),
        choices=[(HoldKind.HARDSHIP.value, HoldKind.HARDSHIP.label), (HoldKind.DISPUTE.value, HoldKind.DISPUTE.label)],
    )
    why = forms.CharField(label=_("说明"), max_length=300, widget=forms.Textarea(attrs={"rows": 2}))


class UntilForm(forms.Form):
    verdict = forms.ChoiceField(choices=[("yes", _("同意")), ("no", _("不同意"))])
    until = forms.DateField(label=_("暂缓到"), required=False, widget=forms.DateInput(attrs={"type": "date"}))


class WhyForm(forms.Form):
    why = forms.CharField(label=_("原因"), max_length=200, widget=forms.Textarea(attrs={"rows": 2}))


class WaiverForm(WhyForm):
    line = forms.IntegerField(widget=forms.HiddenInput)
    amount = money(_("免收金额"), min_value=0)


class ParcelForm(forms.Form):
    parcel = forms.CharField(label=_("挂号或快递单号"), max_length=64)


class FileForm(forms.Form):
    file = forms.FileField(label=_("文件"), help_text=_("CSV 或 Excel，不超过 5 MB。"))

    def clean_file(self) -> Any:
        found = self.cleaned_data["file"]
        if found.size > 5 * 1024 * 1024:
            raise forms.ValidationError(_("文件太大，请按月导入。"))
        return found


class GrossForm(forms.Form):
    gross = money(_("结算总额（含手续费）"), min_value=0)


class MandateForm(forms.Form):
    bank = forms.CharField(label=_("银行"), max_length=40, initial=_("交通银行"))
    holder = forms.CharField(label=_("户名"), max_length=60)
    number = forms.CharField(
        label=_("账号"), max_length=40, widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"})
    )


class SheetForm(forms.Form):
    why = forms.CharField(label=_("差额原因"), max_length=200, required=False, help_text=_("两边不符时必填。"))


class CountForm(forms.Form):
    """How many of each note and coin, and the signature; the books' figure is nowhere on the page."""

    signature = forms.CharField(
        max_length=500_000, widget=forms.HiddenInput, error_messages={"required": _("请监盘人签名。")}
    )

    def __init__(self, *args: Any, faces: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.faces = [f"{face:f}" for face in faces]
        for face in self.faces:
            box = forms.NumberInput(attrs={"inputmode": "numeric", "placeholder": "0"})
            label = format_lazy(_("{face} 元"), face=face)
            self.fields[f"face-{face}"] = forms.IntegerField(
                label=label, min_value=0, max_value=100_000, required=False, widget=box
            )

    def boxes(self) -> list[forms.BoundField]:
        return [self[f"face-{face}"] for face in self.faces]

    def pieces(self) -> dict[str, int]:
        return {face: self.cleaned_data[f"face-{face}"] or 0 for face in self.faces}


class AnswerForm(forms.Form):
    why = forms.CharField(label=_("差额原因"), max_length=200, required=False, help_text=_("账实不符时必填。"))
