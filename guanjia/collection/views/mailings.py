"""客户函件: written, printed, handed over one by one with proof (COM-15..20)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.crypto import get_random_string
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from guanjia import clock
from guanjia.people.models import Person
from guanjia.web.acting import act, carry_out
from guanjia.web.guard import needs

from ..forms import WhyForm
from ..kinds import Judged
from ..mailing_forms import AddressForm, HandForm, MailingForm
from ..mailing_paper import mailing_pdf as printed
from ..mailing_paper import register
from ..models import Call, Handing, Mailing
from ..quiet import resting

if TYPE_CHECKING:
    from django.http import HttpRequest

SHOWN = 100


@needs("chase.act", "mailing.judge")
def mailings(request: HttpRequest) -> HttpResponse:
    """`?show=` asked: those that wait for somebody's word; calls: whom to ring up because nobody collected one (COM-19)."""
    reach, show = request.reach, request.GET.get("show", "")
    rows = Mailing.objects.visible_to(reach).counted()
    calls = Call.objects.visible_to(reach).open().about_letters()
    asked = rows.filter(state=Judged.ASKED, withdrawn_at__isnull=True)
    shown = list((asked if show == "asked" else rows).order_by("-written_at", "-pk")[:SHOWN]) if show != "calls" else []
    people = Person.objects.in_bulk({row.writer_id for row in shown})
    page = {
        "rows": [(row, people.get(row.writer_id)) for row in shown], "show": show, "asked": asked.count(), "ringing": calls.count(), "today": clock.today(reach.estate),
        "calls": _calls(calls) if show == "calls" else [], "resting": resting(reach.estate, clock.now()),
    }  # fmt: skip
    return render(request, "collection/mailings.html", page)


def _calls(rows: Any) -> list[tuple[Call, Person | None]]:
    found = list(rows.select_related("household", "unit").order_by("closes_on", "pk")[:SHOWN])
    people = Person.objects.in_bulk({row.steward_id for row in found if row.steward_id})
    return [(row, people.get(row.steward_id)) for row in found]


@require_POST
@needs("chase.act")
def ring(request: HttpRequest, pk: int) -> HttpResponse:
    row = get_object_or_404(Call.objects.visible_to(request.reach).about_letters().select_related("unit", "estate"), pk=pk)
    act(request, lambda: row.ring(request.POST.get("words", ""), by=request.reach), _("已登记。"))
    return redirect(reverse("collection:mailings", args=[request.estate.code]) + "?show=calls")


@needs("chase.act")
def new(request: HttpRequest) -> HttpResponse:
    first = {"client_key": get_random_string(20), "signer": request.estate.company.name, "rooms": request.GET.get("room", "")[:40], **_again(request)}
    form = MailingForm(request.POST or None, reach=request.reach, initial=first)
    status = 200
    if request.method == "POST":
        answer = carry_out(request, form, lambda said: _write(request, said), _said, lambda made: reverse("collection:mailing", args=[request.estate.code, made.pk]))
        if not isinstance(answer, int):
            return answer
        status = answer
    return render(request, "collection/mailing_form.html", {"form": form}, status=status)


def _again(request: HttpRequest) -> dict[str, str]:
    """The words of one that was not approved, to be put right."""
    number = request.GET.get("again", "")
    row = Mailing.objects.visible_to(request.reach).filter(pk=int(number)).first() if number.isascii() and number.isdigit() and len(number) < 19 else None
    return {name: getattr(row, name) for name in ("title", "words", "signer")} if row else {}


def _write(request: HttpRequest, said: dict[str, Any]) -> Mailing:
    return Mailing.objects.write(
        said["title"], said["words"], said["signer"], by=request.reach, units=said["rooms"], zones=said["zones"], buildings=said["buildings"], client_key=said["client_key"]
    )  # fmt: skip


def _said(made: Mailing) -> str:
    return _("已写好，共 %(n)d 户，等另一个人审批。") % {"n": made.handings.count()}


@needs("chase.act", "mailing.judge")
def mailing(request: HttpRequest, pk: int) -> HttpResponse:
    """What it says and who has it."""
    row = get_object_or_404(Mailing.objects.visible_to(request.reach).counted(), pk=pk)
    mine = Handing.objects.visible_to(request.reach).filter(mailing=row).select_related("household", "unit")
    page = {
        "mailing": row, "rows": mine.order_by("outcome", "unit__code")[: SHOWN * 3], "writer": Person.objects.filter(pk=row.writer_id).first(),
        "judge": Person.objects.filter(pk=row.judge_id or 0).first(),
        "may_judge": request.reach.may("mailing.judge") and row.state == Judged.ASKED and not row.withdrawn_at and row.writer_id != request.reach.person_id,
        "may_withdraw": request.reach.may("chase.act") and row.state != Judged.REFUSED and row.withdrawn_at is None and row.done < row.sent and (request.reach.sees == "estate" or row.writer_id == request.reach.person_id),
    }  # fmt: skip
    return render(request, "collection/mailing.html", page)


