"""The states of a booking, the moves between them, and the deadlines of a hold."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum

from services.booking.domain.calendar import checked_aware
from services.contracts.booking.bookings import EXTENSION, HOLD_FOR

LINK_HOLD_FOR = timedelta(hours=48)
LINK_LEAST = timedelta(minutes=30)
BEFORE_START = timedelta(hours=1)
"""Until when a seat is paid for by the link in a mail, so that its hour is not lost unpaid."""


class BookingState(StrEnum):
    """Where a client's claim on a seat stands."""

    HELD = "held"
    AWAITING_PAYMENT = "awaiting_payment"
    AWAITING_APPROVAL = "awaiting_approval"
    CONFIRMED = "confirmed"
    ATTENDED = "attended"
    NO_SHOW = "no_show"
    CANCELLED = "cancelled"
    LATE_CANCELLED = "late_cancelled"
    EXPIRED = "expired"
    DECLINED = "declined"


class BookingEvent(StrEnum):
    """What can happen to a booking."""

    PAYMENT_STARTED = "payment_started"
    PAYMENT_SUCCEEDED = "payment_succeeded"
    PAYMENT_REFUSED = "payment_refused"
    APPROVAL_REQUESTED = "approval_requested"
    APPROVED = "approved"
    DECLINED = "declined"
    CONFIRMED_UNPAID = "confirmed_unpaid"
    DEADLINE_PASSED = "deadline_passed"
    CANCELLED = "cancelled"
    CANCELLED_LATE = "cancelled_late"
    CLIENT_CAME = "client_came"
    CLIENT_STAYED_AWAY = "client_stayed_away"
    ATTENDANCE_WITHDRAWN = "attendance_withdrawn"


class TransitionRefused(ValueError):
    """The event cannot happen to a booking in that state."""

    def __init__(self, state: BookingState, event: BookingEvent) -> None:
        """Keep both, so that the rim can tell which answer fits."""
        super().__init__(f"state: {event} cannot happen to a booking that is {state}")
        self.state = state
        self.event = event


_S, _E = BookingState, BookingEvent

TRANSITIONS: dict[BookingState, dict[BookingEvent, BookingState]] = {
    _S.HELD: {
        _E.PAYMENT_STARTED: _S.AWAITING_PAYMENT,
        # The payment may be known before the step that started it has recorded its result.
        _E.PAYMENT_SUCCEEDED: _S.CONFIRMED,
        _E.APPROVAL_REQUESTED: _S.AWAITING_APPROVAL,
        _E.CONFIRMED_UNPAID: _S.CONFIRMED,
        _E.DEADLINE_PASSED: _S.EXPIRED,
        _E.CANCELLED: _S.CANCELLED,
    },
    _S.AWAITING_PAYMENT: {
        _E.PAYMENT_SUCCEEDED: _S.CONFIRMED,
        _E.PAYMENT_REFUSED: _S.EXPIRED,
        _E.DEADLINE_PASSED: _S.EXPIRED,
        _E.CANCELLED: _S.CANCELLED,
    },
    _S.AWAITING_APPROVAL: {
        _E.APPROVED: _S.CONFIRMED,
        _E.DECLINED: _S.DECLINED,
        _E.DEADLINE_PASSED: _S.EXPIRED,
        _E.CANCELLED: _S.CANCELLED,
    },
    _S.CONFIRMED: {
        _E.CLIENT_CAME: _S.ATTENDED,
        _E.CLIENT_STAYED_AWAY: _S.NO_SHOW,
        _E.CANCELLED: _S.CANCELLED,
        _E.CANCELLED_LATE: _S.LATE_CANCELLED,
    },
    # Who was marked wrongly can be marked again, or not at all.
    _S.ATTENDED: {
        _E.CLIENT_STAYED_AWAY: _S.NO_SHOW,
        _E.ATTENDANCE_WITHDRAWN: _S.CONFIRMED,
    },
    _S.NO_SHOW: {
        _E.CLIENT_CAME: _S.ATTENDED,
        _E.ATTENDANCE_WITHDRAWN: _S.CONFIRMED,
    },
    # Paid at the last second: confirmed after all if the time is still free (the caller
    # checks), else refunded in full.
    _S.EXPIRED: {_E.PAYMENT_SUCCEEDED: _S.CONFIRMED},
    _S.CANCELLED: {},
    _S.LATE_CANCELLED: {},
    _S.DECLINED: {},
}

# States that keep the time taken and count for limits; the past ones did use it.
LIVE = frozenset(
    {
        _S.HELD,
        _S.AWAITING_PAYMENT,
        _S.AWAITING_APPROVAL,
        _S.CONFIRMED,
        _S.ATTENDED,
        _S.NO_SHOW,
    }
)
# Live only until the deadline of the hold.
HOLDING = frozenset({_S.HELD, _S.AWAITING_PAYMENT})


def advance(state: BookingState, event: BookingEvent) -> BookingState:
    """Return the state after the event; TransitionRefused if it cannot happen in this one."""
    following = TRANSITIONS[state].get(event)
    if following is None:
        raise TransitionRefused(state, event)
    return following


def may_record_attendance(state: BookingState, starts_at: datetime, now: datetime) -> bool:
    """Tell whether who came can be said: from the start of a session that was firm until then."""
    is_firm = state in (BookingState.CONFIRMED, BookingState.ATTENDED, BookingState.NO_SHOW)
    return is_firm and checked_aware(now, "now") >= starts_at


@dataclass(frozen=True, slots=True)
class Hold:
    """How long a seat is kept: until just before `expires_at`, extended at most twice."""

    expires_at: datetime
    is_extended_by_client: bool = False
    is_extended_for_payment: bool = False


class HoldNotExtendable(ValueError):
    """The hold has lapsed or was extended for this reason before."""


def hold_from(now: datetime) -> Hold:
    """Return a fresh hold of ten minutes."""
    return Hold(checked_aware(now, "now") + HOLD_FOR)


def hold_by_link(now: datetime, starts_at: datetime) -> Hold:
    """Return the hold of a seat that is paid for by a link in a mail, never past its start.

    48 hours, but no longer than until an hour before the start; half an hour at least.
    """
    until = min(checked_aware(now, "now") + LINK_HOLD_FOR, starts_at - BEFORE_START)
    return Hold(min(max(until, now + LINK_LEAST), starts_at))


def has_lapsed(hold: Hold, now: datetime) -> bool:
    """Tell whether the hold is over; at its deadline it is."""
    return checked_aware(now, "now") >= hold.expires_at


def extend_for_client(hold: Hold, now: datetime) -> Hold:
    """Return the hold with ten minutes more, once and before its deadline (WCAG 2.2.1)."""
    _check_running(hold, now)
    if hold.is_extended_by_client:
        raise HoldNotExtendable("hold: was extended by the client before")
    return replace(hold, expires_at=hold.expires_at + EXTENSION, is_extended_by_client=True)


def extend_for_payment(hold: Hold, now: datetime) -> Hold:
    """Return the hold with ten minutes more to pay in, added once; HoldNotExtendable if lapsed.

    Asking again changes nothing, because starting a payment may be repeated.
    """
    if hold.is_extended_for_payment:
        return hold
    _check_running(hold, now)
    return replace(hold, expires_at=hold.expires_at + EXTENSION, is_extended_for_payment=True)


def _check_running(hold: Hold, now: datetime) -> None:
    if has_lapsed(hold, now):
        raise HoldNotExtendable("hold: has lapsed")
