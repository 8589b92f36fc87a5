"""The fast slots and the single question against the naive reference, over many zones."""

from dataclasses import replace
from datetime import datetime, timedelta
from itertools import pairwise

from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from services.booking.domain.availability import free_slots
from services.booking.domain.calendar import DAY
from services.booking.domain.choice import next_free
from services.booking.domain.refusal import refusal
from services.booking.domain.slot_rules import (
    Horizon,
    Occupied,
    SlotRules,
    span_to_read,
    widest_span,
)
from tests.unit.booking.naive import Naive, at, every_five_minutes
from tests.unit.booking.strategies import situations

Situation = tuple[SlotRules, Occupied, datetime, datetime, datetime]


@given(situations())
def test_slots_are_exactly_those_of_the_naive_reference(situation: Situation) -> None:
    """Interval arithmetic finds the same instants as asking each one every rule."""
    rules, occupied, now, from_, until = situation
    found = free_slots(rules, occupied, now=now, from_=from_, until=until)
    assert found == Naive(rules, occupied, now, from_, until).slots()


@given(situations())
def test_the_reason_of_every_instant_is_the_first_rule_it_breaks(situation: Situation) -> None:
    """`refusal` names the first broken rule, and none exactly for the slots."""
    rules, occupied, now, from_, until = situation
    until = min(until, from_ + timedelta(hours=8))
    naive = Naive(rules, occupied, now, from_, until)
    for instant in every_five_minutes(from_, until):
        expected = next(iter(naive.broken(instant)), None)
        assert refusal(rules, occupied, instant, now=now) is expected, instant


@given(situations())
def test_every_slot_can_be_booked_and_what_lies_between_cannot(situation: Situation) -> None:
    """Slots and refusals agree with each other on and off the 5-minute grid."""
    rules, occupied, now, from_, until = situation
    slots = free_slots(rules, occupied, now=now, from_=from_, until=until)
    assert all(earlier < later for earlier, later in pairwise(slots))
    for slot in slots[:20]:
        assert refusal(rules, occupied, at(slot), now=now) is None
        assert refusal(rules, occupied, at(slot + 1), now=now) is not None
        assert refusal(rules, occupied, at(slot) + timedelta(microseconds=1), now=now) is not None


@given(situations())
def test_a_range_cut_in_two_gives_the_same_slots(situation: Situation) -> None:
    """No slot depends on where the asked range begins or ends."""
    rules, occupied, now, from_, until = situation
    middle = from_ + (until - from_) / 2
    whole = free_slots(rules, occupied, now=now, from_=from_, until=until)
    early = free_slots(rules, occupied, now=now, from_=from_, until=middle)
    late = free_slots(rules, occupied, now=now, from_=middle, until=until)
    assert early + late == whole


@given(situations())
def test_what_lies_outside_the_span_to_read_changes_nothing(situation: Situation) -> None:
    """A loader may read only `span_to_read` and still gets all that decides."""
    rules, occupied, now, from_, until = situation
    span = span_to_read(rules, from_=from_, until=until)
    read = Occupied(
        [
            s
            for s in occupied.sessions
            if s.blocked_from < span.end and span.start < s.blocked_until
        ],
        [b for b in occupied.busy if b.start < span.end and span.start < b.end],
        occupied.rooms,
        occupied.client,
    )
    expected = free_slots(rules, occupied, now=now, from_=from_, until=until)
    assert free_slots(rules, read, now=now, from_=from_, until=until) == expected


@given(situations())
def test_the_next_free_slot_is_the_first_one_from_now(situation: Situation) -> None:
    """`next_free` and the first of all slots are the same instant."""
    rules, occupied, now, _, until = situation
    slots = free_slots(rules, occupied, now=now, from_=now, until=until)
    assert next_free(rules, occupied, now=now, until=until) == next(iter(slots), None)


def test_the_random_situations_are_worth_comparing() -> None:
    """Equal emptiness proves nothing: a good part of the situations has slots and sessions."""
    worth = []

    @settings(max_examples=200, derandomize=True, database=None, phases=[Phase.generate])
    @given(situations())
    def look(situation: Situation) -> None:
        rules, occupied, now, from_, until = situation
        slots = free_slots(rules, occupied, now=now, from_=from_, until=until)
        worth.append(len(slots) > 3 and len(occupied.sessions) > 1)

    look()
    assert sum(worth) * 10 > len(worth)


@given(situations(), st.sampled_from([0, 1_440]), st.integers(0, 730))
def test_the_widest_span_holds_what_any_offering_and_zone_has_to_read(
    situation: Situation, buffers: int, window_days: int
) -> None:
    """Who reads before knowing either reads enough, up to a day's session with days around it."""
    drawn, _, now, _, _ = situation
    longest = replace(
        drawn.offering,
        minutes=max(buffers, drawn.offering.minutes),
        before=buffers,
        after=buffers,
        window_days=window_days,
    )
    rules = replace(drawn, offering=longest)
    needed = span_to_read(rules, from_=now, until=Horizon.of(rules, now).until)
    widest = widest_span(now)
    assert widest.start <= needed.start
    assert needed.end <= widest.end + window_days * DAY
