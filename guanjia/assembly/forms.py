"""What is typed into an assembly. Rules live in the verbs."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from guanjia.surveys.forms import Moment

from .book import assembly_book

ROWS = 6  # topics on the form


class AssemblyForm(forms.Form):
    title = forms.CharField(label=_("标题"), max_length=60)
    words = forms.CharField(label=_("说明"), max_length=2000, required=False, widget=forms.Textarea(attrs={"rows": 3}))
    begins_at = forms.DateTimeField(label=_("开始投票"), widget=Moment())
    ends_at = forms.DateTimeField(label=_("截止投票"), widget=Moment())

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        matters = [("", "---------"), *((key, f"{entry}（{assembly_book().shares[entry.by]}）") for key, entry in assembly_book().matters.items())]
        for n in range(1, ROWS + 1):
            self.fields[f"title_{n}"] = forms.CharField(label=_("议题"), max_length=100, required=n == 1)
            self.fields[f"matter_{n}"] = forms.ChoiceField(label=_("属于哪一类"), choices=matters, required=n == 1)
            self.fields[f"words_{n}"] = forms.CharField(label=_("内容"), max_length=1000, required=False, widget=forms.Textarea(attrs={"rows": 2}))

    @property
    def rows(self) -> list[tuple[int, Any, Any, Any]]:
        return [(n, self[f"title_{n}"], self[f"matter_{n}"], self[f"words_{n}"]) for n in range(1, ROWS + 1)]

    def said(self) -> dict[str, Any]:
        data = self.cleaned_data
        topics = [
            {"title": data[f"title_{n}"], "matter": data[f"matter_{n}"], "words": data[f"words_{n}"]}
            for n in range(1, ROWS + 1)
            if data[f"title_{n}"].strip() or data[f"matter_{n}"]
        ]
        return {name: data[name] for name in ("title", "words", "begins_at", "ends_at")} | {"topics": topics}


def values_of(row: Any) -> dict[str, Any]:
    found = {name: getattr(row, name) for name in ("title", "words", "begins_at", "ends_at")}
    for topic in row.topics.order_by("n"):
        found |= {f"title_{topic.n}": topic.title, f"matter_{topic.n}": topic.matter, f"words_{topic.n}": topic.words}
    return found
