from .delivery import Channel, Delivery, State
from .device import Device, PushKey
from .preference import Preference, Wanted
from .sms import Sms
from .subscription import Subscription

__all__ = ["Channel", "Delivery", "Device", "Preference", "PushKey", "Sms", "State", "Subscription", "Wanted"]
