from .duty import Duty
from .record import Finding, Record, RecordPhoto, Suspicion, Waiver
from .task import Task

__all__ = ["Duty", "Finding", "Record", "RecordPhoto", "Suspicion", "Task", "Waiver"]
