from .duty import Duty
from .enactment import Enactment
from .occasion import Occasion
from .record import Finding, Record, RecordPhoto, Suspicion, Waiver
from .roster import Absence, Roster
from .task import Task

__all__ = [
    "Absence",
    "Duty",
    "Enactment",
    "Finding",
    "Occasion",
    "Record",
    "RecordPhoto",
    "Roster",
    "Suspicion",
    "Task",
    "Waiver",
]
