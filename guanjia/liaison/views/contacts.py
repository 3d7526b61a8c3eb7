"""外联单位名录, one body with its documents and what was coordinated with it (VAS-12, F-68)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db.models import Count, Q
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from guanjia import clock
from guanjia.web.acting import act, carry_out
from guanjia.web.guard import needs

from ..forms import ContactForm, MatterForm
from ..models import Contact, Matter
from .papers import there

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse


@needs("liaison.keep")
def contacts(request: HttpRequest) -> HttpResponse:
    q = request.GET.get("q", "").strip()[:40]
    rows = Contact.objects.visible_to(request.reach).live()
    rows = (rows.looked_for(q) if q else rows).annotate(
        waits=Count("papers", filter=Q(papers__handled_at__isnull=True), distinct=True), talks=Count("matters", filter=Q(matters__done_at__isnull=True), distinct=True)
    )
    return render(request, "liaison/contacts.html", {"rows": rows.order_by("kind", "name")[:500], "q": q})


def _kept(request: Any, form: ContactForm) -> Any:
    return carry_out(
        request, form, lambda data: Contact.objects.keep(request.estate, by=request.reach, **data), _("已保存。"), lambda made: there(request, "contact", made.pk)
    )


@needs("liaison.keep")
def new(request: HttpRequest) -> HttpResponse:
    form = ContactForm(request.POST or None)
    answer: Any = _kept(request, form) if form.is_bound else 200
    return answer if not isinstance(answer, int) else render(request, "liaison/contact_new.html", {"form": form}, status=answer)


def _found(request: Any, pk: int) -> Contact:
    row: Contact = get_object_or_404(Contact.objects.visible_to(request.reach).select_related("estate"), pk=pk)
    return row


def _shown(request: Any, row: Contact, form: Any = None, details: Any = None, status: int = 200) -> HttpResponse:
    said = {name: getattr(row, name) for name in ContactForm.base_fields}
    page = {
        "row": row, "papers": row.papers.order_by("-received_on", "-pk")[:30], "matters": row.matters.order_by("-on", "-pk")[:30], "today": clock.today(row.estate),
        "form": form or MatterForm(auto_id="matter_%s", initial={"on": clock.today(row.estate)}), "details": details or ContactForm(initial=said),
    }  # fmt: skip
    return render(request, "liaison/contact.html", page, status=status)


@needs("liaison.keep")
def contact(request: HttpRequest, pk: int) -> HttpResponse:
    """GET: everything of it. POST: put right what is written of it."""
    row = _found(request, pk)
    if request.method != "POST":
        return _shown(request, row)
    form = ContactForm({**request.POST.dict(), "name": row.name})
    answer: Any = _kept(request, form)
    return answer if not isinstance(answer, int) else _shown(request, row, details=form, status=answer)


@require_POST
@needs("liaison.keep")
def closing(request: HttpRequest, pk: int) -> HttpResponse:
    row = _found(request, pk)
    done = act(request, lambda: row.close(by=request.reach), _("已停用。"))
    return redirect(there(request, "contacts") if done else there(request, "contact", row.pk))


@require_POST
@needs("liaison.keep")
def matter(request: HttpRequest, pk: int) -> HttpResponse:
    row, form = _found(request, pk), MatterForm(request.POST, auto_id="matter_%s")
    answer: Any = carry_out(request, form, lambda data: Matter.objects.begin(row, by=request.reach, **data), _("已登记。"), lambda _made: there(request, "contact", row.pk))
    return answer if not isinstance(answer, int) else _shown(request, row, form=form, status=answer)


@require_POST
@needs("liaison.keep")
def matter_result(request: HttpRequest, pk: int) -> HttpResponse:
    row = get_object_or_404(Matter.objects.visible_to(request.reach).select_related("contact"), pk=pk)
    act(request, lambda: row.finish(request.POST.get("result", ""), by=request.reach), _("已落实。"))
    return redirect(there(request, "contact", row.contact_id))
