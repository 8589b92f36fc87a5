"""Who is asked, where an intake stands, until when it is written, when a signature stands."""

from datetime import UTC, datetime, timedelta

import pytest

from services.contracts.booking.bookings import BookingState
from services.contracts.plans.intake import IntakeState
from services.plans.domain.intake import (
    Acquaintance,
    Asked,
    ConsentAct,
    is_form_asked,
    may_write,
    stands,
    state,
)

SIGNED, WITHDRAWN = ConsentAct.SIGNED, ConsentAct.WITHDRAWN
START = datetime(2027, 3, 8, 14, 0, tzinfo=UTC)
BEFORE, AFTER = START - timedelta(seconds=1), START


def asked(*, form: bool = True, given: bool = False, signed: str = "") -> Asked:
    """A practice with two texts, one of which is required."""
    return Asked(form, given, frozenset("a"), frozenset(signed), has_texts=True)


@pytest.mark.parametrize(
    ("told", "expected"),
    [
        (asked(), IntakeState.OPEN),
        (asked(given=True), IntakeState.OPEN),
        (asked(signed="ab"), IntakeState.OPEN),
        (asked(given=True, signed="b"), IntakeState.OPEN),
        (asked(given=True, signed="a"), IntakeState.COMPLETE),
        (asked(form=False, signed="a"), IntakeState.COMPLETE),
        (asked(form=False), IntakeState.OPEN),
        (Asked(False, False, frozenset(), frozenset(), False), IntakeState.NOT_ASKED),
        (Asked(True, True, frozenset(), frozenset(), False), IntakeState.COMPLETE),
    ],
)
def test_an_intake_is_complete_with_answers_and_required_signatures(
    told: Asked, expected: IntakeState
) -> None:
    """What is optional is not waited for; a practice that asks nothing is owed nothing."""
    assert state(told) is expected


PUBLISHED = START - timedelta(days=30)
EARLIER, LATER = PUBLISHED - timedelta(seconds=1), PUBLISHED


@pytest.mark.parametrize(
    ("who", "expected"),
    [
        (Acquaintance(), True),
        (Acquaintance(booked_at=LATER), True),
        (Acquaintance(booked_at=EARLIER), False),
        (Acquaintance(booked_at=LATER, has_come=True), False),
        (Acquaintance(booked_at=EARLIER, has_come=True), False),
        (Acquaintance(booked_at=LATER, has_come=True, has_begun=True), True),
        (Acquaintance(booked_at=EARLIER, has_begun=True), True),
    ],
)
def test_a_form_is_asked_of_new_clients_who_book_once_it_is_published(
    who: Acquaintance, expected: bool
) -> None:
    """Nobody who has come before, or booked before, is asked; who has begun may finish."""
    assert is_form_asked(PUBLISHED, who) is expected
    assert not is_form_asked(None, who)


@pytest.mark.parametrize(
    ("is_given", "is_link", "now", "expected"),
    [
        (False, True, BEFORE, True),
        (False, True, AFTER, True),
        (False, False, AFTER, True),
        (True, False, BEFORE, True),
        (True, False, AFTER, False),
        (True, True, BEFORE, False),
    ],
)
def test_answers_are_corrected_until_the_session_by_who_can_read_them(
    is_given: bool, is_link: bool, now: datetime, expected: bool
) -> None:
    """First answers are taken late as well; a link's holder gives them once."""
    may = may_write(BookingState.CONFIRMED, START, is_given=is_given, is_link=is_link, now=now)
    assert may is expected


@pytest.mark.parametrize(
    "booking",
    [
        BookingState.HELD,
        BookingState.AWAITING_PAYMENT,
        BookingState.CANCELLED,
        BookingState.LATE_CANCELLED,
        BookingState.EXPIRED,
        BookingState.DECLINED,
    ],
)
def test_nothing_is_written_for_a_session_that_is_not_to_be(booking: BookingState) -> None:
    """Neither before it is paid nor after it was given back."""
    assert not may_write(booking, START, is_given=False, is_link=False, now=BEFORE)


@pytest.mark.parametrize(
    ("acts", "expected"),
    [
        ([], False),
        ([SIGNED], True),
        ([SIGNED, WITHDRAWN], False),
        ([SIGNED, WITHDRAWN, SIGNED], True),
    ],
)
def test_the_last_act_counts(acts: list[ConsentAct], expected: bool) -> None:
    """Signed, taken back, signed again."""
    assert stands(acts) is expected
