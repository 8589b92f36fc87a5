"""Sessions that billing writes an invoice of, and offerings as its desk tells them apart."""

from sqlalchemy.orm import Session as Transaction

from services.booking.models import Booking
from services.booking.queries import billed
from services.common.auth import Actor
from services.common.errors import Forbidden
from services.contracts.booking.billed import (
    BilledSession,
    BilledSessionsView,
    ListBilledSessions,
    ListPracticeOfferings,
    PracticeOffering,
    PracticeOfferingsView,
)
from services.contracts.booking.bookings import BookingState

AT_THE_DESK = frozenset({"owner", "admin", "billing"})


def list_billed_sessions(
    tx: Transaction, command: ListBilledSessions, *, actor: Actor
) -> BilledSessionsView:
    """Those of the practice; raises Forbidden for everybody but billing by itself, in one."""
    if not actor.is_service or actor.issuer != "billing" or actor.practice_id is None:
        raise Forbidden("Only billing asks for the sessions of an invoice.")
    found = billed.sessions(tx, actor.practice_id, command.booking_ids)
    return BilledSessionsView(sessions=[_view(one) for one in found])


def list_practice_offerings(
    tx: Transaction, command: ListPracticeOfferings, *, actor: Actor
) -> PracticeOfferingsView:
    """The practice's offerings; raises Forbidden for who does not answer for its money."""
    if actor.practice_id is None or not actor.roles & AT_THE_DESK:
        raise Forbidden("This is for those who answer for the practice's money.")
    found = billed.offerings(tx, actor.practice_id)
    told = [
        PracticeOffering(
            id=one.id, practitioner_id=one.practitioner_id, name=one.name, minutes=one.minutes
        )
        for one in found
    ]
    return PracticeOfferingsView(offerings=told)


def _view(booking: Booking) -> BilledSession:
    return BilledSession(
        booking_id=booking.id,
        client_id=booking.client_id,
        account_id=booking.account_id,
        offering_id=booking.offering_id,
        practitioner_id=booking.practitioner_id,
        state=BookingState(booking.state),
        starts_at=booking.starts_at,
        ends_at=booking.ends_at,
        time_zone=booking.time_zone,
    )
