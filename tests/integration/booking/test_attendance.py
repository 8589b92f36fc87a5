"""Who came: said by the practice from the session's start on, withdrawn, and kept who said it."""

from datetime import datetime, timedelta
from uuid import UUID, uuid4

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import ProgrammingError
from uuid_utils.compat import uuid7

from services.booking.models import Booking, Change
from services.booking.operations import attendance, cancel, door, listing, views
from services.common.auth import Actor
from services.common.errors import DifferentContent, Forbidden, NotFound
from services.contracts.booking.bookings import (
    Attendance,
    CancelBooking,
    ListBookings,
    OpenDoor,
    RecordAttendance,
)
from services.contracts.booking.refusals import AttendanceNotDue, NotCancellable
from tests.integration.booking.editing import treating
from tests.integration.booking.practice import NOW, Practice, at

KEY = "0123456789abcdef"
CAME, MISSED, UNMARKED = Attendance.ATTENDED, Attendance.NO_SHOW, Attendance.UNMARKED
BEGUN = at(9)


def say(
    practice: Practice,
    booking_id: UUID,
    what: Attendance,
    actor: Actor | None = None,
    *,
    now: datetime = BEGUN,
    id_: UUID | None = None,
) -> str:
    """The state in which the booking is then."""
    who = actor or treating(practice)
    command = RecordAttendance(id=id_ or uuid7(), booking_id=booking_id, attendance=what)
    with practice.transaction(who) as tx:
        attendance.record_attendance(tx, command, actor=who, now=now)
    return practice.stored(booking_id).state


def kept(practice: Practice) -> list[tuple[str, UUID | None]]:
    """What was done and by whom, oldest first."""
    with practice.transaction() as tx:
        rows = tx.scalars(select(Change).order_by(Change.made_at, Change.id)).all()
    return [(row.kind, row.account_id) for row in rows]


@pytest.fixture
def booking(practice: Practice) -> Booking:
    """A paid session of Tuesday, 9 o'clock."""
    return practice.book_and_pay(BEGUN)


def test_it_is_said_changed_and_withdrawn(practice: Practice, booking: Booking) -> None:
    """Each act is kept with who acted, and billing is told of it; saying it again is none."""
    desk = practice.person(uuid4(), "front_desk")
    before = len(practice.events("booking_confirmed"))
    assert say(practice, booking.id, CAME) == "attended"
    assert say(practice, booking.id, CAME) == "attended"
    assert say(practice, booking.id, MISSED, desk) == "no_show"
    assert say(practice, booking.id, UNMARKED, desk) == "confirmed"
    assert say(practice, booking.id, UNMARKED, desk) == "confirmed"
    account = practice.practitioner_account
    assert kept(practice) == [
        ("attended", account),
        ("no_show", desk.account_id),
        ("unmarked", desk.account_id),
    ]
    told = [(one["attendance"], one["number"]) for one in practice.events("attendance_recorded")]
    assert told == [("attended", 1), ("no_show", 2), ("unmarked", 3)]
    assert len(practice.events("booking_confirmed")) == before
    assert at(9) not in practice.starts()


def test_it_is_too_early_before_the_session_begins(practice: Practice, booking: Booking) -> None:
    """To the second."""
    with pytest.raises(AttendanceNotDue):
        say(practice, booking.id, CAME, now=NOW)
    assert practice.stored(booking.id).state == "confirmed"


def test_of_what_was_given_back_nobody_came(practice: Practice, booking: Booking) -> None:
    """Cancelled stays cancelled, late or not; a hold that lapsed was no session either."""
    who = treating(practice)
    command = CancelBooking(id=uuid7(), booking_id=booking.id, expected_refund_percent=100)
    with practice.transaction(who) as tx:
        cancel.cancel_booking(tx, command, actor=who, now=NOW)
    for id_ in (booking.id, practice.book(at(11)).id):
        with pytest.raises(AttendanceNotDue):
            say(practice, id_, MISSED, now=at(12))
    assert practice.stored(booking.id).state == "cancelled"


def test_who_came_cannot_cancel_any_more(practice: Practice, booking: Booking) -> None:
    """Nor who stayed away."""
    say(practice, booking.id, MISSED)
    who = treating(practice)
    command = CancelBooking(id=uuid7(), booking_id=booking.id, expected_refund_percent=100)
    with practice.transaction(who) as tx, pytest.raises(NotCancellable):
        cancel.cancel_booking(tx, command, actor=who, now=at(9, 5))


def test_the_same_act_twice_is_one(practice: Practice, booking: Booking) -> None:
    """Also after it was withdrawn; other content under its id is refused."""
    act = uuid7()
    say(practice, booking.id, CAME, id_=act)
    say(practice, booking.id, UNMARKED)
    assert say(practice, booking.id, CAME, id_=act) == "confirmed"
    with pytest.raises(DifferentContent):
        say(practice, booking.id, MISSED, id_=act)


def test_only_the_practice_says_it(practice: Practice) -> None:
    """The client may see the booking, and not say this; to others it does not exist."""
    account = uuid4()
    client = practice.person(account)
    own = practice.book(BEGUN, actor=client)
    practice.pay(own.id)
    for who in (client, practice.link(own.id)):
        with pytest.raises(Forbidden):
            say(practice, own.id, CAME, who)
    elsewhere = Practice(practice.database).open()
    strangers = (
        elsewhere.admin,
        practice.person(uuid4(), "practitioner"),
        practice.person(uuid4(), "billing"),
        practice.person(uuid4()),
    )
    for who in strangers:
        with pytest.raises(NotFound):
            say(practice, own.id, CAME, who)
    assert practice.stored(own.id).state == "confirmed"


@pytest.mark.parametrize("what", [CAME, MISSED])
def test_a_mark_made_during_the_session_does_not_end_it(
    practice: Practice, what: Attendance
) -> None:
    """Until its end it stays among what is to come, and its door lets in who comes late."""
    client = practice.person(uuid4())
    own = practice.book(BEGUN, actor=client)
    practice.pay(own.id)
    say(practice, own.id, what)
    during, over = BEGUN + timedelta(minutes=49), BEGUN + timedelta(minutes=50)
    assert [listed(practice, client, during, is_past=past) for past in (False, True)] == [1, 0]
    assert [listed(practice, client, over, is_past=past) for past in (False, True)] == [0, 1]
    assert [is_door_open(practice, own.id, now) for now in (during, over)] == [True, False]


def listed(practice: Practice, client: Actor, now: datetime, *, is_past: bool) -> int:
    with practice.database.transaction(client) as tx:
        asked = ListBookings(is_past=is_past)
        return len(listing.list_bookings(tx, asked, actor=client, now=now)[0])


def is_door_open(practice: Practice, booking_id: UUID, now: datetime) -> bool:
    asked = OpenDoor(booking_id=booking_id, code=views.join_code(booking_id, KEY))
    with practice.database.transaction(Actor()) as tx:
        return door.open_door(tx, asked, now=now, join_key=KEY).room_url is not None


@pytest.mark.parametrize(
    "statement", ["UPDATE booking.changes SET account_id = NULL", "DELETE FROM booking.changes"]
)
def test_who_said_it_is_never_rewritten(
    practice: Practice, booking: Booking, statement: str
) -> None:
    """The role that the service runs as may add acts, and neither change nor remove one."""
    say(practice, booking.id, CAME)
    with pytest.raises(ProgrammingError, match="permission denied"), practice.transaction() as tx:
        tx.execute(text(statement))
    assert kept(practice) == [("attended", practice.practitioner_account)]
