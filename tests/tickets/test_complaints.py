"""Complaints: verdict by an outsider, measure, signature, compensation, anonymity (REQ-19..23, REQ-48, CF-61)."""

from __future__ import annotations

import io
from decimal import Decimal

import pytest
from django.core.files.base import ContentFile
from PIL import Image

from guanjia.events.models import Event
from guanjia.tenancy.errors import NotAllowed, Refused
from guanjia.tickets.kinds import Stage
from guanjia.tickets.models import Signature, Ticket, digest


@pytest.fixture
def complaint(cast, tmp_path, settings):
    settings.MEDIA_ROOT = tmp_path
    ticket = Ticket.objects.report(by=cast.as_("mei"), estate=cast.sunny, kind="complaint", words="报修两天没人理", unit=cast.home, household_id=cast.meis.pk)
    ticket.classify(by=cast.as_("ming"), klass="routine", category="service")
    return ticket


def drawn():
    buffer = io.BytesIO()
    Image.new("RGBA", (300, 120), (0, 0, 0, 0)).save(buffer, "PNG")
    return ContentFile(buffer.getvalue(), "signature.png")


def fed_back(cast, ticket):
    ticket.complete("已上门致歉并修好", by=cast.as_("ming"))
    ticket.confirm("satisfied", by=cast.as_("ming"))


def test_the_subject_does_not_judge(cast, complaint):
    """CF-61: not the steward, not the accused, not a worker on it."""
    with pytest.raises(NotAllowed):
        complaint.judge("invalid", "我没有错", by=cast.as_("ming"))
    with pytest.raises(Refused) as refused:
        complaint.judge("valid", "属实", by=cast.as_("zhao"), accused=cast.zhao)
    assert refused.value.code == "own_case"
    verdict = complaint.judge("valid", "通话记录属实", by=cast.as_("zhao"), accused=cast.ming, department="客服部")
    assert complaint.verdict == verdict and verdict.accused == cast.ming
    with pytest.raises(Refused) as refused:
        complaint.judge("invalid", "再判", by=cast.as_("qian"))
    assert refused.value.code == "already_judged"


def test_archive_needs_verdict_measure_and_signature(cast, complaint):
    """REQ-19..21: in this order, each missing piece named."""
    fed_back(cast, complaint)
    missing = []
    for step in (
        lambda: complaint.judge("valid", "属实", by=cast.as_("zhao")),
        lambda: complaint.correct("每日 17:00 复核未结单", by=cast.as_("ming")),
        lambda: complaint.sign(drawn(), "梅女士", by=cast.as_("ming")),
    ):
        with pytest.raises(Refused) as refused:
            complaint.archive(by=cast.as_("ming"))
        missing.append(refused.value.code)
        step()
    assert missing == ["verdict_missing", "measure_missing", "signature_missing"]
    complaint.archive(by=cast.as_("ming"))
    assert complaint.stage == Stage.ARCHIVED
    assert Signature.objects.at_estate(cast.sunny).get().signer == "梅女士"
    told = Event.objects.about(complaint).get(action="ticket.signed_for")  # on the steward's phone: the story names who signed
    assert told.sentence == "梅女士签字确认（李明经手）"


def test_an_invalid_complaint_needs_no_measure(cast, complaint):
    fed_back(cast, complaint)
    complaint.judge("invalid", "当日已两次联系未接", by=cast.as_("zhao"))
    complaint.sign(drawn(), "梅女士", by=cast.as_("mei"))
    complaint.archive(by=cast.as_("ming"))
    assert complaint.stage == Stage.ARCHIVED


def test_a_complaint_has_its_own_clock(cast, complaint):
    """REQ-17: handled to the end within a day."""
    kinds = set(complaint.running_clocks.values_list("kind", flat=True))
    assert "sla_complaint_24h" in kinds


def test_compensation_needs_permission_and_amount(cast, complaint):
    """REQ-48."""
    with pytest.raises(NotAllowed):
        complaint.compensate(Decimal("50"), "迟到", by=cast.as_("ming"))
    with pytest.raises(Refused):
        complaint.compensate(Decimal("0"), "迟到", by=cast.as_("qian"))
    assert complaint.compensate(Decimal("50.00"), "超时两天", by=cast.as_("qian")).amount == Decimal("50.00")


def test_an_anonymous_complaint_keeps_nobody(cast):
    """Issue 2.3: no reporter, household, phone or event actor; the secret is the only way back."""
    ticket = Ticket.objects.report(
        by=cast.as_("mei"), estate=cast.sunny, kind="complaint", words="管家态度差", unit=cast.home, household_id=cast.meis.pk, anonymous=True,
        reporter_name="梅女士", reporter_phone="+8619900000001",
    )  # fmt: skip
    kept = Ticket.objects.at_estate(cast.sunny).get(pk=ticket.pk)
    assert kept.reporter_id is None and kept.household_id is None and not kept.reporter_name and not kept.reporter_phone
    assert all(event.actor_id is None and not event.actor_name for event in kept.timeline)
    assert kept.secret == digest(ticket.way_back) and ticket.way_back not in kept.secret
    assert kept not in Ticket.objects.visible_to(cast.as_("mei"))


def test_only_complaints_are_anonymous(cast):
    with pytest.raises(Refused):
        Ticket.objects.report(by=cast.as_("mei"), estate=cast.sunny, kind="repair", words="漏水", unit=cast.home, anonymous=True)


def test_a_reopened_complaint_is_judged_anew(cast, complaint):
    """REQ-20: each round has its own verdict."""
    complaint.judge("invalid", "当日已联系", by=cast.as_("zhao"))
    fed_back(cast, complaint)
    complaint.reopen("还是没人来", by=cast.as_("mei"))
    assert complaint.verdict is None
    assert complaint.judge("valid", "确实没有上门", by=cast.as_("zhao")).round == 1


def test_a_double_click_pays_once(cast, complaint):
    """REQ-48: the same amount for the same reason within seconds is one act."""
    complaint.compensate(Decimal("50.00"), "迟到", by=cast.as_("qian"))
    with pytest.raises(Refused):
        complaint.compensate(Decimal("50.00"), "迟到", by=cast.as_("qian"))
