"""More homes than the cast has, and rounds to answer."""

from __future__ import annotations

from guanjia.notices.deliver import fan_out
from guanjia.notices.models import Delivery
from guanjia.surveys.models import Invitation, Poll
from tests.cast import TUESDAY, home, household, resident

GOOD = {"overall": "5", "speed": "4", "solved": "5", "steward": "5", "repair": "4", "clean": "4", "green": "3", "order": "4"}


def homes(cast, east=0, west=0):
    """So many more households in each zone, each with somebody who signs in."""
    made = []
    for n in range(east + west):
        at_east = n < east
        building, entrance, zone = (cast.b3, cast.e31, cast.east) if at_east else (cast.b5, cast.e51, cast.west)
        unit = home(cast.sunny, building, entrance, f"{600 + n}", zone)
        made.append(household(cast.sunny, unit, f"9{n}", resident(f"r{n}", f"住户{n}", f"+86197000{n:05d}")))
    return made


def published(cast, template="annual", *, at=None, **said):
    """A census of it, open from today on."""
    poll = Poll.objects.draft(cast.sunny, template, by=cast.as_("zhao"), at=at, **{"draw": "census", **said})
    poll.publish(by=cast.as_("zhao"), at=at)
    return poll


def mark(poll, home):
    return Invitation.objects.get(poll=poll, household=home)


def told(cast, at=TUESDAY):
    """Who has something in their inbox."""
    fan_out(at)
    return sorted(Delivery.objects.filter(estate=cast.sunny, channel="inbox").values_list("person__username", flat=True))
