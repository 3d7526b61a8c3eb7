"""What people fill in about a household. Forms check shapes; rules stay with the verbs."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from guanjia.households.models import Consent, HouseholdDocument, Member, Need, Pet, Purpose, Slot, Tier, Way
from guanjia.people.models import Person, Post
from guanjia.people.roles import working_as
from guanjia.tenancy.forms import ChoosingForm

from .models import Movement, Visit

NONE = [("", "—")]
LINES = {"rows": 3}
SERVING = working_as("steward", "assistant_steward", "front_desk", "supervisor", "manager", "repairer")


class DayField(forms.DateField):
    widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")


class ActForm(forms.Form):
    """About one row, filled by one reach; both at hand for choices and first values."""

    def __init__(self, *args: Any, row: Any, reach: Any, **kwargs: Any) -> None:
        self.row, self.reach = row, reach
        super().__init__(*args, **kwargs)
        self.prepare()

    def prepare(self) -> None:
        """Fill choices and first values."""

    def choose(self, name: str, choices: Any) -> None:
        field: Any = self.fields[name]
        field.choices = choices

    def first(self, **values: Any) -> None:
        for name, value in values.items():
            self.fields[name].initial = value

    def people(self) -> list[tuple[Any, str]]:
        """Who serves at the estate today."""
        from guanjia import clock

        posts = (
            Post.objects.at_estate(self.reach.estate).held_on(clock.today(self.reach.estate)).filter(role__in=SERVING)
        )
        rows = Person.objects.filter(pk__in=posts.values("person_id"), is_active=True).order_by("name")
        return [*NONE, *rows.values_list("pk", "name")]

    def members(self) -> list[tuple[Any, str]]:
        return [*NONE, *self.row.members.filter(left_on__isnull=True).order_by("pk").values_list("pk", "name")]


class EmptyForm(ActForm):
    pass


class WhyForm(ActForm):
    why = forms.CharField(label=_("原因"), max_length=300, min_length=2, widget=forms.Textarea(attrs={"rows": 2}))


class MergeForm(ActForm, ChoosingForm):
    """Who of the household is the same person: chosen by name, no number is typed."""

    twin = forms.ModelChoiceField(
        Member.objects.none(), label=_("和哪一位是同一个人"), help_text=_("对方的需要、同意和联系方式归到这一位，对方登记为搬离。")
    )

    def prepare(self) -> None:
        rows = Member.objects.at_estate(self.row.estate_id).filter(household=self.row.household_id, left_on__isnull=True)
        self.among("twin", rows.exclude(pk=self.row.pk).order_by("pk"))


class VisitForm(ActForm):
    outcome = forms.ChoiceField(
        label=_("结果"),
        choices=[each for each in Visit.Outcome.choices if each[0] != "called_off"],
        initial="met",
        widget=forms.RadioSelect,
    )
    way = forms.ChoiceField(label=_("方式"), choices=Visit.Way.choices, initial="door", widget=forms.RadioSelect)
    met_whom = forms.CharField(label=_("见到谁"), max_length=60, required=False)
    heard = forms.CharField(label=_("听到的需求"), max_length=2000, required=False, widget=forms.Textarea(attrs=LINES))
    file_ticket = forms.BooleanField(label=_("不能当场答复，转为报事单"), required=False)
    answered = forms.CharField(
        label=_("当场答复了什么"), max_length=2000, required=False, widget=forms.Textarea(attrs={"rows": 2})
    )
    mood = forms.TypedChoiceField(
        label=_("满意程度"),
        choices=[(n, str(n)) for n in range(1, 6)],
        required=False,
        coerce=int,
        empty_value=None,
        widget=forms.RadioSelect,
    )
    opinion = forms.CharField(label=_("意见"), max_length=300, required=False)
    promise = forms.CharField(label=_("承诺了什么"), max_length=300, required=False)
    follower = forms.TypedChoiceField(label=_("谁跟进"), required=False, coerce=int, empty_value=None)
    due_on = DayField(label=_("哪天前"), required=False)
    client_key = forms.CharField(max_length=40, required=False, widget=forms.HiddenInput)

    def prepare(self) -> None:
        self.choose("follower", self.people())
        if isinstance(self.row, Visit):
            self.first(way=self.row.way)


class AppointmentForm(ActForm):
    day = DayField(label=_("哪天"))
    slot = forms.ChoiceField(label=_("时段"), choices=[*NONE, *Slot.choices], required=False)
    way = forms.ChoiceField(
        label=_("方式"),
        choices=[each for each in Visit.Way.choices if each[0] != "chance"],
        initial="door",
        widget=forms.RadioSelect,
    )
    person = forms.TypedChoiceField(label=_("谁去"), required=False, coerce=int, empty_value=None)
    why = forms.CharField(label=_("为什么"), max_length=200, required=False)

    def prepare(self) -> None:
        self.choose("person", self.people())
        self.first(person=self.reach.person_id, slot=self.row.slot)


class PreferencesForm(ActForm):
    slot = forms.ChoiceField(label=_("方便的时段"), choices=[*NONE, *Slot.choices], required=False)
    way = forms.ChoiceField(label=_("联系方式"), choices=[*NONE, *Way.choices], required=False)
    preferences = forms.CharField(label=_("偏好"), max_length=300, required=False)
    hints = forms.CharField(
        label=_("上门须知"), max_length=300, required=False, help_text=_("敲门前要知道的，例如：家有大型犬。")
    )

    def prepare(self) -> None:
        self.first(**{name: getattr(self.row, name) for name in self.fields})


class TierForm(ActForm):
    tier = forms.ChoiceField(label=_("分层"), choices=Tier.choices, widget=forms.RadioSelect)
    why = forms.CharField(label=_("原因"), max_length=300, widget=forms.Textarea(attrs={"rows": 2}))
    until = DayField(label=_("到哪天"), required=False, help_text=_("不填就一直有效，直到交还规则。"))


class KeyForm(ActForm):
    why = forms.CharField(label=_("为什么列为重点"), max_length=300)
    plan = forms.CharField(label=_("修复与维护计划"), max_length=2000, widget=forms.Textarea(attrs={"rows": 4}))
    goal = forms.CharField(label=_("满意目标"), max_length=200, required=False)


class CareActForm(ActForm):
    words = forms.CharField(label=_("做了什么"), max_length=500, widget=forms.Textarea(attrs=LINES))
    plan_for = DayField(label=_("下一次"), required=False)


class MovementForm(ActForm):
    kind = forms.ChoiceField(label=_("性质"), choices=Movement.Kind.choices, widget=forms.RadioSelect)
    words = forms.CharField(label=_("动态"), max_length=500, widget=forms.Textarea(attrs=LINES))


class FeedbackForm(ActForm):
    feedback = forms.CharField(label=_("反馈"), max_length=500, widget=forms.Textarea(attrs=LINES))


class ResultForm(ActForm):
    result = forms.CharField(label=_("结果，怎样告诉住户的"), max_length=300, widget=forms.Textarea(attrs=LINES))


class MemberForm(ActForm):
    name = forms.CharField(label=_("姓名"), max_length=60)
    kind = forms.ChoiceField(label=_("身份"), choices=Member.Kind.choices, initial="family", widget=forms.RadioSelect)
    sex = forms.ChoiceField(label=_("性别"), choices=[*NONE, ("M", _("男")), ("F", _("女"))], required=False)
    born_year = forms.IntegerField(label=_("出生年份"), min_value=1900, max_value=2100, required=False)
    born_on = DayField(label=_("生日"), required=False)

    def prepare(self) -> None:
        if isinstance(self.row, Member):
            self.first(**{name: getattr(self.row, name) for name in self.fields})


class NewMemberForm(MemberForm):
    phone = forms.CharField(
        label=_("手机号"), max_length=20, required=False, widget=forms.TextInput(attrs={"inputmode": "tel"})
    )


class PhoneForm(ActForm):
    phone = forms.CharField(
        label=_("新号码"), max_length=20, required=False, widget=forms.TextInput(attrs={"inputmode": "tel"})
    )
    why = forms.CharField(label=_("怎么知道的"), max_length=200, required=False)


class ConsentForm(ActForm):
    purpose = forms.ChoiceField(label=_("用途"), choices=Purpose.choices, widget=forms.RadioSelect)
    how = forms.ChoiceField(
        label=_("怎样同意的"),
        choices=[each for each in Consent.How.choices if each[0] != "online"],
        widget=forms.RadioSelect,
    )


class NeedForm(ActForm):
    kind = forms.ChoiceField(label=_("需要"), choices=Need.Kind.choices, widget=forms.RadioSelect)
    member = forms.TypedChoiceField(
        label=_("哪位成员"), required=False, coerce=int, empty_value=None, help_text=_("健康类需要必选，且本人已同意。")
    )
    words = forms.CharField(label=_("说明"), max_length=500, widget=forms.Textarea(attrs={"rows": 2}))

    def prepare(self) -> None:
        self.choose("member", self.members())
        if not self.reach.may("household.needs"):
            self.choose("kind", [each for each in Need.Kind.choices if each[0] not in Need.SENSITIVE])


class PetForm(ActForm):
    kind = forms.ChoiceField(label=_("种类"), choices=Pet.Kind.choices, widget=forms.RadioSelect)
    name = forms.CharField(label=_("名字"), max_length=40, required=False)
    breed = forms.CharField(label=_("品种"), max_length=40, required=False)
    licence = forms.CharField(label=_("登记证号"), max_length=40, required=False)
    vaccinated_on = DayField(label=_("免疫日期"), required=False)


class VehicleForm(ActForm):
    plate = forms.CharField(label=_("车牌"), max_length=20, min_length=3)
    brand = forms.CharField(label=_("品牌"), max_length=40, required=False)
    colour = forms.CharField(label=_("颜色"), max_length=20, required=False)


class DocumentForm(ActForm):
    kind = forms.ChoiceField(label=_("种类"), choices=HouseholdDocument.Kind.choices)
    title = forms.CharField(label=_("名称"), max_length=80)
    upload = forms.FileField(
        label=_("文件"),
        help_text=_("照片或 PDF，20 MB 以内。"),
        widget=forms.ClearableFileInput(attrs={"accept": "image/*,application/pdf"}),
    )
