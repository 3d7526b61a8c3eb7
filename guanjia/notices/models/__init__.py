from .delivery import Channel, Delivery, State
from .preference import Preference, Wanted
from .sms import Sms
from .subscription import Subscription

__all__ = ["Channel", "Delivery", "Preference", "Sms", "State", "Subscription", "Wanted"]
