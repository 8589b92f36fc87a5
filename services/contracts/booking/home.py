"""What a client's own start page tells of their sessions."""

from typing import Annotated

from pydantic import Field

from services.common.messages import Command, View
from services.contracts.booking.bookings import BookingView
from services.contracts.booking.offerings import NextSlots


class GetClientHome(Command):
    """The actor's next sessions over all practices, so many at most, and when those are free whom
    they were with last."""

    limit: Annotated[int, Field(ge=1, le=50)] = 10


class ClientHomeView(View):
    """`upcoming` soonest first. `last`: with each of up to three people the latest session that
    was kept, or will be; `next_times`: three starts of what was booked then, as far as they have
    any."""

    upcoming: list[BookingView]
    last: list[BookingView]
    next_times: list[NextSlots]
