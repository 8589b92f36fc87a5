"""Whether a message still holds when it is about to leave, and when it is tried again."""

from datetime import timedelta

import pytest

from services.contracts.booking.bookings import BookingState
from services.notify.domain import retries
from services.notify.domain.kinds import Template
from services.notify.domain.verdict import holds_as_further, still_holds
from tests.unit.notify.occasions import NOW, STARTS_AT, booking

MOVED = STARTS_AT + timedelta(days=1)
REMINDERS = (Template.REMINDER_DAY, Template.REMINDER_HOUR)


@pytest.mark.parametrize("template", REMINDERS)
def test_a_reminder_of_a_booking_that_stands_is_sent(template: Template) -> None:
    """Confirmed, same start, not begun."""
    assert still_holds(template, STARTS_AT, booking(), now=NOW)


@pytest.mark.parametrize("template", REMINDERS)
@pytest.mark.parametrize(
    "state", [state for state in BookingState if state is not BookingState.CONFIRMED]
)
def test_a_reminder_of_a_booking_that_is_no_more_is_not_sent(
    template: Template, state: BookingState
) -> None:
    """Whatever the events said, the state at delivery decides."""
    assert not still_holds(template, STARTS_AT, booking(state=state), now=NOW)


@pytest.mark.parametrize("template", REMINDERS)
def test_a_reminder_of_another_start_is_not_sent(template: Template) -> None:
    """The booking moved before its event arrived."""
    assert not still_holds(template, STARTS_AT, booking(starts_at=MOVED), now=NOW)


def test_a_reminder_that_comes_after_the_start_is_not_sent() -> None:
    """The mail server was away for too long."""
    assert not still_holds(Template.REMINDER_HOUR, STARTS_AT, booking(), now=STARTS_AT)


def test_a_confirmation_outlived_by_a_move_still_goes_out() -> None:
    """It is rendered with the current time."""
    assert still_holds(Template.CONFIRMED, STARTS_AT, booking(starts_at=MOVED), now=NOW)


def test_a_confirmation_outlived_by_a_cancellation_does_not() -> None:
    """Nobody is told to come to what is cancelled."""
    gone = booking(state=BookingState.CANCELLED)
    assert not still_holds(Template.CONFIRMED, STARTS_AT, gone, now=NOW)


def test_a_move_outlived_by_another_move_is_left_to_that_one() -> None:
    """Only the last new time is told."""
    assert not still_holds(Template.RESCHEDULED, STARTS_AT, booking(starts_at=MOVED), now=NOW)
    assert still_holds(Template.RESCHEDULED, MOVED, booking(starts_at=MOVED), now=NOW)


@pytest.mark.parametrize("state", [BookingState.CANCELLED, BookingState.LATE_CANCELLED])
def test_a_cancellation_is_told_while_it_is_one(state: BookingState) -> None:
    """Late ones as well."""
    assert still_holds(Template.CANCELLED, STARTS_AT, booking(state=state), now=NOW)
    assert not still_holds(Template.CANCELLED, STARTS_AT, booking(), now=NOW)


@pytest.mark.parametrize("template", [Template.REFUNDED, Template.REFUSED])
def test_money_that_goes_back_is_always_told(template: Template) -> None:
    """Even long after the session."""
    later = STARTS_AT + timedelta(days=400)
    assert still_holds(template, None, booking(state=BookingState.EXPIRED), now=later)


def test_waits_double_up_to_half_an_hour() -> None:
    """5 s, 10 s, 20 s … 30 min."""
    waits = [retries.wait_after(tries).total_seconds() for tries in range(1, 13)]
    assert waits[:4] == [5, 10, 20, 40]
    assert waits[-1] == 1800
    assert waits == sorted(waits)


def test_the_twelfth_try_is_the_last() -> None:
    """Then a person looks at it."""
    assert [retries.is_last(tries) for tries in (1, 11, 12, 13)] == [False, False, True, True]


def test_a_mail_about_several_tells_of_those_that_are_as_it_says() -> None:
    """Given back, late or in time; moved, and still to come."""
    for state in BookingState:
        one = booking(state=state)
        is_given_back = state in (BookingState.CANCELLED, BookingState.LATE_CANCELLED)
        assert holds_as_further(Template.CANCELLED, one, now=NOW) is is_given_back
        is_firm = state is BookingState.CONFIRMED
        assert holds_as_further(Template.RESCHEDULED, one, now=NOW) is is_firm
    assert not holds_as_further(Template.RESCHEDULED, booking(), now=STARTS_AT)
