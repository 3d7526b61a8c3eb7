"""Who lives where and what is known of them: households, members, needs, consent, papers, vehicles (HSE rows)."""

from .consent import Consent, Purpose
from .document import HouseholdDocument
from .household import Household, Slot, Tier, Way
from .member import Member, MemberQuerySet
from .need import Need, Pet
from .occupancy import Occupancy
from .reachable import ContactChange
from .search_key import SearchKey
from .vehicle import Parking, Vehicle

__all__ = [
    "Consent", "ContactChange", "Household", "HouseholdDocument", "Member", "MemberQuerySet", "Need", "Occupancy", "Parking", "Pet",
    "Purpose", "SearchKey", "Slot", "Tier", "Vehicle", "Way",
]  # fmt: skip
