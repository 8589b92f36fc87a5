"""Sessions of one's own calendar, as who writes notes on them is told of them."""

from collections.abc import Sequence
from datetime import timedelta
from uuid import UUID, uuid4

import pytest

from services.booking.operations import attendance, listing, treated
from services.common.auth import Actor
from services.common.errors import InvalidInput, NotFound
from services.contracts.booking.bookings import (
    Attendance,
    BookingState,
    ListTreated,
    RecordAttendance,
)
from services.contracts.booking.treated import GetTreatedSession, ListAttended, TreatedSession
from tests.integration.booking.behalf import book_for, wish_for
from tests.integration.booking.practice import Practice, at

HOURS = (9, 11, 14)


def mark(practice: Practice, booking_id: object, what: Attendance) -> None:
    """Say whether the client came, in the evening."""
    command = RecordAttendance.model_validate(
        {"id": uuid4(), "booking_id": booking_id, "attendance": what}
    )
    with practice.transaction(practice.admin) as tx:
        attendance.record_attendance(tx, command, actor=practice.admin, now=at(23))


def get(practice: Practice, booking_id: object, actor: Actor) -> TreatedSession:
    asked = GetTreatedSession.model_validate({"booking_id": booking_id})
    with practice.transaction(actor) as tx:
        return treated.get_treated_session(tx, asked, actor=actor)


def attended(
    practice: Practice, actor: Actor, days: int = 1, without: Sequence[UUID] = ()
) -> list[TreatedSession]:
    until_at = at(0) + timedelta(days=days)
    asked = ListAttended(from_at=at(0), until_at=until_at, without=list(without))
    with practice.transaction(actor) as tx:
        return treated.list_attended(tx, asked, actor=actor).sessions


def chosen(practice: Practice, *, is_by_choice: bool = True) -> list[UUID]:
    """Whom the calendar's practitioner treats."""
    own = practice.person(practice.practitioner_account, "practitioner")
    with practice.transaction(own) as tx:
        asked = ListTreated(is_by_choice=is_by_choice)
        return listing.list_treated(tx, asked, actor=own).client_ids


def test_attended_sessions_are_told_to_their_practitioner_alone(practice: Practice) -> None:
    """The latest first; neither missed ones nor those of which nothing was said or that are left
    out, so that a list of 200 holds such as are asked for."""
    came, missed, unsaid = (practice.book_and_pay(at(hour)) for hour in HOURS)
    later = practice.book_and_pay(at(16))
    for booking, what in (
        (came, Attendance.ATTENDED),
        (later, Attendance.ATTENDED),
        (missed, Attendance.NO_SHOW),
    ):
        mark(practice, booking.id, what)
    own = practice.person(practice.practitioner_account, "practitioner")
    assert [one.booking_id for one in attended(practice, own)] == [later.id, came.id]
    assert [one.booking_id for one in attended(practice, own, without=[later.id])] == [came.id]
    assert get(practice, unsaid.id, own).state is BookingState.CONFIRMED
    assert get(practice, came.id, own).client_id == came.client_id
    assert get(practice, missed.id, own).starts_at == at(11)
    colleague = practice.person(uuid4(), "practitioner")
    owner = practice.person(practice.practitioner_account, "owner")
    for actor in (colleague, owner, practice.admin, practice.visitor, practice.link(came.id)):
        with pytest.raises(NotFound):
            get(practice, came.id, actor)
        with pytest.raises(NotFound):
            attended(practice, actor)


def test_the_practice_alone_makes_nobody_a_reader_of_what_was_written_for_a_colleague(
    practice: Practice,
) -> None:
    """Booked on account, a client of a colleague's counts once they came, or booked themselves."""
    colleague, client_id = Practice(practice.database, id=practice.id).open(), uuid4()
    theirs = colleague.book_and_pay(at(9), client_id=client_id)
    put = book_for(practice, wish_for(practice, at(11), client_id=client_id))
    new = book_for(practice, wish_for(practice, at(16)))
    assert set(chosen(practice)) == {new.client_id}
    assert set(chosen(practice, is_by_choice=False)) == {client_id, new.client_id}
    assert chosen(colleague) == [theirs.client_id]
    mark(practice, put.id, Attendance.ATTENDED)
    assert set(chosen(practice)) == {client_id, new.client_id}


def test_who_books_for_themselves_chose_whom_they_come_to(practice: Practice) -> None:
    """Also beside a colleague; what the practice booked earlier changes nothing of it."""
    colleague, client_id = Practice(practice.database, id=practice.id).open(), uuid4()
    colleague.book_and_pay(at(9), client_id=client_id)
    book_for(practice, wish_for(practice, at(11), client_id=client_id))
    practice.book_and_pay(at(14), client_id=client_id)
    assert chosen(practice) == [client_id]


def test_what_is_no_firm_session_is_not_told(practice: Practice) -> None:
    """A hold, and an unknown id."""
    own = practice.person(practice.practitioner_account, "practitioner")
    for booking_id in (practice.book().id, uuid4()):
        with pytest.raises(NotFound):
            get(practice, booking_id, own)


def test_nobody_looks_back_over_more_than_a_year(practice: Practice) -> None:
    """The field is named."""
    own = practice.person(practice.practitioner_account, "practitioner")
    assert attended(practice, own, days=366) == []
    with pytest.raises(InvalidInput) as refused:
        attended(practice, own, days=367)
    assert list(refused.value.detail) == ["until_at"]
