from .attendance import Attendance
from .award import Award
from .book import ShiftBook
from .fact import FactRecord
from .leave import Leave
from .ledger import LedgerItem
from .team import Appraisal, ZoneNote

__all__ = ["Appraisal", "Attendance", "Award", "FactRecord", "Leave", "LedgerItem", "ShiftBook", "ZoneNote"]
