"""A letter as PDF, one page run for every household, its address where a window envelope shows it; and the register as Excel (F-47)."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace
from typing import IO, TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db.models import Q
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from guanjia import clock
from guanjia.billing.paper import printed
from guanjia.events.actions import Action
from guanjia.events.models import Event
from guanjia.events.sentences import kept
from guanjia.people.models import Person
from guanjia.tenancy.workbooks import Workbook

if TYPE_CHECKING:
    from collections.abc import Iterable

    from .models import Handing, Mailing

SHEET = Path(__file__).parent / "mailing.typ"
MOST = 20_000  # rows of a sheet


def mailing_pdf(mailing: Mailing, rows: Iterable[Handing]) -> bytes:
    """In the house's language whoever prints (COM-16)."""
    with translation.override(settings.LANGUAGE_CODE):
        estate, day = mailing.estate, clock.today(mailing.estate, mailing.written_at)
        return printed(
            {
                "title": mailing.title, "words": [line.strip() for line in mailing.words.splitlines() if line.strip()], "signer": mailing.signer,
                "day": _("%(year)d年%(month)d月%(day)d日") % {"year": day.year, "month": day.month, "day": day.day},
                "sender": f"{estate.company.name}　{estate.name}", "foot": " ".join(filter(None, [estate.company.name, estate.hotline])),
                "slip_title": _("送达回执"), "slip": [_("签收人"), _("日期")], "papers": [_paper(mailing, row) for row in rows],
            },
            SHEET,
        )  # fmt: skip


def _paper(mailing: Mailing, row: Handing) -> dict[str, str]:
    return {
        "to": _("%(unit)s　%(name)s 收") % {"unit": row.unit.code, "name": row.household.name}, "address": row.address or f"{mailing.estate.name} {row.unit.code}",
        "greeting": _("尊敬的%(name)s：") % {"name": row.household.name}, "number": f"{mailing.pk:04d}-{row.pk}", "way": str(row.get_way_display()),
    }  # fmt: skip


def register(reach: Any, rows: Any) -> IO[bytes]:
    """Every paper that went out, the newest first, with who received it; who took the file along is written down."""
    went = rows.filter(Q(mailing__isnull=True) | Q(mailing__state="approved"))
    found = list(went.select_related("household", "unit", "bill", "mailing").order_by("-issued_on", "-pk")[:MOST])
    people = Person.objects.in_bulk({row.by_id for row in found if row.by_id})
    book = Workbook(ZoneInfo(reach.estate.time_zone))
    heads = [
        (_("房号"), 12), (_("住户"), 12), (_("文件"), 24), (_("发出"), 12), (_("方式"), 16), (_("邮寄地址"), 24), (_("结果"), 10), (_("签收人"), 12), (_("备注"), 24),
        (_("凭据"), 8), (_("统一信封"), 10), (_("已向保安说明"), 12), (_("已派电话"), 10), (_("登记人"), 10), (_("时间"), 17),
    ]  # fmt: skip
    book.sheet(_("对客文件发放记录"), heads, frozen=1, filtered=True)
    book.rows(_line(row, people) for row in found)
    subject = SimpleNamespace(noun="handing", pk=0, estate_id=reach.estate.pk)
    what = kept(gettext_lazy("对客文件发放记录 %(n)s 条") % {"n": len(found)})
    Event.objects.record(Action.PERSONAL_DATA_EXPORTED, subject, by=reach, at=clock.now(), told=False, what=what)
    return book.done()


def _line(row: Handing, people: dict[int, Person]) -> list[Any]:
    yes = _("是")
    return [
        row.unit.code, row.household.name, row.paper, row.issued_on, row.get_way_display(), row.address, row.get_outcome_display(), row.taker, row.words,
        yes if row.proof_id else "", yes if row.enveloped else "", yes if row.briefed else "", yes if row.called else "",
        people[row.by_id].name if row.by_id in people else "", row.at,
    ]  # fmt: skip
