from ..keeping import Clocks
from .clock import Clock, Outcome
from .day import CalendarDay, seed_days
from .pause import ClockPause

__all__ = ["CalendarDay", "Clock", "ClockPause", "Clocks", "Outcome", "seed_days"]
