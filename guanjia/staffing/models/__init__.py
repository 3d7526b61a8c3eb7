from .fact import FactRecord
from .leave import Leave
from .team import Appraisal, Award, ZoneNote

__all__ = ["Appraisal", "Award", "FactRecord", "Leave", "ZoneNote"]
