"""Tickets and work orders; `ticket.py` and `work_order.py` are the title pages."""

from .answerable import Answerable
from .archivable import Reopening
from .cancellable import Cancellation
from .classifiable import Classification
from .complainable import Compensation, Measure, Signature, Verdict
from .completable import Confirmation, Rating
from .helpable import HelpRequest
from .holdable import Hold
from .mergeable import Incident
from .photographable import Photo
from .refusable import Objection, Refusal
from .reportable import digest
from .ticket import Ticket
from .transferable import Passing
from .work_order import WorkOrder
from .workable import Material, WorkPause

__all__ = [
    "Answerable", "Cancellation", "Classification", "Compensation", "Confirmation", "HelpRequest", "Hold", "Incident",
    "Material", "Measure", "Objection", "Passing", "Photo", "Rating", "Refusal", "Reopening", "Signature", "Ticket",
    "Verdict", "WorkOrder", "WorkPause", "digest",
]  # fmt: skip
