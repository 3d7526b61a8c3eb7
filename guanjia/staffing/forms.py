"""What is typed about posts, zones and leave. Rules live in the verbs; forms only read."""

from __future__ import annotations

import re
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from guanjia.duties.forms import THIS_CENTURY
from guanjia.estates.models import Building, Entrance, Unit, Zone
from guanjia.estates.rooms import code_of, split
from guanjia.people.models import Person, Post
from guanjia.people.posting import may_give
from guanjia.people.roles import roles, title_of
from guanjia.tenancy.forms import ChoosingForm

from .models import Leave


class Day(forms.DateInput):
    input_type = "date"

    def __init__(self) -> None:
        super().__init__(format="%Y-%m-%d")


class PersonChoice(forms.ModelChoiceField):
    """Somebody of the company."""

    def __init__(self, **more: Any) -> None:
        super().__init__(Person.objects.none(), **more)


def colleagues(estate: Any) -> Any:
    """Staff of the company that runs the estate, and whoever holds a post there."""
    held = Post.objects.at_estate(estate).values("person_id")
    rows = Person.objects.filter(kind=Person.Kind.STAFF, is_active=True)
    return (rows.filter(company=estate.company_id) | rows.filter(pk__in=held)).distinct().order_by("name")


def roles_of(estate: Any, by: Any) -> list[tuple[str, str]]:
    """The posts of the estate's kind of site that somebody may give, as choices."""
    there = (key for key, entry in roles().items() if estate.site_type in entry.get("sites", [estate.site_type]))
    known = [(key, title_of(key)) for key in there if may_give(by, key)]
    return [("", "---------"), *known]


def despite() -> forms.CharField:
    """Why somebody begins who does not yet meet what the post asks for (TRN-15)."""
    return forms.CharField(
        label=gettext_lazy("先行任命的原因"), max_length=300, required=False,
        help_text=gettext_lazy("还没有审核或缺必需的证书时，由经理写明原因。"),
    )  # fmt: skip


class ColleagueForm(ChoosingForm):
    """Somebody new, and the first post they take up."""

    name = forms.CharField(label=gettext_lazy("姓名"), max_length=60)
    phone = forms.CharField(
        label=gettext_lazy("手机号"), max_length=30, required=False,
        widget=forms.TextInput(attrs={"type": "tel", "inputmode": "tel", "autocomplete": "off"}),
    )  # fmt: skip
    username = forms.CharField(
        label=gettext_lazy("登录名"), max_length=60, help_text=gettext_lazy("小写字母和数字，例如 wangfang；以后用它登录。"),
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "off", "spellcheck": "false"}),
    )  # fmt: skip
    role = forms.ChoiceField(label=gettext_lazy("岗位"))
    zone = forms.ModelChoiceField(
        Zone.objects.none(), label=gettext_lazy("片区"), required=False, empty_label=gettext_lazy("整个小区")
    )
    since = forms.DateField(label=gettext_lazy("从哪天起"), widget=Day())
    despite = despite()

    def __init__(self, *args: Any, estate: Any, by: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.among("zone", Zone.objects.at_estate(estate))
        self.offer("role", roles_of(estate, by))


class AppointForm(ChoosingForm):
    person = PersonChoice(label=gettext_lazy("谁"))
    role = forms.ChoiceField(label=gettext_lazy("岗位"))
    zone = forms.ModelChoiceField(
        Zone.objects.none(), label=gettext_lazy("片区"), required=False, empty_label=gettext_lazy("整个小区")
    )
    since = forms.DateField(label=gettext_lazy("从哪天起"), widget=Day())
    until = forms.DateField(
        label=gettext_lazy("到哪天止"),
        widget=Day(),
        required=False,
        help_text=gettext_lazy("这一天不再在任；不填就一直在任。"),
    )
    deputy = forms.BooleanField(label=gettext_lazy("副职（主管家不在时代行）"), required=False)
    despite = despite()

    def __init__(self, *args: Any, estate: Any, by: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.among("person", colleagues(estate))
        self.among("zone", Zone.objects.at_estate(estate))
        self.offer("role", roles_of(estate, by))

    def clean(self) -> dict[str, Any]:
        said = super().clean() or {}
        if said.get("since") and said.get("until") and said["until"] <= said["since"]:
            self.add_error("until", _("结束日期要在开始之后。"))
        return said


class ZoneForm(ChoosingForm):
    """A zone as it should be: whole buildings, entrances, single homes."""

    code = forms.CharField(label=gettext_lazy("编号"), max_length=20)
    name = forms.CharField(label=gettext_lazy("名称"), max_length=60)
    buildings = forms.ModelMultipleChoiceField(Building.objects.none(), required=False)
    entrances = forms.ModelMultipleChoiceField(Entrance.objects.none(), required=False)
    rooms = forms.CharField(
        label=gettext_lazy("单独划入的房屋"), required=False, widget=forms.Textarea(attrs={"rows": 3}),
        help_text=gettext_lazy("一行一户或用逗号隔开，例如 3-2-501、3栋2单元502。"),
    )  # fmt: skip

    def __init__(self, *args: Any, estate: Any, zone: Zone | None = None, **kwargs: Any) -> None:
        self.estate, self.zone = estate, zone
        super().__init__(*args, **kwargs)
        self.among("buildings", Building.objects.at_estate(estate))
        self.among("entrances", Entrance.objects.at_estate(estate))

    def clean_code(self) -> str:
        """A new zone has a code of its own: under a taken one, drawing would strip the other of its homes."""
        code: str = self.cleaned_data["code"]
        if self.zone is None and Zone.objects.at_estate(self.estate).filter(code=code).exists():
            raise forms.ValidationError(_("已经有这个编号。"))
        return code

    def clean_rooms(self) -> list[Unit]:
        spelled = [words for words in re.split(r"[\s,，、;；]+", self.cleaned_data["rooms"]) if words]
        codes = {words: code_of(*found) if (found := split(words)) else words for words in spelled}
        rows = {row.code: row for row in Unit.objects.at_estate(self.estate).filter(code__in=codes.values())}
        if unknown := [words for words, code in codes.items() if code not in rows]:
            raise forms.ValidationError(_("没有这些房屋：%(rooms)s") % {"rooms": "、".join(unknown[:10])})
        return list(rows.values())


class LeaveForm(ChoosingForm):
    kind = forms.ChoiceField(label=gettext_lazy("类型"), choices=Leave.Kind.choices)
    first = forms.DateField(label=gettext_lazy("从哪天起"), validators=THIS_CENTURY, widget=Day())
    last = forms.DateField(label=gettext_lazy("到哪天（含）"), validators=THIS_CENTURY, widget=Day())
    cover = PersonChoice(
        label=gettext_lazy("谁代班"), required=False, empty_label=gettext_lazy("按岗位自动代行"),
        help_text=gettext_lazy("管家请假由副职或助理管家代行全部职责。"),
    )  # fmt: skip
    why = forms.CharField(label=gettext_lazy("原因"), max_length=300, required=False)

    def __init__(self, *args: Any, reach: Any, today: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        held = Post.objects.at_estate(reach.estate).held_on(today).values("person_id")
        self.among("cover", colleagues(reach.estate).filter(pk__in=held).exclude(pk=reach.person_id))

    def clean(self) -> dict[str, Any]:
        said = super().clean() or {}
        if said.get("first") and said.get("last") and said["last"] < said["first"]:
            self.add_error("last", _("结束日期要在开始之后。"))
        return said
