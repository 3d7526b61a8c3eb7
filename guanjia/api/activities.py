"""Community activities: those one may see, signing up and withdrawing, the plan's way to being open."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404
from ninja import Query
from pydantic import BaseModel, Field

from guanjia.activities.finding import household_in, own_home
from guanjia.activities.models import Activity

from .door import Noun, staff_only
from .fields import Body, Id, Instant, perhaps, said
from .paging import Order, Paging, page

noun = Noun(tags=["activities"])
LATEST = Order("begins", "begins_at", down=True)


class ActivityTold(BaseModel):
    id: int
    kind: str = Field(examples=["tea"], description="culture, tea, meeting, reception, qa.")
    theme: str
    title: str = Field(examples=["十一月业主茶话会"])
    state: str = Field(description="draft, asked, returned, open, held, archived, called_off.")
    place: str
    begins_at: datetime
    ends_at: datetime
    closes_at: datetime
    places: int = Field(description="Households or persons, as its kind counts; 0: no limit.")
    free: int | None
    joined: bool | None = Field(description="Of a resident: whether their household has a place.")
    waiting: bool | None


class ActivityPage(BaseModel):
    items: list[ActivityTold]
    next: str | None


class ActivityPlanned(Body):
    kind: str = said(12, "culture")
    title: str = said(60, "重阳敬老茶会")
    words: str = said(2000, "包饺子、量血压、拍合影")
    place: str = said(80, "客服中心")
    begins_at: Instant = Field(examples=["2026-12-01T07:00:00Z"])
    ends_at: Instant = Field(examples=["2026-12-01T09:00:00Z"])
    places: int = Field(0, ge=0, le=5000)
    budget: Decimal = Field(Decimal(0), ge=0, max_digits=9, decimal_places=2, description="Yuan.")
    theme: str = perhaps(12, "elders")


class ActivityVerdict(Body):
    approved: bool
    why: str = perhaps(300, "预算太高")


class ActivityJoining(Body):
    heads: int = Field(1, ge=1, le=20)
    wait: bool = Field(False, description="Take a place on the waiting list when it is full.")
    room: str = perhaps(40, "3-1-501", description="Staff: whose household.")


def _told(request: Any) -> Any:
    def told(row: Activity) -> ActivityTold:
        mine = None if request.reach.is_staff else row.signups.filter(household_id__in=request.reach.households, left_at__isnull=True).first()
        return ActivityTold(
            id=row.pk, kind=row.kind, theme=row.theme, title=row.title, state=row.state, place=row.place, begins_at=row.begins_at, ends_at=row.ends_at, closes_at=row.closes_at,
            places=row.places, free=row.free, joined=None if request.reach.is_staff else mine is not None and not mine.waiting, waiting=None if request.reach.is_staff else mine is not None and mine.waiting,
        )  # fmt: skip

    return told


def _found(request: Any, pk: int) -> Activity:
    return get_object_or_404(Activity.objects.visible_to(request.reach), pk=pk)


def _home(request: Any, row: Activity, room: str) -> Any:
    home = household_in(request.estate, room) if request.reach.is_staff else own_home(request.reach, row)
    if home is None:
        raise Http404
    return home


@noun.get("/activities", response=ActivityPage, summary="Activities, latest first")
def list_activities(request: Any, response: HttpResponse, wanted: Query[Paging]) -> Any:
    """Residents: what is out for their homes. Staff: their zones' and the estate's."""
    return page(request, response, Activity.objects.visible_to(request.reach), wanted, LATEST, _told(request), ActivityPage)


@noun.get("/activities/{id}", response=ActivityTold, summary="One activity")
def get_activity(request: Any, id: Id) -> Any:
    return _told(request)(_found(request, id))


@noun.post("/activities", response=ActivityTold, summary="Plan an activity")
def plan_activity(request: Any, body: ActivityPlanned) -> Any:
    staff_only(request.reach)
    data = body.model_dump()
    return _told(request)(Activity.objects.plan(data.pop("kind"), by=request.reach, **data))


@noun.post("/activities/{id}/sending", response=ActivityTold, summary="Hand a plan in")
def send_activity(request: Any, id: Id) -> Any:
    """Open at once when it needs no judge."""
    staff_only(request.reach)
    row = _found(request, id)
    row.send_in(by=request.reach)
    return _told(request)(row)


@noun.post("/activities/{id}/verdict", response=ActivityTold, summary="Judge a plan")
def judge_activity(request: Any, id: Id, body: ActivityVerdict) -> Any:
    """Never by who wrote it."""
    staff_only(request.reach)
    row = _found(request, id)
    row.judge_it(body.approved, body.why, by=request.reach)
    return _told(request)(row)


@noun.post("/activities/{id}/signup", response=ActivityTold, summary="Sign a household up")
def join_activity(request: Any, id: Id, body: ActivityJoining) -> Any:
    """409 `full` when it is, unless `wait`."""
    row = _found(request, id)
    row.enter(_home(request, row, body.room), body.heads, by=request.reach, wait=body.wait)
    return _told(request)(row)


@noun.post("/activities/{id}/withdrawal", response=ActivityTold, summary="Withdraw a household")
def leave_activity(request: Any, id: Id, body: ActivityJoining) -> Any:
    """Whoever waits moves up by itself."""
    row = _found(request, id)
    row.leave(_home(request, row, body.room), by=request.reach)
    return _told(request)(row)
