"""What people fill in about a house file. Rules stay with the verbs."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from guanjia import clock
from guanjia.households.models import Occupancy
from guanjia.staffing.finding import unit_for
from guanjia.tenancy.forms import ChoosingForm
from guanjia.tickets.models import Ticket

from .book import services_book
from .models import HouseFile, HouseRepair, ServiceOrder

DAY = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")


class OpenForm(forms.Form):
    room = forms.CharField(label=_("房号"), max_length=40)
    agreed = forms.CharField(label=_("住户怎样同意"), max_length=120, help_text=_("例如：电话订购，签了服务单。"))

    def __init__(self, *args: Any, reach: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.reach = reach

    def clean_room(self) -> Any:
        unit = unit_for(self.reach.estate, self.cleaned_data["room"])
        homes = Occupancy.objects.at_estate(self.reach.estate).filter(unit=unit, during__contains=clock.today(self.reach.estate))
        home = homes.select_related("unit", "household").order_by("kind", "pk").first() if unit else None
        if home is None:
            raise forms.ValidationError(_now("没有找到这套房的住户。"))
        return home


class ItemForm(ChoosingForm):
    kind = forms.ChoiceField(label=_("类别"))
    name = forms.CharField(label=_("名称"), max_length=60)
    brand = forms.CharField(label=_("品牌型号"), max_length=60, required=False)
    place = forms.CharField(label=_("位置"), max_length=40, required=False)
    installed_on = forms.DateField(label=_("安装日期"), required=False, widget=DAY)
    warranty_until = forms.DateField(label=_("保修到"), required=False, widget=DAY)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.offer("kind", [(key, _now(entry.title)) for key, entry in services_book().house_items.items()])


class MendForm(ChoosingForm):
    """`source`: o<order> or t<ticket> of this home that stands in no file yet."""

    item = forms.ChoiceField(label=_("设备"))
    on = forms.DateField(label=_("日期"), widget=DAY)
    words = forms.CharField(label=_("做了什么"), max_length=200)
    source = forms.ChoiceField(label=_("按哪张单"), required=False)

    def __init__(self, *args: Any, file: HouseFile, **kwargs: Any) -> None:
        kwargs.setdefault("initial", {"on": clock.today(file.estate)})
        super().__init__(*args, **kwargs)
        self.items = {str(row.pk): row for row in file.items.all()}
        self.sources = sources(file)
        self.offer("item", [(key, f"{row.title} {row.name}") for key, row in self.items.items()])
        self.offer("source", [("", _now("没有单号")), *((key, f"{row.number} {row.title}") for key, row in self.sources.items())])

    def said(self) -> dict[str, Any]:
        data = self.cleaned_data
        found = self.sources.get(data["source"])
        return {"item": self.items[data["item"]], "on": data["on"], "words": data["words"], "order" if data["source"][:1] == "o" else "ticket": found}


class ReportForm(forms.Form):
    advice = forms.CharField(label=_("保养建议"), max_length=500, widget=forms.Textarea(attrs={"rows": 3}))


def sources(file: HouseFile) -> dict[str, Any]:
    """Repairs of the home that were done and are written down nowhere yet, newest first."""
    known = HouseRepair.objects.at_estate(file.estate_id)
    orders = ServiceOrder.objects.at_estate(file.estate_id).filter(unit=file.unit_id, household=file.household_id, stage="done")
    tickets = Ticket.objects.at_estate(file.estate_id).filter(unit=file.unit_id, kind="repair", done_at__isnull=False)
    orders = orders.exclude(pk__in=known.filter(order__isnull=False).values("order_id")).order_by("-done_at")[:20]
    tickets = tickets.exclude(pk__in=known.filter(ticket__isnull=False).values("ticket_id")).order_by("-done_at")[:20]
    return {f"o{row.pk}": row for row in orders} | {f"t{row.pk}": row for row in tickets}
