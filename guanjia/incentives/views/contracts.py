"""目标责任合同: the year's, how far each is kept so far, drafting and signing (INC-06)."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from guanjia import clock
from guanjia.people.models import Person, Post
from guanjia.rulebooks.parameters import parameter
from guanjia.tenancy.reading import row_id
from guanjia.web.acting import act
from guanjia.web.guard import needs

from ..book import book, indicators
from ..models import Contract
from ..promises import yuan
from ..reading import target_of
from ..yearly import Outcome, outcome
from .common import render, to
from .money import number

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

YEARS = 3  # shown


@needs()
def contracts(request: HttpRequest) -> HttpResponse:
    """All of them for who reads proposals; a head sees their own."""
    return _page(request)


def _page(request: Any, status: int = 200) -> HttpResponse:
    estate, today, reach = request.estate, clock.today(request.estate), request.reach
    rows = Contract.objects.visible_to(reach).filter(year__gt=today.year - YEARS).select_related("head", "by").order_by("-year", "pk")
    may_draft = reach.may("incentive.propose")
    page = {
        "rows": [_row(row, outcome(estate, row, today.replace(day=1)), reach) for row in rows], "scales": Contract.Scale.choices,
        "scale": request.POST.get("scale") or parameter(estate, "contract.scale", clock.now()),
        "may_draft": may_draft, "year": today.year, "departments": [(key, _(one.title)) for key, one in book().departments.items()],
        "promised": [(key, indicators()[key], request.POST.get(f"target-{key}", f"{target_of(estate, key, today.replace(day=1)).normalize():f}")) for key in book().promised], "people": _people(estate, today) if may_draft else [],
        "said": request.POST,
    }  # fmt: skip
    return render(request, "incentives/contracts.html", page, status=status)


def _row(row: Contract, came: list[Outcome], reach: Any) -> dict[str, Any]:
    """A contract with what it would earn if the year ended with what is known now."""
    return {"row": row, "came": came, "mine": row.head_id == reach.person_id, "earned": None if row.bonus is None else yuan(row.bonus, [one.share for one in came])}


def _people(estate: Any, today: Any) -> list[tuple[int, str]]:
    held = Post.objects.at_estate(estate).held_on(today).values("person_id")
    return list(Person.objects.filter(pk__in=held).order_by("name").values_list("pk", "name"))


@require_POST
@needs("incentive.propose")
def draft(request: HttpRequest) -> HttpResponse:
    post = request.POST
    head = get_object_or_404(Person.objects.filter(pk__in=Post.objects.at_estate(request.estate).values("person_id")), pk=row_id(post.get("head")) or 0)
    year, bonus = number(post.get("year", "")), number(post.get("bonus", "")) if post.get("bonus", "").strip() else None
    wrong = Decimal(-1)  # refused as no amount
    targets = {key: value if (value := number(post.get(f"target-{key}", ""))) is not None else wrong for key in book().promised}
    blank = not post.get("bonus", "").strip()
    done = act(
        request, lambda: Contract.objects.draft(
            int(year or 0), post.get("department", ""), head, by=request.reach, targets=targets, bonus=None if blank else bonus if bonus is not None else wrong, scale=post.get("scale", ""),
        ), _("已拟好，请责任人签。"),
    )  # fmt: skip
    return to(request, "contracts") if done else _page(request, 422)


@require_POST
@needs()
def signature(request: HttpRequest, pk: int) -> HttpResponse:
    row = get_object_or_404(Contract.objects.visible_to(request.reach).filter(head=request.reach.person_id), pk=pk)
    act(request, lambda: row.sign(by=request.reach), _("已签。"))
    return to(request, "contracts")
