"""What people fill in about emergencies and hazards. Forms check shapes; rules stay with the verbs."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from guanjia import clock
from guanjia.estates.models import Building, Unit
from guanjia.people.models import Person, Post
from guanjia.staffing.finding import unit_for

from .book import emergency_book


def building_choices(estate: Any, empty: Any) -> list[tuple[str, str]]:
    rows = Building.objects.at_estate(estate).order_by("order", "number")
    return [("", empty), *((str(row.pk), gettext("%(number)s 栋") % {"number": row.number}) for row in rows)]


def colleagues(estate: Any) -> Any:
    """Everybody in post today, by name."""
    posts = Post.objects.at_estate(estate).held_on(clock.today(estate)).values("person_id")
    return Person.objects.filter(pk__in=posts, is_active=True).order_by("name")


class PlaceForm(forms.Form):
    """A building of this estate, or none."""

    building = forms.ChoiceField(label=_("楼栋"), required=False)
    nowhere: Any = _("公共区域 / 全小区")

    def __init__(self, *args: Any, estate: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.estate = estate
        field: Any = self.fields["building"]
        field.choices = building_choices(estate, self.nowhere)

    def clean_building(self) -> Any:
        key = self.cleaned_data["building"]
        return Building.objects.at_estate(self.estate).get(pk=int(key)) if key else None


class StartForm(PlaceForm):
    place = forms.CharField(label=_("具体位置"), max_length=80, required=False, widget=forms.TextInput(attrs={"placeholder": _("2 单元 5 楼走道、地下车库 B 区…")}))
    words = forms.CharField(label=_("情况"), max_length=300, required=False, widget=forms.TextInput(attrs={"placeholder": _("有无人员被困、受伤")}))


class HazardForm(PlaceForm):
    words = forms.CharField(label=_("隐患"), max_length=300, widget=forms.Textarea(attrs={"rows": 2}))
    severity = forms.ChoiceField(label=_("严重程度"), widget=forms.RadioSelect)
    where = forms.CharField(label=_("具体位置"), max_length=80, required=False)
    measure = forms.CharField(label=_("已采取的临时措施"), max_length=300, required=False, help_text=_("一时消除不了的先防护：围挡、断电、派人看守。"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["severity"]
        field.choices = [(key, gettext(entry.title)) for key, entry in emergency_book().severity.items()]


class FireForm(PlaceForm):
    words = forms.CharField(label=_("发生了什么"), max_length=300, widget=forms.Textarea(attrs={"rows": 2}))
    happened_at = forms.DateTimeField(label=_("起火时间"), widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"))
    reporter = forms.CharField(label=_("谁发现的"), max_length=80, required=False, help_text=_("空着就是登记人自己。"))
    where = forms.CharField(label=_("具体位置"), max_length=80, required=False)
    hurt = forms.IntegerField(label=_("伤亡人数"), min_value=0, max_value=1000, initial=0)


class CauseForm(forms.Form):
    cause = forms.ChoiceField(label=_("起火原因"), widget=forms.RadioSelect)
    cause_words = forms.CharField(label=_("怎样查明的"), max_length=300, required=False)
    loss = forms.DecimalField(label=_("损失（元）"), max_digits=12, decimal_places=2, min_value=0, help_text=_("估计的直接损失，没有损失写 0。"))
    hurt = forms.IntegerField(label=_("伤亡人数"), min_value=0, max_value=1000, initial=0)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["cause"]
        field.choices = [(key, gettext(entry.title)) for key, entry in emergency_book().causes.items()]


class PlanIssueForm(forms.Form):
    words = forms.CharField(
        label=_("本小区要点"), max_length=2000, widget=forms.Textarea(attrs={"rows": 6}), help_text=_("集合点、消火栓和阀门位置、配电室、监控室、维保单位电话等。")
    )


class ReportForm(forms.Form):
    cause = forms.CharField(label=_("原因分析"), max_length=2000, widget=forms.Textarea(attrs={"rows": 3}))
    course = forms.CharField(label=_("处置经过"), max_length=2000, widget=forms.Textarea(attrs={"rows": 4}), help_text=_("任务和现场记录会自动附在报告里。"))
    liable = forms.CharField(label=_("责任认定"), max_length=2000, required=False, widget=forms.Textarea(attrs={"rows": 2}))
    measures = forms.CharField(label=_("防范措施"), max_length=2000, widget=forms.Textarea(attrs={"rows": 3}))
    lessons = forms.CharField(label=_("经验教训"), max_length=2000, required=False, widget=forms.Textarea(attrs={"rows": 2}))


class HomeForm(forms.Form):
    room = forms.CharField(label=_("房号"), max_length=40)
    words = forms.CharField(label=_("受影响的情况"), max_length=300)
    hurt = forms.IntegerField(label=_("伤者人数"), min_value=0, max_value=100, initial=0)

    def __init__(self, *args: Any, estate: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.estate = estate

    def clean_room(self) -> Unit:
        unit: Unit | None = unit_for(self.estate, self.cleaned_data["room"])
        if unit is None:
            raise forms.ValidationError(gettext("没有这套房。"))
        return unit


class ClaimForm(forms.Form):
    insurer = forms.CharField(label=_("保险公司"), max_length=80)
    policy = forms.CharField(label=_("保单号"), max_length=60, required=False)
    number = forms.CharField(label=_("报案号"), max_length=60, required=False)
    amount = forms.DecimalField(label=_("索赔金额（元）"), max_digits=12, decimal_places=2, min_value=0)


class MeasureForm(forms.Form):
    words = forms.CharField(label=_("要整改什么"), max_length=400)
    responsible = forms.ModelChoiceField(label=_("责任人"), queryset=Person.objects.none())
    due_on = forms.DateField(label=_("完成日期"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"))

    def __init__(self, *args: Any, estate: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["responsible"]
        field.queryset = colleagues(estate)
