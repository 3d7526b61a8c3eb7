"""The choices of collecting: ways to pay, reasons for not paying, kinds of contact."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from guanjia.billing.chart import BANK, CASH, ON_THE_WAY


class Way(models.TextChoices):
    """How money comes in, and goes back."""

    CASH = "cash", _("现金")
    TRANSFER = "transfer", _("转账")
    CARD = "card", _("刷卡")
    QR = "qr", _("扫码")
    ONLINE = "online", _("手机缴费")
    DEBIT = "debit", _("银行代扣")

    @property
    def account(self) -> str:
        """Where the money is until a bank statement says otherwise."""
        return {"cash": CASH, "transfer": BANK, "debit": BANK}.get(self.value, ON_THE_WAY)


AT_THE_COUNTER = [Way.CASH, Way.TRANSFER, Way.CARD, Way.QR]


class Reason(models.TextChoices):
    """Why a household has not paid (FEE-06, FEE-16)."""

    FORGOT = "forgot", _("忘记或没空")
    NOT_RECEIVED = "not_received", _("没收到对账单")
    AWAY = "away", _("不在本地或空置")
    DEBIT = "debit", _("代扣不成功")
    SERVICE = "service", _("对服务有意见")
    DISPUTE = "dispute", _("对账单有异议")
    HARDSHIP = "hardship", _("经济困难")
    UNREACHED = "unreached", _("联系不上")
    REFUSES = "refuses", _("拒绝缴费")
    OTHER = "other", _("其他")


class Contact(models.TextChoices):
    PHONE = "phone", _("电话")
    VISIT = "visit", _("上门")
    MESSAGE = "message", _("消息")
    COUNTER = "counter", _("柜台")
    LETTER = "letter", _("函件")


class CallKind(models.TextChoices):
    """What a call is for; its window comes from the calendar of the sources or from what happened."""

    MONTH = "month", _("第三周欠费电话")  # FEE-05
    REASON = "reason", _("季度第二月查欠费原因")  # FEE-06
    RECHECK = "recheck", _("季末月第三周复核")  # FEE-09
    FINAL = "final", _("季末月第四周复核")  # FEE-10
    PROMISE = "promise", _("承诺日已过")  # FEE-09
    FOLLOW_UP = "follow_up", _("问题解决后回访并提醒")  # FEE-09
    DEBIT_FAILED = "debit_failed", _("代扣不成功通知")  # FEE-14
    UNCOLLECTED = "uncollected", _("文件两周未领")  # COM-19
    VISIT = "visit", _("意见较大上门沟通")  # FEE-15


class HoldKind(models.TextChoices):
    SERVICE = "service", _("服务问题未解决")
    DISPUTE = "dispute", _("账单异议核查中")
    HARDSHIP = "hardship", _("经济困难")


class Judged(models.TextChoices):
    """Where a request stands that somebody else has to judge."""

    ASKED = "asked", _("待审批")
    APPROVED = "approved", _("已批准")
    REFUSED = "refused", _("未批准")
