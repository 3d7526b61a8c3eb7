"""访客、住户卡、寄存物品 on the resident's phone."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _

from guanjia import clock
from guanjia.web.guard import needs

from ..forms import AwayForm, PassForm
from ..models import Article, Away, Card, Guest
from .common import filled_in, picture_of, to

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse


@needs(staff=False, resident=True)
def visits(request: HttpRequest) -> HttpResponse:
    rows = Guest.objects.visible_to(request.reach).select_related("unit").prefetch_related("passages").order_by("-at")
    gone = Away.objects.visible_to(request.reach).filter(ended_at__isnull=True, last__gte=clock.today(request.estate))
    return render(request, "gate/mine_visits.html", {"rows": rows[:50], "away": gone.first(), "now": clock.now()})


@needs(staff=False, resident=True)
def announce(request: HttpRequest) -> HttpResponse:
    form = PassForm(request.POST or None, reach=request.reach)

    def make(said: dict[str, Any]) -> Guest:
        return Guest.objects.announce(said.pop("room"), form.household, said.pop("visitor"), said.pop("first_at"), said.pop("until_at"), by=request.reach, **said)

    return filled_in(request, form, "gate/announce.html", make, _("通行证已生成，发给访客即可。"), lambda made: to(request, "mine_visit", made.pk))


@needs(staff=False, resident=True)
def visit(request: HttpRequest, pk: int) -> HttpResponse:
    row = get_object_or_404(Guest.objects.visible_to(request.reach).select_related("unit"), pk=pk)
    refusal = row.refusal(clock.now())
    early = clock.now() < row.first_at and not row.revoked_at
    svg = "" if refusal and not early else picture_of(request, reverse("gate:seen", args=[request.estate.code, row.mark]))
    return render(request, "gate/mine_visit.html", {"visit": row, "refusal": refusal, "early": early, "svg": svg, "passages": row.passages.order_by("-at")})


@needs(staff=False, resident=True)
def away(request: HttpRequest) -> HttpResponse:
    form = AwayForm(request.POST or None, reach=request.reach, initial={"first": clock.today(request.estate)})

    def say(said: dict[str, Any]) -> Away:
        return Away.objects.announce(said["room"], form.household, said["first"], said["last"], by=request.reach)

    return filled_in(request, form, "gate/mine_away.html", say, _("已登记外出，这几天门岗谢绝访客。"), lambda _made: to(request, "mine_visits"))


@needs(staff=False, resident=True)
def cards(request: HttpRequest) -> HttpResponse:
    rows = Card.objects.visible_to(request.reach).select_related("unit").order_by("-issued_at")
    return render(request, "gate/mine_cards.html", {"rows": rows[:50]})


@needs(staff=False, resident=True)
def card(request: HttpRequest, pk: int) -> HttpResponse:
    row = get_object_or_404(Card.objects.visible_to(request.reach).select_related("unit", "charge"), pk=pk)
    return render(request, "gate/mine_card.html", {"card": row})


@needs(staff=False, resident=True)
def articles(request: HttpRequest) -> HttpResponse:
    rows = Article.objects.visible_to(request.reach).select_related("unit").order_by("out_at", "-kept_at")
    return render(request, "gate/mine_articles.html", {"rows": rows[:50], "now": clock.now()})


@needs(staff=False, resident=True)
def article(request: HttpRequest, pk: int) -> HttpResponse:
    row = get_object_or_404(Article.objects.visible_to(request.reach).select_related("unit"), pk=pk)
    return render(request, "gate/mine_article.html", {"article": row, "now": clock.now()})
