"""Facts become messages: once each, in any order, for one practice."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from itertools import permutations
from uuid import uuid4

import pytest
from sqlalchemy import create_engine, select, text
from sqlalchemy.exc import ProgrammingError
from sqlalchemy.orm import Session

from services.common.auth import service_actor
from services.common.clock import utc_now
from services.common.database import driver_url
from services.contracts.booking.events import BookingCancelled, BookingConfirmed, BookingRescheduled
from services.notify.domain.drafts import Fact
from services.notify.domain.kinds import Template
from services.notify.models import Message
from services.notify.operations import facts
from tests.integration.notify.world import OFFSETS, World, a_weekday_at_ten, at, eventually

REMINDERS = tuple(OFFSETS)


@contextmanager
def without(world: World, remove: str, restore: str) -> Iterator[None]:
    """Take a guard away as the schema's owner, and put it back."""
    engine = create_engine(driver_url(world.stack.database_url("owner")))
    try:
        with engine.begin() as connection:
            connection.execute(text(remove))
        yield
    finally:
        with engine.begin() as connection:
            connection.execute(text("DELETE FROM notify.deliveries"))
            connection.execute(text("SET LOCAL ROLE attune_notify_owner"))
            connection.execute(text("TRUNCATE notify.messages CASCADE"))
            connection.execute(text("RESET ROLE"))
            connection.execute(text(restore))
        engine.dispose()


def confirmed(world: World) -> BookingConfirmed:
    return world.fact(BookingConfirmed, uuid4(), a_weekday_at_ten())


def test_an_event_that_comes_twice_makes_its_messages_once(world: World, house: None) -> None:
    """Through the broker and the service: same event id, one set of four messages."""
    fact, event_id = confirmed(world), uuid4()
    for _ in range(2):
        world.publish(fact, event_id)
    later = confirmed(world)
    world.publish(later, uuid4(), request_id="another-request")
    assert eventually(lambda: len(world.messages()) >= 8)
    assert sorted(m.template for m in world.messages() if m.event_id == event_id) == sorted(
        [Template.CONFIRMED, Template.CONFIRMED, *REMINDERS]
    )
    assert {m.request_id for m in world.messages()} == {"request-of-test", "another-request"}


def test_messages_stay_one_when_the_claim_was_forgotten(world: World) -> None:
    """The inbox forgets after two weeks; the constraint does not."""
    fact, event_id = confirmed(world), uuid4()
    world.take_in(fact, event_id)
    world.take_in(fact, event_id)
    assert len(world.messages()) == 4
    assert world.count_due() == 4


def test_without_the_constraint_a_forgotten_claim_doubles_them(world: World) -> None:
    """The guard removed: the same fact tells everybody twice."""
    table = "ALTER TABLE notify.messages"
    guard = "messages_once_per_event"
    restore = f"{table} ADD CONSTRAINT {guard} UNIQUE (practice_id, event_id, template, recipient)"
    with without(world, f"{table} DROP CONSTRAINT {guard}", restore):
        fact, event_id = confirmed(world), uuid4()
        world.take_in(fact, event_id)
        world.take_in(fact, event_id)
        assert len(world.messages(Template.CONFIRMED)) == 4


def test_what_fails_leaves_nothing_half_written(world: World) -> None:
    """Messages, reminders and due work stand or fall with the handler's transaction."""
    with Session(world.database.engine) as tx:
        tx.execute(
            text("SELECT set_config('attune.practice_id', :id, true)"),
            {"id": str(world.practice_id)},
        )
        facts.take_in(tx, confirmed(world), event_id=uuid4(), offsets=OFFSETS, now=utc_now())
        tx.rollback()
    assert (world.messages(), world.count_due()) == ([], 0)


def test_a_fact_of_another_practice_is_refused(world: World) -> None:
    """Nobody writes messages into a practice that is not the event's."""
    foreign = confirmed(world).model_copy(update={"practice_id": uuid4()})
    with pytest.raises(ProgrammingError, match="row-level security"):
        world.take_in(foreign)


def test_a_move_takes_the_reminders_along(world: World) -> None:
    """Those of the old start are cancelled, new ones wait for the new start."""
    start, booking_id = a_weekday_at_ten(), uuid4()
    moved = at(start, hours=3)
    world.take_in(world.fact(BookingConfirmed, booking_id, start))
    fact = world.fact(BookingRescheduled, booking_id, moved, previous_starts_at=start)
    world.take_in(fact)
    reminders = {(m.starts_at, m.template, m.state) for m in world.messages(*REMINDERS)}
    assert reminders == {
        (when, template, state)
        for when, state in ((start, "cancelled"), (moved, "pending"))
        for template in REMINDERS
    }
    due = [m.due_at for m in world.messages(Template.REMINDER_HOUR) if m.state == "pending"]
    assert due == [moved - timedelta(hours=1)]


def test_a_cancellation_ends_the_reminders(world: World) -> None:
    """Nothing of them is due any more."""
    start, booking_id = a_weekday_at_ten(), uuid4()
    world.take_in(world.fact(BookingConfirmed, booking_id, start))
    world.take_in(
        world.fact(BookingCancelled, booking_id, start, refund_percent=100, is_late=False)
    )
    assert world.states(*REMINDERS) == ["cancelled"] * 2
    assert world.count_due() == 4


@pytest.mark.parametrize("order", list(permutations(range(3))))
def test_there_and_back_in_any_order_leaves_one_reminder_of_each_kind(
    world: World, order: tuple[int, ...]
) -> None:
    """Confirmed, moved away, moved back: whatever arrives first, each is reminded once."""
    start, booking_id, now = a_weekday_at_ten(), uuid4(), utc_now()
    away = at(start, hours=3)
    story: list[Fact] = [
        world.fact(BookingConfirmed, booking_id, start, occurred_at=now),
        world.fact(
            BookingRescheduled,
            booking_id,
            away,
            previous_starts_at=start,
            occurred_at=at(now, minutes=1),
        ),
        world.fact(
            BookingRescheduled,
            booking_id,
            start,
            previous_starts_at=away,
            occurred_at=at(now, minutes=2),
        ),
    ]
    for number in order:
        world.take_in(story[number])
    live = [m.template for m in world.messages(*REMINDERS) if _is_live(m) and m.starts_at == start]
    assert sorted(live) == sorted(REMINDERS)


def _is_live(message: Message) -> bool:
    return message.state == "pending"


def seen_from(world: World, practice_id: object) -> int:
    """How many of `world`'s messages somebody of another practice gets without any filter."""
    other = service_actor("notify", practice_id, "test")  # type: ignore[arg-type]
    with world.database.transaction(other) as tx:
        found = tx.scalars(select(Message)).all()
    return sum(message.practice_id == world.practice_id for message in found)


def test_without_any_filter_another_practice_sees_nothing(world: World) -> None:
    """The policy holds where an application filter was forgotten."""
    world.take_in(confirmed(world))
    assert seen_from(world, world.practice_id) == 4
    assert seen_from(world, uuid4()) == 0


def test_without_the_policy_another_practice_sees_everything(world: World) -> None:
    """The guard removed: the same query leaks."""
    table = "ALTER TABLE notify.messages"
    with without(
        world, f"{table} DISABLE ROW LEVEL SECURITY", f"{table} ENABLE ROW LEVEL SECURITY"
    ):
        world.take_in(confirmed(world))
        assert seen_from(world, uuid4()) == 4
