"""What the demo estate told its residents: some over and taken down, some out, one that waits to be read over."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any, NamedTuple

from guanjia.bulletins.models import Bulletin, Hanging, Opening
from guanjia.people.roles import Role

if TYPE_CHECKING:
    from datetime import datetime

    from .life import Life


class Told(NamedTuple):
    ago: timedelta
    kind: str
    title: str
    words: str
    lasts: timedelta
    opened: float = 0.5  # share of those who sign in


BULLETINS = [
    Told(timedelta(days=41), "prices", "特约服务收费项目与标准", "上门维修、保洁、代办等服务的项目和价格见附表，张贴在服务大厅，收费开票，先报价后服务。", timedelta(days=365), 0.4),
    Told(timedelta(days=20), "weather", "今晚有暴雨大风", "请关好门窗，收好阳台和窗台上的物品，车辆不要停在树下和低洼处。需要帮忙请拨管家电话。", timedelta(days=1), 0.8),
    Told(timedelta(days=12), "outage", "二次供水水箱清洗停水通知", "时间：后天 9:00 至 15:00。\n范围：全小区高区用户。\n请提前储水，恢复供水后先放水两分钟再使用。", timedelta(days=3), 0.7),
    Told(timedelta(days=3), "tip", "近期电动自行车充电提醒", "请到集中充电棚充电，不要推车上楼、不要飞线充电。充电棚已增加 12 个插口。", timedelta(days=7), 0.5),
    Told(timedelta(hours=20), "daily", "昨日小区小报", "昨天办结报事 6 件，修好路灯 3 盏，清理地库积水一处。今天上午绿化修剪在 6 至 9 栋之间进行。", timedelta(days=1), 0.3),
    Told(timedelta(hours=3), "outage", "3 栋电梯年检停梯通知", "时间：明天 14:00 至 16:00，1、2 单元轮流停梯。\n老人和推婴儿车出行请提前安排，需要帮忙请找管家。", timedelta(days=2), 0.0),
]  # fmt: skip
UNREAD = timedelta(hours=6)  # younger ones still wait for the supervisor


def bulletins(life: Life) -> None:
    """Set every bulletin in motion."""
    for each in BULLETINS:
        life.history.later(life.history.until - each.ago, lambda at, one=each: _write(life, one, at))


def _write(life: Life, told: Told, at: datetime) -> None:
    history, steward = life.history, life.history.reach(life.any_of(Role.STEWARD))
    row = Bulletin.objects.write(told.kind, told.title, told.words, by=steward, starts_at=at, ends_at=at + told.lasts)
    row.send_in(by=steward)
    if told.ago <= UNREAD:
        return
    if row.entry.checked:
        history.later(at + timedelta(minutes=25), lambda now: row.check_it(True, by=history.reach(life.any_of(Role.SUPERVISOR))))
    history.later(at + timedelta(hours=2), lambda now: _hang_and_open(life, row, told.opened))
    over = at + told.lasts
    history.later(over, row.run_out)
    history.later(over + timedelta(hours=9), lambda now: _take_down(life, row))


def _hang_and_open(life: Life, row: Bulletin, share: float) -> None:
    by = life.history.reach(life.any_of(Role.FRONT_DESK))
    for hanging in _hangings(row):
        hanging.put_up(by=by)
    for _unit, _household, person in life.apps:
        if life.dice.random() < share:
            Opening.objects.note(row, by=life.history.reach(person))


def _take_down(life: Life, row: Bulletin) -> None:
    """One board is forgotten now and then, so that somebody finds it in the morning."""
    by = life.history.reach(life.any_of(Role.FRONT_DESK))
    for hanging in _hangings(row):
        if life.dice.random() < 0.85:
            hanging.take_down(by=by)


def _hangings(row: Bulletin) -> Any:
    return Hanging.objects.at_estate(row.estate_id).filter(bulletin=row).select_related("board", "bulletin")
