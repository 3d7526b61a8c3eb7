"""Changing a parameter in two steps: what it would move is shown, then it is saved with its reason."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _

from guanjia import clock
from guanjia.estates.models import Estate
from guanjia.people.models import CompanyPost
from guanjia.tenancy.errors import Refused
from guanjia.tenancy.scope import estate_scope
from guanjia.web.guard import needs

from ..agreeing import agree, slip_of
from ..forms import ParameterForm
from ..models import Parameter
from ..moving import Moved, would_move
from ..parameters import entry_of, parameter
from ..saying import said

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

MOST = 30  # estates looked at for a company-wide change


@needs("rule.change")
def change(request: HttpRequest, key: str) -> HttpResponse:
    """Set one parameter for this estate, or for the company by one of its own people."""
    try:
        entry = entry_of(key, request.estate.company_id)
    except KeyError as unknown:
        raise Http404 from unknown
    value = parameter(request.estate, key, clock.now())
    form = ParameterForm(request.POST if request.method == "POST" else None, entry=entry, now=value)
    if not is_companys(request):
        del form.fields["company_wide"]
    page = {"form": form, "title": _(entry.title), "value": said(entry, value), "back": _back(request)}
    if form.is_bound and form.is_valid() and _may(key, form, request):
        if "sure" not in request.POST:
            page |= {
                "moved": moved(request, {key: form.cleaned_data["value"]}, form.cleaned_data),
                "wanted": said(entry, form.cleaned_data["value"]),
            }
            return render(request, "rulebooks/change.html", page)
        if put(request, {key: form.cleaned_data["value"]}, form):
            return redirect(_back(request) or "rulebooks:rules", *(() if _back(request) else (request.estate.code,)))
    return render(request, "rulebooks/change.html", page, status=422 if form.errors else 200)


def _back(request: Any) -> str:
    """Where the reader came from, when it is a page of ours."""
    wanted = request.POST.get("back") or request.GET.get("back", "")
    return wanted if url_has_allowed_host_and_scheme(wanted, allowed_hosts=None) and wanted.startswith("/e/") else ""


def _may(key: str, form: Any, request: Any) -> bool:
    """What would be refused is refused before it is shown what it would move."""
    value = form.cleaned_data["value"]
    try:
        entry_of(key, request.estate.company_id).check_value(value)
        agree(request.estate, {key: value}, form.cleaned_data["valid_from"] or clock.now())
    except ValueError as slip:
        form.add_error("value", slip_of(key, value, slip))
    since = form.cleaned_data["valid_from"]
    if since and since < clock.now():
        form.add_error("valid_from", _("参数只能从现在或以后生效。"))
    return not form.errors


def put(request: Any, values: dict[str, Any], form: Any) -> bool:
    """Save several settings as one act; a refusal is shown beside its field."""
    where = {"company": request.estate.company} if form.cleaned_data.get("company_wide") else {"estate": request.estate}
    try:
        for key, value in values.items():
            Parameter.objects.set(
                key,
                value,
                by=request.reach,
                reason=form.cleaned_data["reason"],
                valid_from=form.cleaned_data["valid_from"],
                **where,
            )
    except Refused as refused:
        form.add_error("valid_from" if refused.code == "in_the_past" else None, str(refused))
        return False
    messages.success(request, _("已调整，以前的单子仍按原来的规则。"))
    return True


def moved(request: Any, values: dict[str, Any], where: dict[str, Any]) -> list[tuple[str, list[Moved]]]:
    """Estate by estate, what the change would move."""
    estates = [request.estate]
    if where.get("company_wide"):
        estates = list(Estate.objects.filter(company=request.estate.company_id).order_by("code")[:MOST])
    at, found = where.get("valid_from") or clock.now(), []
    for estate in estates:
        with estate_scope(estate):
            found.append(
                (estate.name, [one for key, value in values.items() for one in would_move(estate, key, value, at)])
            )
    return found


def is_companys(request: Any) -> bool:
    """Whether the reader holds a post of the company itself."""
    today = clock.today(request.estate)
    return CompanyPost.objects.filter(
        company_id=request.estate.company_id, person=request.user, during__contains=today
    ).exists()
