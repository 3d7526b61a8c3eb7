"""Sample content for the styleguide: an ordinary Sunday at an invented estate. Nothing here is a rule."""

from __future__ import annotations

from datetime import timedelta
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

from django import forms

from guanjia import clock

if TYPE_CHECKING:
    from datetime import datetime

    from django.http import HttpRequest


class ReportForm(forms.Form):
    """Every kind of widget once, with a mistake in it."""

    unit = forms.CharField(label="房号", help_text="楼栋-单元-房号，例如 7-1-1602", max_length=20)
    phone = forms.RegexField(
        r"^1\d{10}$", label="联系电话", error_messages={"invalid": "电话应是 11 位手机号，现在少 1 位"}
    )
    category = forms.ChoiceField(
        label="类别", choices=[("", "请选择"), ("1", "水电维修"), ("2", "公共设施"), ("3", "环境卫生")]
    )
    day = forms.DateField(label="预约日期", widget=forms.DateInput(attrs={"type": "date"}), required=False)
    about = forms.CharField(label="情况说明", widget=forms.Textarea(attrs={"rows": 3}))
    period = forms.ChoiceField(
        label="上门时段", choices=[("am", "上午"), ("pm", "下午"), ("eve", "傍晚")], widget=forms.RadioSelect
    )
    agreed = forms.BooleanField(label="同意维修人员拍照留存", required=False, help_text="照片只用于这次报事")
    paper = forms.FileField(label="附件", required=False)


def context(request: HttpRequest) -> dict[str, Any]:
    now = clock.now()
    sent = {
        "unit": "7-1-1602",
        "phone": "1380013800",
        "category": "1",
        "about": "厨房地漏返水，已漫到客厅",
        "period": "am",
    }
    return {
        "nav": nav(), "estate": SimpleNamespace(name="阳光花园", code="demo", time_zone="Asia/Shanghai"),
        "estates": [SimpleNamespace(name=name, code=code, url="#") for code, name in ESTATES],
        "me_words": "陈晓梅 · 客服主管", "now": now, "work": work(now), "steps": steps(now), "steps_late": steps(now, late=True),
        "events": events(now), "photos": photos(), "form": ReportForm(sent), "blank": ReportForm(),
        "zones": ZONES, "chart": CHART, "plan": plan(), "tones": TONES, "resident_nav": resident_nav(),
        "ages": {name: now + timedelta(minutes=m) for name, m in AGES.items()}, "parts": PARTS,
    }  # fmt: skip


PARTS = ("工作台", "按钮", "标记", "清单与任务卡", "表单", "一张工单", "说话", "业主")
ESTATES = (("demo", "阳光花园"), ("b", "翠湖里"), ("c", "云栖苑"))
TONES = (
    ("bad", "待派单"),
    ("soon", "待上门"),
    ("info", "处理中"),
    ("good", "已完成"),
    ("house", "已预约"),
    ("mute", "未开始"),
)
AGES = {
    "late": -25,
    "very_late": -3105,
    "soon": 12,
    "near": 72,
    "today": 180,
    "tomorrow": 1500,
    "far": 5000,
    "past": -90,
}
ZONES = (
    ("阳光花园一区", "1286400.00", "1197600.00", "93.1%", ""), ("阳光花园二区", "1042000.00", "921100.50", "88.4%", ""),
    ("翠湖里", "876500.00", "742400.00", "84.7%", ""), ("云栖苑", "655300.00", "519000.00", "79.2%", "late"),
)  # fmt: skip

CHART = {
    "kind": "bars", "unit": "万元", "target": 90, "targetWords": "目标 90%", "names": [f"{month}月" for month in range(1, 12)],
    "series": [
        {"name": "应收", "tone": "line-strong", "values": [412, 398, 421, 409, 417, 430, 428, 418, 425, 431, 427]},
        {"name": "实收", "tone": "house", "values": [372, 322, 378, 364, 372, 391, 382, 368, 378, 362, 369]},
        {"name": "收缴率", "tone": "soon", "line": True, "percent": True, "values": [90, 81, 90, 89, 89, 91, 89, 88, 89, 84, 86]},
    ],
}  # fmt: skip


def nav() -> list[dict[str, Any]]:
    rows: list[tuple[str, str, int, dict[str, Any]]] = [
        ("layout-dashboard", "工作台", 17, {"current": True, "tone": "bad"}), ("clipboard-list", "报事工单", 42, {"short": "工单"}),
        ("plus", "登记报事", 0, {"main": True, "short": "登记", "phone_only": True}), ("list-checks", "巡检保养", 0, {"desk_only": True}),
        ("wallet", "收费中心", 0, {"short": "收费"}), ("house", "住户房产", 0, {"desk_only": True}),
        ("megaphone", "公告通知", 0, {"desk_only": True}), ("chart-column", "报表分析", 0, {"desk_only": True, "gap": True}),
        ("calendar-days", "员工排班", 0, {"desk_only": True}), ("settings", "系统设置", 0, {"desk_only": True}),
        ("circle-user", "我的", 0, {"phone_only": True}),
    ]  # fmt: skip
    return [{"url": "#", "icon": icon, "label": label, "count": count, **more} for icon, label, count, more in rows]


