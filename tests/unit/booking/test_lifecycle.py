"""The states of a booking as a machine, and the deadlines of a hold."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from services.booking.domain.lifecycle import (
    HOLDING,
    LIVE,
    TRANSITIONS,
    BookingEvent,
    BookingState,
    HoldNotExtendable,
    TransitionRefused,
    advance,
    extend_for_client,
    extend_for_payment,
    has_lapsed,
    hold_by_link,
    hold_from,
    may_record_attendance,
)
from services.contracts.booking.bookings import EXTENSION, HOLD_FOR, UNPAID
from services.contracts.booking.bookings import BookingState as ToldState

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
S, E = BookingState, BookingEvent


@pytest.mark.parametrize(
    ("events", "end"),
    [
        ([E.PAYMENT_STARTED, E.PAYMENT_SUCCEEDED, E.CLIENT_CAME], S.ATTENDED),
        ([E.APPROVAL_REQUESTED, E.APPROVED, E.CLIENT_STAYED_AWAY], S.NO_SHOW),
        ([E.APPROVAL_REQUESTED, E.DECLINED], S.DECLINED),
        ([E.CONFIRMED_UNPAID, E.CANCELLED], S.CANCELLED),
        ([E.PAYMENT_STARTED, E.PAYMENT_SUCCEEDED, E.CANCELLED_LATE], S.LATE_CANCELLED),
        ([E.PAYMENT_STARTED, E.DEADLINE_PASSED], S.EXPIRED),
        ([E.PAYMENT_STARTED, E.DEADLINE_PASSED, E.PAYMENT_SUCCEEDED], S.CONFIRMED),
        ([E.PAYMENT_STARTED, E.PAYMENT_REFUSED], S.EXPIRED),
        ([E.PAYMENT_SUCCEEDED], S.CONFIRMED),
        ([E.CONFIRMED_UNPAID, E.CLIENT_STAYED_AWAY, E.CLIENT_CAME], S.ATTENDED),
        ([E.CONFIRMED_UNPAID, E.CLIENT_CAME, E.ATTENDANCE_WITHDRAWN], S.CONFIRMED),
        ([E.CONFIRMED_UNPAID, E.CLIENT_STAYED_AWAY, E.ATTENDANCE_WITHDRAWN], S.CONFIRMED),
    ],
)
def test_a_booking_goes_its_ways(events: list[BookingEvent], end: BookingState) -> None:
    """Each way that the design names, from held to its end."""
    state = S.HELD
    for event in events:
        state = advance(state, event)
    assert state is end


@pytest.mark.parametrize("state", S)
def test_who_came_can_be_said_from_the_start_of_what_was_firm(state: BookingState) -> None:
    """At its first second, and never of what was given back or never firm."""
    is_firm = state in (S.CONFIRMED, S.ATTENDED, S.NO_SHOW)
    assert may_record_attendance(state, NOW, NOW) is is_firm
    assert not may_record_attendance(state, NOW, NOW - timedelta(seconds=1))


ALLOWED = {(state, event) for state, moves in TRANSITIONS.items() for event in moves}


@pytest.mark.parametrize("state", S)
@pytest.mark.parametrize("event", E)
def test_what_is_not_in_the_table_is_refused(state: BookingState, event: BookingEvent) -> None:
    """Nothing else is allowed, and a refusal tells both the state and the event."""
    if (state, event) in ALLOWED:
        advance(state, event)
        return
    with pytest.raises(TransitionRefused) as refused:
        advance(state, event)
    assert (refused.value.state, refused.value.event) == (state, event)


def test_every_state_can_be_reached_and_has_its_row() -> None:
    """No state is dead from the start, none is missing from the table."""
    reached = {S.HELD} | {state for moves in TRANSITIONS.values() for state in moves.values()}
    assert reached == set(TRANSITIONS) == set(S)


@pytest.mark.parametrize("state", [S.CANCELLED, S.LATE_CANCELLED, S.DECLINED])
def test_an_ended_booking_stays_ended(state: BookingState) -> None:
    """Nobody comes back from a cancellation; who wants the time books again."""
    assert TRANSITIONS[state] == {}
    assert state not in LIVE


def test_money_that_comes_after_a_cancellation_confirms_nothing() -> None:
    """Then billing refunds in full."""
    assert E.PAYMENT_SUCCEEDED not in TRANSITIONS[S.CANCELLED]


def test_live_states_keep_their_time() -> None:
    """What took place counts as live, what fell through does not."""
    gone = {S.CANCELLED, S.LATE_CANCELLED, S.EXPIRED, S.DECLINED}
    assert set(S) - LIVE == gone
    assert HOLDING <= LIVE


@pytest.mark.parametrize("state", sorted(HOLDING))
def test_a_lapsed_hold_blocks_nobody(state: BookingState) -> None:
    """At its deadline a held booking is dead, whatever its row says."""
    hold = hold_from(NOW)
    assert not has_lapsed(hold, NOW + HOLD_FOR - timedelta(microseconds=1))
    assert has_lapsed(hold, NOW + HOLD_FOR)
    assert advance(state, E.DEADLINE_PASSED) not in LIVE


def test_the_client_extends_once() -> None:
    """Ten minutes more, a second time refused."""
    extended = extend_for_client(hold_from(NOW), NOW)
    assert extended.expires_at == NOW + timedelta(minutes=20)
    with pytest.raises(HoldNotExtendable):
        extend_for_client(extended, NOW)


def test_starting_to_pay_extends_once_however_often_it_is_repeated() -> None:
    """A repeated call gives the same hold, also after its deadline."""
    once = extend_for_payment(hold_from(NOW), NOW)
    assert once.expires_at == NOW + timedelta(minutes=20)
    assert extend_for_payment(once, NOW + timedelta(hours=1)) == once


def test_a_lapsed_hold_is_not_extended() -> None:
    """At the deadline it is too late for both."""
    hold = hold_from(NOW)
    for extend in (extend_for_client, extend_for_payment):
        with pytest.raises(HoldNotExtendable):
            extend(hold, NOW + HOLD_FOR)


def test_a_hold_needs_an_aware_now() -> None:
    """A naive clock is refused by the argument's name."""
    with pytest.raises(ValueError, match=r"^now:"):
        hold_from(NOW.replace(tzinfo=None))


