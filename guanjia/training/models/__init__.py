from .answer import Answer
from .attempt import Attempt
from .attendee import Attendee
from .certificate import Certificate
from .clearance import Clearance
from .exam import Exam
from .material import Material
from .outline import Outline, OutlineItem
from .question import Question
from .session import Session

__all__ = ["Answer", "Attempt", "Attendee", "Certificate", "Clearance", "Exam", "Material", "Outline", "OutlineItem", "Question", "Session"]
