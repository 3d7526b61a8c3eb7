"""Bodies outside the demo estate, what they sent, what was coordinated: one document waits, one is nearly due, one was handled."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from guanjia import clock
from guanjia.liaison.models import Contact, Incoming, Matter
from guanjia.people.models import Person
from guanjia.tenancy.scope import estate_scope

from .staffing import _at, _reach

if TYPE_CHECKING:
    from guanjia.estates.models import Estate

BODIES = [
    ("street", "示范街道办事处物业科", "刘科长", "028-8000 0201", "示范路 1 号", "物业监管、文明城市创建、业委会备案"),
    ("police", "示范路派出所", "陈警官", "028-8000 0202", "示范路 12 号", "治安、流动人口登记、噪声纠纷"),
    ("fire", "区消防救援大队", "值班室", "028-8000 0203", "", "消防检查、微型消防站、演练"),
    ("utility", "供电公司示范路营业厅", "客户经理 何敏", "028-8000 0204", "示范路 30 号", "停电计划、配电房、充电桩报装"),
    ("owners", "业主委员会", "秘书 高老师", "028-8000 0205", "小区会所二层", "维修资金、公共收益、规约"),
]  # fmt: skip
# body, title, number, what, received days ago, days to handle, handled days ago, result
PAPERS = [
    (2, "关于开展高层住宅消防隐患排查的通知", "示消〔2026〕18 号", "排查楼道堆物、电动车入楼，整改后书面回复。", 20, 10, 12, "已排查 32 栋，清理堆物 14 处，照片和回函已送大队。"),
    (3, "计划停电通知：1#、2# 配电房检修", "", "提前三天告知住户，准备应急发电。", 3, 4, None, ""),
    (0, "关于报送文明城市创建台账的函", "示街办函〔2026〕41 号", "报送宣传栏、志愿者活动、垃圾分类台账。", 6, 14, None, ""),
]  # fmt: skip


def liaison(estate: Estate) -> None:
    """Harmless when run again."""
    with estate_scope(estate):
        if Contact.objects.at_estate(estate).exists():
            return
        desk, today = _reach(estate, "desk1"), clock.today(estate)
        rows = [Contact.objects.keep(estate, kind, name, person=person, phone=phone, address=address, words=words, by=desk, at=_at(estate, 60, 9)) for kind, name, person, phone, address, words in BODIES]
        handler = Person.objects.get(username="supervisor1")
        for body, title, number, words, ago, days, handled, result in PAPERS:
            on = today - timedelta(days=ago)
            paper = Incoming.objects.receive(rows[body], title, on, on + timedelta(days=days), handler, number=number, words=words, by=desk, at=_at(estate, ago, 10))
            if handled is not None:
                paper.handle(result, by=_reach(estate, "supervisor1"), at=_at(estate, handled, 16))
        Matter.objects.begin(rows[1], today - timedelta(days=15), "商请加强周末夜间东门外摆摊噪声巡查", result="派出所已列入周五、周六夜间巡线，两周无投诉", by=desk, at=_at(estate, 15, 11))
        Matter.objects.begin(rows[4], today - timedelta(days=4), "约定下季度公共收益公示的时间和格式", by=desk, at=_at(estate, 4, 15))
