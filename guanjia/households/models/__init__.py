"""Who lives where: households, their members, vehicles and parking (HSE rows)."""

from .household import Household
from .member import Member, MemberQuerySet
from .occupancy import Occupancy
from .search_key import SearchKey
from .vehicle import Parking, Vehicle

__all__ = ["Household", "Member", "MemberQuerySet", "Occupancy", "Parking", "SearchKey", "Vehicle"]
