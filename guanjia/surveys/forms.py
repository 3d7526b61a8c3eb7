"""What is typed about polls, opinions and open days. Rules live in the verbs; forms only read."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from guanjia.duties.forms import THIS_CENTURY
from guanjia.estates.models import Building, Zone
from guanjia.households.models import Tier
from guanjia.people.models import Post
from guanjia.people.roles import title_of
from guanjia.tenancy.forms import ChoosingForm

from .book import Question, surveys_book
from .models import Opinion, Poll

MOST_CHOICES = 20


class Day(forms.DateInput):
    input_type = "date"

    def __init__(self) -> None:
        super().__init__(format="%Y-%m-%d")


class Moment(forms.DateTimeInput):
    input_type = "datetime-local"

    def __init__(self) -> None:
        super().__init__(format="%Y-%m-%dT%H:%M")


def _many(label: Any) -> forms.MultipleChoiceField:
    return forms.MultipleChoiceField(label=label, required=False, widget=forms.CheckboxSelectMultiple, help_text=gettext_lazy("一个都不选就是全部。"))


class PollForm(ChoosingForm):
    """How a draft is set up."""

    title = forms.CharField(label=gettext_lazy("标题"), max_length=80)
    intro = forms.CharField(label=gettext_lazy("开头的话"), max_length=300, required=False, widget=forms.Textarea(attrs={"rows": 2}))
    begins_on = forms.DateField(label=gettext_lazy("从哪天起"), widget=Day(), validators=THIS_CENTURY)
    ends_on = forms.DateField(label=gettext_lazy("到哪天止"), widget=Day(), validators=THIS_CENTURY)
    draw = forms.ChoiceField(label=gettext_lazy("问谁"), choices=Poll.Draw.choices)
    size = forms.IntegerField(label=gettext_lazy("抽多少户"), min_value=0, max_value=100000, required=False)
    anonymous = forms.BooleanField(
        label=gettext_lazy("不记名"), required=False, help_text=gettext_lazy("谁答过和答了什么分开保存，结束后混在一起才能看，任何人都对不上。")
    )
    zones = _many(gettext_lazy("片区"))
    buildings = _many(gettext_lazy("楼栋"))
    tiers = _many(gettext_lazy("分层"))
    roles = _many(gettext_lazy("岗位"))

    def __init__(self, *args: Any, poll: Poll, **kwargs: Any) -> None:
        kwargs.setdefault("initial", {**{name: getattr(poll, name) for name in ("title", "intro", "begins_on", "ends_on", "draw", "size", "anonymous")}, **poll.scope})
        super().__init__(*args, **kwargs)
        here: Any = {"zones": Zone.objects.at_estate(poll.estate_id).order_by("code"), "buildings": Building.objects.at_estate(poll.estate_id).order_by("order")}
        if poll.audience == Poll.Audience.STAFF:
            for name in ("zones", "buildings", "tiers"):
                del self.fields[name]
            held = Post.objects.at_estate(poll.estate_id).values_list("role", flat=True).distinct().order_by("role")
            self.offer("roles", [(role, title_of(role)) for role in held])
            return
        del self.fields["roles"]
        for name, rows in here.items():
            self.offer(name, [(str(row.pk), str(row)) for row in rows])
        self.offer("tiers", Tier.choices)

    def said(self) -> dict[str, Any]:
        """For `poll.revise`."""
        found = dict(self.cleaned_data)
        scope = {}
        for name in ("zones", "buildings", "tiers", "roles"):
            if chosen := found.pop(name, []):
                scope[name] = [int(one) for one in chosen] if name in ("zones", "buildings") else chosen
        return {**found, "size": found["size"] or 0, "scope": scope}


class QuestionForm(forms.Form):
    """One question of a draft."""

    title = forms.CharField(label=gettext_lazy("题目"), max_length=200)
    section = forms.CharField(label=gettext_lazy("分组"), max_length=60, required=False)
    kind = forms.ChoiceField(
        label=gettext_lazy("题型"),
        choices=[
            ("scale", gettext_lazy("打分 1–5")), ("single", gettext_lazy("单选")), ("multiple", gettext_lazy("多选")), ("yesno", gettext_lazy("是 / 否")), ("text", gettext_lazy("文字")),
        ],
    )  # fmt: skip
    choices = forms.CharField(label=gettext_lazy("选项"), required=False, widget=forms.Textarea(attrs={"rows": 3}), help_text=gettext_lazy("单选、多选用；一行一个。"))
    core = forms.ChoiceField(
        label=gettext_lazy("计入指标"), required=False,
        choices=[("", "—"), ("overall", gettext_lazy("总体满意度")), ("speed", gettext_lazy("响应速度")), ("solved", gettext_lazy("解决效果"))],
    )  # fmt: skip
    required = forms.BooleanField(label=gettext_lazy("必答"), required=False)
    collects = forms.BooleanField(label=gettext_lazy("文字进意见库"), required=False)

    def question(self, old: Question | None = None) -> dict[str, Any]:
        """As it is kept; choices that read as before keep their keys."""
        said = self.cleaned_data
        known = {title: key for key, title in old.choices.items()} if old else {}
        lines = [line.strip()[:60] for line in said["choices"].splitlines() if line.strip()][:MOST_CHOICES]
        keeps = said["kind"] in ("single", "multiple")
        choices = {known.get(line, f"c{n}"): line for n, line in enumerate(dict.fromkeys(lines), 1)} if keeps else {}
        core = said["core"] if said["kind"] == "scale" else ""
        kept = {"topics": True} if old and old.topics and keeps and set(choices) <= set(old.choices) else {}
        return {
            "title": said["title"], "section": said["section"], "kind": said["kind"], "choices": choices, "core": core, "required": said["required"],
            "collects": said["collects"] and said["kind"] == "text", "topic": old.topic if old else "", **kept,
        }  # fmt: skip

    def clean(self) -> dict[str, Any]:
        said: dict[str, Any] = super().clean() or {}
        if said.get("kind") in ("single", "multiple") and len([line for line in said.get("choices", "").splitlines() if line.strip()]) < 2:
            self.add_error("choices", _("至少两个选项。"))
        return said


def asked_of(question: Question) -> dict[str, Any]:
    """A question as its form begins."""
    names = ("title", "section", "kind", "core", "required", "collects")
    return {**{name: getattr(question, name) for name in names}, "choices": "\n".join(question.choices.values())}


def topics() -> list[tuple[str, str]]:
    return [(key, _(entry.title)) for key, entry in surveys_book().topics.items()]


class OpinionForm(ChoosingForm):
    words = forms.CharField(label=gettext_lazy("意见或建议"), max_length=500, widget=forms.Textarea(attrs={"rows": 3}))
    topic = forms.ChoiceField(label=gettext_lazy("关于"))
    room = forms.CharField(label=gettext_lazy("房号"), max_length=40, required=False)
    giver = forms.CharField(label=gettext_lazy("谁说的"), max_length=60, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.offer("topic", topics())


class SettleForm(forms.Form):
    outcome = forms.ChoiceField(label=gettext_lazy("怎样办"), choices=Opinion.Outcome.choices)
    reply = forms.CharField(label=gettext_lazy("答复"), max_length=500, widget=forms.Textarea(attrs={"rows": 3}))
    amount = forms.DecimalField(label=gettext_lazy("预计费用（元）"), max_digits=12, decimal_places=2, min_value=0, required=False)


class OpenDayForm(ChoosingForm):
    title = forms.CharField(label=gettext_lazy("标题"), max_length=60)
    scenes = forms.MultipleChoiceField(label=gettext_lazy("开放哪里"), widget=forms.CheckboxSelectMultiple)
    begins_at = forms.DateTimeField(label=gettext_lazy("开始"), widget=Moment())
    ends_at = forms.DateTimeField(label=gettext_lazy("结束"), widget=Moment())
    places = forms.IntegerField(label=gettext_lazy("名额（户）"), min_value=1, max_value=5000, initial=30)
    words = forms.CharField(label=gettext_lazy("说明"), max_length=500, required=False, widget=forms.Textarea(attrs={"rows": 2}))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.offer("scenes", [(key, _(entry.title)) for key, entry in surveys_book().scenes.items()])
