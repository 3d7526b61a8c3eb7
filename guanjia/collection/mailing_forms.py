"""What people fill in about letters to households. Rules stay with the verbs."""

from __future__ import annotations

import re
from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from guanjia.estates.models import Building, Unit, Zone
from guanjia.estates.rooms import code_of, split
from guanjia.tenancy.forms import ChoosingForm

PARTED = re.compile(r"[,，、;；\n]+")
Ticks = forms.CheckboxSelectMultiple


class MailingForm(ChoosingForm):
    title = forms.CharField(label=_("标题"), max_length=60)
    words = forms.CharField(label=_("正文"), max_length=4000, widget=forms.Textarea(attrs={"rows": 10}))
    signer = forms.CharField(label=_("落款"), max_length=60, help_text=_("部门或姓名，写在信末。"))
    rooms = forms.CharField(
        label=_("房号"), max_length=2000, required=False, widget=forms.Textarea(attrs={"rows": 2}), help_text=_("一户或几户，用逗号或换行分开。")
    )
    zones = forms.TypedMultipleChoiceField(label=_("片区"), coerce=int, required=False, widget=Ticks)
    buildings = forms.TypedMultipleChoiceField(label=_("楼栋"), coerce=int, required=False, widget=Ticks)
    client_key = forms.CharField(required=False, max_length=40, widget=forms.HiddenInput)

    def __init__(self, *args: Any, reach: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.reach = reach
        zones, buildings = Zone.objects.at_estate(reach.estate), Building.objects.at_estate(reach.estate)
        if reach.sees != "estate":
            zones = zones.filter(pk__in=list(reach.zones))
            buildings = buildings.filter(zone_id__in=list(reach.zones))
        self.offer("zones", [(row.pk, row.name) for row in zones.order_by("code")])
        self.offer("buildings", [(row.pk, str(row)) for row in buildings])

    def clean_rooms(self) -> list[int] | None:
        """Ids of the rooms in any spelling; None when none is named."""
        said = [words.strip() for words in PARTED.split(self.cleaned_data["rooms"]) if words.strip()]
        codes = {words: code_of(*found) if (found := split(words)) else words for words in said}
        known = dict(Unit.objects.at_estate(self.reach.estate).filter(code__in=codes.values()).values_list("code", "pk"))
        if missing := [words for words, code in codes.items() if code not in known]:
            raise forms.ValidationError(gettext("没有这些房号：%(rooms)s") % {"rooms": "、".join(missing[:10])})
        return [known[code] for code in codes.values()] if said else None


class HandForm(forms.Form):
    """One paper handed over; the signature or photo comes beside it."""

    taker = forms.CharField(label=_("谁收的"), max_length=40, required=False)
    words = forms.CharField(label=_("备注"), max_length=100, required=False, help_text=_("邮寄的写单号。"))
    signature = forms.CharField(max_length=700_000, required=False, widget=forms.HiddenInput)
    enveloped = forms.BooleanField(label=_("已装入公司统一信封"), required=False)
    briefed = forms.BooleanField(label=_("已先向保安说明内容"), required=False)


class AddressForm(forms.Form):
    address = forms.CharField(label=_("邮寄地址"), max_length=120)
