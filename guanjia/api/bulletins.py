"""Bulletins (公告): what the estate tells its residents, from draft to its end (COM-12..15)."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Literal

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404
from ninja import Query, Status
from pydantic import AwareDatetime, BaseModel, Field

from guanjia.bulletins.book import kinds
from guanjia.bulletins.models import Bulletin, Hanging, Opening
from guanjia.bulletins.models.bulletin import State

from .door import Noun, staff_only
from .fields import Body, Id, said
from .paging import NEWEST, Paging, page

noun = Noun(tags=["bulletins"])


class BulletinTold(BaseModel):
    id: int
    kind: str = Field(examples=["outage"])
    title: str = Field(examples=["3 栋停水通知"])
    words: str
    state: str = Field(examples=[State.OUT.value])
    starts_at: datetime
    ends_at: datetime
    out_at: datetime | None
    zones: list[int] = Field(description="Ids; with buildings, either fits. Empty: the whole estate.")
    buildings: list[int]
    tiers: list[str]
    kinds: list[str] = Field(description="Kinds of members: owner, family, tenant, temporary.")
    reached: int | None = Field(description="Households it was for when it went out; only staff are told.")


class BulletinPage(BaseModel):
    items: list[BulletinTold]
    next: str | None


class BulletinWanted(Paging):
    state: Literal["draft", "asked", "returned", "approved", "out", "over", "withdrawn"] | None = None


class Written(Body):
    kind: str = Field(json_schema_extra={"enum": list(kinds())}, max_length=12, examples=["outage"])
    title: str = said(60, "3 栋停水通知")
    words: str = said(4000, "3 月 11 日 9:00 至 12:00 检修水泵，请提前储水。")
    starts_at: AwareDatetime | None = Field(None, description="Now when it is left out.")
    ends_at: AwareDatetime | None = Field(None, description="As long as its kind hangs when it is left out.")
    zones: list[int] = Field([], max_length=500)
    buildings: list[int] = Field([], max_length=2000)
    tiers: list[Literal["core", "regular", "potential"]] = Field([], max_length=3)
    kinds: list[Literal["owner", "family", "tenant", "temporary"]] = Field([], max_length=4)


class Checked(Body):
    approved: bool
    why: str = Field("", max_length=200, description="Needed when it is returned.")


class Withdrawn(Body):
    why: str = said(200, "检修改期")


def _one(reach: Any, pk: int) -> Bulletin:
    row: Bulletin = get_object_or_404(Bulletin.objects.visible_to(reach).select_related("estate"), pk=pk)
    return row


def _told(row: Bulletin, reach: Any) -> BulletinTold:
    plain = {name: getattr(row, name) for name in BulletinTold.model_fields}
    return BulletinTold(**plain | {"reached": row.reached if reach.is_staff else None})


@noun.get("/bulletins", response=BulletinPage, summary="Bulletins")
def list_bulletins(request: Any, response: HttpResponse, wanted: Query[BulletinWanted]) -> Any:
    """Residents: what is out and for them. Staff: all that they may see, newest first."""
    rows = Bulletin.objects.visible_to(request.reach)
    if wanted.state:
        rows = rows.filter(state=wanted.state)
    return page(request, response, rows, wanted, NEWEST, lambda row: _told(row, request.reach), BulletinPage)


@noun.get("/bulletins/{id}", response=BulletinTold, summary="One bulletin")
def get_bulletin(request: Any, id: Id) -> Any:
    """A resident who reads it has opened it."""
    row = _one(request.reach, id)
    Opening.objects.note(row, by=request.reach)
    return _told(row, request.reach)


@noun.post("/bulletins", response={201: BulletinTold}, summary="Write a draft")
def write_bulletin(request: Any, body: Written) -> Any:
    staff_only(request.reach)
    audience = {name: getattr(body, name) for name in ("zones", "buildings", "tiers", "kinds")}
    row = Bulletin.objects.write(body.kind, body.title, body.words, by=request.reach, starts_at=body.starts_at, ends_at=body.ends_at, audience=audience)
    return Status(201, _told(row, request.reach))


@noun.post("/bulletins/{id}/sending", response=BulletinTold, summary="Send it in")
def bulletin_sending(request: Any, id: Id) -> Any:
    """To whoever checks; kinds that nobody has to check go out at their time."""
    row = _one(request.reach, id)
    row.send_in(by=request.reach)
    return _told(row, request.reach)


@noun.post("/bulletins/{id}/verdict", response=BulletinTold, summary="Approve or return it")
def bulletin_verdict(request: Any, id: Id, body: Checked) -> Any:
    row = _one(request.reach, id)
    row.check_it(body.approved, body.why, by=request.reach)
    return _told(row, request.reach)


@noun.post("/bulletins/{id}/withdrawal", response=BulletinTold, summary="Take it back")
def bulletin_withdrawal(request: Any, id: Id, body: Withdrawn) -> Any:
    row = _one(request.reach, id)
    row.withdraw(body.why, by=request.reach)
    return _told(row, request.reach)


class HangingTold(BaseModel):
    id: int
    board: str = Field(examples=["3栋公告栏"])
    bulletin: int
    hung_at: datetime | None
    due: bool = Field(description="The bulletin is over: it has to come down.")


@noun.get("/boards", response=list[HangingTold], summary="What hangs on the boards")
def list_hangings(request: Any) -> Any:
    """With `board.keep`: what is up or to be hung, 1,000 at most."""
    request.reach.must("board.keep")
    rows = Hanging.objects.visible_to(request.reach).up().select_related("board", "bulletin").order_by("board__name", "pk")[:1000]
    return [HangingTold(id=row.pk, board=row.board.name, bulletin=row.bulletin_id, hung_at=row.hung_at, due=bool(row.bulletin.over_at)) for row in rows]


@noun.post("/boards/{id}/removal", response=HangingTold, summary="It was taken down")
def hanging_removal(request: Any, id: Id) -> Any:
    row = Hanging.objects.visible_to(request.reach).select_related("board", "bulletin").filter(pk=id).first()
    if row is None:
        raise Http404
    row.take_down(by=request.reach)
    return HangingTold(id=row.pk, board=row.board.name, bulletin=row.bulletin_id, hung_at=row.hung_at, due=bool(row.bulletin.over_at))
