"""Clients of a calendar and of a practice: whose, when, and to whom they do not exist."""

from collections.abc import Callable
from datetime import timedelta
from uuid import UUID, uuid4

import pytest

from services.booking.operations import caseload
from services.booking.operations.caseload import Booked
from services.common.auth import Actor
from services.common.errors import Forbidden, NotFound
from services.contracts.base import BadCursor
from services.contracts.booking.bookings import Attendance
from services.contracts.booking.caseload import ClientSessions, ListCaseload, ListClientBookings
from tests.integration.booking.editing import treating
from tests.integration.booking.practice import NOW, Practice, at
from tests.integration.booking.test_attendance import say

LATER = NOW + timedelta(days=3)


def times(practice: Practice, actor: Actor, *client_ids: UUID) -> dict[UUID, ClientSessions]:
    """By client, on Thursday of the practice's week."""
    asked = ListCaseload(client_ids=list(client_ids) or None)
    with practice.database.reading(actor) as tx:
        found = caseload.list_caseload(tx, asked, actor=actor, now=LATER)
    return {one.client_id: one for one in found.clients}


def booked(practice: Practice, actor: Actor, client_id: UUID, **asked: object) -> Booked:
    command = ListClientBookings(client_id=client_id).model_copy(update=asked)
    with practice.database.reading(actor) as tx:
        return caseload.list_client_bookings(tx, command, actor=actor, now=LATER)


def test_a_caseload_tells_the_last_and_the_next_session(practice: Practice) -> None:
    """Of who was there, who will be, and both; cancelled hours are neither, nor lapsed holds."""
    both, past, held = uuid4(), uuid4(), uuid4()
    for hour, days, client_id in ((9, 0, both), (10, 0, past), (9, 3, both), (11, 3, both)):
        practice.book_and_pay(at(hour, days=days), client_id=client_id)
    practice.book(at(12), client_id=held)
    found = times(practice, treating(practice))
    assert found == {
        both: ClientSessions(client_id=both, last_at=at(9), next_at=at(9, days=3)),
        past: ClientSessions(client_id=past, last_at=at(10), next_at=None),
    }
    assert list(found) == [both, past]
    assert set(times(practice, practice.admin, past, held, uuid4())) == {past}


def test_a_record_lists_what_was_booked_the_latest_first(practice: Practice) -> None:
    """Page by page, each once, and from which session a course can go on."""
    client_id = uuid4()
    made = [
        practice.book_and_pay(at(hour, days=day), client_id=client_id).id
        for day in (0, 1, 2)
        for hour in (9, 11)
    ]
    practice.book_and_pay(at(15), client_id=uuid4())
    say(practice, made[0], Attendance.NO_SHOW)
    first = booked(practice, practice.admin, client_id, limit=4)
    rest = booked(practice, practice.admin, client_id, limit=4, cursor=first.next_cursor)
    assert [one.id for one in (*first.bookings, *rest.bookings)] == made[::-1]
    assert rest.next_cursor is None
    assert first.goes_on_from == made[-1]
    assert not first.is_treated
    assert booked(practice, treating(practice), client_id).is_treated
    with pytest.raises(BadCursor):
        booked(practice, practice.admin, client_id, cursor="x")


def test_a_client_does_not_exist_for_who_never_had_them(
    practice: Practice, make_practice: Callable[..., Practice]
) -> None:
    """A practitioner of elsewhere, roles that receive nobody, persons, and another practice's
    desk, for which there are no bookings of that client."""
    client_id = practice.book_and_pay(client_id=uuid4()).client_id
    other = make_practice()
    for actor in (
        treating(other),
        practice.person(uuid4(), "practitioner"),
        practice.person(uuid4(), "billing"),
        practice.person(uuid4(), "supervisor"),
        practice.person(uuid4()),
        practice.visitor,
    ):
        with pytest.raises(NotFound):
            booked(practice, actor, client_id)
    assert booked(other, other.admin, client_id).bookings == []
    assert times(other, other.admin, client_id) == {}
    for actor in (practice.person(uuid4(), "billing"), practice.visitor):
        with pytest.raises(Forbidden):
            times(practice, actor)


def test_who_treats_sees_their_own_hours_with_a_client_alone(practice: Practice) -> None:
    """A colleague's hours of the same client stay with the colleague and the desk."""
    colleague = Practice(practice.database, id=practice.id).open()
    client_id = uuid4()
    own = practice.book_and_pay(at(9), client_id=client_id).id
    theirs = colleague.book_and_pay(at(11), client_id=client_id).id
    seen = {
        who: {one.id for one in booked(practice, actor, client_id).bookings}
        for who, actor in (
            ("own", treating(practice)),
            ("colleague", treating(colleague)),
            ("desk", practice.person(uuid4(), "front_desk")),
        )
    }
    assert seen == {"own": {own}, "colleague": {theirs}, "desk": {own, theirs}}
    assert times(practice, treating(practice))[client_id].last_at == at(9)
