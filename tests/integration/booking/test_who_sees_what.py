"""Who may see and change a booking; the policies hold where the application's filter is gone."""

from collections.abc import Callable
from datetime import timedelta
from uuid import UUID, uuid4

import pytest
from sqlalchemy import func, select, text
from sqlalchemy.exc import ProgrammingError

from services.booking.models import Booking, Policy, Session
from services.booking.operations import cancel, door, listing, slots, views
from services.common.auth import Actor, service_actor
from services.common.errors import Forbidden, NotFound
from services.contracts.base import BadCursor
from services.contracts.booking.bookings import (
    CancelBooking,
    GetBooking,
    ListBookings,
    ListSessions,
    OpenDoor,
)
from services.contracts.booking.offerings import ListSlots
from tests.integration.booking.practice import NOW, Practice, at

KEY = "a key for the doors of these tests"


def get(practice: Practice, booking_id: UUID, actor: Actor) -> UUID:
    with practice.transaction(actor) as tx:
        return listing.get_booking(tx, GetBooking(booking_id=booking_id), actor=actor).id


def test_a_booking_is_seen_by_those_whom_it_concerns(practice: Practice) -> None:
    """Its person from any practice, its link, the practice's staff, billing and notify."""
    account_id = uuid4()
    booking = practice.book(actor=practice.person(account_id))
    for actor in (
        Actor(kind="person", account_id=account_id),
        practice.person(account_id).within(uuid4()),
        practice.link(booking.id),
        practice.person(practice.practitioner_account, "practitioner"),
        practice.person(uuid4(), "front_desk"),
        practice.person(uuid4(), "owner"),
        service_actor("billing", practice.id, "test"),
        service_actor("notify", practice.id, "test"),
    ):
        assert get(practice, booking.id, actor) == booking.id


def test_a_booking_does_not_exist_for_anybody_else(practice: Practice) -> None:
    """Not for strangers, other links, colleagues, other services, or other practices' staff."""
    booking = practice.book(actor=practice.person(uuid4()))
    for actor in (
        Actor(),
        practice.visitor,
        practice.person(uuid4()),
        practice.person(uuid4(), "practitioner"),
        practice.person(uuid4(), "billing"),
        practice.link(uuid4()),
        practice.link(booking.id).within(uuid4()),
        practice.person(uuid4(), "owner").within(uuid4(), frozenset({"owner"})),
        service_actor("plans", practice.id, "test"),
        service_actor("billing", uuid4(), "test"),
    ):
        with pytest.raises(NotFound):
            get(practice, booking.id, actor)


def test_a_guests_booking_belongs_to_no_account(practice: Practice) -> None:
    """An actor without an account is not the owner of rows without one."""
    booking = practice.book()
    with pytest.raises(NotFound):
        get(practice, booking.id, Actor(kind="person", practice_id=practice.id))


def test_a_person_lists_their_bookings_in_every_practice(
    practice: Practice, make_practice: Callable[..., Practice]
) -> None:
    """By pages, soonest first, and nobody else's."""
    account_id, elsewhere = uuid4(), make_practice()
    booked = [
        where.book(at(hour), actor=where.person(account_id)).id
        for hour, where in ((9, practice), (10, elsewhere), (11, practice))
    ]
    practice.book(at(13), actor=practice.person(uuid4()))
    person, found, cursor = Actor(kind="person", account_id=account_id), [], None
    for _ in range(2):
        with practice.database.transaction(person) as tx:
            asked = ListBookings(limit=2, cursor=cursor)
            part, cursor = listing.list_bookings(tx, asked, actor=person, now=NOW)
        found.append([booking.id for booking in part])
    assert found == [booked[:2], booked[2:]]
    assert cursor is None


def test_past_bookings_come_latest_first_and_lapsed_holds_not_at_all(practice: Practice) -> None:
    """A hold that nobody paid is neither past nor to come."""
    person = practice.person(uuid4())
    booked = [practice.book(at(hour), actor=person) for hour in (9, 11, 13)]
    for booking in booked[:2]:
        practice.pay(booking.id)
    listed = {}
    for is_past, now in ((True, at(23)), (False, at(23)), (False, NOW + timedelta(minutes=10))):
        with practice.transaction(person) as tx:
            asked = ListBookings(is_past=is_past)
            part, _ = listing.list_bookings(tx, asked, actor=person, now=now)
        listed[is_past, now] = [booking.starts_at for booking in part]
    assert list(listed.values()) == [[at(11), at(9)], [], [at(9), at(11)]]


