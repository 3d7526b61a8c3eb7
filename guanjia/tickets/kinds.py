"""The words a ticket is described with."""

from datetime import timedelta

from django.db import models
from django.utils.translation import gettext_lazy as _


class Kind(models.TextChoices):
    REPAIR = "repair", _("报修")
    ENQUIRY = "enquiry", _("咨询")
    COMPLAINT = "complaint", _("投诉")
    SUGGESTION = "suggestion", _("建议")
    PRAISE = "praise", _("表扬")


class Klass(models.TextChoices):
    """004 一3b: what decides the time limits."""

    URGENT = "urgent", _("紧急")
    ROUTINE = "routine", _("常规")
    SUGGESTION = "suggestion", _("建议类")


class Channel(models.TextChoices):
    """REQ-02 and issue 2.4."""

    PHONE = "phone", _("电话")
    ONLINE = "online", _("线上")
    ON_SITE = "on_site", _("现场")
    PATROL = "patrol", _("巡查")
    GROUP = "group", _("业主群")
    LETTER = "letter", _("来信")


class Priority(models.TextChoices):
    HIGH = "high", _("高")
    MEDIUM = "medium", _("中")
    LOW = "low", _("低")


class Stage(models.TextChoices):
    """Where a ticket stands in the six steps (REQ-01)."""

    RECEIVED = "received", _("待分类")
    CLASSIFIED = "classified", _("待派单")
    DISPATCHED = "dispatched", _("已派单")
    HANDLING = "handling", _("处理中")
    DONE = "done", _("待回访")
    FED_BACK = "fed_back", _("待归档")
    ARCHIVED = "archived", _("已归档")
    CANCELLED = "cancelled", _("已撤销")
    MERGED = "merged", _("已合并")


DOUBLE_CLICK = timedelta(seconds=10)  # the same again within it is one act

OPEN = (Stage.RECEIVED, Stage.CLASSIFIED, Stage.DISPATCHED, Stage.HANDLING, Stage.DONE, Stage.FED_BACK)
BEFORE_DONE = (Stage.RECEIVED, Stage.CLASSIFIED, Stage.DISPATCHED, Stage.HANDLING)


class Verdict(models.TextChoices):
    VALID = "valid", _("有效")
    INVALID = "invalid", _("无效")


class WorkStage(models.TextChoices):
    OFFERED = "offered", _("待接单")
    TAKEN = "taken", _("已接单")
    ARRIVED = "arrived", _("已到场")
    PAUSED = "paused", _("已暂停")
    FINISHED = "finished", _("已完工")
    REFUSED = "refused", _("已拒单")
    HANDED_OVER = "handed_over", _("已转单")
    WITHDRAWN = "withdrawn", _("已撤回")


WORK_OPEN = (WorkStage.OFFERED, WorkStage.TAKEN, WorkStage.ARRIVED, WorkStage.PAUSED)


class Ground(models.TextChoices):
    """STF-02: the only two grounds for refusing an instruction."""

    ILLEGAL = "illegal", _("违法")
    DANGEROUS = "dangerous", _("危险")


class Step(models.TextChoices):
    """The six steps of the handbook, for the stepper."""

    RECEIVE = "receive", _("受理")
    CLASSIFY = "classify", _("分类")
    DISPATCH = "dispatch", _("派单")
    HANDLE = "handle", _("处理")
    FEED_BACK = "feed_back", _("反馈")
    ARCHIVE = "archive", _("归档")


STEP_OF = {
    Stage.RECEIVED: 1, Stage.CLASSIFIED: 2, Stage.DISPATCHED: 3, Stage.HANDLING: 3,
    Stage.DONE: 4, Stage.FED_BACK: 5, Stage.ARCHIVED: 6, Stage.CANCELLED: 6, Stage.MERGED: 6,
}
