"""片区、岗位与请假 in and out of a workbook: which homes a zone has and who heads it, who holds which post, who is away (issue 4 line 9)."""

from __future__ import annotations

from collections import defaultdict
from datetime import timedelta
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from guanjia import clock
from guanjia.estates.models import Zone
from guanjia.people.models import Person, Post
from guanjia.people.posting import appoint, relieve
from guanjia.people.roles import Role, roles, title_of
from guanjia.staffing.forms import colleagues
from guanjia.staffing.models import Leave

from .rowwise import CHANGED, CREATED, UNCHANGED, WrongCell
from .zone_rows import ZoneRows

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import date, datetime

    from guanjia.estates.models import Estate
    from guanjia.people.reach import Reach

    from .rowwise import Said

SHEETS = {
    "片区": ["片区编号", "片区名称", "楼栋", "单元", "房号", "管家"],
    "岗位": ["姓名", "账号", "岗位", "片区编号", "从哪天起", "最后一天", "副职"],
    "请假": ["姓名", "账号", "类型", "第一天", "最后一天", "谁代班", "原因"],
}
DAY = timedelta(days=1)


class Colleagues(ZoneRows):
    """One file of the three sheets."""

    SHEETS = SHEETS

    def __init__(self, estate: Estate, reach: Reach, at: datetime) -> None:
        super().__init__(estate, reach, at)
        self.today = clock.today(estate, at)
        self.people: dict[str, list[Person]] = defaultdict(list)
        for person in colleagues(estate):
            self.people[person.name].append(person)
        self.role_keys = {
            words: key
            for key, entry in roles().items()
            if estate.site_type in entry.get("sites", [estate.site_type])
            for words in (key, entry["title"], title_of(key))
        }

    def takes(self) -> dict[str, Callable[[Said], str]]:
        return {"片区": self.zone, "岗位": self.post, "请假": self.leave}

    def _person(self, said: Said, column: str = "姓名") -> Person:
        """A colleague by name, and by login where the row says one."""
        found = self.people.get(said.must(column), [])
        if column == "姓名" and said["账号"]:
            found = [person for person in found if person.username == said["账号"]]
        if len(found) != 1:
            raise WrongCell(column, _("有几位同事叫这个名字，请写账号。") if found else _("没有这位同事，请先建账号。"))
        return found[0]

    def post(self, said: Said) -> str:
        """Appointed, or its last day changed. A post is never lengthened by a file."""
        person, role = self._person(said), self.role_keys.get(said.must("岗位"), "")
        if not role:
            raise WrongCell("岗位", _("没有这个岗位。"))
        zone = Zone.objects.at_estate(self.estate).filter(code=said["片区编号"]).first() if said["片区编号"] else None
        if said["片区编号"] and zone is None:
            raise WrongCell("片区编号", _("没有这个片区。"))
        since, last = said.day("从哪天起"), said.day("最后一天")
        until = last + DAY if last else None
        if since and until and until <= since:
            raise WrongCell("最后一天", _("结束日期要在开始之后。"))
        deputy = said.yes("副职")
        mine = Post.objects.at_estate(self.estate).filter(person=person, role=role, zone=zone, deputy=deputy)
        same = mine.filter(during__startswith=since).first() if since else mine.held_on(self.today).first()
        if same:
            return self._shorten(same, until)
        self._free(role, zone, deputy, since or self.today, until)
        appoint(
            person, self.estate, role, by=self.reach, zone=zone, since=since, until=until, deputy=deputy, at=self.at
        )  # fmt: skip
        return CREATED

    def _shorten(self, post: Post, until: date | None) -> str:
        if until is None or post.during.upper == until:
            return UNCHANGED
        if post.during.upper and post.during.upper < until:
            raise WrongCell("最后一天", _("已定于更早卸任；要留任请在页面上重新任命。"))
        relieve(post, until=until, by=self.reach, at=self.at)
        return CHANGED

    def _free(self, role: str, zone: Zone | None, deputy: bool, since: date, until: date | None) -> None:
        if role != Role.STEWARD or deputy or zone is None:
            return
        held = Post.objects.at_estate(self.estate).filter(role=role, zone=zone, deputy=False)
        if other := held.filter(during__overlap=(since, until)).select_related("person").first():
            raise WrongCell("从哪天起", _("那几天由%(name)s任职，请先写其最后一天。") % {"name": other.person.name})

    def leave(self, said: Said) -> str:
        """Entered as granted, by whoever draws up the roster; the cover as named, else as the posts say."""
        person, first, last = self._person(said), said.day("第一天"), said.day("最后一天")
        if first is None or last is None:
            raise WrongCell("最后一天" if first else "第一天", _("没有填写。"))
        rows = Leave.objects.at_estate(self.estate).filter(person=person, first=first, last=last)
        if rows.filter(withdrawn_at__isnull=True, granted=True).exists():
            return UNCHANGED
        kind = said.one_of("类型", Leave.Kind.choices, Leave.Kind.PERSONAL)
        cover = self._person(said, "谁代班") if said["谁代班"] else None
        Leave.objects.enter(person, kind, first, last, said["原因"], by=self.reach, cover=cover, at=self.at)
        return CREATED