@pytest.mark.parametrize("cursor", ["x", "bm90IGEgY3Vyc29y", "MjAyNi0xMS0yNFQwODowMDowMCB4"])
def test_a_cursor_that_was_not_made_here_is_refused(practice: Practice, cursor: str) -> None:
    """By field, not with a fault."""
    person = practice.person(uuid4())
    with practice.transaction(person) as tx, pytest.raises(BadCursor) as refused:
        listing.list_bookings(tx, ListBookings(cursor=cursor), actor=person, now=NOW)
    assert list(refused.value.detail) == ["cursor"]


def test_strangers_have_no_list_of_bookings(practice: Practice) -> None:
    """A visitor must sign in."""
    with practice.transaction() as tx, pytest.raises(Forbidden):
        listing.list_bookings(tx, ListBookings(), actor=practice.visitor, now=NOW)


def test_staff_see_a_practitioners_day_and_a_colleague_does_not(practice: Practice) -> None:
    """The practitioner their own, the front desk all."""
    booked = [practice.book(at(hour)).id for hour in (9, 11)]
    asked = ListSessions(
        practitioner_id=practice.practitioner_id, from_at=at(0), until_at=at(0, days=1)
    )
    for actor in (
        practice.admin,
        practice.person(practice.practitioner_account, "practitioner"),
    ):
        with practice.transaction(actor) as tx:
            found, _ = listing.list_sessions(tx, asked, actor=actor, now=NOW)
        assert [booking.id for booking in found] == booked
    for actor in (practice.person(uuid4(), "practitioner"), practice.visitor):
        with practice.transaction(actor) as tx, pytest.raises(NotFound):
            listing.list_sessions(tx, asked, actor=actor, now=NOW)


def test_a_day_lists_no_hold_that_was_given_back(practice: Practice) -> None:
    """It was no appointment; a firm one that was cancelled stays, with what came back."""
    firm, held = practice.book_and_pay(at(9)), practice.book(at(14))
    for booking, percent, now in ((firm, 0, NOW + timedelta(hours=6)), (held, 100, NOW)):
        actor = practice.link(booking.id)
        asked = CancelBooking(id=uuid4(), booking_id=booking.id, expected_refund_percent=percent)
        with practice.transaction(actor) as tx:
            cancel.cancel_booking(tx, asked, actor=actor, now=now)
    asked_day = ListSessions(
        practitioner_id=practice.practitioner_id, from_at=at(0), until_at=at(0, days=1)
    )
    with practice.transaction(practice.admin) as tx:
        found, _ = listing.list_sessions(tx, asked_day, actor=practice.admin, now=NOW)
    assert [one.id for one in found] == [firm.id]
    assert views.booking_view(found[0], NOW, "key").refund_percent == 0


def test_without_the_application_filter_the_policies_still_hold(
    practice: Practice, make_practice: Callable[..., Practice]
) -> None:
    """The same question without any WHERE shows one tenant's rows, and none without a tenant."""
    other = make_practice()
    for where in (practice, other):
        where.book()
    everything = select(Session.practice_id)
    with practice.transaction() as tx:
        assert set(tx.scalars(everything)) == {practice.id}
    with practice.database.plumbing() as tx:
        assert set(tx.scalars(everything)) == set()


def test_own_rows_are_read_and_not_written_from_elsewhere(practice: Practice) -> None:
    """The second policy is for reading: an UPDATE finds no row, an INSERT is refused."""
    account_id = uuid4()
    booking = practice.book(actor=practice.person(account_id))
    person = Actor(kind="person", account_id=account_id)
    with practice.database.transaction(person) as tx:
        found = tx.scalars(select(Booking.id)).all()
        changed = tx.execute(text("UPDATE booking.bookings SET sequence = 9 RETURNING id")).all()
    assert (list(found), changed) == ([booking.id], [])
    with pytest.raises(ProgrammingError), practice.database.transaction(person) as tx:
        tx.execute(
            text("INSERT INTO booking.rooms VALUES (:practice, :id, 'x', true)"),
            {"practice": practice.id, "id": uuid4()},
        )


