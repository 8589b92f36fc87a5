"""Whether an exercise was rehearsed in a session."""

from datetime import datetime

from services.contracts.booking.bookings import Attendance
from services.contracts.plans.content import PlanState
from services.plans.domain.lifecycle import UNDER_WAY
from services.plans.domain.sessions import Known


def may_rehearse(state: PlanState, session: Known, now: datetime) -> bool:
    """Whether exercises of a plan can have been rehearsed in a session: it has begun, nobody has
    given it up or missed it, and the plan holds."""
    is_held = not session.is_given_up and session.attendance is not Attendance.NO_SHOW
    return state in UNDER_WAY and is_held and session.starts_at <= now
