from .attendance import Attendance
from .award import Award
from .book import ShiftBook
from .drawing import Drawing
from .fact import FactRecord
from .leave import Leave
from .ledger import LedgerItem
from .team import Appraisal, ZoneNote

__all__ = ["Appraisal", "Attendance", "Award", "Drawing", "FactRecord", "Leave", "LedgerItem", "ShiftBook", "ZoneNote"]
