"""The running service over the broker: calls, refusals, events in and out, task and timer."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from time import monotonic, sleep
from uuid import UUID, uuid4

import pytest
from sqlalchemy import select, update
from uuid_utils.compat import uuid7

from deploy.local import environment
from deploy.local.stack import Stack
from services.booking.models import Booking, HoldDue, OpeningsAnnounced
from services.booking.operations import setup
from services.booking.queries.locks import lock
from services.booking.tasks import expire_holds
from services.common.auth import Actor, service_actor
from services.common.clock import utc_now
from services.common.database import Database
from services.common.errors import Forbidden, InvalidInput, NotFound
from services.common.rpc.client import Caller
from services.common.runtime import of_process
from services.contracts.base import Format
from services.contracts.booking.bookings import (
    BookingsPage,
    BookingView,
    BookSession,
    DoorView,
    GetBooking,
    ListBookings,
    OpenDoor,
)
from services.contracts.booking.offerings import (
    ListNextSlots,
    ListOfferings,
    ListSlots,
    NextSlotsView,
    OfferingsView,
    SlotsView,
)
from services.contracts.booking.refusals import SlotTaken
from tests.integration.booking.practice import Practice


@pytest.fixture
def gateway(serving: Callable[..., None], caller: Callable[[str], Caller]) -> Caller:
    serving("booking")
    return caller("gateway")


@pytest.fixture
def busy_practice(practice: Practice) -> Practice:
    """Bookable now: these tests run by the real clock."""
    with practice.transaction() as tx:
        setup.add_offering(tx, replace(practice.offering, window_days=30), now=utc_now())
    return practice


def eventually(is_so: Callable[[], bool], seconds: float = 5) -> None:
    until = monotonic() + seconds
    while not is_so():
        assert monotonic() < until, "it did not come to pass"
        sleep(0.05)


def slots_of(gateway: Caller, practice: Practice) -> SlotsView:
    today = utc_now().date()
    asked = ListSlots(
        offering_id=practice.offering_id,
        from_on=today,
        until_on=today + timedelta(days=14),
        time_zone="Australia/Sydney",
    )
    return gateway.call("booking", "list_slots", asked, practice.visitor, SlotsView)


def book(gateway: Caller, practice: Practice, starts_at: datetime, actor: Actor) -> BookingView:
    asked = BookSession(
        id=uuid7(),
        offering_id=practice.offering_id,
        starts_at=starts_at,
        format=Format.ONLINE,
        price_id=practice.price_id,
        client_id=uuid4(),
        client_time_zone="Australia/Sydney",
    )
    return gateway.call("booking", "book_session", asked, actor, BookingView)


def test_a_shown_slot_is_booked_read_listed_and_its_door_found(
    gateway: Caller, busy_practice: Practice
) -> None:
    """Each answer is what the contract says; the path of the door leads to it."""
    practice, person = busy_practice, busy_practice.person(uuid4())
    offered = gateway.call(
        "booking", "list_offerings",
        ListOfferings(practitioner_id=practice.practitioner_id), person, OfferingsView,
    )  # fmt: skip
    shown = slots_of(gateway, practice)
    assert offered.offerings == [shown.offering]
    booked = book(gateway, practice, shown.starts[0], person)
    again = gateway.call(
        "booking", "get_booking", GetBooking(booking_id=booked.id), person, BookingView
    )
    page = gateway.call("booking", "list_bookings", ListBookings(), person, BookingsPage)
    assert again == booked
    assert page.bookings == [booked]
    assert shown.starts[0] not in slots_of(gateway, practice).starts
    practice.pay(booked.id, now=utc_now())
    code = booked.join_path.rsplit("/", 1)[1]
    door = gateway.call(
        "booking", "open_door", OpenDoor(booking_id=booked.id, code=code), Actor(), DoorView
    )
    assert door.opens_at == booked.starts_at - timedelta(minutes=15)
    assert booked.join_path == f"/join/{booked.id}/{code}"


def test_refusals_cross_the_wire_by_name_and_detail(
    gateway: Caller, busy_practice: Practice
) -> None:
    """A lost start with three others, a bad range by field, a foreign id as unknown."""
    practice, visitor = busy_practice, busy_practice.visitor
    start = slots_of(gateway, practice).starts[5]
    booked = book(gateway, practice, start, visitor)
    with pytest.raises(SlotTaken) as taken:
        book(gateway, practice, start, visitor)
    assert len(taken.value.detail["nearest"].split(",")) == 3
    with pytest.raises(NotFound):
        gateway.call(
            "booking", "get_booking", GetBooking(booking_id=booked.id), visitor, BookingView
        )
    today = utc_now().date()
    asked = ListSlots(
        offering_id=practice.offering_id,
        from_on=today,
        until_on=today + timedelta(days=93),
        time_zone="UTC",
    )
    with pytest.raises(InvalidInput) as refused:
        gateway.call("booking", "list_slots", asked, visitor, SlotsView)
    assert list(refused.value.detail) == ["until_on"]


def test_billing_and_notify_may_read_a_booking_and_do_nothing_else(
    gateway: Caller, busy_practice: Practice, caller: Callable[[str], Caller]
) -> None:
    """As themselves, in the booking's practice."""
    practice = busy_practice
    booked = book(gateway, practice, slots_of(gateway, practice).starts[0], practice.visitor)
    for name in ("billing", "notify"):
        actor = service_actor(name, practice.id, "test")
        asked = GetBooking(booking_id=booked.id)
        found = caller(name).call("booking", "get_booking", asked, actor, BookingView)
        assert found.id == booked.id
        with pytest.raises(Forbidden):
            caller(name).call("booking", "list_bookings", ListBookings(), actor, BookingsPage)


