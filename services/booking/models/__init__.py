"""The tables of booking; every constraint is named for what it forbids or demands."""

from services.booking.models.base import Base, metadata, plumbing
from services.booking.models.calendars import (
    BusyTime,
    Closure,
    Room,
    Schedule,
    ScheduleChange,
    ScheduleHours,
    ScheduleOverride,
    TimeOff,
)
from services.booking.models.courses import Course
from services.booking.models.due import HoldDue, OpeningsAnnounced, OpeningsDue
from services.booking.models.offerings import Offering, Policy
from services.booking.models.sessions import Booking, Change, Participant, Session

__all__ = [
    "Base",
    "Booking",
    "BusyTime",
    "Change",
    "Closure",
    "Course",
    "HoldDue",
    "Offering",
    "OpeningsAnnounced",
    "OpeningsDue",
    "Participant",
    "Policy",
    "Room",
    "Schedule",
    "ScheduleChange",
    "ScheduleHours",
    "ScheduleOverride",
    "Session",
    "TimeOff",
    "metadata",
    "plumbing",
]
