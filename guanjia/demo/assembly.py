"""The demo estate's owners' assembly: one signed last season, one open in which the demo's first resident has not voted."""

from __future__ import annotations

import random
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from guanjia.assembly.models import Assembly, Ballot, Choice
from guanjia.tenancy.scope import estate_scope

from .activities import _at, _picture, _reach

if TYPE_CHECKING:
    from guanjia.estates.models import Estate

SIGNED = (
    "data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR4nGNgYGBgAAAABQABh6FO1AAAAABJRU5ErkJggg=="
)


def assembly(estate: Estate) -> None:
    """Harmless when run again."""
    with estate_scope(estate):
        if Assembly.objects.at_estate(estate).exists():
            return
        boss, desk, dice = _reach(estate, "manager1"), _reach(estate, "desk1"), random.Random(278)
        row = Assembly.objects.draft(
            "2026 年第一次业主大会", [{"title": "使用维修资金更换 5 栋电梯主机", "matter": "fund_use", "words": "预算 38 万元，中标单位见公示。"}, {"title": "架空层出租设快递驿站", "matter": "common_use"}],
            _at(estate, 60, 9), _at(estate, 46, 18), by=boss, at=_at(estate, 64, 10),
        )  # fmt: skip
        row.announce(by=boss, at=_at(estate, 63, 10))
        _vote(row, desk, dice, 0.74, _at(estate, 55, 10))
        row.count(by=boss, at=_at(estate, 46, 18, 5))
        row.minute("", by=boss, at=_at(estate, 46, 19))
        row.sign("recorder", "", SIGNED, by=boss, at=_at(estate, 45, 10))
        row.sign("witness", "秦女士（业委会）", SIGNED, by=boss, at=_at(estate, 45, 10, 5))
        now = Assembly.objects.draft(
            "充电桩与门禁改造表决", [{"title": "地面增设 12 个充电车位", "matter": "common_use", "words": "占用绿化边缘，收益归全体业主。"}, {"title": "单元门禁换为刷卡加密码", "matter": "fund_use", "words": "预算 9.6 万元。"}],
            _at(estate, 3, 9), _at(estate, -11, 18), by=boss, at=_at(estate, 6, 10),
        )  # fmt: skip
        now.announce(by=boss, at=_at(estate, 5, 10))
        _vote(now, desk, dice, 0.31, _at(estate, 2, 11))


def _vote(row: Assembly, desk: Any, dice: random.Random, share: float, at: Any) -> None:
    """The first paper by the verb; the many others in bulk beside it, as scanned papers with its picture."""
    topics = list(row.topics.all())
    lines = list(row.roll.filter(household__isnull=False).select_related("unit").order_by("pk"))
    drawn = [line for line in lines[1:] if dice.random() < share]
    first = drawn.pop()
    paper = row.vote(first.unit, {topic.pk: "yes" for topic in topics}, by=desk, photo=_picture("#ffffff", "#eeeeee"), at=at)
    made = Ballot.objects.bulk_create(
        [Ballot(estate_id=row.estate_id, assembly=row, unit_id=line.unit_id, way="paper", photo=paper.photo.name, by_id=desk.person_id, at=at + timedelta(minutes=n % 600)) for n, line in enumerate(drawn)]
    )
    Choice.objects.bulk_create(
        [Choice(estate_id=row.estate_id, ballot=ballot, topic=topic, said=dice.choices(("yes", "no", "abstain"), (82, 12, 6) if topic.n == 1 else (64, 28, 8))[0]) for ballot in made for topic in topics]
    )
