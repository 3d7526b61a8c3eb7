"""公告栏: where a bulletin hangs on paper, and when it was taken down (COM-13)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext as _

from guanjia import clock
from guanjia.estates.models import Place, PlaceKind
from guanjia.events.actions import Action
from guanjia.events.models import Event
from guanjia.tenancy.errors import Refused
from guanjia.tenancy.models import EstateForeignKey, EstateOwned, EstateQuerySet, PersonKey
from guanjia.tenancy.verbs import verb

if TYPE_CHECKING:
    from datetime import datetime

    from .bulletin import Bulletin


class HangingQuerySet(EstateQuerySet["Hanging"]):
    def visible_to(self, reach: Any) -> HangingQuerySet:
        """Boards of one's zones, and those that stand in none."""
        rows = self.at_estate(reach.estate)
        if reach.sees == "estate":
            return rows
        near = Q(board__zone_id__in=reach.zones) | Q(board__building__zone_id__in=reach.zones)
        return rows.filter(near | Q(board__zone__isnull=True, board__building__isnull=True))

    def up(self) -> HangingQuerySet:
        return self.filter(removed_at__isnull=True)

    def due(self) -> HangingQuerySet:
        """Still up although the bulletin is over."""
        return self.up().filter(bulletin__over_at__isnull=False)

    def hang(self, bulletin: Bulletin) -> int:
        """On every board where the bulletin is for somebody: of its buildings and zones, and those of the whole estate."""
        boards = Place.objects.at_estate(bulletin.estate_id).filter(kind=PlaceKind.BOARD)
        if bulletin.buildings or bulletin.zones:
            near = Q(building_id__in=bulletin.buildings) | Q(building__zone_id__in=bulletin.zones) | Q(zone_id__in=bulletin.zones)
            boards = boards.filter(near | Q(building__isnull=True, zone__isnull=True))
        rows = [Hanging(estate_id=bulletin.estate_id, bulletin=bulletin, board_id=pk) for pk in boards.values_list("pk", flat=True)]
        return len(self.bulk_create(rows, ignore_conflicts=True))


class Hanging(EstateOwned):
    noun = "hanging"
    bulletin = EstateForeignKey("bulletins.Bulletin", models.CASCADE, related_name="hangings")
    board = EstateForeignKey(Place, models.CASCADE, related_name="hangings")
    hung_at = models.DateTimeField(null=True)
    hung_by = PersonKey(null=True)
    removed_at = models.DateTimeField(null=True)
    removed_by = PersonKey(null=True)

    objects = HangingQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["estate", "bulletin", "board"], name="hanging_once"),
            models.CheckConstraint(condition=Q(removed_at__isnull=True) | Q(hung_at__isnull=True) | Q(removed_at__gte=F("hung_at")), name="hanging_down_after_up"),
        ]  # fmt: skip
        indexes = [models.Index(fields=["estate", "board"], condition=Q(removed_at__isnull=True), name="hanging_up")]

    def __str__(self) -> str:
        return f"{self.board} {self.bulletin}"

    @verb
    def put_up(self, *, by: Any, at: datetime | None = None) -> None:
        by.must("board.keep")
        at = at or clock.now()
        if self.bulletin.over_at:
            raise Refused(_("公告已经到期，不用再张贴。"), code="over")
        rows = type(self).objects.at_estate(self.estate_id).filter(pk=self.pk, hung_at__isnull=True, removed_at__isnull=True)
        if not rows.update(hung_at=at, hung_by=by.person_id):
            raise Refused(_("已经张贴或取下。"), code="already")
        Event.objects.record(Action.BOARD_HUNG, self, by=by, at=at, told=False, board=self.board.name, title=self.bulletin.title)

    @verb
    def take_down(self, *, by: Any, at: datetime | None = None) -> None:
        """Off the board: at its end, in the next morning's check (COM-13)."""
        by.must("board.keep")
        at = at or clock.now()
        rows = type(self).objects.at_estate(self.estate_id).filter(pk=self.pk, removed_at__isnull=True)
        if not rows.update(removed_at=at, removed_by=by.person_id):
            raise Refused(_("已经取下。"), code="already")
        Event.objects.record(Action.BOARD_CLEARED, self, by=by, at=at, told=False, board=self.board.name, title=self.bulletin.title)
