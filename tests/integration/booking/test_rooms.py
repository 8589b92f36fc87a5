"""In person a start is a slot only while a room is free: shown, offered again, moved to."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from uuid import uuid4

import pytest
from sqlalchemy import update

from services.booking.models import Room
from services.booking.operations import setup, slots
from services.common.auth import Actor
from services.common.errors import InvalidInput
from services.contracts.base import Format
from services.contracts.booking.offerings import ListNextSlots, ListSlots
from services.contracts.booking.refusals import SlotTaken
from tests.integration.booking.practice import NINE, NOW, Practice, at

House = tuple[Practice, Practice]


@pytest.fixture
def house(make_practice: Callable[..., Practice]) -> House:
    """Two practitioners who share one room."""
    first = make_practice(needs_room=True)
    second = Practice(first.database, id=first.id).open(needs_room=True)
    return first, second


def shown(one: Practice, format_: Format | None, **asked: object) -> list[datetime]:
    """The starts of Tuesday that are shown for meeting so."""
    command = ListSlots(
        offering_id=one.offering_id,
        from_on=NINE.date(),
        until_on=NINE.date(),
        time_zone="Europe/Berlin",
        format=format_,
    ).model_copy(update=asked)
    with one.transaction(one.admin) as tx:
        free = slots.list_slots(tx, command, actor=one.admin, now=NOW)
    return [datetime.fromtimestamp(start, UTC) for start in free.starts]


def test_a_start_without_a_free_room_is_shown_online_only(house: House) -> None:
    """The colleague's session takes the room from 10:00 to 10:50."""
    first, second = house
    before = shown(second, Format.IN_PERSON)
    first.book(at(10), format=Format.IN_PERSON)
    gone = set(before) - set(shown(second, Format.IN_PERSON))
    assert gone == {at(9, 30), at(10), at(10, 30)}
    assert shown(second, Format.ONLINE) == shown(second, None) == before


def test_what_is_shown_in_person_can_be_booked(house: House) -> None:
    """And what is not shown cannot: the page and the button agree on every start of the day."""
    first, second = house
    first.book(at(10), format=Format.IN_PERSON)
    listed = set(shown(second, Format.IN_PERSON))
    for start in shown(second, Format.ONLINE):
        client_id = uuid4()
        if start in listed:
            second.session_of(second.book(start, format=Format.IN_PERSON, client_id=client_id).id)
            break
        with pytest.raises(SlotTaken):
            second.book(start, format=Format.IN_PERSON, client_id=client_id)


def test_the_nearest_starts_of_a_lost_one_have_a_free_room(house: House) -> None:
    """Who is refused in person is told times at which they can meet in person."""
    first, second = house
    first.book(at(10), format=Format.IN_PERSON)
    with pytest.raises(SlotTaken) as refused:
        second.book(at(10), format=Format.IN_PERSON)
    told = {datetime.fromisoformat(one) for one in refused.value.detail["nearest"].split(",")}
    assert told <= set(shown(second, Format.IN_PERSON))


def test_without_a_room_nobody_meets_in_person(make_practice: Callable[..., Practice]) -> None:
    """An offering that needs one, in a practice that has given up its last."""
    roomless = make_practice(needs_room=True)
    with roomless.transaction() as tx:
        tx.execute(update(Room).where(Room.id == roomless.room_id).values(is_active=False))
    assert shown(roomless, Format.IN_PERSON) == []
    assert shown(roomless, Format.ONLINE) != []


def test_a_format_that_is_not_offered_is_refused_by_name(
    make_practice: Callable[..., Practice],
) -> None:
    """Rather than shown as a day without times."""
    with pytest.raises(InvalidInput) as refused:
        shown(make_practice(formats=("online",)), Format.IN_PERSON)
    assert list(refused.value.detail) == ["format"]


def test_a_session_moves_within_its_own_room(house: House) -> None:
    """Its own room is not in its way; the colleague's hours in it are."""
    first, second = house
    moving = first.book_and_pay(at(10), format=Format.IN_PERSON)
    second.book(at(13), format=Format.IN_PERSON)
    free = shown(first, None, moving_booking_id=moving.id)
    assert {at(10), at(10, 30)} <= set(free)
    assert at(13) not in free


def test_cards_tell_in_which_format_their_starts_are_free(house: House) -> None:
    """Asked for no format, or for each one's own."""
    first, second = house
    first.book(at(9, days=-1), format=Format.IN_PERSON)
    ids = [first.practitioner_id, second.practitioner_id]
    own = [Format.ONLINE, Format.IN_PERSON]
    with first.database.transaction(Actor()) as tx:
        for_all = slots.list_next_slots(tx, ListNextSlots(practitioner_ids=ids), now=NOW)
        each = ListNextSlots(practitioner_ids=ids, formats=own)
        for_each = slots.list_next_slots(tx, each, now=NOW)
    assert [card.format for card in for_all] == [Format.ONLINE, Format.ONLINE]
    assert [card.format for card in for_each] == own
    starts = [datetime.fromtimestamp(card.starts[0], UTC) for card in (for_all[1], for_each[1])]
    assert starts == [at(9, days=-1), at(10, days=-1)]


def test_a_format_of_ones_own_that_is_offered_no_more_is_passed_over(practice: Practice) -> None:
    """The card still shows times, and says for which format."""
    with practice.transaction() as tx:
        setup.add_offering(tx, replace(practice.offering, formats=("online",)), now=NOW)
    asked = ListNextSlots(practitioner_ids=[practice.practitioner_id], formats=[Format.IN_PERSON])
    with practice.database.transaction(Actor()) as tx:
        [card] = slots.list_next_slots(tx, asked, now=NOW)
    assert card.format is Format.ONLINE
    assert card.starts
