"""What the people of the demo estate write into their records: believable, by form and question."""

from __future__ import annotations

import base64
from typing import TYPE_CHECKING, Any

from guanjia.rulebooks.form_book import form

from .pictures import signature

if TYPE_CHECKING:
    import random
    from collections.abc import Sequence

    from guanjia.rulebooks.form_book import Item

SAID: dict[str, Sequence[str]] = {
    "words": ["按计划做完，现场正常", "已完成，没有遗留", "做完并拍照留存", "一切正常，已告知班组"],
    "what": ["门厅、走道与设备间逐项看过", "房态与物品逐间核对", "责任区内外各看一遍"],
    "topics": [
        "昨日未结报事逐单过一遍；周末巡查重点放在地库和天台",
        "通报昨天两单投诉，约定今天电话回访",
        "安排今天的空置房巡视和公告栏更换",
        "强调仪容和首问负责，布置消防通道清理",
    ],
    "summary": [
        "本期工作按计划完成，报事及时率稳定，无重大投诉",
        "收缴与走访按进度推进，两处设施缺陷已派单整改",
        "各项巡查覆盖到位，遗留问题 3 项，均有责任人和期限",
    ],
    "problems": [
        "地库照明老化较多，建议分两批更换",
        "雨后空置房渗水点需持续复查",
        "个别楼栋堆物反复，下周联合社区清理",
    ],
    "frequent": ["渗漏水和照明报修最多，集中在 5、9 栋；投诉以停车占道为主", "下水慢、门禁不灵两类反复出现，多在高层"],
    "causes": ["楼顶防水已过保修期，雨后集中渗漏；地库灯具使用超过五年", "管道多年未疏通；门禁读卡器受潮"],
    "measures": ["工程部 20 日前完成 5 栋屋面修补，管家回访；灯具分两批更换，责任人周师傅", "月底前疏通 12 根立管，读卡器加防水罩，责任人陈工"],
    "effect": ["上期两项措施已完成，同类报修下降", "一项延期，已重新定期限"],
    "sent_to": ["客服部经理", "项目经理周建国", "物业服务中心"],
    "work": ["修剪绿篱，清理枯枝落叶", "加注润滑油，紧固接线端子，测试正常", "补种麦冬两平方米，浇透水"],
    "who": ["华安电梯维保 2 人", "鑫源机电 张工", "绿美园林 3 人"],
    "area": ["中心花园", "环形道路两侧", "北门绿化带"],
    "from_to": ["08:00—20:00", "20:00—次日 08:00", "按班次全程在岗"],
    "days": ["下周一至周日", "本月全部工作日"],
    "period": ["昨日", "上周", "本月至今"],
    "read": ["值班记录、派工台账与回访记录", "交接班记录和钥匙借用登记"],
    "happened": ["巡查三次，情况正常", "接待来访 6 批，均登记"],
    "topic": ["服务礼仪与首问负责", "灭火器使用与疏散", "报事系统手机端操作"],
    "scenario": ["电梯困人救援", "地库进水排险"],
    "advice": ["燃气软管快到期，建议三个月内更换", "阳台插座避免淋雨", "已提醒离家关水关气", "门窗完好，无建议"],
    "helped": ["", "", "反映门岗遮阳棚破损，已登记"],
    "left": ["", "", "两单待配件，明早跟进"],
    "open": ["", "", "3-1 电梯异响待维保复看"],
}  # by item
WRONG: dict[str, Sequence[str]] = {
    "staff": ["北侧岗亭无人，五分钟后返回"],
    "order": ["单元门口有两辆电动车堵住坡道", "有外来推销人员逐户敲门"],
    "cleaning": ["2 单元楼道有烟头和纸屑", "垃圾桶外溢，地面有污水"],
    "greening": ["草坪斑秃约两平方米", "灌木遮挡路灯"],
    "engineering": ["门厅吸顶灯不亮", "单元门闭门器漏油，关门响"],
    "decoration": ["装修垃圾未袋装，占用走道"],
    "equipment": ["信报箱门脱落一扇", "3 层消火栓箱玻璃破裂"],
    "outside": ["门厅外墙砖松动两块"],
    "inside": ["天台门口堆放旧家具"],
    "safety": ["楼道有电动车充电，已劝离"],
    "posts": ["凌晨一点岗亭无应答"],
    "gates": ["西侧单元门没有关严"],
    "lights": ["地库 B 区三盏灯不亮", "环路路灯灭了一盏"],
    "noise": ["22:40 仍有电钻声"],
    "sound": ["秋千链条磨损，已围挡"],
    "clean": ["滑梯下有积水和落叶"],
    "warned": ["使用说明牌褪色看不清"],
    "neat": ["栏面有胶痕，一张通知翘边"],
    "waste": ["袋装垃圾堆在消防通道"],
    "hours": ["中午一点仍在施工"],
    "permit": ["一名工人未带出入证"],
    "fire": ["现场少一只灭火器"],
    "water": ["水阀未关，已当场关闭", "下水口有水泥浆"],
    "doors": ["锁芯松动，钥匙转动困难"],
    "windows": ["次卧窗没关严，窗台有雨水"],
    "leakage": ["卫生间墙角渗水，约一个手掌大"],
    "cracks": ["客厅顶面一道细裂纹，长约 40 厘米"],
    "power": ["总闸没有断开，已断"],
    "fine": ["地面有积水，已放警示牌", "发现一处地砖松动"],
    "running": ["水泵有异响，振动偏大"],
    "room": ["机房地面有杂物"],
    "areas": ["电梯厅地面有水渍"],
    "corners": ["消防栓箱背后积灰"],
    "damage": ["踢脚线脱落一段"],
    "present": ["到岗晚了十分钟"],
    "good": ["标识牌缺一块"],
    "pipes": ["厨房角阀轻微滴水"],
    "electrics": ["插座面板松动"],
}  # by item
NUMBERS = {"greeted": (2, 18), "removed": (0, 4), "present": (4, 14), "rooms": (2, 9), "looked": (2, 9), "minutes": (15, 50), "sent": (60, 60), "back": (41, 57), "satisfied": (36, 41)}  # fmt: skip
EQUAL = {"due": 8, "inside": 126, "vacant": 6, "unsold": 2, "renovating": 2}
AMOUNTS = {"meter": (12, 380), "reading": (2, 60), "hours": (1, 2), "worth": (0, 0), "book": (1860, 1860), "counted": (1860, 1860), "deposited": (1860, 1860), "left": (0, 0)}  # fmt: skip


