"""What is chosen on the inbox and webhook pages."""

from __future__ import annotations

import re
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from .book import subscribable
from .models import Wanted


class PreferenceForm(forms.Form):
    email = forms.ChoiceField(label=gettext_lazy("邮件"), choices=Wanted.choices, required=False)
    push = forms.ChoiceField(label=gettext_lazy("手机通知"), choices=Wanted.choices, required=False)


def action_choices() -> list[tuple[str, str]]:
    """Actions by the beginning of their sentence."""
    return [(action.value, short(str(action.label))) for action in subscribable()]


def short(sentence: str) -> str:
    """`{actor}暂停：{why}` → 暂停, `{actor}请求{target}协助：{why}` → 请求…协助."""
    plain = re.sub(r"\s*\{\w+\}\s*", "…", re.split("[:：]", sentence)[0])
    return re.sub('[“”"]', "", plain).strip("…·，,() ")


class SubscriptionForm(forms.Form):
    url = forms.CharField(
        label=gettext_lazy("对方地址"), max_length=500, strip=True,
        widget=forms.TextInput(attrs={"type": "url", "inputmode": "url", "autocomplete": "off", "placeholder": "https://"}),
    )  # fmt: skip
    actions = forms.MultipleChoiceField(label=gettext_lazy("通知哪些事件"), widget=forms.CheckboxSelectMultiple)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["actions"]
        field.choices = action_choices()
        field.error_messages["required"] = _("请至少选择一种事件。")