@needs("chase.act")
def mailing_pdf(request: HttpRequest, pk: int) -> HttpResponse:
    """Every household's own; `?one=` only that one."""
    row = get_object_or_404(Mailing.objects.visible_to(request.reach).select_related("estate__company"), pk=pk)
    rows = Handing.objects.visible_to(request.reach).filter(mailing=row).select_related("household", "unit").order_by("way", "unit__code")
    one = request.GET.get("one", "")
    found = list(rows.filter(pk=int(one)) if one.isascii() and one.isdigit() and len(one) < 19 else rows)
    if not found or not row.goes:
        raise Http404
    answer = HttpResponse(printed(row, found), content_type="application/pdf")
    answer.headers["Content-Disposition"] = f'inline; filename="mailing-{row.pk}.pdf"'
    answer.headers["Cache-Control"] = "no-store"
    return answer


@require_POST
@needs("mailing.judge")
def verdict(request: HttpRequest, pk: int) -> HttpResponse:
    """Somebody else says whether it goes; with a reason where it does not."""
    row = get_object_or_404(Mailing.objects.visible_to(request.reach), pk=pk)
    yes, words = request.POST.get("verdict") == "yes", request.POST.get("words", "")
    act(request, lambda: row.judge_it(yes, words, by=request.reach), _("已批准，可以打印送出。") if yes else _("已退回。"))
    return redirect("collection:mailing", request.estate.code, pk)


@require_POST
@needs("chase.act")
def withdrawal(request: HttpRequest, pk: int) -> HttpResponse:
    row = get_object_or_404(Mailing.objects.visible_to(request.reach), pk=pk)
    form = WhyForm(request.POST)
    why = form.cleaned_data["why"] if form.is_valid() else ""
    act(request, lambda: row.withdraw(why, by=request.reach), _("已撤回。"))
    return redirect("collection:mailing", request.estate.code, pk)


@needs("chase.act")
def handing(request: HttpRequest, pk: int) -> HttpResponse:
    """One paper: GET where it stands; POST handed over, or nobody there."""
    row = _handing(request, pk)
    form, status = HandForm(request.POST or None), 200
    if request.method == "POST":
        photo = next(iter(request.FILES.getlist("photos")), None)
        answer = carry_out(request, form, lambda said: _hand(request, row, said, photo), _("已登记。"), lambda _made: _back(request, row))
        if not isinstance(answer, int):
            return answer
        status = answer
    page = {
        "row": row, "form": form, "error": " ".join(map(str, form.non_field_errors())), "worker": Person.objects.filter(pk=row.by_id or 0).first(),
        "address": AddressForm(initial={"address": row.address}), "posted": row.way in (row.Way.POST, row.Way.DOOR),
        "may_read": request.reach.may("household.read"),
    }  # fmt: skip
    return render(request, "collection/handing.html", page, status=status)


def _hand(request: HttpRequest, row: Handing, said: dict[str, Any], photo: Any) -> None:
    if request.POST.get("outcome") == "tried":
        return row.attempt(said["words"], by=request.reach)
    return row.deliver(photo=photo, by=request.reach, **said)


def _back(request: HttpRequest, row: Handing) -> str:
    return reverse("collection:mailing", args=[request.estate.code, row.mailing_id]) if row.mailing_id else reverse("collection:handings", args=[request.estate.code])


@require_POST
@needs("chase.act")
def handing_address(request: HttpRequest, pk: int) -> HttpResponse:
    row = _handing(request, pk)
    form = AddressForm(request.POST)
    act(request, lambda: row.address_it(form.cleaned_data["address"] if form.is_valid() else "", by=request.reach), _("已保存。"))
    return redirect("collection:handing", request.estate.code, pk)


def _handing(request: HttpRequest, pk: int) -> Handing:
    return get_object_or_404(Handing.objects.visible_to(request.reach).select_related("household", "unit", "bill", "mailing", "estate"), pk=pk)


@needs("chase.act")
def handings_file(request: HttpRequest) -> FileResponse:
    """对客文件发放记录 as Excel (F-47)."""
    return FileResponse(register(request.reach, Handing.objects.visible_to(request.reach)), as_attachment=True, filename=f"{_('对客文件发放记录')}.xlsx")
