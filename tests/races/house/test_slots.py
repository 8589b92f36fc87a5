"""Clients race over HTTP for slots: one winner each, and everybody else is helped on."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
import redis

from deploy.local.product import Product
from tests.factories.clinic import Clinic
from tests.factories.guest import instant
from tests.factories.witness import Witness
from tests.integration.booking.owner import slow_to_write, without_constraints, without_locks
from tests.races.house.racing import Race, race

LOST = "urn:attune:problem:SlotTaken"


def check(outcome: Race, clinic: Clinic, witness: Witness, *, clients: int, slots: int) -> None:
    """One winner a slot; the rest were told three near starts; the rows and the pages agree."""
    assert set(outcome.seen) <= {201, 409, 503}, outcome.seen
    assert sorted(end.guest.starts_at for end in outcome.winners) == sorted(outcome.wanted)
    assert len(outcome.losers) == clients - slots
    for end in outcome.losers:
        assert (end.status, end.body["type"]) == (409, LOST)
        assert len(end.nearest) == 3
        assert end.guest.starts_at not in end.nearest
    assert witness.overlaps(clinic) == 0
    assert witness.live_starts(clinic) == sorted(map(instant, outcome.wanted))
    pages = witness.at_stripe(clinic, "checkout/sessions")
    booked = sorted(page["client_reference_id"] for page in pages)
    assert booked == sorted(str(end.guest.booking_id) for end in outcome.winners)


@contextmanager
def unguarded(product: Product, clinic: Clinic) -> Iterator[None]:
    """No locks, no constraints, and writing takes its time.

    Booking rests while they come back: it still hears of payments, and a table that is written
    to cannot be altered.
    """
    try:
        with (
            without_locks(product.stack),
            without_constraints(product.stack, clinic.id),
            slow_to_write(product.stack),
        ):
            try:
                yield
            finally:
                product.stop_process("booking")
    finally:
        product.start_process("booking", 120)
        product.wait_until_ready(120)


def test_sixty_clients_race_for_six_slots(
    product: Product, clinic: Clinic, witness: Witness
) -> None:
    """Six winners, fifty-four refusals, no other 5xx than 503 with Retry-After."""
    outcome = race(product, clinic, clients=60, slots=6, seed=0)
    check(outcome, clinic, witness, clients=60, slots=6)


@pytest.mark.long
@pytest.mark.parametrize("seed", range(1, 6))
def test_two_hundred_clients_race_for_twenty_slots(
    product: Product, clinic: Clinic, witness: Witness, seed: int
) -> None:
    """Twenty winners, a hundred and eighty refusals, for five orders of arrival."""
    outcome = race(product, clinic, clients=200, slots=20, seed=seed)
    check(outcome, clinic, witness, clients=200, slots=20)


def test_redis_flushed_in_mid_race_changes_nothing(
    product: Product, clinic: Clinic, witness: Witness
) -> None:
    """Redis holds counters and logins only: all of it goes ten times a second."""
    flushes = 0

    def flush() -> None:
        nonlocal flushes
        with redis.Redis.from_url(product.stack.redis_url) as store:
            store.flushall()
        flushes += 1

    outcome = race(product, clinic, clients=60, slots=6, seed=6, disturb=flush)
    check(outcome, clinic, witness, clients=60, slots=6)
    assert flushes > 1


def test_without_its_guards_the_same_race_books_twice(
    product: Product, clinic: Clinic, witness: Witness
) -> None:
    """The twin: constraint and locks taken away in the database, and the race turns red.

    What is left is booking's own look at the calendar, and two who look at once both see it free.
    """
    with unguarded(product, clinic):
        outcome = race(product, clinic, clients=60, slots=6, seed=0)
        doubled = witness.overlaps(clinic)
    assert doubled > 0
    assert len(outcome.winners) > 6
    with pytest.raises(AssertionError):
        check(outcome, clinic, witness, clients=60, slots=6)
