"""A booking's terms for who answers for the practice's money."""

from datetime import datetime

from sqlalchemy.orm import Session as Transaction

from services.booking.domain import policy
from services.booking.domain.lifecycle import BookingState
from services.booking.models import Booking
from services.booking.operations.terms import policy_view, refund_of, terms_of
from services.booking.operations.views import state_of
from services.booking.queries import bookings
from services.common.auth import Actor
from services.common.errors import NotFound
from services.contracts.booking.terms import GetTerms, TermsView

ANSWERS_FOR_MONEY = frozenset({"owner", "admin", "billing"})


def get_terms(tx: Transaction, command: GetTerms, *, actor: Actor, now: datetime) -> TermsView:
    """When it takes place and what goes back as of now; raises NotFound for everybody else."""
    found = bookings.booking(tx, command.booking_id)
    if found is None or not _answers_for(found, actor):
        raise NotFound("There is no such booking.")
    return TermsView(
        booking_id=found.id,
        starts_at=found.starts_at,
        ends_at=found.ends_at,
        confirmed_at=found.confirmed_at,
        state=state_of(found, now),
        policy=policy_view(terms_of(found)),
        refund_percent=_percent(found, now),
        time_zone=found.time_zone,
    )


def _answers_for(booking: Booking, actor: Actor) -> bool:
    is_here = actor.kind == "person" and actor.practice_id == booking.practice_id
    return is_here and bool(actor.roles & ANSWERS_FOR_MONEY)


def _percent(booking: Booking, now: datetime) -> int:
    """What the policy gives back: by how it ended, or for cancelling now."""
    given_back = refund_of(booking)
    if given_back is not None:
        return given_back
    if booking.confirmed_at is None:
        return policy.WHOLE
    if booking.state == BookingState.ATTENDED:
        return 0
    terms = terms_of(booking)
    if booking.state == BookingState.NO_SHOW:
        return terms.no_show_percent
    return policy.refund_percent(terms, booking.starts_at, now)
