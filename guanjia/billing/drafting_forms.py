"""What people write about drafts: the text with what it sets, a part in it, the superior's word (FIN-05, FIN-11)."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from guanjia.rulebooks.schema import parameters_book

from .forms import Day
from .models import Draft
from .models.draft import MOST_WORDS, finance_keys, suppliers

SETTINGS = 3  # that one rule may change on the page; the API takes more


class DraftForm(forms.Form):
    """`kind` offers what the writer may draft; a rule's settings are pairs of key and value."""

    kind = forms.ChoiceField(label=_("种类"))
    title = forms.CharField(label=_("标题"), max_length=80)
    words = forms.CharField(label=_("正文"), max_length=MOST_WORDS, widget=forms.Textarea(attrs={"rows": 10}))
    starts_on = forms.DateField(label=_("从何日起执行"), required=False, widget=Day(), help_text=_("不填则批准后立即执行。"))
    party = forms.CharField(label=_("对方"), max_length=80, required=False, help_text=_("合同填写。"))
    amount = forms.DecimalField(label=_("合同金额（元）"), required=False, min_value=0, max_digits=12, decimal_places=2)
    supplier: Any = forms.ModelChoiceField(label=_("供应商"), queryset=None, required=False, empty_label=_("不是供应商合同"))

    def __init__(self, *args: Any, reach: Any, draft: Draft | None = None, **kwargs: Any) -> None:
        if draft:
            kwargs["initial"] = {name: getattr(draft, name) for name in ("kind", "title", "words", "starts_on", "party", "amount", "supplier")}
            kwargs["initial"] |= {f"{what}{n}": pair[which] for n, pair in enumerate(draft.settings) for which, what in enumerate(("key", "value"))}
        super().__init__(*args, **kwargs)
        fields: dict[str, Any] = self.fields
        fields["kind"].choices = kinds_of(reach)
        fields["supplier"].queryset = suppliers(reach.estate).order_by("name")
        self.pairs: list[tuple[str, str]] = []
        if draft:
            fields["kind"].disabled = True
        if reach.may("draft.finance"):
            self._settings(reach.estate.company_id, len(draft.settings) if draft else 0)

    def _settings(self, company_id: int, held: int) -> None:
        book = parameters_book().parameters
        choices = [("", _t("不改参数")), *((key, _t(book[key].title)) for key in finance_keys(company_id))]
        for n in range(max(SETTINGS, held)):  # those that came over the API stay, too
            self.fields[f"key{n}"] = forms.ChoiceField(label=_t("参数"), choices=choices, required=False)
            self.fields[f"value{n}"] = forms.CharField(label=_t("改为"), max_length=60, required=False)
            self.pairs.append((f"key{n}", f"value{n}"))

    def setting_rows(self) -> list[tuple[Any, Any]]:
        return [(self[key], self[value]) for key, value in self.pairs]

    def plain_fields(self) -> list[Any]:
        within = {name for pair in self.pairs for name in pair}
        return [field for field in self.visible_fields() if field.name not in within]

    def said(self) -> dict[str, Any]:
        """What the verbs take, but the kind."""
        data = self.cleaned_data
        settings = [(data[key], data[value]) for key, value in self.pairs if data[key]]
        return {name: data[name] for name in ("title", "words", "starts_on", "party", "amount", "supplier")} | {"settings": settings}


class PartForm(forms.Form):
    agrees = forms.ChoiceField(choices=[("yes", _("同意")), ("no", _("要修改"))])
    words = forms.CharField(label=_("意见"), max_length=500, required=False, widget=forms.Textarea(attrs={"rows": 2}))


class WordForm(forms.Form):
    verdict = forms.ChoiceField(choices=[("yes", _("同意")), ("no", _("不同意"))])
    words = forms.CharField(label=_("意见"), max_length=200, required=False, widget=forms.Textarea(attrs={"rows": 2}))


def kinds_of(reach: Any) -> list[tuple[str, Any]]:
    """What somebody may draft: a rule is finance's."""
    needed = {Draft.Kind.RULE: "draft.finance"}
    return [(kind.value, kind.label) for kind in Draft.Kind if reach.may(needed.get(kind, "draft.write"))]
