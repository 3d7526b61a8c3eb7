"""The demo's rules of finance and contracts: in force, waiting for the manager, waiting for finance (FIN-05, FIN-11)."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from guanjia import clock
from guanjia.billing.models import Draft
from guanjia.services.models import Supplier
from guanjia.tenancy.scope import estate_scope

from .staffing import _at, _reach

if TYPE_CHECKING:
    from datetime import datetime

    from guanjia.estates.models import Estate

LATE = ("逾期缴费与律师函补充规定", "一、逾期物业费按合同约定日万分之五计收违约金，总额不超过欠费的百分之三十。\n二、季末第四周复核后仍拒不缴费的，由明理律师事务所发函。\n三、减免须写明原因，由项目经理审批。")
FLOAT = ("收费点备用金补充规定", "一、收费点备用金不超过 800 元。\n二、每日下班前双人清点，超出部分当日存行。\n三、大额现金由秩序部护送。")
LIFT: dict[str, Any] = {"title": "5 栋电梯维保合同", "words": "期限一年，每月保养两次；困人 30 分钟内到场；配件另计，先报价后更换；按季付款。", "party": "安达电梯工程有限公司", "amount": Decimal(36_000)}
YEARLY = {"洁好家政服务有限公司": Decimal(48_000), "一路畅行汽车服务部": Decimal(12_000)}


def late_rule(estate: Estate, settings: dict[str, str], at: datetime) -> None:
    """Drafted by finance, approved by the manager the next day: then it holds."""
    with clock.at(at - timedelta(days=1)):
        draft = Draft.objects.write(estate, "rule", *LATE, settings=list(settings.items()), by=_reach(estate, "cashier1"))
        draft.ask(by=_reach(estate, "cashier1"))
    with clock.at(at):
        draft.judge_it(True, by=_reach(estate, "manager1"), words="按此执行")


def drafts(estate: Estate) -> None:
    """Harmless when run again."""
    with estate_scope(estate):
        if Draft.objects.at_estate(estate).filter(kind="contract").exists():
            return
        for supplier in Supplier.objects.at_estate(estate).filter(contract_starts__isnull=False):
            _contract(estate, supplier)
        with clock.at(_at(estate, 3, 15)):
            rule = Draft.objects.write(estate, "rule", *FLOAT, settings=[("cash.float", "800")], by=_reach(estate, "cashier1"))
            rule.ask(by=_reach(estate, "cashier1"))
        with clock.at(_at(estate, 2, 10)):
            Draft.objects.write(estate, "contract", **LIFT, by=_reach(estate, "supervisor1"))


def _contract(estate: Any, supplier: Supplier) -> None:
    """Finance wants the payment changed; the second revision is agreed to and approved before the contract begins."""
    first = supplier.contract_starts
    assert first is not None
    ago = (clock.today(estate) - first).days
    said: dict[str, Any] = {"title": f"{supplier.name}合作合同", "party": supplier.name, "amount": YEARLY.get(supplier.name, Decimal(10_000)), "supplier": supplier}
    author, finance, head = (_reach(estate, login) for login in ("supervisor1", "cashier1", "manager1"))
    with clock.at(_at(estate, ago + 6, 9)):
        draft = Draft.objects.write(estate, "contract", words="合作期一年，服务价目见附表，预付半年。", by=author, **said)
    with clock.at(_at(estate, ago + 5, 10)):
        draft.join(False, "预付改为按月对账后付款", by=finance)
    with clock.at(_at(estate, ago + 5, 16)):
        draft.revise(words="合作期一年，服务价目见附表，按月对账后付款。", by=author, **said)
    with clock.at(_at(estate, ago + 4, 10)):
        draft.join(True, by=finance)
        draft.ask(by=author)
    with clock.at(_at(estate, ago + 3, 11)):
        draft.judge_it(True, by=head)
