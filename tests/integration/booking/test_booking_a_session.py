"""Holding a seat: what the caller is answered, what is written, what is refused."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest

from services.booking.domain.schedule import WeeklyHours, Window
from services.booking.operations import book, setup
from services.common.auth import Actor, service_actor
from services.common.errors import DifferentContent, Forbidden, InvalidInput, NotFound
from services.contracts.base import Format
from services.contracts.booking.refusals import (
    ClientElsewhere,
    NotBookable,
    PriceChanged,
    SlotTaken,
)
from tests.integration.booking.practice import NOW, Practice, at


def test_a_booked_session_is_held_for_ten_minutes_and_told(practice: Practice) -> None:
    """Booking, session and event agree on time, price and deadline."""
    booking = practice.book(at(10))
    session = practice.session_of(booking.id)
    [held] = practice.events("booking_held")
    assert (booking.state, booking.deadline_at) == ("held", NOW + timedelta(minutes=10))
    assert (session.starts_at, session.ends_at) == (at(10), at(10, 50))
    assert session.blocked.upper == at(11)
    assert session.held_until == booking.deadline_at
    assert held["booking_id"] == str(booking.id)
    assert held["price_id"] == str(practice.price_id)


def test_a_booked_start_is_no_slot_any_more(practice: Practice) -> None:
    """Neither is one that its blocked range would overlap; those that touch it stay."""
    before = practice.starts()
    practice.book(at(10))
    assert set(before) - set(practice.starts()) == {at(9, 30), at(10), at(10, 30)}


def test_who_loses_a_start_is_told_the_three_nearest(practice: Practice) -> None:
    """The refusal carries free starts that can be booked at once."""
    practice.book(at(10))
    with pytest.raises(SlotTaken) as refused:
        practice.book(at(10))
    nearest = refused.value.detail["nearest"].split(",")
    assert nearest == ["2093-11-24T08:00:00Z", "2093-11-24T10:00:00Z", "2093-11-24T10:30:00Z"]


def test_the_same_command_again_gives_the_same_booking(practice: Practice) -> None:
    """One id, one effect."""
    asked = practice.wish()
    found = []
    for _ in range(2):
        with practice.transaction() as tx:
            found.append(book.book_session(tx, asked, actor=practice.visitor, now=NOW).id)
    assert found == [asked.id, asked.id]
    assert len(practice.events("booking_held")) == 1


def test_a_repeated_command_may_name_another_client(practice: Practice) -> None:
    """Its caller took who has a record by now: the booking keeps the client of the first call,
    also before one who has another session at that time."""
    first = practice.wish()
    practice.book(first.starts_at, id=first.id, client_id=first.client_id)
    again = first.model_copy(update={"client_id": uuid4()})
    with practice.transaction() as tx:
        found = book.book_session(tx, again, actor=practice.visitor, now=NOW)
        assert (found.id, found.client_id) == (first.id, first.client_id)
    assert len(practice.events("booking_held")) == 1


def test_the_same_id_with_other_content_is_refused(practice: Practice) -> None:
    """The first content stands."""
    asked = practice.wish()
    practice.book(asked.starts_at, id=asked.id, client_id=asked.client_id)
    with pytest.raises(DifferentContent):
        practice.book(at(13), id=asked.id, client_id=asked.client_id)
    assert practice.stored(asked.id).starts_at == asked.starts_at


def test_an_id_of_somebody_else_answers_like_an_unknown_one(practice: Practice) -> None:
    """A person cannot learn that a booking of another account exists."""
    mine, yours = practice.person(uuid4()), practice.person(uuid4())
    booking = practice.book(actor=mine)
    with pytest.raises(NotFound):
        practice.book(at(13), id=booking.id, actor=yours)


@pytest.mark.parametrize(
    ("starts_at", "reason"),
    [
        (at(8), "outside_hours"),
        (at(9, 5), "off_grid"),
        (at(16, 30), "does_not_fit"),
        (at(9, days=-4), "too_soon"),
        (at(9, days=91), "too_far"),
    ],
)
def test_a_start_against_a_rule_is_refused_by_its_name(
    practice: Practice, starts_at: object, reason: str
) -> None:
    """Nothing is written."""
    with pytest.raises(NotBookable) as refused:
        practice.book(starts_at)  # type: ignore[arg-type]
    assert refused.value.detail["reason"] == reason
    assert practice.events("booking_held") == []


def test_a_price_that_is_no_longer_asked_is_refused_with_todays(practice: Practice) -> None:
    """Nobody pays what was not shown."""
    with pytest.raises(PriceChanged) as refused:
        practice.book(price_id=uuid4())
    assert refused.value.detail == {"price_id": str(practice.price_id)}


def test_a_format_that_is_not_offered_is_refused_by_field(
    make_practice: Callable[..., Practice],
) -> None:
    """The refusal names `format`."""
    practice = make_practice(formats=("online",))
    with pytest.raises(InvalidInput) as refused:
        practice.book(format=Format.IN_PERSON)
    assert list(refused.value.detail) == ["format"]


def test_a_client_is_not_booked_into_two_places(practice: Practice) -> None:
    """Two practitioners of one practice, one client, one time."""
    colleague = Practice(practice.database, id=practice.id).open()
    client_id = uuid4()
    practice.book(at(10), client_id=client_id)
    with pytest.raises(ClientElsewhere):
        colleague.book(at(10, 30), client_id=client_id)
    colleague.book(at(11), client_id=client_id)


def test_an_offering_of_another_practice_does_not_exist(
    practice: Practice, make_practice: Callable[..., Practice]
) -> None:
    """The tenant of the call decides what can be seen."""
    other = make_practice()
    with pytest.raises(NotFound):
        practice.book(offering_id=other.offering_id, price_id=other.price_id)


def test_services_and_links_do_not_book(practice: Practice) -> None:
    """Only people do, signed in or not."""
    for actor in (service_actor("billing", practice.id, "test"), practice.link(uuid4())):
        with pytest.raises(Forbidden):
            practice.book(actor=actor)
    with pytest.raises(NotFound):
        practice.book(actor=Actor())


def test_a_group_holds_no_more_than_its_seats(make_practice: Callable[..., Practice]) -> None:
    """Seats are numbered from 1; the start stays a slot until the last is taken."""
    group = make_practice(seats=3)
    seats = [group.book(at(10)).seat_no for _ in range(3)]
    assert seats == [1, 2, 3]
    assert at(10) not in group.starts()
    with pytest.raises(SlotTaken):
        group.book(at(10))


def test_practitioners_share_rooms_and_no_room_twice(practice: Practice) -> None:
    """One room, two practitioners: the second may meet online, not in person."""
    shared = Practice(practice.database, id=practice.id).open(needs_room=True)
    second = Practice(practice.database, id=practice.id).open(needs_room=True)
    booked = shared.book(at(10), format=Format.IN_PERSON)
    assert shared.session_of(booked.id).room_id is not None
    with pytest.raises(SlotTaken):
        second.book(at(10), format=Format.IN_PERSON)
    assert second.session_of(second.book(at(10)).id).room_id is None


def test_a_start_in_the_repeated_hour_of_a_clock_change_is_its_own(
    make_practice: Callable[..., Practice],
) -> None:
    """On 25 October 2093 Berlin's clock shows 2:30 twice; both starts can be had, an hour apart."""
    practice = make_practice(minutes=30, after_minutes=0, window_days=60)
    with practice.transaction() as tx:
        night = [WeeklyHours(7, Window(60, 5 * 60))]
        setup.set_weekly_hours(tx, practice.id, practice.practitioner_id, night, now=NOW)
    now = datetime(2093, 10, 20, tzinfo=UTC)
    first, second = (datetime(2093, 10, 25, hour, 30, tzinfo=UTC) for hour in (0, 1))
    assert {first, second} <= set(practice.starts(now=now, on=first))
    booked = [practice.book(start, now=now) for start in (first, second)]
    assert [one.ends_at - one.starts_at for one in booked] == [timedelta(minutes=30)] * 2
    assert not {first, second} & set(practice.starts(now=now, on=first))
