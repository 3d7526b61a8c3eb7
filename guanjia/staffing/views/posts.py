"""岗位: who holds which post, appointing, relieving, handing over with everything open."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import messages
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from guanjia import clock
from guanjia.duties.succession import hand_over_post
from guanjia.estates.models import Zone
from guanjia.people.hiring import invitable
from guanjia.people.models import Post
from guanjia.people.posting import appoint, relieve
from guanjia.people.roles import roles, title_of
from guanjia.tenancy.reading import row_id
from guanjia.web.acting import act
from guanjia.web.guard import needs

from ..forms import AppointForm, colleagues
from .common import day_of, render, to

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

SHOWN = 300


@needs("post.manage")
def posts(request: HttpRequest) -> HttpResponse:
    """Everybody in post, by zone and role; `?zone=` and `?role=` narrow it; the form appoints."""
    today = clock.today(request.estate)
    first = {"since": today, "zone": request.GET.get("zone", ""), "role": request.GET.get("role", "")}
    form = AppointForm(request.POST if request.method == "POST" else None, estate=request.estate, by=request.reach, initial=first)
    if form.is_bound and form.is_valid():
        said = form.cleaned_data
        named = (said["person"], request.estate, said["role"])
        dated = {"zone": said["zone"], "since": said["since"], "until": said["until"], "deputy": said["deputy"], "despite": said["despite"]}
        made: list[Post] = []
        if act(request, lambda: made.append(appoint(*named, **dated, by=request.reach)), _("已任命。")):
            for words in made[0].warnings:
                messages.warning(request, words)
            return to(request, "posts")
    rows = Post.objects.at_estate(request.estate).filter(during__overlap=(today, None)).select_related("person", "zone")
    zone = request.GET.get("zone", "")
    if (zone_id := row_id(zone)) is not None:
        rows = rows.filter(zone_id=zone_id)
    if (role := request.GET.get("role", "")) in roles():
        rows = rows.filter(role=role)
    found = list(rows.order_by("zone__code", "role", "deputy", "pk")[:SHOWN])
    for row in found:
        row.title, row.now = title_of(row.role), today in row.during
    waiting = {row.person_id for row in found if not row.person.has_usable_password()}
    page = {
        "links": set(invitable(request.reach).filter(pk__in=waiting).values_list("pk", flat=True)) if waiting else (),
        "rows": found, "form": form, "zone": zone, "role": role, "zones": Zone.objects.at_estate(request.estate), "today": today,
        "held": sorted({(row.role, row.title) for row in found}), "people": colleagues(request.estate),
    }  # fmt: skip
    return render(request, "staffing/posts.html", page, status=422 if form.errors else 200)


@require_POST
@needs("post.manage")
def end(request: HttpRequest, pk: int) -> HttpResponse:
    """The post ends on a day; empty: today."""
    row = get_object_or_404(Post.objects.at_estate(request.estate), pk=pk)
    until = day_of(request.POST.get("until", ""), clock.today(request.estate))
    act(request, lambda: relieve(row, until=until, by=request.reach), _("已卸任。"))
    return to(request, "posts")


@require_POST
@needs("post.manage")
def succession(request: HttpRequest, pk: int) -> HttpResponse:
    """Somebody else takes the post and everything open, in one act."""
    row = get_object_or_404(Post.objects.at_estate(request.estate).select_related("person", "zone", "estate"), pk=pk)
    successor = get_object_or_404(colleagues(request.estate), pk=row_id(request.POST.get("person")) or 0)
    act(request, lambda: hand_over_post(row, successor, by=request.reach, despite=request.POST.get("despite", "")), _("已交接，手上的工作一并转交。"))
    return to(request, "posts")
