"""Asking booking and profiles who comes to a booking, in the name of who asks."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from services.common.auth import Actor, service_actor
from services.common.errors import NotFound
from services.common.rpc.client import Caller
from services.contracts.booking.bookings import (
    BookingState,
    BookingView,
    GetBooking,
    ListTreated,
    TreatedView,
)
from services.contracts.profiles.clients import ClientView, GetClient, GetOwnClient, OwnClientView
from services.contracts.profiles.practices import GetStaffing, StaffingView


@dataclass(frozen=True, slots=True)
class Appointment:
    """A booking and who comes to it. `account_id`: the client's; None for who booked as a guest.

    `is_link`: it is asked for by the holder of the booking's link.
    """

    booking_id: UUID
    practice_id: UUID
    practitioner_id: UUID
    client_id: UUID
    account_id: UUID | None
    starts_at: datetime
    state: BookingState
    is_link: bool


@dataclass(frozen=True, slots=True)
class Appointments:
    """booking and profiles, as intake sees them."""

    caller: Caller

    def of(self, booking_id: UUID, actor: Actor) -> Appointment:
        """The booking, for who comes to it: its client's account, or the holder of its link.

        Raises NotFound, also for the practice's staff and for who booked for somebody else;
        ServiceUnavailable.
        """
        is_link = actor.kind == "link"
        if not is_link and (actor.kind != "person" or actor.account_id is None):
            raise NotFound("There is no such booking.")
        asked = GetBooking(booking_id=booking_id)
        booking = self.caller.call("booking", "get_booking", asked, actor, BookingView)
        account_id = self._account_of(booking)
        if not is_link and account_id != actor.account_id:
            raise NotFound("There is no such booking.")
        return Appointment(
            booking_id=booking.id,
            practice_id=booking.practice_id,
            practitioner_id=booking.practitioner_id,
            client_id=booking.client_id,
            account_id=account_id,
            starts_at=booking.starts_at,
            state=booking.state,
            is_link=is_link,
        )

    def _account_of(self, booking: BookingView) -> UUID | None:
        """The client's account; profiles tells it to plans itself, whoever asks."""
        us = service_actor("plans", booking.practice_id, f"intake:{booking.id}")
        asked = GetClient(client_id=booking.client_id)
        return self.caller.call("profiles", "get_client", asked, us, ClientView).account_id

    def treated(self, actor: Actor) -> set[UUID]:
        """The clients whom the actor treats; nobody for who treats none."""
        try:
            seen = self.caller.call("booking", "list_treated", ListTreated(), actor, TreatedView)
        except NotFound:
            return set()
        return set(seen.client_ids)

    def own_clients(self, practice_ids: Iterable[UUID], actor: Actor) -> dict[UUID, UUID]:
        """Who the actor is in each of these practices where they have a record."""
        found = {one: self._own_client(one, actor) for one in practice_ids}
        return {practice_id: own for practice_id, own in found.items() if own is not None}

    def _own_client(self, practice_id: UUID, actor: Actor) -> UUID | None:
        asked = GetOwnClient(practice_id=practice_id)
        try:
            seen = self.caller.call("profiles", "get_own_client", asked, actor, OwnClientView)
        except NotFound:
            return None
        return seen.id

    def is_alone(self, actor: Actor) -> bool:
        """Whether the actor's practice has no other member."""
        seen = self.caller.call("profiles", "get_staffing", GetStaffing(), actor, StaffingView)
        return seen.member_count == 1
