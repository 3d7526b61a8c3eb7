"""社区活动: the activity, who comes, what they ask, its photos."""

from .activity import Activity
from .photo import ActivityPhoto
from .question import Question
from .signup import SignUp

__all__ = ["Activity", "ActivityPhoto", "Question", "SignUp"]