def test_the_timer_tells_the_directory_within_a_second(
    gateway: Caller, busy_practice: Practice
) -> None:
    """And the card's next starts begin with the announced one."""
    practice = busy_practice

    def announced() -> list[str]:
        with practice.database.plumbing() as tx:
            row = tx.get(OpeningsAnnounced, practice.practitioner_id)
            return [one["next_free_at"] for one in row.openings] if row else []

    eventually(lambda: bool(announced()))
    asked = ListNextSlots(practitioner_ids=[practice.practitioner_id])
    card = gateway.call("booking", "list_next_slots", asked, Actor(), NextSlotsView)
    first = card.practitioners[0].starts[0]
    assert min(datetime.fromisoformat(at) for at in announced()) == first
    book(gateway, practice, first, practice.visitor)
    eventually(lambda: min(datetime.fromisoformat(at) for at in announced()) > first, 2)


@pytest.fixture
def worker(servers: Stack, booking_database: Database) -> Iterator[None]:
    """This process as a Celery worker of booking sees the world."""
    with pytest.MonkeyPatch.context() as settings:
        for name, value in environment.service(servers, "booking").items():
            settings.setenv(name, value)
        of_process.cache_clear()
        yield
        of_process("booking").database.engine.dispose()
        of_process.cache_clear()


def test_the_sweeper_ends_lapsed_holds_of_all_practices(
    worker: None, make_practice: Callable[..., Practice]
) -> None:
    """By the real clock; a second run finds nothing to do."""
    practices = [make_practice(), make_practice()]
    booked = [one.book() for one in practices]
    for one, booking in zip(practices, booked, strict=True):
        _let_lapse(one, booking.id)
    for _ in range(2):
        expire_holds()
    for one, booking in zip(practices, booked, strict=True):
        assert one.stored(booking.id).state == "expired"
        assert len(one.events("booking_expired")) == 1


def test_a_hold_that_cannot_be_ended_keeps_no_other_waiting(
    worker: None, make_practice: Callable[..., Practice]
) -> None:
    """The first one's calendar is locked; the second is ended, and nothing is raised."""
    stuck, free = make_practice(), make_practice()
    booked = [one.book() for one in (stuck, free)]
    for year, one, booking in zip((2019, 2020), (stuck, free), booked, strict=True):
        _let_lapse(one, booking.id, year)
    with stuck.transaction() as tx:
        lock(tx, stuck.id, practitioners=[stuck.practitioner_id])
        tx.execute(select(1))  # takes the lock along
        expire_holds()
    assert free.stored(booked[1].id).state == "expired"
    assert stuck.stored(booked[0].id).state == "held"


def _let_lapse(practice: Practice, booking_id: UUID, year: int = 2020) -> None:
    past = datetime(year, 1, 1, tzinfo=UTC)
    with practice.transaction() as tx:
        tx.execute(update(Booking).where(Booking.id == booking_id).values(deadline_at=past))
        tx.execute(update(HoldDue).where(HoldDue.booking_id == booking_id).values(due_at=past))
