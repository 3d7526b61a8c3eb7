"""Masks, and reading behind them (HSE-14)."""

import pytest

from guanjia.events.actions import Action
from guanjia.events.models import Event, Outbox
from guanjia.households.models import Member
from guanjia.people.privacy import mask_identity, mask_name, mask_phone, unmask
from guanjia.tenancy.errors import NotAllowed, Refused


@pytest.mark.parametrize(
    ("phone", "mask"),
    [
        ("+8613800138000", "138****8000"),
        ("13800138000", "138****8000"),
        ("028-80001234", "****1234"),
        ("12345", "*****"),
        ("", ""),
        (None, ""),
    ],
)
def test_phones(phone, mask):
    """HSE-14"""
    assert mask_phone(phone) == mask


@pytest.mark.parametrize(
    ("number", "mask"), [("510101199001011234", "5****************4"), ("123", "***"), ("", ""), (None, "")]
)
def test_identity_numbers(number, mask):
    """HSE-14"""
    assert mask_identity(number) == mask


@pytest.mark.parametrize(
    ("name", "mask"), [("梅长苏", "梅**"), ("欧阳锋", "欧阳*"), ("欧阳", "欧*"), ("李", "*"), ("", ""), (None, "")]
)
def test_names(name, mask):
    assert mask_name(name) == mask


def test_reading_needs_a_permission_and_a_reason_and_leaves_a_trace(cast):
    """HSE-14: each unmasking is an event with reader and reason, and nobody is notified of it."""
    member = Member.objects.get(login=cast.mei)
    told = Outbox.objects.count()
    assert unmask(member, "phone", "回访", cast.as_("ming")) == "+8619900000001"
    event = Event.objects.get(action=Action.PERSONAL_DATA_READ)
    assert (event.actor_id, event.subject_id, event.particulars["why"]) == (cast.ming.pk, member.pk, "回访")
    assert "+8619900000001" not in str(event.particulars) and "梅女士" not in str(event.particulars)
    assert Outbox.objects.count() == told


@pytest.mark.parametrize(("who", "field", "why", "error"), [
    ("zhou", "phone", "好奇心", NotAllowed), ("ming", "phone", " ", Refused), ("ming", "password", "回访", Refused), ("zhao", "identity", "回访", NotAllowed),
])  # fmt: skip
def test_without_them_nothing_is_read(cast, who, field, why, error):
    """HSE-14"""
    with pytest.raises(error):
        unmask(Member.objects.get(login=cast.mei), field, why, cast.as_(who))
    assert not Event.objects.filter(action=Action.PERSONAL_DATA_READ).exists()
