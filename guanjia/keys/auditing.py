"""钥匙交接核查: each shift's supervisor goes through what is out, and the record stands in the books (KEY-07)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from guanjia import clock
from guanjia.duties.models import Task
from guanjia.tenancy.errors import Refused

from .models import Key, Loan

if TYPE_CHECKING:
    from collections.abc import Collection
    from datetime import datetime

    from guanjia.duties.models import Record

DUTY = "key_shift_audit"


def task_of(reach: Any, at: datetime) -> Task | None:
    """The audit that is open to the reader now, the nearest first."""
    rows = Task.objects.at_estate(reach.estate).filter(key=DUTY).workable(at).visible_to(reach)
    return rows.select_related("duty").order_by("due_at").first()


def figures(estate: Any) -> tuple[int, list[Loan]]:
    """(keys in their places, loans that are out)."""
    out = list(Loan.objects.at_estate(estate).out().select_related("key").order_by("due_at"))
    return Key.objects.at_estate(estate).live().count() - len(out), out


def audit(seen: Collection[int], inside: int, words: str, *, by: Any, at: datetime | None = None) -> Record:
    """Finish the duty with the register's own figures. A loan not seen, or a count that differs, wants words and opens a ticket."""
    at = at or clock.now()
    task = task_of(by, at)
    if task is None:
        raise Refused(_("现在没有要做的钥匙核查。"), code="no_task")
    expected, out = figures(by.estate)
    missing = [loan for loan in out if loan.pk not in seen]
    bad = bool(missing) or inside != expected
    if bad and len(words.strip()) < 2:
        raise Refused(_("数目或去向对不上，请写明情况。"), code="words_missing")
    told = "；".join(f"{loan.key.code} {loan.name}{'' if loan.pk in seen else '（未见）'}" for loan in out)
    answers: dict[str, Any] = {"inside": str(inside), "out": told or "无", "rule": "bad" if bad else "ok"}
    if bad:
        answers["rule-words"] = _("应在柜 %(n)s 把；%(words)s") % {"n": expected, "words": words.strip()}
    return task.finish(by=by, answers=answers, at=at)
