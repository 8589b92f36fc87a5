"""Rule 8 by hand: rooms, the client, and groups that can be joined."""

from services.booking.domain.schedule import Schedule
from services.booking.domain.slot_rules import Limits, Occupied
from tests.unit.booking.cases import BERLIN, OTHER, daily, rules_of, session, shown, span

DAY = "2026-06-10"
MORNING = Schedule(BERLIN, daily("09:00-12:00"))


def times(slots: list[str]) -> list[str]:
    """Drop the offsets of a day without a change."""
    return [slot[:5] for slot in slots]


def test_one_free_room_is_enough() -> None:
    """A start falls away only while every room that would do is taken; buffers do not count."""
    rooms = [
        [span(f"{DAY} 09:00", f"{DAY} 11:00")],
        [span(f"{DAY} 10:00", f"{DAY} 12:00")],
    ]
    rules = rules_of(MORNING, before=30, after=30)
    slots = times(shown(rules, DAY, occupied=Occupied(rooms=rooms)))
    assert slots == ["09:00", "09:30", "11:00", "11:30"]
    assert times(shown(rules, DAY, occupied=Occupied(rooms=[[]]))) == times(shown(rules, DAY))


def test_a_client_is_not_in_two_places() -> None:
    """What the client has elsewhere stops the session itself, not the buffers."""
    client = [span(f"{DAY} 10:00", f"{DAY} 10:30")]
    slots = times(
        shown(rules_of(MORNING, before=30, after=30), DAY, occupied=Occupied(client=client))
    )
    assert slots == ["09:00", "09:30", "10:30", "11:00", "11:30"]


def test_a_group_with_seats_left_can_be_joined() -> None:
    """Its start stays a slot, and only its start; when it is full it is like any session."""
    rules = rules_of(MORNING, minutes=60, practitioner_limits=Limits(max_per_day=1))
    joinable = Occupied([session(f"{DAY} 10:00", 60, seats_left=2, buffers=10)])
    full = Occupied([session(f"{DAY} 10:00", 60, seats_left=0, buffers=10)])
    assert times(shown(rules, DAY, occupied=joinable)) == ["10:00"]
    assert shown(rules, DAY, occupied=full) == []


def test_a_group_is_not_in_the_way_of_its_own_room() -> None:
    """Who joins sits in the room that the group has; a session beside it needs one."""
    group = session(f"{DAY} 10:00", 60, seats_left=2)
    room = [span(f"{DAY} 09:00", f"{DAY} 12:00")]
    occupied = Occupied([group], rooms=[room])
    assert times(shown(rules_of(MORNING, minutes=60), DAY, occupied=occupied)) == ["10:00"]


def test_a_full_group_beside_one_with_seats_is_in_the_way() -> None:
    """Seats left in one session say nothing about another at the same time."""
    both = [session(f"{DAY} 10:00", 60, seats_left=seats) for seats in (2, 0)]
    slots = times(shown(rules_of(MORNING, minutes=60), DAY, occupied=Occupied(both)))
    assert slots == ["09:00", "11:00"]


def test_a_group_of_another_offering_cannot_be_joined() -> None:
    """Seats in another offering are no seats in this one."""
    occupied = Occupied([session(f"{DAY} 10:00", 60, offering=OTHER, seats_left=2)])
    assert "10:00" not in times(shown(rules_of(MORNING, minutes=60), DAY, occupied=occupied))
