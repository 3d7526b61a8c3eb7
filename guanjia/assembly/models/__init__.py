"""业主大会: the assembly with its topics, the roll of its units, ballots and what they say."""

from .assembly import Assembly
from .ballot import Ballot, Choice
from .roll import RollLine
from .topic import Topic

__all__ = ["Assembly", "Ballot", "Choice", "RollLine", "Topic"]
