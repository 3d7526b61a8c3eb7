"""我的信息: what the estate holds on a resident, what they agree to, the questionnaire, their file to take away."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.contrib import messages
from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from guanjia.households.models import Consent, Member, Purpose, Slot, Way
from guanjia.jobs.models import Job
from guanjia.people.privacy import mask_identity, mask_phone
from guanjia.web.guard import needs

from .. import exporting
from ..models import Answer

if TYPE_CHECKING:
    from django.http import HttpRequest

NONE = [("", "—")]


class QuestionnaireForm(forms.Form):
    people = forms.IntegerField(label=gettext_lazy("常住几人"), min_value=1, max_value=30)
    elders = forms.IntegerField(label=gettext_lazy("其中老人"), min_value=0, max_value=30, required=False)
    children = forms.IntegerField(label=gettext_lazy("其中孩子"), min_value=0, max_value=30, required=False)
    pets = forms.CharField(label=gettext_lazy("宠物"), max_length=60, required=False)
    slot = forms.ChoiceField(label=gettext_lazy("方便的时段"), choices=[*NONE, *Slot.choices], required=False)
    way = forms.ChoiceField(label=gettext_lazy("怎样联系您"), choices=[*NONE, *Way.choices], required=False)
    wish = forms.CharField(
        label=gettext_lazy("希望我们怎样服务"), max_length=300, required=False, widget=forms.Textarea(attrs={"rows": 3})
    )


def _member(request: HttpRequest) -> Member:
    rows = Member.objects.at_estate(request.estate).filter(login_id=request.reach.person_id, left_on__isnull=True)
    row = rows.select_related("household", "estate").order_by("pk").first()
    if row is None:
        raise Http404
    return row


@needs(resident=True, staff=False)
def mine(request: HttpRequest) -> HttpResponse:
    member = _member(request)
    standing = {row.purpose: row for row in Consent.objects.at_estate(request.estate).standing().filter(member=member)}
    facts = [
        (_("姓名"), member.name), (_("身份"), member.get_kind_display()), (_("手机号"), mask_phone(member.phone)), (_("证件号"), mask_identity(member.identity)),
        (_("出生年份"), member.born_year), (_("方便的时段"), member.household.get_slot_display()), (_("怎样联系"), member.household.get_way_display()), (_("偏好"), member.household.preferences),
    ]  # fmt: skip
    purposes = [(value, label, standing.get(value)) for value, label in Purpose.choices]
    answered = Answer.objects.at_estate(request.estate).filter(household=member.household).order_by("-at").first()
    return render(
        request, "care/mine.html", {"member": member, "facts": facts, "purposes": purposes, "answered": answered}
    )


@require_POST
@needs(resident=True, staff=False)
def consent(request: HttpRequest, name: str) -> HttpResponse:
    """Give it or take it back: a second press undoes the first."""
    member = _member(request)
    if name not in Purpose.values:
        raise Http404
    standing = (
        Consent.objects.at_estate(request.estate)
        .standing()
        .filter(member=member, purpose=name)
        .select_related("member__household")
        .first()
    )
    if standing:
        standing.withdraw(by=request.reach)
    elif request.POST.get("give"):
        Consent.objects.give(member, name, Consent.How.ONLINE, by=request.reach)
    return redirect("care:mine", request.estate.code)


@needs(resident=True, staff=False)
def questionnaire(request: HttpRequest) -> HttpResponse:
    member = _member(request)
    last = Answer.objects.at_estate(request.estate).filter(household=member.household).order_by("-at").first()
    form = QuestionnaireForm(request.POST or None, initial=last.said if last else None)
    if request.method == "POST" and form.is_valid():
        said = {key: value for key, value in form.cleaned_data.items() if value not in ("", None)}
        Answer.objects.give(member.household, said, by=request.reach)
        messages.success(request, _("谢谢，已经告诉管家。"))
        return redirect("care:mine", request.estate.code)
    return render(request, "care/questionnaire.html", {"form": form}, status=422 if form.errors else 200)


@require_POST
@needs(resident=True, staff=False)
def export(request: HttpRequest) -> HttpResponse:
    job = exporting.ask(_member(request), by=request.reach)
    return redirect("care:my_exported", request.estate.code, job.pk)


@needs(resident=True, staff=False)
def exported(request: HttpRequest, pk: int) -> Any:
    """The bar; with `?file` the file itself, to nobody else."""
    job = get_object_or_404(
        Job.objects.at_estate(request.estate).filter(kind=exporting.KIND, by_id=request.reach.person_id), pk=pk
    )
    if "file" in request.GET and job.result_file:
        answer = FileResponse(job.result_file.open("rb"), as_attachment=True, filename="guanjia.zip")
        answer.headers["Cache-Control"] = "private, no-store"
        return answer
    return render(request, "care/exported.html", {"job": job})
