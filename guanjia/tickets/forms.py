"""What people fill in. Forms check shapes; rules stay with the verbs."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from guanjia.people.models import Person, Post
from guanjia.people.roles import Role, title_of, working_as
from guanjia.tickets.categories import categories
from guanjia.tickets.kinds import Kind, Klass, Priority
from guanjia.tickets.kinds import Verdict as Ruling

from .models import Confirmation, Incident, Ticket

# Whoever works as one of these can be given an order.
WORKING = working_as("repairer", "cleaner", "order_keeper", "order_leader", "steward", "assistant_steward", "supervisor")


class ActForm(forms.Form):
    """A form about one row, filled by one reach; both are at hand for choices."""

    note: Any = ""  # what one has to know to fill it in

    def __init__(self, *args: Any, row: Any = None, reach: Any = None, **kwargs: Any) -> None:
        self.row, self.reach = row, reach
        super().__init__(*args, **kwargs)
        self.prepare()

    def prepare(self) -> None:
        """Fill choices and first values."""

    def choice(self, name: str) -> Any:
        """A field whose choices are filled in `prepare`."""
        return self.fields[name]


class EmptyForm(ActForm):
    pass


class WordsForm(ActForm):
    words = forms.CharField(label=_("内容"), max_length=1000, widget=forms.Textarea(attrs={"rows": 3}))


class MeasureForm(WordsForm):
    words = forms.CharField(label=_("内容"), max_length=500, widget=forms.Textarea(attrs={"rows": 3}))


class WhyForm(ActForm):
    why = forms.CharField(label=_("原因"), max_length=300, widget=forms.Textarea(attrs={"rows": 2}))


class ClassifyForm(ActForm):
    klass = forms.ChoiceField(label=_("级别"), choices=Klass.choices, widget=forms.RadioSelect)
    category = forms.ChoiceField(label=_("类别"))
    kind = forms.ChoiceField(label=_("性质"), choices=Kind.choices)
    why = forms.CharField(label=_("改分类的原因"), max_length=300, required=False)

    def prepare(self) -> None:
        from .categories import propose

        self.choice("category").choices = [(c.key, c.title) for c in categories().values()]
        guess = categories().get(self.row.category) or propose(self.row.words)
        self.initial.setdefault("category", guess.key)
        self.initial.setdefault("klass", self.row.klass or guess.klass)
        self.initial.setdefault("kind", self.row.kind)
        if not self.row.klass:
            del self.fields["why"]


def colleagues(reach: Any, day: Any) -> list[tuple[int, str]]:
    """Who can be given work here today: `(id, 周工 · 维修工 · 东区)`, the zone's own people first."""
    posts = Post.objects.at_estate(reach.estate).filter(role__in=WORKING).held_on(day).select_related("person", "zone")
    words: dict[int, list[str]] = {}
    for post in posts:
        entry = words.setdefault(post.person_id, [post.person.name])
        entry.append(title_of(post.role) + (f" {post.zone.name}" if post.zone else ""))
    return sorted(((pk, " · ".join(parts)) for pk, parts in words.items()), key=lambda pair: pair[1])


