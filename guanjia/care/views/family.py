"""家人 on the resident's phone, and what households ask for at the desk."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from guanjia.households.models import Household, Member
from guanjia.web.acting import act, carry_out
from guanjia.web.guard import needs

from ..models import FamilyAsk

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

KINDS = [(kind.value, kind.label) for kind in (Member.Kind.FAMILY, Member.Kind.TENANT, Member.Kind.TEMPORARY)]


class AddForm(forms.Form):
    name = forms.CharField(label=gettext_lazy("姓名"), max_length=60)
    kind = forms.ChoiceField(label=gettext_lazy("身份"), choices=KINDS, widget=forms.RadioSelect)
    phone = forms.CharField(label=gettext_lazy("手机号"), max_length=20, required=False, widget=forms.TextInput(attrs={"inputmode": "tel"}), help_text=gettext_lazy("填了，他本人就能登录报事。"))
    words = forms.CharField(label=gettext_lazy("想说明的"), max_length=200, required=False)


class ChangeForm(forms.Form):
    act = forms.ChoiceField(label=gettext_lazy("要做什么"), choices=FamilyAsk.Act.choices[1:], widget=forms.RadioSelect)
    name = forms.CharField(label=gettext_lazy("正确的姓名"), max_length=60, required=False)
    phone = forms.CharField(label=gettext_lazy("新的手机号"), max_length=20, required=False, widget=forms.TextInput(attrs={"inputmode": "tel"}))
    words = forms.CharField(label=gettext_lazy("想说明的"), max_length=200, required=False)


def _homes(request: Any) -> list[dict[str, Any]]:
    asks = {ask.member_id: ask for ask in FamilyAsk.objects.visible_to(request.reach).open() if ask.member_id}
    rows = Household.objects.at_estate(request.estate).filter(pk__in=list(request.reach.households)).order_by("number")
    found = []
    for row in rows:
        members = list(row.members.filter(left_on__isnull=True).order_by("pk"))
        for member in members:
            member.me, member.ask = member.login_id == request.reach.person_id, asks.get(member.pk)
        found.append({"household": row, "members": members})
    return found


@needs(resident=True, staff=False)
def family(request: HttpRequest) -> HttpResponse:
    asks = FamilyAsk.objects.visible_to(request.reach).select_related("member").order_by("-asked_at")[:20]
    return render(request, "care/family.html", {"homes": _homes(request), "asks": asks})


def _household(request: Any, pk: int) -> Household:
    row: Household = get_object_or_404(Household.objects.at_estate(request.estate).filter(pk__in=list(request.reach.households)), pk=pk)
    return row


@needs(resident=True, staff=False)
def joining(request: HttpRequest, pk: int) -> HttpResponse:
    row, form, status = _household(request, pk), AddForm(request.POST or None), 200
    if request.method == "POST":
        done = carry_out(request, form, lambda said: FamilyAsk.objects.ask(row, "add", by=request.reach, **said), _("已提交，管家核对后告诉您。"), lambda made: _there(request))
        if not isinstance(done, int):
            return done
        status = done
    return render(request, "care/family_form.html", {"form": form, "title": _("加一位家人"), "household": row}, status=status)


@needs(resident=True, staff=False)
def changing(request: HttpRequest, pk: int) -> HttpResponse:
    member = get_object_or_404(Member.objects.at_estate(request.estate).filter(household_id__in=list(request.reach.households), left_on__isnull=True).select_related("household"), pk=pk)
    form, status = ChangeForm(request.POST or None, initial={"act": "change"}), 200
    if request.method == "POST":
        done = carry_out(
            request, form, lambda said: FamilyAsk.objects.ask(member.household, said.pop("act"), member=member, by=request.reach, **said), _("已提交，管家核对后告诉您。"),
            lambda made: _there(request),
        )  # fmt: skip
        if not isinstance(done, int):
            return done
        status = done
    return render(request, "care/family_form.html", {"form": form, "title": member.name, "household": member.household}, status=status)


def _there(request: Any) -> str:
    return reverse("care:family", args=[request.estate.code])


@require_POST
@needs(resident=True, staff=False)
def withdrawal(request: HttpRequest, pk: int) -> HttpResponse:
    row = get_object_or_404(FamilyAsk.objects.visible_to(request.reach).select_related("household", "member"), pk=pk)
    act(request, lambda: row.withdraw(by=request.reach), _("已撤回。"))
    return redirect("care:family", request.estate.code)


@needs("household.edit")
def asks(request: HttpRequest) -> HttpResponse:
    """What waits first, then the last answered."""
    rows = FamilyAsk.objects.visible_to(request.reach).select_related("household", "member", "asked_by", "judged_by")
    page = {"waiting": rows.open().order_by("asked_at")[:200], "past": rows.exclude(state="asked").order_by("-judged_at", "-asked_at")[:30]}
    return render(request, "care/family_asks.html", page)


@needs("household.edit")
def ask(request: HttpRequest, pk: int) -> HttpResponse:
    """Where a message leads."""
    if not FamilyAsk.objects.visible_to(request.reach).filter(pk=pk).exists():
        raise Http404
    return redirect("care:family_asks", request.estate.code)


@require_POST
@needs("household.edit")
def verdict(request: HttpRequest, pk: int) -> HttpResponse:
    row = get_object_or_404(FamilyAsk.objects.visible_to(request.reach).select_related("household", "member__household"), pk=pk)
    granted = request.POST.get("granted") == "yes"
    act(request, lambda: row.judge(granted, request.POST.get("why", ""), by=request.reach), _("已处理。"))
    return redirect("care:family_asks", request.estate.code)


@needs(resident=True, staff=False)
def my_ask(request: HttpRequest, pk: int) -> HttpResponse:
    """Where a message to the household leads."""
    get_object_or_404(FamilyAsk.objects.visible_to(request.reach), pk=pk)
    return redirect("care:family", request.estate.code)