class HoldMachine(RuleBasedStateMachine):
    """Any order of waiting, extending and paying."""

    def __init__(self) -> None:
        """Begin with a fresh hold."""
        super().__init__()
        self.now = NOW
        self.hold = hold_from(NOW)
        self.state = S.HELD

    @rule(seconds=st.integers(0, 900))
    def wait(self, seconds: int) -> None:
        """Let time pass."""
        self.now += timedelta(seconds=seconds)

    @rule()
    def ask_for_more_time(self) -> None:
        """Allowed once and in time, else refused with the hold unchanged."""
        before = self.hold
        try:
            self.hold = extend_for_client(before, self.now)
        except HoldNotExtendable:
            assert before.is_extended_by_client or has_lapsed(before, self.now)

    @precondition(lambda self: self.state is S.HELD and not has_lapsed(self.hold, self.now))
    @rule()
    def start_payment(self) -> None:
        """Move on and get the time to pay in."""
        self.state = advance(self.state, E.PAYMENT_STARTED)
        self.hold = extend_for_payment(self.hold, self.now)

    @precondition(lambda self: self.state in HOLDING and has_lapsed(self.hold, self.now))
    @rule()
    def sweep(self) -> None:
        """Expire what has lapsed."""
        self.state = advance(self.state, E.DEADLINE_PASSED)

    @precondition(lambda self: E.PAYMENT_SUCCEEDED in TRANSITIONS[self.state])
    @rule()
    def pay(self) -> None:
        """Confirm whatever was still to be paid."""
        self.state = advance(self.state, E.PAYMENT_SUCCEEDED)

    @invariant()
    def nobody_is_kept_waiting_for_ever(self) -> None:
        """A hold ends within thirty minutes, and is dead from then on, swept or not."""
        assert self.hold.expires_at <= NOW + HOLD_FOR + 2 * EXTENSION
        if self.state in HOLDING and self.now >= NOW + HOLD_FOR + 2 * EXTENSION:
            assert has_lapsed(self.hold, self.now)


TestHold = HoldMachine.TestCase


def test_the_words_that_travel_are_those_of_the_domain() -> None:
    """States, and which of them hold a seat unpaid, are the same inside and on the wire."""
    assert {state.value for state in BookingState} == {state.value for state in ToldState}
    assert {state.value for state in HOLDING} == {state.value for state in UNPAID}


@pytest.mark.parametrize(
    ("until_start", "held_for"),
    [
        (timedelta(days=9), timedelta(hours=48)),
        (timedelta(hours=49), timedelta(hours=48)),
        (timedelta(hours=20), timedelta(hours=19)),
        (timedelta(minutes=80), timedelta(minutes=30)),
        (timedelta(minutes=10), timedelta(minutes=10)),
    ],
)
def test_a_seat_waits_for_a_link_no_longer_than_its_hour_can(
    until_start: timedelta, held_for: timedelta
) -> None:
    """Two days, until an hour before the start, half an hour at least, never past the start."""
    assert hold_by_link(NOW, NOW + until_start).expires_at == NOW + held_for