class PersonField(forms.TypedChoiceField):
    """A colleague with a post here; comes back as the Person."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(coerce=lambda pk: Person.objects.get(pk=pk), empty_value=None, **kwargs)


class DispatchForm(ActForm):
    worker = PersonField(label=_("派给"))
    priority = forms.ChoiceField(label=_("优先级"), choices=Priority.choices, widget=forms.RadioSelect)
    wishes = forms.CharField(label=_("业主的特殊要求"), max_length=300, help_text=_("例如：下午两点后上门，孩子上网课请轻声。没有请写“无”。"))
    instructions = forms.CharField(label=_("给师傅的说明"), max_length=500, required=False, widget=forms.Textarea(attrs={"rows": 2}))

    def prepare(self) -> None:
        from guanjia import clock

        self.choice("worker").choices = [("", _("请选择")), *colleagues(self.reach, clock.today(self.reach.estate))]
        self.initial.setdefault("priority", self.row.priority)
        self.initial.setdefault("wishes", self.row.wishes)


class StewardForm(WhyForm):
    steward = PersonField(label=_("转给哪位管家"))
    field_order = ["steward", "why"]

    def prepare(self) -> None:
        from guanjia.people.responsibility import holders

        people = holders(self.reach.estate, Role.STEWARD)
        self.choice("steward").choices = [("", _("请选择")), *[(p.pk, p.name) for p in people if p.pk != self.row.steward_id]]


class ConfirmForm(ActForm):
    outcome = forms.ChoiceField(label=_("业主怎么说"), choices=Confirmation.Outcome.choices, widget=forms.RadioSelect)
    words = forms.CharField(label=_("备注"), max_length=300, required=False)


class RateForm(ActForm):
    speed = forms.IntegerField(label=_("响应速度"), min_value=1, max_value=5)
    result = forms.IntegerField(label=_("处理结果"), min_value=1, max_value=5)
    attitude = forms.IntegerField(label=_("服务态度"), min_value=1, max_value=5)
    words = forms.CharField(label=_("想说的话"), max_length=500, required=False, widget=forms.Textarea(attrs={"rows": 2}))


class MergeForm(ActForm):
    target = forms.CharField(label=_("并入哪一单"), help_text=_("填写单号，例如 260310-0412"))

    def clean_target(self) -> Ticket:
        found = Ticket.objects.visible_to(self.reach).filter(number=self.cleaned_data["target"].strip()).first()
        if found is None:
            raise forms.ValidationError(_("没有找到这张报事单。"))
        return found


class PassOnForm(ActForm):
    to = forms.CharField(label=_("转交给"), max_length=80, help_text=_("其他片区、兄弟单位或主管部门"))
    words = forms.CharField(label=_("说明"), max_length=300, required=False)


class JudgeForm(ActForm):
    ruling = forms.ChoiceField(label=_("判定"), choices=Ruling.choices, widget=forms.RadioSelect)
    why = forms.CharField(label=_("理由"), max_length=300, widget=forms.Textarea(attrs={"rows": 2}))
    department = forms.CharField(label=_("责任部门"), max_length=40, required=False)
    accused = PersonField(label=_("责任人"), required=False)

    def prepare(self) -> None:
        from guanjia import clock

        self.choice("accused").choices = [("", _("未确定")), *colleagues(self.reach, clock.today(self.reach.estate))]


class CompensateForm(WhyForm):
    amount = forms.DecimalField(label=_("金额（元）"), min_value=0, max_digits=14, decimal_places=2)
    field_order = ["amount", "why"]


class SignForm(ActForm):
    signer = forms.CharField(label=_("签字人"), max_length=60)
    signature = forms.CharField(widget=forms.HiddenInput)

    def prepare(self) -> None:
        self.initial.setdefault("signer", self.row.reporter_name)

    def clean_signature(self) -> Any:
        import base64
        import binascii

        from django.core.files.base import ContentFile

        head, _comma, body = self.cleaned_data["signature"].partition(",")
        try:
            content = base64.b64decode(body, validate=True)
        except (binascii.Error, ValueError) as error:
            raise forms.ValidationError(_("请在框内签字。")) from error
        if head != "data:image/png;base64" or not content or len(content) > 500_000:
            raise forms.ValidationError(_("请在框内签字。"))
        return ContentFile(content, "signature.png")


class IncidentForm(ActForm):
    title = forms.CharField(label=_("事件名称"), max_length=80, help_text=_("例如：3 栋 1 单元停水"))

    def prepare(self) -> None:
        self.initial.setdefault("title", self.row.title)


class JoinForm(ActForm):
    incident = forms.ModelChoiceField(label=_("归入哪个事件"), queryset=Incident.objects.none())

    def prepare(self) -> None:
        rows = self.choice("incident").queryset = Incident.objects.at_estate(self.reach.estate).open().order_by("-opened_at")
        self.choice("incident").empty_label = _("请选择")
        if not rows.exists():
            self.note = str(_("现在没有进行中的区域事件。先在其中一张报事单上“设为区域事件”。"))
