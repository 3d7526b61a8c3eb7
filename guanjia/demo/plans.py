"""What becomes of each task of the demo estate: when it is done, late, never, or need not be; the same whenever asked."""

from __future__ import annotations

import random
import zlib
from datetime import datetime, time, timedelta
from typing import TYPE_CHECKING, Any, NamedTuple
from zoneinfo import ZoneInfo

if TYPE_CHECKING:
    from guanjia.duties.models import Task

HALF_DAY = timedelta(hours=12)
LATE, MISSED, WAIVED = 0.036, 0.034, 0.0012  # of all tasks
BAD, DOUBTFUL = 0.005, 0.012
WHY_WAIVED = ["当天停水，改到次日一并检查", "场地施工封闭，无法进入", "与片区联合检查重复，合并记录", "业主临时改约"]


class Plan(NamedTuple):
    task: Any
    fate: str  # done, late, missed, waived
    at: datetime
    minutes: int  # it took
    quirk: str  # bad, quick, unmarked or nothing
    dice: random.Random


def plan(task: Task, since: datetime, zone: ZoneInfo, seed: int) -> Plan:
    """By dice that know the task's slot and subject: the same again after a kill."""
    dice = random.Random(zlib.crc32(f"{seed} {task.key} {task.slot} {task.subject_kind} {task.subject_id}".encode()))
    careless = 1 + 3 * (zlib.crc32(task.key.encode()) % 5 == 0) + (zlib.crc32(f"{task.person_id}".encode()) % 4 == 0)
    chance, opens = dice.random(), max(task.opens_at, since)
    span = task.due_at - opens
    if chance < WAIVED:
        return Plan(task, "waived", opens, 0, "", dice)
    if chance < WAIVED + MISSED * careless / 2:
        return Plan(task, "missed", task.due_at, 0, "", dice)
    minutes = dice.randint(7, 26)
    if chance < WAIVED + (MISSED + LATE) * careless / 2:
        return Plan(task, "late", task.due_at + timedelta(minutes=dice.randint(8, 190)), minutes, "", dice)
    at = opens + span * dice.uniform(0.15, 0.9) if span <= HALF_DAY else _at_work(opens, task.due_at, zone, dice)
    quirk = dice.choices(["bad", "quick", "unmarked", ""], [BAD, DOUBTFUL / 2, DOUBTFUL / 2, 1 - BAD - DOUBTFUL])[0]
    return Plan(task, "done", at, min(minutes, max(1, int((at - opens).total_seconds() // 60))), quirk, dice)


def _at_work(opens: datetime, due: datetime, zone: ZoneInfo, dice: random.Random) -> datetime:
    """Some moment of a working day within a long window; most are done in its first two thirds."""
    first, last = opens.astimezone(zone).date(), (due - timedelta(seconds=1)).astimezone(zone).date()
    days = (last - first).days
    day = first + timedelta(days=min(days, int(days * dice.triangular(0, 1, 0.35) + 0.5)))
    at = datetime.combine(day, time(8, 30), zone) + timedelta(minutes=dice.randint(0, 560), seconds=dice.randint(0, 59))
    return min(max(at, opens + (due - opens) * 0.02), due - (due - opens) * 0.02)
