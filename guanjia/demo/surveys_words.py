"""What the demo's residents say, and what they are answered."""

from __future__ import annotations

# (topic, words) of the yearly survey
SAID = [
    ("parking", "晚上十点以后找不到车位，外来车太多"), ("steward", "管家有事都回，比以前好多了"), ("clean", "地下车库有积灰，希望多冲洗"),
    ("green", "楼下香樟遮光，请修剪"), ("repair", "单元门修了两次才好，希望一次修好"), ("facility", "希望在西门加装电动车充电桩"),
    ("order", "门岗要问来访，外卖直接进来了"), ("fee", "公共收益用在哪里，希望每季公开"), ("activity", "多办些老人活动，不要只有孩子的"),
    ("facility", "儿童游乐区地垫破了，容易绊倒"), ("clean", "电梯轿厢按键每天擦得很干净，谢谢"), ("parking", "访客车位被长期占用"),
    ("repair", "水管修得快，师傅还把地擦干净了"), ("order", "夜里巡逻很负责"), ("green", "中心花园的草坪该补了"), ("facility", "二楼平台的灯晚上不亮"),
    ("steward", "换了管家没人告诉我们"), ("fee", "账单能不能按季度发"), ("clean", "垃圾桶周边夏天有味道"), ("activity", "包粽子活动很好，明年再办"),
]
# (topic, words) of the quarterly consultation
QUARTER = [
    ("facility", "架空层放几张长椅，老人等人能坐"), ("parking", "充电车位被油车占了，请管一管"), ("clean", "楼道纸箱堆了一周没人清"),
    ("green", "蚊子多，希望多消杀一次"), ("steward", "管家小程序里回复很快，点赞"), ("order", "北门晚上九点就关，能不能晚一点"), ("repair", "门禁对讲时好时坏"),
]
REPLIES = {
    "done": "谢谢您的建议，已经照办，管家下周回访效果。", "noted": "谢谢您告诉我们，情况是这样的：已列入下月计划，进展会在公告栏公布。",
    "no": "谢谢您的建议。这一项涉及公共部位改造，需业主大会同意，目前暂不实施，我们会在下次会上提出。", "ticket": "已经转成报事单，安排人处理，进度您随时能看到。",
}  # fmt: skip
# (what was joined, words, mark)
ACTS = [
    ("patrol", "跟着管家走了一圈，楼道检查很细，消防门都推了一遍", 5), ("acceptance", "参加了水泵房维修验收，讲得明白，建议贴一张示意图", 5),
    ("inspection", "绿化检查时指出的枯枝第二天就剪了", 4), ("patrol", "夜间巡逻看到两处灯不亮，已经记下来了", 4), ("trial", "试了代取快递，送得准时", 5),
]  # fmt: skip