def replies(key: str, dice: random.Random, buildings: Sequence[str], bad: str = "") -> dict[str, Any]:
    """Raw answers for a form; `bad` is the item that is not as it should be."""
    said: dict[str, Any] = {}
    for name, item in form(key).items.items():
        if name == bad:
            said |= {name: "bad" if item.kind == "check" else item.bad[0], f"{name}-words": dice.choice(WRONG[name])}
        else:
            said[name] = _reply(name, item, dice, buildings)
    return said


def can_be_bad(key: str) -> list[str]:
    """Items of a form with words for what is wrong, which open a ticket and are looked at again."""
    return [
        name
        for name, item in form(key).items.items()
        if name in WRONG and item.opens and item.recheck and item.can_be_bad
    ]


def _reply(name: str, item: Item, dice: random.Random, buildings: Sequence[str]) -> Any:
    match item.kind:
        case "check":
            return "ok"
        case "choice":
            return next(each for each in item.choices if each not in item.bad)
        case "number":
            return EQUAL.get(name, dice.randint(*NUMBERS.get(name, (item.least or 1, min(item.most or 8, 8)))))
        case "amount":
            low, high = AMOUNTS.get(name, (1, 40))
            return str(dice.randint(low, high))
        case "score":
            most = item.most or 5
            return str(dice.randint(most - most // 8, most) if most > 5 else dice.choice([5, 5, 5, 4, 4, 3]))
        case "members":
            return (
                list(item.members.choices)
                if item.members
                else dice.sample(list(buildings), dice.randint(min(2, len(buildings)), len(buildings)))
            )
        case "text":
            return dice.choice(SAID.get(name, ["正常", "按要求完成"])) or ("" if not item.required else "正常")
        case "signature":
            return drawn(dice) if item.required else ""
    return ""


def drawn(dice: random.Random) -> str:
    """A signature as the pad sends it."""
    return "data:image/png;base64," + base64.b64encode(signature(dice).read()).decode()
