from .duty import Duty
from .enactment import Enactment
from .finding import Finding
from .occasion import Occasion
from .record import Record, RecordPhoto, Waiver
from .roster import Absence, Roster
from .suspicion import Suspicion
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
