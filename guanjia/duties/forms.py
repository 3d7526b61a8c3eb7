"""What people fill in about duties; rules stay with the verbs."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.core.validators import MaxValueValidator, MinValueValidator
from django.utils.translation import gettext_lazy as _

from guanjia import clock
from guanjia.people.models import Person, Post
from guanjia.tenancy.forms import ChoosingForm

from .models import Occasion

# The day after the last day, and midnight of the first anywhere on earth, are dates as well.
THIS_CENTURY = [MinValueValidator(date(2000, 1, 1)), MaxValueValidator(date(2099, 12, 31))]


def colleagues(estate: Any) -> Any:
    """Everybody with a post here today."""
    posts = Post.objects.at_estate(estate).held_on(clock.today(estate))
    return Person.objects.filter(pk__in=posts.values("person_id"), is_active=True).order_by("name")


class WhyForm(forms.Form):
    why = forms.CharField(label=_("为什么"), max_length=300, widget=forms.Textarea(attrs={"rows": 3}))


class HandOverForm(WhyForm, ChoosingForm):
    to = forms.ModelChoiceField(label=_("转给"), queryset=Person.objects.none())
    field_order = ["to", "why"]

    def __init__(self, *args: Any, estate: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.among("to", colleagues(estate))


class OccasionForm(forms.Form):
    kind = forms.ChoiceField(label=_("天气或节点"), choices=Occasion.Kind.choices)
    words = forms.CharField(label=_("说明"), max_length=300, required=False)


class AbsenceForm(ChoosingForm):
    person = forms.ModelChoiceField(label=_("谁请假"), queryset=Person.objects.none())
    first = forms.DateField(
        label=_("从"), validators=THIS_CENTURY, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    last = forms.DateField(
        label=_("到（含）"), required=False, validators=THIS_CENTURY, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"), help_text=_("不填：回来时再销假。")
    )  # fmt: skip
    cover = forms.ModelChoiceField(label=_("代班人"), queryset=Person.objects.none(), required=False)
    why = forms.CharField(label=_("事由"), max_length=300, required=False)

    def __init__(self, *args: Any, estate: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("person", "cover"):
            self.among(name, colleagues(estate))


class PastedForm(forms.Form):
    table = forms.CharField(
        label=_("从 Excel 粘贴"), max_length=40_000, widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("每行：姓名，然后周一到周日的班次，用制表符分开。空格子不改。"),
    )  # fmt: skip
