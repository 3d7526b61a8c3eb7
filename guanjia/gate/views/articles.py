"""物品寄存 at the desk or the gate (SEC-13)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db.models import Q
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from guanjia import clock
from guanjia.keys.models import Autograph
from guanjia.web.acting import act
from guanjia.web.guard import needs

from ..forms import ArticleForm
from ..models import Article
from .common import filled_in, to

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse


@needs("gate.watch")
def articles(request: HttpRequest) -> HttpResponse:
    """What lies here, what lies too long first; `?show=out` what was fetched."""
    q, show = request.GET.get("q", "").strip()[:40], request.GET.get("show", "")
    rows = Article.objects.visible_to(request.reach).select_related("unit", "household")
    rows = rows.filter(out_at__isnull=False).order_by("-out_at") if show == "out" else rows.here().order_by("due_at")
    if q:
        rows = rows.filter(Q(unit__code__icontains=q) | Q(for_name__icontains=q) | Q(what__icontains=q) | Q(code=q))
    return render(request, "gate/articles.html", {"rows": rows[:200], "q": q, "show": show, "now": clock.now()})


@needs("gate.watch")
def keep(request: HttpRequest) -> HttpResponse:
    form = ArticleForm(request.POST or None, reach=request.reach)

    def take(said: dict[str, Any]) -> Article:
        return Article.objects.keep(said.pop("room"), form.household, said.pop("what"), said.pop("place"), by=request.reach, **said)

    return filled_in(request, form, "gate/keep.html", take, _("已寄存，住户手机上能看到取件码。"), lambda made: to(request, "article", made.pk))


@needs("gate.watch")
def article(request: HttpRequest, pk: int) -> HttpResponse:
    row = get_object_or_404(Article.objects.visible_to(request.reach).select_related("unit", "household", "kept_by", "out_by"), pk=pk)
    return render(request, "gate/article.html", {"article": row, "signed": Autograph.objects.under(row).get("out"), "now": clock.now()})


@require_POST
@needs("gate.watch")
def handing_out(request: HttpRequest, pk: int) -> HttpResponse:
    row, said = get_object_or_404(Article.objects.visible_to(request.reach).select_related("unit"), pk=pk), request.POST
    act(
        request,
        lambda: row.give_out(said.get("to", ""), said.get("signature", ""), by=request.reach, code=said.get("code", ""), checked=said.get("checked", "")),
        _("已领走。"),
    )
    return to(request, "article", row.pk)
