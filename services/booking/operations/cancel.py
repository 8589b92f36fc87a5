"""Giving a seat back, on the terms that held when it was booked."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session as Transaction

from services.booking.domain import policy
from services.booking.domain.lifecycle import BookingEvent, BookingState, advance
from services.booking.domain.policy import WHOLE, CancelledBy
from services.booking.models import Booking
from services.booking.operations import transitions
from services.booking.operations.access import is_by_practitioner, side_of, visible_booking
from services.booking.operations.repeat import fingerprint, is_repeated, remember
from services.booking.operations.terms import terms_of
from services.booking.operations.views import can_cancel
from services.common.auth import Actor
from services.contracts.booking.bookings import CancelBooking, PreviewCancellation
from services.contracts.booking.events import BookingCancelled
from services.contracts.booking.refusals import NotCancellable, TermsChanged


@dataclass(frozen=True, slots=True)
class Share:
    """What comes back, in percent of what was captured, and until when it stays so (UTC)."""

    percent: int
    holds_until: datetime


def preview_cancellation(
    tx: Transaction, command: PreviewCancellation, *, actor: Actor, now: datetime
) -> tuple[Booking, Share]:
    """What cancelling now would give back; raises NotFound, NotCancellable."""
    booking = visible_booking(tx, command.booking_id, actor)
    _check_cancellable(booking, now)
    return booking, _share(booking, actor, now)


def cancel_booking(
    tx: Transaction, command: CancelBooking, *, actor: Actor, now: datetime
) -> Booking:
    """Give the seat back; the same act again changes nothing.

    Raises NotFound, NotCancellable, DifferentContent, or TermsChanged where the share is not
    the one that was shown.
    """
    content = fingerprint(command, None)
    found = visible_booking(tx, command.booking_id, actor)
    booking, _ = transitions.be_alone_with(tx, found)
    if is_repeated(tx, booking, command.id, content):
        return booking
    _check_cancellable(booking, now)
    share = _share(booking, actor, now)
    if share.percent != command.expected_refund_percent:
        today = {"refund_percent": str(share.percent)}
        raise TermsChanged("What comes back has changed since you saw it.", today)
    _cancel(tx, booking, share, actor, now)
    remember(tx, booking, command.id, "cancelled", content, actor=actor, now=now)
    return booking


def _check_cancellable(booking: Booking, now: datetime) -> None:
    if not can_cancel(booking, now):
        raise NotCancellable("This session cannot be cancelled any more.")


def _share(booking: Booking, actor: Actor, now: datetime) -> Share:
    """Nothing was captured before confirmation, and what the practice cancels is given back."""
    terms, side = terms_of(booking), side_of(booking, actor)
    if booking.confirmed_at is None or side is CancelledBy.PRACTICE:
        return Share(WHOLE, booking.starts_at)
    return Share(
        policy.refund_percent(terms, booking.starts_at, now, cancelled_by=side),
        policy.refund_holds_until(terms, booking.starts_at, now),
    )


def _cancel(tx: Transaction, booking: Booking, share: Share, actor: Actor, now: datetime) -> None:
    is_late = share.percent < WHOLE
    event = BookingEvent.CANCELLED_LATE if is_late else BookingEvent.CANCELLED
    booking.cancelled_at = now
    booking.sequence += 1
    transitions.release(tx, booking, advance(BookingState(booking.state), event))
    cancelled = BookingCancelled(
        **transitions.facts(booking, now),
        refund_percent=share.percent,
        is_late=is_late,
        was_confirmed=booking.confirmed_at is not None,
        is_by_practitioner=is_by_practitioner(
            tx, booking.practice_id, booking.practitioner_id, actor
        ),
        is_on_account=booking.is_invoiced,
        price_id=booking.price_id,
    )
    transitions.emit(tx, cancelled)
    transitions.mark_openings(tx, booking.practice_id, [booking.practitioner_id], now)
