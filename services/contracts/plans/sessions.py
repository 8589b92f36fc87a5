"""What plans knows of a session: where it is by now, what became of it, whether it counts."""

from uuid import UUID

from services.common.messages import Instant, View
from services.contracts.booking.bookings import BookingState


class PlanProgress(View):
    """How far a plan is: sessions that are used, and how many both agreed on.

    A session is used from its beginning on, and where something is owed for it though it does not
    take place. `total`: None for a plan without an end. `placed`: how many have a date.
    `paused_from`: from when on none takes place, until new dates are chosen; None where it goes on.
    """

    used: int
    total: int | None = None
    placed: int = 0
    paused_from: Instant | None = None


class PlanSession(View):
    """One session of a plan, as booking last told of it.

    `counts`: it is one of the plan's sessions, used or to come. One that was given back, or missed,
    counts where something is owed for it by its terms; else its place in the plan is free again.
    """

    booking_id: UUID
    starts_at: Instant
    state: BookingState
    counts: bool
