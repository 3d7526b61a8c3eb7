"""What people fill in about services. Forms check shapes; rules stay with the verbs."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from guanjia import clock
from guanjia.households.models import Occupancy
from guanjia.people.models import Person
from guanjia.staffing.finding import unit_for
from guanjia.tenancy.forms import ChoosingForm

from .book import services_book
from .models import Supplier
from .models.assignable import posts_that_work

if TYPE_CHECKING:
    from .models import Offered, ServiceOrder


class DayField(forms.DateField):
    widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")


class TimeInput(forms.TimeInput):
    input_type = "time"


def _asked(field: Any) -> forms.Field:
    """One field of an item, as data says it."""
    said: dict[str, Any] = {"label": _now(field.title), "required": field.required}
    if field.kind == "choice":
        return forms.ChoiceField(choices=[("", _now("请选择")), *((each, _now(each)) for each in field.choices)], **said)
    if field.kind == "number":
        return forms.IntegerField(min_value=0, max_value=9999, **said)
    if field.kind == "date":
        return DayField(**said)
    if field.kind == "time":
        return forms.TimeField(widget=TimeInput(format="%H:%M"), **said)
    return forms.CharField(max_length=200, **said)


class OrderForm(forms.Form):
    room = forms.CharField(label=_("房号"), max_length=40)
    count = forms.IntegerField(label=_("数量"), min_value=1, max_value=99, initial=1)
    day = DayField(label=_("希望哪天"), required=False, help_text=_("不填就是尽快。"))
    words = forms.CharField(label=_("说明"), max_length=500, required=False, widget=forms.Textarea(attrs={"rows": 3}))

    def __init__(self, *args: Any, reach: Any, one: Offered, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.reach, self.one = reach, one
        today = clock.today(reach.estate)
        self.homes = Occupancy.objects.at_estate(reach.estate).filter(during__contains=today).select_related("unit__estate", "household")
        if not reach.is_staff:
            self.homes = self.homes.filter(household_id__in=list(reach.households))
            self.fields["room"] = forms.ChoiceField(label=_("房号"), choices=[(row.unit.code, row.unit.code) for row in self.homes])
        if one.kind != "fixed" or one.free:
            del self.fields["count"]
        self.own = [f"field_{key}" for key in one.item.fields]
        for key, field in one.item.fields.items():
            self.fields[f"field_{key}"] = _asked(field)

    def asked(self) -> list[Any]:
        return [self[name] for name in self.own]

    def clean_room(self) -> Any:
        unit = unit_for(self.reach.estate, self.cleaned_data["room"])
        home = self.homes.filter(unit=unit).order_by("-during").first() if unit else None
        if home is None:
            raise forms.ValidationError(_("没有找到这套房的住户。"))
        return home

    def said(self) -> dict[str, Any]:
        data = self.cleaned_data
        details = {key: _words(data.get(f"field_{key}")) for key in self.one.item.fields}
        return {
            "unit": data["room"].unit, "household": data["room"].household, "key": self.one.key, "count": data.get("count") or 1,
            "day": data.get("day"), "words": data.get("words", ""), "details": details,
        }  # fmt: skip


def _words(value: Any) -> str:
    return f"{value:%H:%M}" if hasattr(value, "hour") else "" if value is None else str(value)


QUOTE_LINES = 5


class QuoteForm(forms.Form):
    words = forms.CharField(label=_("说明"), max_length=300, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for number in range(1, QUOTE_LINES + 1):
            self.fields[f"what{number}"] = forms.CharField(label=_("名目"), max_length=60, required=False)
            self.fields[f"yuan{number}"] = forms.DecimalField(label=_("金额"), max_digits=10, decimal_places=2, min_value=0, required=False)

    def pairs(self) -> list[tuple[Any, Any]]:
        return [(self[f"what{n}"], self[f"yuan{n}"]) for n in range(1, QUOTE_LINES + 1)]

    def lines(self) -> list[tuple[str, Decimal]]:
        data = self.cleaned_data
        pairs = [(data.get(f"what{n}") or "", data.get(f"yuan{n}")) for n in range(1, QUOTE_LINES + 1)]
        return [(what.strip(), yuan if yuan is not None else Decimal("NaN")) for what, yuan in pairs if what.strip() or yuan is not None]


class AssignForm(ChoosingForm):
    """`who`: w<person> or s<supplier>."""

    who = forms.ChoiceField(label=_("派给"))

    def __init__(self, *args: Any, order: ServiceOrder, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        today = clock.today(order.estate)
        held = posts_that_work(order.estate_id, today).values("person_id")
        self.people = {f"w{row.pk}": row for row in Person.objects.filter(pk__in=held).order_by("name")}
        self.suppliers = {f"s{row.pk}": row for row in Supplier.objects.list_for(order.estate_id, order.item, today)}
        groups: list[tuple[str, dict[str, Any]]] = [(_now("自己人"), self.people), (_now("供应商"), self.suppliers)]
        self.offer("who", [("", _now("请选择")), *((title, [(key, row.name) for key, row in rows.items()]) for title, rows in groups if rows)])

    def said(self) -> dict[str, Any]:
        who = self.cleaned_data["who"]
        return {"worker": self.people[who]} if who in self.people else {"supplier": self.suppliers[who]}


class OfferForm(forms.Form):
    on = forms.BooleanField(label=_("提供"), required=False)
    amount = forms.DecimalField(label=_("价格"), max_digits=8, decimal_places=2, min_value=0, required=False)
    hours = forms.DecimalField(label=_("承诺时间（工作小时）"), max_digits=6, decimal_places=2, min_value=0)
    since = DayField(label=_("从哪天起"))
    why = forms.CharField(label=_("原因"), max_length=200, required=False)

    def said(self) -> dict[str, Any]:
        data = dict(self.cleaned_data)
        return {"within": timedelta(seconds=int(data.pop("hours") * 3600)), **data}


class SupplierForm(ChoosingForm):
    name = forms.CharField(label=_("名称"), max_length=80)
    contact = forms.CharField(label=_("联系人"), max_length=40, required=False)
    phone = forms.CharField(label=_("电话"), max_length=30, widget=forms.TextInput(attrs={"inputmode": "tel"}))
    address = forms.CharField(label=_("地址"), max_length=120, required=False)
    licence = forms.CharField(label=_("统一社会信用代码"), max_length=80, required=False)
    items = forms.MultipleChoiceField(label=_("服务项目"), widget=forms.CheckboxSelectMultiple)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        book = services_book()
        self.offer("items", [(key, _now(item.title)) for key, item in book.items.items() if not item.why])


class ContractForm(forms.Form):
    starts = DayField(label=_("合同从"))
    ends = DayField(label=_("到"))
