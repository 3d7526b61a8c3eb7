"""应急: plans and who has read them, emergencies with their tasks and log, the aftermath, drills, hazards."""

from .aftermath import AffectedHome, Claim, Damage
from .analysis import Analysis, Measure
from .drill import Evaluation
from .emergency import Emergency
from .fire import Fire
from .hazard import Hazard
from .log import AreaNotice, LogEntry
from .order import Order
from .plan import Plan, PlanReading

__all__ = ["AffectedHome", "Analysis", "AreaNotice", "Claim", "Damage", "Emergency", "Evaluation", "Fire", "Hazard", "LogEntry", "Measure", "Order", "Plan", "PlanReading"]
