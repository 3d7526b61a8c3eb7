"""What the one who asked can do to a ticket: the same table as for staff (acts.py), in the resident's words."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.utils.translation import gettext_lazy as _

from guanjia import clock
from guanjia.rulebooks.parameters import parameter

from . import resident_forms as forms
from .acts import AFTER, Act
from .forms import EmptyForm, SignForm
from .kinds import BEFORE_DONE, OPEN, Kind, Stage
from .models import Rating, Signature


def is_unrated(ticket: Any, _by: Any = None) -> bool:
    return not Rating.objects.at_estate(ticket.estate_id).filter(ticket=ticket, round=ticket.reopened).exists()


def is_unsigned(ticket: Any, _by: Any = None) -> bool:
    """A complaint ends with the customer's signature (REQ-21)."""
    signed = Signature.objects.at_estate(ticket.estate_id).filter(ticket=ticket, round=ticket.reopened)
    return bool(ticket.kind == Kind.COMPLAINT and not ticket.anonymous and not signed.exists())


def is_fresh(ticket: Any, _by: Any = None) -> bool:
    """Still within the days in which it can be opened again."""
    ended = ticket.closed_at or ticket.done_at
    now = clock.now()
    return ended is None or now - ended <= timedelta(days=parameter(ticket.estate, "tickets.reopen_days", now))


def _add(ticket: Any, by: Any, data: dict[str, Any]) -> None:
    if data["words"].strip():
        ticket.add(data["words"], by=by)


def _cancel(ticket: Any, by: Any, data: dict[str, Any]) -> None:
    ticket.cancel(data["why"], by=by)


ADD = Act("addition", _("补充"), "message-square", forms.AddForm, _add, stages=OPEN, photos="report")
URGE = Act("urge", _("催办"), "bell-ring", EmptyForm, lambda t, by, d: t.urge(by=by), stages=BEFORE_DONE, next=True)
RATE = Act("rating", _("评价"), "star", forms.RateForm, lambda t, by, d: t.rate(by=by, **d), stages=(*AFTER, Stage.ARCHIVED), when=is_unrated, next=True)
REOPEN = Act("reopening", _("没弄好，重新打开"), "rotate-ccw", forms.ReopenForm, lambda t, by, d: t.reopen(d["why"], by=by), stages=(*AFTER, Stage.ARCHIVED, Stage.CANCELLED), when=is_fresh)
SIGN = Act("signature", _("签字确认"), "signature", SignForm, lambda t, by, d: t.sign(d["signature"], d["signer"], by=by), stages=AFTER, when=is_unsigned, next=True)
CANCEL = Act("cancellation", _("撤销报事"), "x", forms.CancelForm, _cancel, stages=BEFORE_DONE, tone="danger")

RESIDENT_ACTS = [URGE, RATE, SIGN, ADD, REOPEN, CANCEL]
ANONYMOUS_ACTS = [URGE, RATE, ADD, REOPEN]
SAID = {
    "urge": _("已催办，处理人和管家都会收到"), "rating": _("谢谢您的评价"), "addition": _("已补充"), "cancellation": _("已撤销"),
    "reopening": _("已重新打开，管家会接着处理"), "signature": _("签字已收好"),
}  # fmt: skip
