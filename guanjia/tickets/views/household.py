"""What staff keep of a household while speaking with it: preferences, hints, and a telephone shown with a reason."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django import forms
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from guanjia.households.models import Member
from guanjia.people.privacy import unmask
from guanjia.tenancy.errors import Refused
from guanjia.web.guard import needs

from ..callers import may_call

if TYPE_CHECKING:
    from django.http import HttpRequest


class PreferencesForm(forms.Form):
    preferences = forms.CharField(label=_("偏好"), max_length=300, required=False, help_text=_("时间段、联系方式，例如：下午三点后，微信联系。"))
    hints = forms.CharField(label=_("上门须知"), max_length=300, required=False, help_text=_("敲门前要知道的，例如：家有大型犬。"))


class ReasonForm(forms.Form):
    why = forms.CharField(label=_("为什么要查看"), max_length=300, min_length=2, help_text=_("会记入查看记录。"))


@needs("household.edit")
def preferences(request: HttpRequest, pk: int) -> HttpResponse:
    household = get_object_or_404(may_call(request.reach), pk=pk)
    form = PreferencesForm(request.POST or None, initial={"preferences": household.preferences, "hints": household.hints})
    home = f"{reverse('tickets:desk', args=[request.estate.code])}?household={pk}"
    if request.method == "POST" and form.is_valid():
        household.keep_preferences(**form.cleaned_data, by=request.reach)
        return redirect(home)
    page = {"form": form, "home": home, "title": _("偏好与须知"), "about": household.name, "words": _("保存"), "icon": "check"}
    return render(request, "tickets/small_form.html", page, status=422 if form.errors else 200)


@needs("household.unmask")
def member_phone(request: HttpRequest, pk: int) -> HttpResponse:
    """A member's whole telephone, for a reason that is kept (HSE-14)."""
    member = get_object_or_404(Member.objects.at_estate(request.estate).filter(household__in=may_call(request.reach)), pk=pk)
    home = f"{reverse('tickets:desk', args=[request.estate.code])}?household={member.household_id}"
    form = ReasonForm(request.POST if request.method == "POST" else None)
    shown = ""
    if form.is_bound and form.is_valid():
        try:
            shown = unmask(member, "phone", form.cleaned_data["why"], request.reach)
        except Refused as refused:
            raise Http404 from refused
    page = {"form": form, "home": home, "title": _("查看手机号"), "about": member.name, "words": _("查看"), "icon": "eye", "shown": shown}
    return render(request, "tickets/small_form.html", page, status=422 if form.errors else 200)
