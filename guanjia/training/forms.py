"""What is typed about trainings, exams and certificates. Rules live in the verbs; forms only read."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from guanjia.duties.forms import THIS_CENTURY
from guanjia.staffing.forms import Day, PersonChoice, colleagues
from guanjia.tenancy.forms import ChoosingForm

from .book import choices
from .models import OutlineItem, Question


class Moment(forms.DateTimeInput):
    input_type = "datetime-local"

    def __init__(self) -> None:
        super().__init__(format="%Y-%m-%dT%H:%M")


def moment(label: Any) -> forms.DateTimeField:
    return forms.DateTimeField(label=label, widget=Moment(), input_formats=["%Y-%m-%dT%H:%M", "%Y-%m-%d %H:%M"])


class Groups(forms.MultipleChoiceField):
    """Post groups; none ticked: everybody."""

    def __init__(self, **more: Any) -> None:
        super().__init__(
            required=False, label=gettext_lazy("对象"), widget=forms.CheckboxSelectMultiple, help_text=gettext_lazy("都不选就是全体员工。"), **more
        )


class Spans(forms.Form):
    """From a moment to a later one."""

    starts_at = moment(gettext_lazy("开始"))
    ends_at = moment(gettext_lazy("结束"))

    def clean(self) -> dict[str, Any]:
        said = super().clean() or {}
        if said.get("starts_at") and said.get("ends_at") and said["ends_at"] <= said["starts_at"]:
            self.add_error("ends_at", _("结束时间要在开始之后。"))
        return said


class MakeUpForm(Spans):
    place = forms.CharField(label=gettext_lazy("地点"), max_length=80, required=False)


class SessionForm(Spans, ChoosingForm):
    title = forms.CharField(label=gettext_lazy("主题"), max_length=80)
    course = forms.ChoiceField(label=gettext_lazy("类别"))
    place = forms.CharField(label=gettext_lazy("地点"), max_length=80, required=False)
    trainer = PersonChoice(label=gettext_lazy("讲师"))
    groups = Groups()
    item = forms.ModelChoiceField(OutlineItem.objects.none(), label=gettext_lazy("大纲条目"), required=False, empty_label=gettext_lazy("不在大纲里"))
    words = forms.CharField(label=gettext_lazy("内容提要"), max_length=2000, required=False, widget=forms.Textarea(attrs={"rows": 3}))
    field_order = ("title", "course", "starts_at", "ends_at", "place", "trainer", "groups", "item", "words")

    def __init__(self, *args: Any, estate: Any, year: int, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.offer("course", choices("courses"))
        self.offer("groups", choices("groups"))
        self.among("trainer", colleagues(estate))
        self.among("item", OutlineItem.objects.at_estate(estate).filter(outline__year=year))


class ItemForm(ChoosingForm):
    group = forms.ChoiceField(label=gettext_lazy("岗位组"))
    month = forms.TypedChoiceField(label=gettext_lazy("月份"), coerce=int)
    title = forms.CharField(label=gettext_lazy("培训内容"), max_length=80)
    course = forms.ChoiceField(label=gettext_lazy("类别"))
    hours = forms.DecimalField(label=gettext_lazy("课时"), min_value=0, max_value=100, max_digits=5, decimal_places=1, initial=2)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.offer("group", choices("groups"))
        self.offer("course", choices("courses"))
        self.offer("month", [(n, _("%(n)s 月") % {"n": n}) for n in range(1, 13)])


class ExamForm(ChoosingForm):
    paper = forms.ChoiceField(label=gettext_lazy("试卷"))
    title = forms.CharField(label=gettext_lazy("名称"), max_length=80)
    opens_at = moment(gettext_lazy("开放"))
    closes_at = moment(gettext_lazy("截止"))
    minutes = forms.IntegerField(label=gettext_lazy("时长（分钟）"), min_value=1, max_value=600, required=False, help_text=gettext_lazy("不填按试卷规定。"))
    pass_mark = forms.IntegerField(label=gettext_lazy("及格线（%）"), min_value=1, max_value=100, required=False)
    attempts = forms.IntegerField(label=gettext_lazy("每人次数"), min_value=1, max_value=20, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.offer("paper", choices("papers"))


class QuestionForm(ChoosingForm):
    """A question; choices one a line, the right ones marked by their letters."""

    code = forms.CharField(label=gettext_lazy("编号"), max_length=20)
    kind = forms.ChoiceField(label=gettext_lazy("题型"), choices=Question.Kind.choices)
    topic = forms.ChoiceField(label=gettext_lazy("主题"))
    groups = Groups()
    stem = forms.CharField(label=gettext_lazy("题目"), max_length=500, widget=forms.Textarea(attrs={"rows": 3}))
    choices = forms.CharField(label=gettext_lazy("选项"), max_length=2000, required=False, help_text=gettext_lazy("一行一个，判断和简答不用填。"), widget=forms.Textarea(attrs={"rows": 4}))
    key = forms.CharField(label=gettext_lazy("答案"), max_length=20, required=False, help_text=gettext_lazy("选择题写字母，例如 A 或 ABD；判断题写对或错。"))
    answer = forms.CharField(label=gettext_lazy("解答"), max_length=1000, required=False, help_text=gettext_lazy("写了解答才会出现在百问百答里。"), widget=forms.Textarea(attrs={"rows": 3}))
    source = forms.CharField(label=gettext_lazy("出处条款"), max_length=60, required=False)
    in_handbook = forms.BooleanField(label=gettext_lazy("列入百问百答"), required=False)
    in_exams = forms.BooleanField(label=gettext_lazy("可出现在试卷"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.offer("topic", choices("topics"))
        self.offer("groups", choices("groups"))


class CertificateForm(ChoosingForm):
    person = PersonChoice(label=gettext_lazy("谁"))
    kind = forms.ChoiceField(label=gettext_lazy("证书"))
    number = forms.CharField(label=gettext_lazy("编号"), max_length=60, widget=forms.TextInput(attrs={"autocomplete": "off"}))
    issued_on = forms.DateField(label=gettext_lazy("发证日期"), required=False, widget=Day(), validators=THIS_CENTURY)
    valid_until = forms.DateField(label=gettext_lazy("有效期至"), required=False, widget=Day(), validators=THIS_CENTURY, help_text=gettext_lazy("长期有效就不填。"))
    scan = forms.FileField(label=gettext_lazy("扫描件"), required=False, help_text=gettext_lazy("照片或 PDF，不超过 20 MB。"))

    def __init__(self, *args: Any, estate: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.among("person", colleagues(estate))
        self.offer("kind", choices("certificates"))
