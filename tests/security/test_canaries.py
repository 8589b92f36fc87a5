"""Words that must not spread are sent through the real house, and looked for everywhere.

By design they stand in few places: an account, or a registration before it, and a client's record
keep name and address (a record the telephone too), and so does a login in Redis, so that a page
need not ask for them. Calls carry what they are about in the broker's memory, not on its disk.
"""

import json
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from kombu import Connection
from sqlalchemy import Engine, create_engine, text

from deploy.local import database_roles
from deploy.local.names import SERVICES
from deploy.local.stack import Stack
from services.common.auth import Actor, service_actor
from services.common.clock import utc_now
from services.common.database import Database, driver_url
from services.common.errors import InvalidInput, Refusal
from services.common.rpc.client import Caller
from services.contracts.base import Format
from services.contracts.booking.bookings import BookingView, BookSession, GetBooking
from services.contracts.booking.offerings import ListSlots, SlotsView
from services.contracts.profiles.accounts import AccountView, LoginView, RegisterAccount, SignIn
from services.contracts.profiles.clients import ClientView, EnsureClient
from services.profiles import operations
from services.profiles.catalogue import load_catalogue
from tests.contracts.committed import golden
from tests.contracts.models import events
from tests.integration.booking.practice import Practice
from tests.integration.profiles.samples import House, a_house
from tests.integration.tenancy.catalogue import tables
from tests.security.entering import open_account, pay

NAME, LOCAL_PART, PHONE = "Quitzowina", "vogelfrei.quitzow", "+49 30 73500417"
EMAIL = f"{LOCAL_PART}@canary.example"
PASSWORD, WRONG = "Zwitscher!Gruen-8841", "Falsch!Gezwitscher-1177"
MALFORMED = "Trillerpfeife"
CANARIES = (NAME, LOCAL_PART, "73500417", PHONE, PASSWORD, WRONG, MALFORMED)
SECRETS = (PASSWORD, WRONG, MALFORMED)
#: Where a canary may stand, and which.
KEPT = {
    "profiles.accounts": {NAME, LOCAL_PART},
    "profiles.registrations": {NAME, LOCAL_PART},
    "profiles.registration_mails": {LOCAL_PART},
    "profiles.clients": {NAME, LOCAL_PART, PHONE, "73500417"},
}
GUEST = Actor()
TAP = "evt-booking-everything--notify.tap"


def found_in(content: str) -> set[str]:
    """The canaries that stand in a text, however their letters are cased."""
    lowered = content.lower()
    return {canary for canary in CANARIES if canary.lower() in lowered}


@dataclass(frozen=True, slots=True)
class Heard:
    """An event as any consumer gets it."""

    type: str
    headers: str
    body: str


@dataclass(frozen=True, slots=True)
class Run:
    """What is left when all is done."""

    booking: BookingView
    heard: list[Heard]
    refusals: list[str]


@pytest.fixture(scope="module")
def practice(house: Stack, database: Callable[[str], Database]) -> House:
    """A practice with a calendar; no canary is in it."""
    made = a_house("canary")
    profiles = database("profiles")
    with profiles.plumbing() as tx:
        operations.store_catalogue(tx, load_catalogue())
    with profiles.transaction(service_actor("profiles", made.practice.id, "test")) as tx:
        operations.open_practice(tx, made.practice)
        operations.publish_practitioner(tx, made.practitioner)
    return made


@pytest.fixture(scope="module")
def tap(house: Stack) -> Iterator[Callable[[], list[Heard]]]:
    """Every event that any service publishes, as text."""
    with Connection(house.amqp_url("notify")) as connection:
        channel = connection.default_channel
        channel.queue_declare(TAP, durable=False, exclusive=True, auto_delete=False)
        for service in SERVICES:
            channel.queue_bind(TAP, f"{service}.events", "#")

        def drain() -> list[Heard]:
            heard = []
            while message := channel.basic_get(TAP, no_ack=True):
                body = message.body if isinstance(message.body, str) else message.body.decode()
                type_ = message.delivery_info["routing_key"]
                heard.append(Heard(type_, f"{message.headers}{message.delivery_info}", body))
            return heard

        yield drain


