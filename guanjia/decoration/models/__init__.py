"""装修: an application and everything that hangs on it until it is archived."""

from .deposit import DepositReturn
from .permit import Decision, Paper, Permit
from .site import Acceptance, Progress, Violation
from .worker import Worker

__all__ = ["Acceptance", "Decision", "DepositReturn", "Paper", "Permit", "Progress", "Violation", "Worker"]
