"""The service booking: what an actor may see of a booking, asked or vouched for."""

from uuid import UUID

from services.common.auth import Actor, Verifier
from services.common.errors import Unauthenticated
from services.common.rpc.client import Caller
from services.contracts.booking.billed import (
    BilledSession,
    BilledSessionsView,
    ListBilledSessions,
)
from services.contracts.booking.bookings import BookingView, GetBooking, Payable
from services.contracts.booking.terms import GetTerms, TermsView


class BookingDesk:
    """Asks booking in the name of the actor who asked us."""

    def __init__(self, caller: Caller, verifier: Verifier) -> None:
        self._caller = caller
        self._verifier = verifier

    def booking(self, booking_id: UUID, actor: Actor) -> BookingView:
        """The booking as the actor may see it; raises NotFound, ServiceUnavailable."""
        command = GetBooking(booking_id=booking_id)
        return self._caller.call("booking", "get_booking", command, actor, BookingView)

    def terms(self, booking_id: UUID, actor: Actor) -> TermsView:
        """What its policy gives back now; raises NotFound, ServiceUnavailable."""
        command = GetTerms(booking_id=booking_id)
        return self._caller.call("booking", "get_terms", command, actor, TermsView)

    def payable(self, booking_id: UUID, actor: Actor, voucher: str | None) -> Payable:
        """The same, with booking spared the question where it has vouched for it to the actor.

        What booking vouched for is at most 15 s old; what happens to a booking within them
        reaches us as an event, as it does after an answer.
        """
        vouched = self._vouched(voucher) if voucher else None
        if vouched and vouched.id == booking_id and _may_pay(vouched, actor):
            return vouched
        seen = self.booking(booking_id, actor)
        return Payable.model_validate(seen, from_attributes=True)

    def billed(self, booking_ids: list[UUID], us: Actor) -> list[BilledSession]:
        """The practice's sessions that an invoice is written of; raises ServiceUnavailable."""
        asked = ListBilledSessions(booking_ids=booking_ids)
        return self._caller.call(
            "booking", "list_billed_sessions", asked, us, BilledSessionsView
        ).sessions

    def _vouched(self, voucher: str) -> Payable | None:
        try:
            return Payable.model_validate(self._verifier.fact(voucher, "booking"))
        except Unauthenticated:
            return None


def _may_pay(booking: Payable, actor: Actor) -> bool:
    """Whether it is the guest's who holds it, or the person's whose it is."""
    if actor.practice_id != booking.practice_id:
        return False
    if actor.kind == "link":
        return actor.booking_id == booking.id
    is_person = actor.kind == "person" and actor.account_id is not None
    return is_person and actor.account_id == booking.account_id