@pytest.fixture(scope="module")
def run(
    house: Stack,
    database: Callable[[str], Database],
    practice: House,
    tap: Callable[[], list[Heard]],
    caller: Callable[[str], Caller],
) -> Run:
    """Register, sign in well and badly, become a client, book and pay, with canaries throughout."""
    gateway = caller("gateway")
    register = RegisterAccount(id=uuid4(), email=EMAIL, password=PASSWORD, name=NAME)
    open_account(register, caller, database("profiles"))
    refusals = _enter(gateway, practice.practice.id)
    account = _signed_in(gateway)
    calendar = Practice(
        database("booking"), id=practice.practice.id, practitioner_id=practice.practitioner.id
    ).open()
    person = account.within(practice.practice.id)
    client = gateway.call("profiles", "ensure_client", _as_client(practice), person, ClientView)
    booking = _book(gateway, calendar, client.id, person)
    pay(house, booking)
    _wait_until_told(gateway, booking, person, database("notify"))
    return Run(booking, tap(), refusals)


def _enter(gateway: Caller, practice_id: UUID) -> list[str]:
    """Everything that is refused on the way; the names of the refusals. A registration of the
    known address waits until the end."""
    again = RegisterAccount(id=uuid4(), email=EMAIL, password=PASSWORD, name=NAME)
    gateway.call("profiles", "register_account", again, GUEST, AccountView)
    other = again.model_copy(update={"name": f"Other {NAME}"})
    wrong = SignIn(email=EMAIL, password=WRONG, login_key=uuid4().hex * 2, address="192.0.2.7")
    malformed = EnsureClient.model_construct(
        id=uuid4(), practice_id=practice_id, name=NAME, email=MALFORMED, phone=MALFORMED
    )
    tries: list[tuple[str, Any, Any]] = [
        ("register_account", other, AccountView),
        ("sign_in", wrong, LoginView),
        ("ensure_client", malformed, ClientView),
    ]
    refused = []
    for method, command, answer in tries:
        with pytest.raises(Refusal) as caught:
            gateway.call("profiles", method, command, GUEST, answer)
        refused.append(type(caught.value).__name__)
    return refused


def _signed_in(gateway: Caller) -> Actor:
    command = SignIn(email=EMAIL, password=PASSWORD, login_key=uuid4().hex * 2, address="192.0.2.7")
    login = gateway.call("profiles", "sign_in", command, GUEST, LoginView)
    return Actor(kind="person", account_id=login.account.id)


def _as_client(practice: House) -> EnsureClient:
    return EnsureClient(
        id=uuid4(), practice_id=practice.practice.id, name=NAME, email=EMAIL, phone=PHONE
    )


def _book(gateway: Caller, calendar: Practice, client_id: UUID, actor: Actor) -> BookingView:
    today = utc_now().date()
    asked = ListSlots(
        offering_id=calendar.offering_id,
        from_on=today + timedelta(days=3),
        until_on=today + timedelta(days=14),
        time_zone="Europe/Berlin",
    )
    free = gateway.call("booking", "list_slots", asked, actor, SlotsView)
    wish = BookSession(
        id=uuid4(),
        offering_id=calendar.offering_id,
        starts_at=free.starts[0],
        format=Format.ONLINE,
        price_id=calendar.price_id,
        client_id=client_id,
        client_time_zone="Europe/Berlin",
    )
    return gateway.call("booking", "book_session", wish, actor, BookingView)


def _wait_until_told(gateway: Caller, booking: BookingView, actor: Actor, notify: Database) -> None:
    """Until booking has confirmed and notify has its messages."""
    messages = text("SELECT count(*) FROM notify.messages WHERE booking_id = :id")
    until = time.monotonic() + 20
    while time.monotonic() < until:
        with notify.transaction(service_actor("notify", booking.practice_id, "test")) as tx:
            if tx.scalar(messages, {"id": booking.id}):
                break
        time.sleep(0.2)
    seen = gateway.call(
        "booking", "get_booking", GetBooking(booking_id=booking.id), actor, BookingView
    )
    assert seen.state == "confirmed"


