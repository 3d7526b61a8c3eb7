"""Receipts and lawyer's letters on paper: A4, the same figures as on the screen."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _

from guanjia.billing.paper import printed
from guanjia.rulebooks.parameters import parameter

from .capital import capital
from .kinds import Way

if TYPE_CHECKING:
    from .models import Letter, Receipt

LETTER = Path(__file__).parent / "letter.typ"


def receipt_pdf(receipt: Receipt, taker: str) -> bytes:
    """One receipt as PDF; `taker` is who took the money."""
    payment = receipt.payment
    way = Way(receipt.undoing.way if receipt.undoing else payment.way).label
    payer = payment.payer or (payment.household.name if payment.household else _("开发商"))
    on = receipt.undoing.on if receipt.undoing else payment.on
    facts = [
        [_("收据"), str(receipt)], [_("日期"), f"{on}"], [_("房号"), payment.unit.code], [_("交款人"), payer],
        [_("方式"), " ".join(filter(None, [str(way), payment.reference]))], [_("收款人"), taker or _("系统")], [_("合计"), capital(receipt.amount)],
    ]  # fmt: skip
    return printed(
        {
            "title": _("退款收据") if receipt.undoing else _("收款收据"), "estate": receipt.estate.name, "company": receipt.estate.company.name,
            "hotline": receipt.estate.hotline, "facts": facts, "heads": [_("项目"), _("月份"), _("房号"), _("金额（元）")],
            "lines": [[row["what"] or _("预存"), row["period"], row["unit"], row["amount"]] for row in receipt.rows],
            "sums": [[_("合计"), f"{receipt.amount:,.2f}"]], "foot": _("本收据不作报销凭证；需要发票请联系收费处。"),
        }
    )  # fmt: skip


def letter_pdf(letter: Letter) -> bytes:
    """One lawyer's letter as PDF."""
    return printed(letter_words(letter), LETTER)


def letter_words(letter: Letter) -> dict[str, Any]:
    """Everything the letter says, as text: for paper and for the screen, in the house's language whoever reads (FEE-11, CF-51)."""
    with translation.override(settings.LANGUAGE_CODE):
        return _letter(letter)


def _letter(letter: Letter) -> dict[str, Any]:
    firm, days = (parameter(letter.estate, key, letter.asked_at) for key in ("letter.firm", "letter.days"))
    terms = letter.terms
    heads = [_("费用"), _("房号"), _("月份"), _("欠缴（元）")] + ([_("违约金（元）")] if terms else [])
    sums = [_("合计"), "", "", f"{letter.owed:,.2f}"] + ([f"{letter.late:,.2f}"] if terms else [])
    return {
        "title": _("律师函"), "number": str(letter), "number_words": _("函号：%(number)s") % {"number": letter}, "firm": firm or _("（律师事务所）"),
        "to": _("%(name)s（%(unit)s 业主）：") % {"name": letter.household.name, "unit": letter.unit.code},
        "opening": _opening(letter), "heads": heads, "lines": [row[: len(heads)] for row in letter.rows], "sums": sums, "closing": _closing(letter, days),
        "sign": _("%(firm)s（盖章）") % {"firm": firm or _("律师事务所")}, "day": _day(letter.on),
        "slip_title": _("送达回执"), "slip": [_("签收人"), _("日期"), _("单号")], "foot": _("回执由送达人收回，随本函归入住户档案。"),
    }  # fmt: skip


def _day(day: Any) -> str:
    return _("%(year)d年%(month)d月%(day)d日") % {"year": day.year, "month": day.month, "day": day.day}


def _opening(letter: Letter) -> list[str]:
    said = {
        "company": letter.estate.company.name,
        "estate": letter.estate.name,
        "day": _day(letter.on),
        "owed": f"{letter.owed:,.2f}",
    }
    words = [
        _("受%(company)s委托，就您拖欠%(estate)s物业服务费用一事函告如下：截至%(day)s，您共欠缴 %(owed)s 元，明细见下表。委托人多次以电话、上门等方式与您联系，您至今没有缴纳。") % said
    ]  # fmt: skip
    if terms := letter.terms:
        said = {
            "rate": f"{terms.rate.normalize():f}",
            "after": str(terms.after + 1),
            "cap": str(terms.cap),
            "late": f"{letter.late:,.2f}",
        }
        words.append(
            _("按合同约定，自逾期第 %(after)s 日起按日加收欠缴金额 %(rate)s%% 的违约金，最多不超过欠缴本金的 %(cap)s%%，截至前述日期计 %(late)s 元。") % said
        )  # fmt: skip
    return words


def _closing(letter: Letter, days: Any) -> list[str]:
    said = {"days": days, "total": f"{letter.total:,.2f}", "capital": capital(letter.total)}
    return [
        _("以上合计 %(total)s 元（%(capital)s）。请在收到本函之日起 %(days)s 日内缴清。如对账单或服务有异议，请在此期限内书面提出，委托人会如实核查。逾期不缴又不说明的，委托人将依法提起诉讼或申请仲裁。") % said,
        _("在任何情况下，委托人不会以停水、停电、限制通行等方式催缴（民法典第九百四十四条）。"),
    ]  # fmt: skip
