"""The clients of a calendar or of a practice, and what each of them has booked there."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session as Transaction

from services.booking.models import Booking
from services.booking.operations.access import SEES_ALL
from services.booking.operations.listing import cursor_after, position_of
from services.booking.queries import calendars, caseload, treated
from services.common.auth import Actor
from services.common.errors import Forbidden, NotFound
from services.contracts.booking.caseload import (
    MOST_TREATED,
    CaseloadView,
    ClientSessions,
    ListCaseload,
    ListClientBookings,
)


@dataclass(frozen=True, slots=True)
class Sight:
    """What of a practice an actor sees: all of it, or the one calendar that is their own."""

    practice_id: UUID
    practitioner_id: UUID | None
    own_id: UUID | None


@dataclass(frozen=True, slots=True)
class Booked:
    """A part of a client's bookings, and what may go on from there."""

    bookings: Sequence[Booking]
    next_cursor: str | None
    goes_on_from: UUID | None
    is_treated: bool


def sight_of(tx: Transaction, actor: Actor) -> Sight | None:
    """What the actor sees of their practice's clients; None for who receives none."""
    if actor.kind != "person" or actor.practice_id is None or actor.account_id is None:
        return None
    is_treating = "practitioner" in actor.roles
    own = calendars.practitioner_of(tx, actor.practice_id, actor.account_id)
    own_id = own if is_treating else None
    if actor.roles & SEES_ALL:
        return Sight(actor.practice_id, None, own_id)
    return None if own_id is None else Sight(actor.practice_id, own_id, own_id)


def list_caseload(
    tx: Transaction, command: ListCaseload, *, actor: Actor, now: datetime
) -> CaseloadView:
    """Clients with a booking within the actor's sight; raises Forbidden for who has none."""
    sight = sight_of(tx, actor)
    if sight is None:
        raise Forbidden("Only those who receive clients see their list.")
    found = caseload.seen_clients(
        tx,
        sight.practice_id,
        now,
        practitioner_id=sight.practitioner_id,
        client_ids=command.client_ids,
        limit=MOST_TREATED,
    )
    return CaseloadView(
        clients=[
            ClientSessions(client_id=id_, last_at=last_at, next_at=next_at)
            for id_, last_at, next_at in found
        ]
    )


def list_client_bookings(
    tx: Transaction, command: ListClientBookings, *, actor: Actor, now: datetime
) -> Booked:
    """A part of what a client has booked within the actor's sight.

    Raises NotFound for who has no sight, or never had the client in their calendar; BadCursor.
    """
    sight = sight_of(tx, actor)
    if sight is None or not knows(tx, sight, command.client_id, now):
        raise NotFound("There is no such client.")
    found = caseload.of_client(
        tx,
        sight.practice_id,
        command.client_id,
        now,
        practitioner_id=sight.practitioner_id,
        after=position_of(command.cursor) if command.cursor else None,
        limit=command.limit + 1,
    )
    part = found[: command.limit]
    is_more = len(found) > command.limit
    return Booked(
        bookings=part,
        next_cursor=cursor_after(part[-1]) if is_more else None,
        goes_on_from=caseload.latest_to_go_on_from(
            tx, sight.practice_id, command.client_id, practitioner_id=sight.practitioner_id
        ),
        is_treated=_is_treated(tx, sight, command.client_id),
    )


def knows(tx: Transaction, sight: Sight, client_id: UUID, now: datetime) -> bool:
    """Whether the client exists for who sees so much; of all of a practice profiles decides."""
    if sight.practitioner_id is None:
        return True
    own = sight.practitioner_id
    return bool(caseload.of_client(tx, sight.practice_id, client_id, now, practitioner_id=own))


def _is_treated(tx: Transaction, sight: Sight, client_id: UUID) -> bool:
    """As plans asks before one is begun."""
    if sight.own_id is None:
        return False
    return bool(treated.clients(tx, sight.practice_id, sight.own_id, client_id))