@pytest.fixture(scope="module")
def rows(house: Stack, run: Run) -> dict[str, str]:
    """All rows of all tables as text, seen above every policy."""
    engine: Engine = create_engine(driver_url(database_roles.target_url(house)))
    with engine.connect() as connection:
        dumped = {
            table: "\n".join(connection.scalars(text(f"SELECT t::text FROM {table} t")))
            for table in tables(connection)
        }
    engine.dispose()
    return dumped


def test_the_way_through_the_house_was_gone(run: Run, rows: dict[str, str], redis: Any) -> None:
    """The twin of all tests below: the canaries are where they belong, so they were sent."""
    assert run.refusals == ["DifferentContent", "WrongCredentials", InvalidInput.__name__]
    assert {table: found_in(rows[table]) for table in KEPT} == KEPT
    logins = [redis.get(key) for key in redis.scan_iter("login:*")]
    assert any(found_in(login) == {NAME, LOCAL_PART} for login in logins)
    assert {event.type for event in run.heard} >= {"booking_held", "booking_confirmed"}


def test_a_canary_is_found_in_any_case() -> None:
    """The search itself can find."""
    assert found_in(f"x {EMAIL.upper()} y") == {LOCAL_PART}


def test_no_canary_is_in_a_log(house: Stack, run: Run) -> None:
    """Of a service, of the broker, of the database, of Redis."""
    logs = sorted(path for path in house.run.logs.rglob("*") if path.is_file())
    assert {f"{service}.log" for service in SERVICES} <= {path.name for path in logs}
    told = {path.name: found_in(path.read_text(errors="replace")) for path in logs}
    assert {name: found for name, found in told.items() if found} == {}


def test_the_broker_writes_no_call_to_its_disk(house: Stack, run: Run) -> None:
    """Calls carry passwords and names; a quorum queue would keep them in its write-ahead log."""
    place = house.run.path / "rabbitmq"
    files = [path for path in place.rglob("*") if path.is_file()]
    assert any("quorum" in str(path) and path.stat().st_size for path in files)
    told = {path.name: found_in(path.read_bytes().decode("latin-1")) for path in files}
    assert {name: found for name, found in told.items() if found} == {}


def test_no_canary_is_in_an_event(run: Run) -> None:
    """Neither in what is published nor in its headers."""
    assert len(run.heard) >= 3
    assert [event for event in run.heard if found_in(event.headers + event.body)] == []


def test_events_on_the_wire_have_the_fields_of_their_golden_files(run: Run) -> None:
    """What the services really publish is what consumers were tested with."""
    golden_keys = {event.type: golden(event).keys() for event in events()}
    told = {event.type: json.loads(event.body).keys() for event in run.heard}
    assert told == {type_: golden_keys[type_] for type_ in told}


def test_no_canary_is_in_any_table_but_those_of_people(rows: dict[str, str]) -> None:
    """Outbox, inbox, failed events, due work and messages hold ids and times."""
    spread = {table: found_in(content) for table, content in rows.items() if table not in KEPT}
    assert {table: found for table, found in spread.items() if found} == {}
    assert rows["booking.outbox"]
    assert rows["notify.messages"]


def test_no_secret_is_in_any_table(rows: dict[str, str]) -> None:
    """Passwords are hashed, refused input is gone."""
    assert [table for table, content in rows.items() if found_in(content) & set(SECRETS)] == []


def test_redis_holds_names_in_logins_only(redis: Any, run: Run) -> None:
    """Counters of tries are kept under hashes."""
    for key in redis.scan_iter("*"):
        assert found_in(key) == set()
        value = redis.get(key) if redis.type(key) == "string" else repr(redis.dump(key))
        allowed = {NAME, LOCAL_PART} if key.startswith("login:") else set()
        assert found_in(value or "") <= allowed, key
