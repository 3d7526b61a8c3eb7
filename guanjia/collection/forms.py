"""What people fill in about money. Forms check shapes; rules stay with the verbs."""

from __future__ import annotations

import secrets
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from .kinds import AT_THE_COUNTER, Way


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
    why = forms.CharField(label=_("差额原因"), max_length=200, required=False, help_text=_("点钞与应有不一致时必填。"))