def resident_nav() -> list[dict[str, Any]]:
    rows = [
        ("house", "首页", True),
        ("message-square-warning", "报事", False),
        ("receipt-text", "账单", False),
        ("megaphone", "公告", False),
        ("circle-user", "我家", False),
    ]
    return [{"url": "#", "icon": icon, "label": label, "current": current} for icon, label, current in rows]


def work(now: datetime) -> list[dict[str, Any]]:
    rows = [
        (-25, "急", "bad", "3 号楼 2 单元电梯困人后复检，需上传维保签字", "阳光花园 · 3-2", "维修", "周建国", "info", "处理中"),
        (12, "高", "soon", "7-1-1602 厨房地漏返水，业主在家等候", "阳光花园 · 7-1-1602", "报事", "李志强", "soon", "待上门"),
        (42, "中", "mute", "B2 生活水泵房日巡检（12 项）", "阳光花园 · 地下二层", "巡检", "李志强", "mute", "未开始"),
        (72, "中", "mute", "上门送达三季度欠费告知书 6 户", "翠湖里 · 2、5 号楼", "收费", "陈晓梅", "mute", "未开始"),
        (260, "低", "mute", "12-2-803 装修隐蔽工程验收", "阳光花园 · 12-2-803", "装修", "王海涛", "house", "已预约"),
        (1500, "低", "mute", "停水通知（周三 13:00—17:00）审核发布", "全部片区", "公告", "陈晓梅", "bad", "待审核"),
    ]  # fmt: skip
    keys = ("level", "level_tone", "title", "place", "kind", "who", "tone", "state")
    return [
        {
            "due": now + timedelta(minutes=row[0]),
            "number": f"BS-1122-{41 - n:03}",
            "used": max(8, 100 - n * 18),
            **dict(zip(keys, row[1:], strict=True)),
        }
        for n, row in enumerate(rows)
    ]


def steps(now: datetime, late: bool = False) -> list[dict[str, Any]]:
    names = ("受理", "派单", "到场", "处理", "验收", "回访")
    states = ("done", "done", "late" if late else "now", "todo", "todo", "todo")
    who = ("前台 林小雨", "陈晓梅", "李志强", "", "", "")
    at = (now - timedelta(minutes=40), now - timedelta(minutes=31), None, None, None, None)
    return [
        {"label": label, "state": state, "who": name, "at": instant}
        for label, state, name, instant in zip(names, states, who, at, strict=True)
    ]


def events(now: datetime) -> list[dict[str, Any]]:
    return [
        {"at": now - timedelta(minutes=2), "sentence": "李志强 已出发，预计 09:42 到", "tone": "info", "icon": "navigation"},
        {"at": now - timedelta(minutes=12), "sentence": "响应超时 6 分，已提醒 项目经理 周建国", "tone": "bad", "icon": "bell-ring"},
        {"at": now - timedelta(minutes=31), "sentence": "陈晓梅 派单给 李志强", "tone": "house", "icon": "send"},
        {"at": now - timedelta(minutes=40), "sentence": "赵先生 报事：水电维修", "icon": "message-square", "note": "厨房地漏返水，已漫到客厅，家里有老人。", "photos": photos()[:2]},
        {"at": now - timedelta(days=1, hours=3), "sentence": "上一单由 王海涛 完成，业主评 5 星", "tone": "good", "icon": "check"},
    ]  # fmt: skip


def photos() -> list[dict[str, str]]:
    def drawn(hue: str, words: str) -> str:
        return f"data:image/svg+xml;utf8,<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 80 80'><rect width='80' height='80' fill='%23{hue}'/><path d='M0 60L26 34l18 18 12-10 24 24v14H0z' fill='%23fff' opacity='.45'/><circle cx='58' cy='22' r='8' fill='%23fff' opacity='.6'/></svg>"

    rows = (
        ("6f9c98", "地漏返水", "维修前"),
        ("8a9fb0", "客厅地面", "维修前"),
        ("b39d74", "更换存水弯", "维修中"),
        ("7ba584", "试水正常", "维修后"),
    )
    return [{"url": drawn(hue, alt), "thumb": "", "alt": alt, "tag": tag} for hue, alt, tag in rows]


def plan() -> list[dict[str, Any]]:
    heats = (1, 2, 0, 3, 1, 0, 0, 0, 2, 3, 1, 2)
    return [
        {
            "name": f"{n + 1}#",
            "heat": heat,
            "x": n % 4 * 90 + 10,
            "y": n // 4 * 60 + 10,
            "cx": n % 4 * 90 + 45,
            "cy": n // 4 * 60 + 38,
        }
        for n, heat in enumerate(heats)
    ]
