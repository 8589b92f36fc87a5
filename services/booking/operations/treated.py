"""Sessions of somebody's own calendar, for what they write about treatment."""

from uuid import UUID

from sqlalchemy.orm import Session as Transaction

from services.booking.models import Booking
from services.booking.queries import calendars, treated
from services.common.auth import Actor
from services.common.errors import InvalidInput, NotFound
from services.contracts.booking.bookings import BookingState
from services.contracts.booking.treated import (
    LONGEST_LOOK,
    AttendedView,
    GetTreatedSession,
    ListAttended,
    TreatedSession,
)


def get_treated_session(
    tx: Transaction, command: GetTreatedSession, *, actor: Actor
) -> TreatedSession:
    """One firm session; raises NotFound, also for one of another calendar."""
    practice_id, practitioner_id = own_calendar(tx, actor)
    found = treated.firm_session(tx, practice_id, practitioner_id, command.booking_id)
    if found is None:
        raise NotFound("There is no such session.")
    return _view(found)


def list_attended(tx: Transaction, command: ListAttended, *, actor: Actor) -> AttendedView:
    """To which sessions the client came; raises NotFound for who has no calendar, InvalidInput."""
    practice_id, practitioner_id = own_calendar(tx, actor)
    if command.until_at - command.from_at > LONGEST_LOOK:
        raise InvalidInput("This is too long a time.", {"until_at": "is over a year later"})
    found = treated.attended(
        tx, practice_id, practitioner_id, command.from_at, command.until_at, command.without
    )
    return AttendedView(practitioner_id=practitioner_id, sessions=[_view(one) for one in found])


def own_calendar(tx: Transaction, actor: Actor) -> tuple[UUID, UUID]:
    """Practice and practitioner of who treats; raises NotFound for everybody else."""
    practice_id, account_id = actor.practice_id, actor.account_id
    is_member = actor.kind == "person" and "practitioner" in actor.roles
    if practice_id is None or account_id is None or not is_member:
        raise NotFound("There is no such practitioner.")
    practitioner_id = calendars.practitioner_of(tx, practice_id, account_id)
    if practitioner_id is None:
        raise NotFound("There is no such practitioner.")
    return practice_id, practitioner_id


def _view(booking: Booking) -> TreatedSession:
    return TreatedSession(
        booking_id=booking.id,
        practitioner_id=booking.practitioner_id,
        client_id=booking.client_id,
        state=BookingState(booking.state),
        starts_at=booking.starts_at,
    )
