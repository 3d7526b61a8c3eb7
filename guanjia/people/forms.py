"""What is typed at the door and on one's own page. Rules live in the verbs; forms only read."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib.auth.password_validation import validate_password
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from .phones import e164


class PhoneForm(forms.Form):
    phone = forms.CharField(
        label=gettext_lazy("手机号"), max_length=30,
        widget=forms.TextInput(attrs={"type": "tel", "inputmode": "tel", "autocomplete": "tel", "autofocus": True}),
    )  # fmt: skip

    def clean_phone(self) -> str:
        try:
            return e164(self.cleaned_data["phone"])
        except ValueError:
            raise forms.ValidationError(_("请填写 11 位手机号。")) from None


class CodeForm(forms.Form):
    code = forms.CharField(
        label=gettext_lazy("验证码"), max_length=20,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "one-time-code", "autofocus": True}),
    )  # fmt: skip


class SecondFactorForm(forms.Form):
    code = forms.CharField(
        label=gettext_lazy("动态口令或备用码"), max_length=20,
        widget=forms.TextInput(attrs={"autocomplete": "one-time-code", "autofocus": True, "autocapitalize": "off"}),
    )  # fmt: skip


class PasswordForm(forms.Form):
    username = forms.CharField(
        label=gettext_lazy("用户名"), max_length=60,
        widget=forms.TextInput(attrs={"autocomplete": "username", "autocapitalize": "off", "spellcheck": "false"}),
    )  # fmt: skip
    password = forms.CharField(
        label=gettext_lazy("密码"), max_length=200, strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )  # fmt: skip


class ProvenForm(forms.Form):
    """Asks for the password again: a phone left on the table changes nothing."""

    current = forms.CharField(
        label=gettext_lazy("现在的密码"), max_length=200, strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )  # fmt: skip

    def __init__(self, person: Any, *args: Any, **kwargs: Any) -> None:
        self.person = person
        super().__init__(*args, **kwargs)


class TwiceForm(forms.Form):
    """A new password, written twice, judged by the house's rules for `person`."""

    person: Any
    new = forms.CharField(
        label=gettext_lazy("新密码"), max_length=200, strip=False, help_text=gettext_lazy("至少 10 位，不要用常见的密码。"),
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )  # fmt: skip
    again = forms.CharField(
        label=gettext_lazy("再写一遍新密码"), max_length=200, strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )  # fmt: skip

    def clean_new(self) -> str:
        validate_password(self.cleaned_data["new"], self.person)
        return str(self.cleaned_data["new"])

    def clean_again(self) -> str:
        if self.cleaned_data.get("new") and self.cleaned_data["again"] != self.cleaned_data["new"]:
            raise forms.ValidationError(_("两遍不一样。"))
        return str(self.cleaned_data["again"])


class FirstPasswordForm(TwiceForm):
    def __init__(self, person: Any, *args: Any, **kwargs: Any) -> None:
        self.person = person
        super().__init__(*args, **kwargs)


class NewPasswordForm(TwiceForm, ProvenForm):
    """The present one, then the new one twice."""

    field_order = ("current", "new", "again")


class LooksForm(forms.Form):
    """How one wants to see the house; kept with the person, on every device."""

    language = forms.ChoiceField(
        label=gettext_lazy("语言"), choices=[("zh-hans", "简体中文"), ("zh-hant", "繁體中文"), ("en", "English")]
    )
    theme = forms.ChoiceField(
        label=gettext_lazy("明暗"),
        choices=[("auto", gettext_lazy("跟随系统")), ("light", gettext_lazy("浅色")), ("dark", gettext_lazy("深色"))],
    )
    large_type = forms.BooleanField(label=gettext_lazy("大字"), required=False)
