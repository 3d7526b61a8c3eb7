"""What residents and staff think: polls, the opinion library, experience officers, open days (COM-27 … COM-31, QLT-55 … QLT-58)."""

from .invitation import Invitation
from .officer import Officer, OfficerAct
from .open_day import OpenDay, Visitor
from .opinion import Opinion, Sweep
from .poll import Poll, PollVersion
from .response import Envelope, Response

__all__ = ["Envelope", "Invitation", "Officer", "OfficerAct", "OpenDay", "Opinion", "Poll", "PollVersion", "Response", "Sweep", "Visitor"]
