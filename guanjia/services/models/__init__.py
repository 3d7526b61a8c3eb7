"""特约服务: what is offered, who supplies it, what was ordered."""

from .house import HouseFile
from .house_records import HouseItem, HouseRepair, HouseReport
from .offer import Offer, Offered
from .order import OPEN, ServiceOrder, Stage
from .quote import OrderPhoto, Quote
from .supplier import Supplier
from .supplier_records import Ban, Review, Vetting

__all__ = ["OPEN", "Ban", "HouseFile", "HouseItem", "HouseRepair", "HouseReport", "Offer", "Offered", "OrderPhoto", "Quote", "Review", "ServiceOrder", "Stage", "Supplier", "Vetting"]
