"""A booking whose way of meeting is offered no more: it stays, and its client does not move it."""

from dataclasses import replace

import pytest

from services.booking.models import Booking
from services.booking.operations import setup, slots
from services.contracts.base import Format
from services.contracts.booking.offerings import ListSlots
from services.contracts.booking.refusals import NotReschedulable
from tests.integration.booking.practice import NOW, Practice, at
from tests.integration.booking.test_changing_a_booking import move

FRIDAY = 3


@pytest.fixture
def booking(practice: Practice) -> Booking:
    """A firm session in person."""
    return practice.book_and_pay(at(10, days=FRIDAY), format=Format.IN_PERSON)


def drop(practice: Practice, **changed: object) -> None:
    with practice.transaction() as tx:
        setup.add_offering(tx, replace(practice.offering, **changed), now=NOW)  # type: ignore[arg-type]


def list_times(practice: Practice, booking: Booking) -> None:
    asked = ListSlots(
        offering_id=practice.offering_id,
        from_on=booking.starts_at.date(),
        until_on=booking.starts_at.date(),
        time_zone="Europe/Berlin",
        moving_booking_id=booking.id,
    )
    actor = practice.link(booking.id)
    with practice.transaction(actor) as tx:
        slots.list_slots(tx, asked, actor=actor, now=NOW)


@pytest.mark.parametrize("changed", [{"formats": ("online",)}, {"is_active": False}])
def test_the_list_of_times_says_that_there_is_nothing_to_move_to(
    practice: Practice, booking: Booking, changed: dict[str, object]
) -> None:
    """Before anything was dropped there were times; a program can tell why there are none."""
    list_times(practice, booking)
    drop(practice, **changed)
    with pytest.raises(NotReschedulable) as refused:
        list_times(practice, booking)
    assert list(refused.value.detail) == ["format"]


def test_a_client_does_not_move_into_what_is_not_offered_and_the_practice_may(
    practice: Practice, booking: Booking
) -> None:
    """The practice keeps its promise at another time; the booking stays until somebody acts."""
    drop(practice, formats=("online",))
    with pytest.raises(NotReschedulable):
        move(practice, booking, at(14, days=FRIDAY))
    assert practice.stored(booking.id).starts_at == at(10, days=FRIDAY)
    moved = move(practice, booking, at(14, days=FRIDAY), actor=practice.admin)
    assert (moved.starts_at, moved.format) == (at(14, days=FRIDAY), Format.IN_PERSON)