def test_a_version_of_a_policy_is_for_ever(practice: Practice) -> None:
    """The runtime role may not change or delete one."""
    for statement in ("UPDATE booking.policies SET tiers = '[]'", "DELETE FROM booking.policies"):
        with pytest.raises(ProgrammingError), practice.transaction() as tx:
            tx.execute(text(statement))
    with practice.transaction() as tx:
        assert tx.scalar(select(func.count()).select_from(Policy)) == 1


def test_the_door_opens_a_quarter_of_an_hour_before_until_the_end(practice: Practice) -> None:
    """The code alone admits; the room is the practitioner's own address."""
    booking = practice.book_and_pay(at(10))
    code = views.join_code(booking.id, KEY)
    rooms = {}
    for minute in (-16, -15, 49, 50):
        now = booking.starts_at + timedelta(minutes=minute)
        with practice.database.transaction(Actor()) as tx:
            asked = OpenDoor(booking_id=booking.id, code=code)
            rooms[minute] = door.open_door(tx, asked, now=now, join_key=KEY).room_url
    assert [minute for minute, url in rooms.items() if url] == [-15, 49]
    assert str(rooms[-15]).startswith("https://meet.jit.si/attune-")


def test_a_wrong_code_finds_no_door(practice: Practice) -> None:
    """Neither does the right one of a booking that is not confirmed."""
    confirmed, held = practice.book_and_pay(at(10)), practice.book(at(12))
    for booking, code in (
        (confirmed, views.join_code(held.id, KEY)),
        (confirmed, views.join_code(confirmed.id, "another key")),
        (held, views.join_code(held.id, KEY)),
    ):
        asked = OpenDoor(booking_id=booking.id, code=code)
        with practice.database.transaction(Actor()) as tx, pytest.raises(NotFound):
            door.open_door(tx, asked, now=booking.starts_at, join_key=KEY)


def test_a_view_offers_only_what_would_be_granted(practice: Practice) -> None:
    """A lapsed hold shows as expired, and a session that has begun offers nothing."""
    booking = practice.book(at(10))
    held = views.booking_view(booking, NOW, KEY)
    lapsed = views.booking_view(booking, NOW + timedelta(minutes=10), KEY)
    practice.pay(booking.id)
    confirmed = views.booking_view(practice.stored(booking.id), NOW, KEY)
    begun = views.booking_view(practice.stored(booking.id), booking.starts_at, KEY)
    assert (held.state, held.can_cancel, held.can_reschedule) == ("held", True, False)
    assert (lapsed.state, lapsed.can_cancel, lapsed.deadline_at) == ("expired", False, None)
    assert (confirmed.can_cancel, confirmed.can_reschedule) == (True, True)
    assert (begun.can_cancel, begun.can_reschedule) == (False, False)


@pytest.mark.parametrize("role", ["practitioner", "billing", "supervisor"])
def test_members_book_for_clients_only_where_they_see_the_booking(
    practice: Practice, role: str
) -> None:
    """A seat that its own maker could not see would be held for nobody."""
    member = practice.person(uuid4(), role)
    with pytest.raises(Forbidden):
        practice.book(actor=member)
    assert practice.book(actor=practice.person(uuid4(), "front_desk")).account_id is None


def test_the_list_of_times_says_who_books_into_this_calendar(practice: Practice) -> None:
    """So that no form is shown whose sending would be refused."""
    treating = practice.person(practice.practitioner_account, "practitioner")
    client, desk = practice.person(uuid4()), practice.person(uuid4(), "front_desk")
    for actor in (practice.visitor, client, desk, treating):
        assert may_book(practice, actor)
    for role in ("practitioner", "billing", "supervisor"):
        assert not may_book(practice, practice.person(uuid4(), role))


def may_book(practice: Practice, actor: Actor) -> bool:
    day = at(9).date()
    asked = ListSlots(offering_id=practice.offering_id, from_on=day, until_on=day, time_zone="UTC")
    with practice.transaction(actor) as tx:
        return slots.list_slots(tx, asked, actor=actor, now=NOW).may_book
