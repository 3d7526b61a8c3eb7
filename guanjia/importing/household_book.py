"""What is known of the households, in the sheets that are read again: telephones masked, no health notes (issue 4 line 9)."""

from __future__ import annotations

from typing import IO, TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from django.utils.translation import gettext_lazy

from guanjia.care.models import Visit
from guanjia.events.actions import Action
from guanjia.events.models import Event
from guanjia.events.sentences import kept
from guanjia.households.models import Consent, Household, Member, Need, Vehicle
from guanjia.people.privacy import mask_phone
from guanjia.tenancy.workbooks import book_of

from .households import SHEETS, homes_of
from .importer import EstateSubject

if TYPE_CHECKING:
    from datetime import datetime

    from guanjia.people.reach import Reach


def write(file: IO[bytes], reach: Reach, at: datetime) -> None:
    """What is within reach. Leaves a trace."""
    reach.must("household.export")
    sheets = [(title, SHEETS[title], rows) for title, rows in _told(reach, at).items()]
    with book_of(sheets, ZoneInfo(reach.estate.time_zone)) as book:
        file.write(book.read())
    Event.objects.record(
        Action.PERSONAL_DATA_EXPORTED,
        EstateSubject(reach.estate),
        by=reach,
        at=at,
        told=False,
        what=kept(gettext_lazy("住户登记（手机号已隐藏）")),
    )


def _told(reach: Reach, at: datetime) -> dict[str, list[list[Any]]]:
    rooms = {home.pk: room for room, home in sorted(homes_of(reach, at).items(), reverse=True)}
    homes = (
        Household.objects.at_estate(reach.estate)
        .filter(pk__in=rooms)
        .exclude(preferences="", hints="", slot="", way="")
    )
    consents = Consent.objects.standing().filter(
        estate=reach.estate, member__household_id__in=rooms, member__left_on__isnull=True
    )

    def of(model: Any) -> Any:
        return model.objects.at_estate(reach.estate).filter(household_id__in=rooms).order_by("household_id", "pk")

    return {
        "住户": [[rooms[h.pk], h.get_slot_display(), h.get_way_display(), h.preferences, h.hints] for h in homes.order_by("pk")],
        "同意": [[rooms[c.member.household_id], c.member.name, c.get_purpose_display(), c.get_how_display(), ""] for c in consents.select_related("member").order_by("pk")],
        "成员": [[rooms[m.household_id], m.name, m.get_kind_display(), mask_phone(m.phone), m.born_year, m.born_on] for m in of(Member).filter(left_on__isnull=True, erased_at__isnull=True)],
        "特殊需要": [[rooms[n.household_id], n.member.name if n.member else "", n.get_kind_display(), n.words, ""] for n in of(Need).live().exclude(kind__in=Need.SENSITIVE).select_related("member")],
        "车辆": [[rooms[v.household_id], v.plate, v.brand, v.colour] for v in of(Vehicle)],
        "走访": [[rooms[v.household_id], v.made_at, v.get_way_display(), v.get_outcome_display(), v.met_whom, v.heard, v.answered] for v in of(Visit).exclude(outcome="")],
    }  # fmt: skip
