"""Asked before a post is given: reviewed first where the rule says so (TRN-15), certificates warned of or required (TRN-04)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from guanjia import clock
from guanjia.events.actions import Action
from guanjia.events.models import Event
from guanjia.rulebooks.parameters import parameter
from guanjia.tenancy.errors import Refused

from .book import certificates_for, group_of, training_book

if TYPE_CHECKING:
    from datetime import datetime


def check(person: Any, estate: Any, role: str, *, by: Any, despite: str, at: datetime) -> list[str]:
    """Refused for somebody who may not begin yet, unless a person who may says why they do all the same.

    Returns the certificates they lack, for the giver to know.
    """
    known = training_book().certificates
    warned = [_("%(person)s还没有%(kind)s") % {"person": person.name, "kind": _(known[key].title)} for key in missing_certificates(person, estate, role, at)]
    lacking = hindrances(person, estate, role, at)
    if not lacking:
        return warned
    if not despite:
        raise Refused(_("%(why)s。经理可写明原因后先行任命。") % {"why": "；".join(lacking)}, code="not_ready")
    by.must("training.override")
    Event.objects.record(
        Action.GATE_PASSED, _Estate(estate), by=by, at=at, told=False, person=person.name, lacking="；".join(lacking), why=despite[:300]
    )
    return warned


class _Estate:
    noun = "estate"

    def __init__(self, estate: Any) -> None:
        self.estate_id = self.pk = estate.pk


def hindrances(person: Any, estate: Any, role: str, at: datetime) -> list[str]:
    """What keeps somebody from a post, in words; nothing for whoever works in its group already."""
    from .models import Clearance

    found, group = [], group_of(role)
    if training_book().groups[group].cleared and parameter(estate, "training.gate", at) == "on" and not _works_there(person, estate, group, at):
        if not Clearance.objects.at_estate(estate).filter(person=person, group=group).exists():
            found.append(_("还没有经过内部培训和审核"))
    known = training_book().certificates
    return found + [_("缺%(kind)s") % {"kind": _(known[key].title)} for key in missing_certificates(person, estate, role, at) if known[key].blocks]


def missing_certificates(person: Any, estate: Any, role: str, at: datetime) -> list[str]:
    """Kinds the post needs and the person does not validly hold."""
    from .models import Certificate

    held = set(Certificate.objects.at_estate(estate).valid(clock.today(estate, at)).filter(person=person).values_list("kind", flat=True))
    return [key for key in certificates_for(role) if key not in held]


def _works_there(person: Any, estate: Any, group: str, at: datetime) -> bool:
    from .audience import groups_of

    return group in groups_of(estate, person.pk, clock.today(estate, at))
