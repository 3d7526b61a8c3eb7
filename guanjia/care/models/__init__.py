"""How households are cared for: tiers, visits, promises, key customers, the first month's survey (HSE rows)."""

from .family import FamilyAsk
from .figure import CoverageFigure
from .key_customer import CareAct, KeyCustomer, Movement
from .promise import Promise
from .survey import Answer, Survey
from .tiering import Tiering
from .visit import Visit

__all__ = ["Answer", "CareAct", "CoverageFigure", "FamilyAsk", "KeyCustomer", "Movement", "Promise", "Survey", "Tiering", "Visit"]
