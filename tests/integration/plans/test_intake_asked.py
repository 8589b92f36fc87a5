"""Whom a practice's form is asked of: new clients who book once it is published, as booking tells
of their sessions in whatever order."""

from datetime import datetime, timedelta
from uuid import UUID, uuid4

import pytest

from services.common.auth import service_actor
from services.contracts.booking.bookings import Attendance
from services.contracts.booking.events import (
    AttendanceRecorded,
    BookingConfirmed,
    BookingEvent,
    BookingRescheduled,
)
from services.plans.operations import sessions
from tests.integration.plans.desk import NOW, Desk
from tests.integration.plans.reception import STARTS, Reception, answers_to

BEFORE, AFTER = NOW - timedelta(days=7), NOW + timedelta(hours=1)


@pytest.fixture
def reception(desk: Desk) -> Reception:
    """A practice that begins to ask its first form now, and no texts."""
    made = Reception(desk)
    made.publish()
    return made


def hear(
    reception: Reception,
    kind: type[BookingEvent],
    at: datetime,
    booking_id: UUID | None = None,
    **more: object,
) -> None:
    """plans hears of a session of the client."""
    told = {
        "occurred_at": at,
        "practice_id": reception.desk.practice_id,
        "booking_id": booking_id or reception.booking_id,
        "practitioner_id": reception.desk.practitioner_id,
        "client_id": reception.desk.client_id,
        "starts_at": STARTS,
    }
    fact = kind.model_validate(told | more)
    actor = service_actor("plans", fact.practice_id, "booking:1")
    with reception.desk.database.transaction(actor) as tx:
        if isinstance(fact, AttendanceRecorded):
            sessions.hear_who_came(tx, fact)
        else:
            sessions.hear(tx, fact)


def hear_of_coming(reception: Reception, at: datetime, booking_id: UUID | None = None) -> None:
    """They came to a session."""
    hear(
        reception,
        AttendanceRecorded,
        at,
        booking_id,
        attendance=Attendance.ATTENDED,
        number=1,
        refund_percent=0,
        is_on_account=False,
        price_id=uuid4(),
    )


def told(reception: Reception) -> set[object]:
    """Where it stands, to everybody who is told: who comes, at home, the mail, the front desk."""
    seen = reception.read()
    assert reception.stands().state == seen.state == reception.at_home()
    assert reception.is_due() == (seen.state == "open")
    assert [one.state for one in reception.states(reception.keeper)] == [seen.state]
    return {seen.state, seen.form is not None}


def test_who_has_come_before_is_asked_nothing(reception: Reception) -> None:
    """Also where they book again after the form was published."""
    hear_of_coming(reception, BEFORE, uuid4())
    hear(reception, BookingConfirmed, AFTER)
    assert told(reception) == {"not_asked", False}


def test_who_booked_before_is_asked_once_they_book_again(reception: Reception) -> None:
    """As the keeper of the form read: who books from now on."""
    hear(reception, BookingConfirmed, BEFORE)
    assert told(reception) == {"not_asked", False}
    hear(reception, BookingConfirmed, AFTER, uuid4())
    assert told(reception) == {"open", True}


def test_a_new_client_is_asked_before_anything_is_heard_of_them(reception: Reception) -> None:
    """The mail that confirms leaves at the same moment as what plans hears."""
    assert told(reception) == {"open", True}
    hear(reception, BookingConfirmed, AFTER)
    assert told(reception) == {"open", True}


def test_a_session_was_booked_when_it_was_first_told_of(reception: Reception) -> None:
    """Not when it was moved, though the messages come the other way round."""
    was_at = STARTS - timedelta(days=1)
    hear(reception, BookingRescheduled, AFTER, previous_starts_at=was_at, sequence=1)
    assert told(reception) == {"open", True}
    hear(reception, BookingConfirmed, BEFORE)
    assert told(reception) == {"not_asked", False}


def test_who_has_begun_may_finish_after_their_session(reception: Reception) -> None:
    """What is kept is not lost; once it is given nothing is asked any more."""
    hear(reception, BookingConfirmed, AFTER)
    said = answers_to(reception.form(1).questions)
    reception.keep(said[:1])
    hear_of_coming(reception, AFTER)
    assert told(reception) == {"open", True}
    reception.submit(said)
    assert told(reception) == {"complete", True}


def test_a_page_that_was_open_is_taken_though_nothing_is_asked_any_more(
    reception: Reception,
) -> None:
    """Nobody loses what they answered to a mark that came meanwhile."""
    hear(reception, BookingConfirmed, AFTER)
    said = answers_to(reception.form(1).questions)
    hear_of_coming(reception, AFTER)
    assert told(reception) == {"not_asked", False}
    assert reception.submit(said).state == "complete"


def test_a_text_is_asked_of_everybody(reception: Reception) -> None:
    """It is for whoever comes, the first time or not: there is no form beside it."""
    hear_of_coming(reception, BEFORE)
    reception.publish_text()
    assert told(reception) == {"open", False}
    reception.sign()
    assert told(reception) == {"complete", False}
