"""片区 in a workbook: one row a building, an entrance or a room, and who heads the zone (EST-01)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from guanjia.duties.succession import hand_over_post
from guanjia.estates.models import Unit, Zone
from guanjia.estates.rooms import building_number, code_of, entrance_number, split
from guanjia.estates.zoning import draw_zone
from guanjia.people.models import Post
from guanjia.people.posting import appoint
from guanjia.people.roles import Role

from .rowwise import CHANGED, CREATED, UNCHANGED, Reader, WrongCell

if TYPE_CHECKING:
    from datetime import date, datetime

    from guanjia.estates.models import Estate
    from guanjia.people.models import Person
    from guanjia.people.reach import Reach

    from .rowwise import Said


class ZoneRows(Reader):
    """The reader's part that draws zones; `_person` finds a colleague by name."""

    today: date

    def __init__(self, estate: Estate, reach: Reach, at: datetime) -> None:
        super().__init__(estate, reach, at)
        self.units = {row.code: row for row in Unit.objects.at_estate(estate).select_related("building", "entrance")}
        self.apart: set[str] = set()  # what stands in a row of its own: rooms, and "building-entrance"
        self.heads: dict[str, str] = {}  # zone → the steward an earlier row of the file names

    def _person(self, said: Said, column: str = "姓名") -> Person:
        raise NotImplementedError

    def look_ahead(self, sheet: str, rows: list[Said]) -> None:
        """A room named by itself does not go with its entrance, nor an entrance with its building."""
        if sheet == "片区":
            self.apart = {key for said in rows if (key := self._place(said)[2] or self._entrance(said))}

    def _place(self, said: Said) -> tuple[str, str, str]:
        """(building, entrance, room code) of a row; "" where it names none."""
        found = split(said["房号"]) if said["房号"] else None
        room = code_of(*found) if found else said["房号"]
        return building_number(said["楼栋"]), entrance_number(said["单元"]) if said["单元"] else "", room

    def _entrance(self, said: Said) -> str:
        building, entrance, _room = self._place(said)
        return f"{building}-{entrance}" if building and entrance else ""

    def _scope(self, said: Said) -> list[Unit]:
        """The homes a row brings in, without those that have a row of their own."""
        building, entrance, room = self._place(said)
        if room:
            if room not in self.units:
                raise WrongCell("房号", _("没有这套房。"))
            return [self.units[room]]
        inside = [row for row in self.units.values() if row.building.number == building]
        if not inside:
            raise WrongCell("楼栋", _("没有这栋楼，或楼里没有房屋。"))
        if entrance:
            inside = [row for row in inside if row.entrance and row.entrance.number == entrance]
            if not inside:
                raise WrongCell("单元", _("这栋楼没有这个单元。"))
        return [row for row in inside if row.code not in self.apart and (entrance or not self._own(row))]

    def _own(self, unit: Unit) -> bool:
        return unit.entrance is not None and f"{unit.building.number}-{unit.entrance.number}" in self.apart

    def zone(self, said: Said) -> str:
        """One row a building, an entrance or a room. The steward is named in any of the zone's rows."""
        self.reach.must("post.manage")
        code, name = said.must("片区编号"), said["片区名称"]
        known = Zone.objects.at_estate(self.estate).filter(code=code).first()
        if known is None and not name:
            raise WrongCell("片区名称", _("新片区要写名称。"))
        name = name or (known.name if known else "")
        scope = self._scope(said)
        moving = [row for row in scope if known is None or row.zone_id != known.pk]
        done = UNCHANGED
        if known is None or known.name != name or moving:
            done = CHANGED if known else CREATED
            known = self._draw(code, name, said, scope)
        return CHANGED if self._head(known, said) and done == UNCHANGED else done

    def _draw(self, code: str, name: str, said: Said, scope: list[Unit]) -> Zone:
        """A whole building brings its lobby and places along, even where single homes of it stay apart."""
        whole = said["楼栋"] and not said["单元"] and not said["房号"]
        buildings = {row.building for row in scope} if whole else set()
        taken = {row.pk for row in scope}
        but = [row for row in self.units.values() if row.building in buildings and row.pk not in taken]
        made = draw_zone(self.estate, code, name, buildings, units=scope, but=but, by=self.reach, at=self.at)
        for row in scope:
            row.zone_id = made.pk
        return made

    def _head(self, zone: Zone, said: Said) -> bool:
        """The zone's steward is who the row names; whether that is news."""
        if not said["管家"]:
            return False
        person = self._person(said, "管家")
        if self.heads.setdefault(zone.code, person.name) != person.name:
            raise WrongCell("管家", _("前面一行写的是%(name)s。") % {"name": self.heads[zone.code]})
        posts = Post.objects.at_estate(self.estate).filter(zone=zone, role=Role.STEWARD, deputy=False)
        now = posts.held_on(self.today).select_related("person", "estate", "zone").first()
        if now and now.person_id == person.pk:
            return False
        if now:
            hand_over_post(now, person, by=self.reach, at=self.at)
        else:
            appoint(person, self.estate, Role.STEWARD, by=self.reach, zone=zone, at=self.at)
        return True
