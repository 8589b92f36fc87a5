"""Two tests for each event: its publisher emits the golden file, each consumer accepts it."""

import ast
import json
import re
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from types import SimpleNamespace
from typing import Any, cast
from uuid import UUID, uuid4

import pytest
from pydantic import ValidationError
from sqlalchemy import MetaData
from sqlalchemy.orm import Session

from deploy.local.broker_rights import BROKER_USERS
from deploy.local.names import SERVICES
from services.common import outbox
from services.common.auth import Actor
from services.common.inbox import Delivery
from services.common.messages import Event
from services.common.plumbing import Plumbing
from services.contracts.booking.events import (
    AttendanceRecorded,
    BookingEvent,
    CalendarChanged,
    PaymentAsked,
)
from services.gateway.changes import HEARD, Touched
from tests.contracts.committed import golden
from tests.contracts.models import events
from tests.contracts.samples import SAMPLES
from tests.contracts.surface import Consumer, consumers
from tests.unit.house.sources import python_files, tree_of

EVENTS = events()
CONSUMERS = consumers()
#: What an event may carry: ids, times, amounts, counts, yes or no, and words of a closed list.
IDS_TIMES_AMOUNTS = {"uuid", "date-time", "date", "time"}


class OneRow:
    """Stands in for a transaction: it keeps what is written, and every claim came before."""

    def __init__(self) -> None:
        self.written: list[dict[str, Any]] = []

    def execute(self, statement: Any, told: Any = None, **_options: Any) -> "OneRow":
        self.written.append(told or statement.compile().params)
        return self

    def first(self) -> None:
        return None


class OneDatabase:
    """Stands in for a service's database and remembers whose rows were to be seen."""

    def __init__(self) -> None:
        self.actors: list[Actor] = []

    @contextmanager
    def transaction(self, actor: Actor) -> Iterator[OneRow]:
        self.actors.append(actor)
        yield OneRow()


def sample(event: type[Event]) -> Event:
    """The event of the samples."""
    return next(one for one in SAMPLES[event.publisher] if isinstance(one, event))


def deliver(consumer: Consumer, body: dict[str, Any]) -> OneDatabase:
    """Hand the body to the handler's entrypoint, as the broker would."""
    database = OneDatabase()
    runtime = SimpleNamespace(
        name=consumer.service, database=database, plumbing=Plumbing.of(MetaData())
    )
    delivery = Delivery(uuid4(), "test-request", consumer.event_type, body)
    consumer.run(SimpleNamespace(runtime=runtime), delivery)
    return database


@cache
def called(service: str) -> set[str]:
    """The last names of everything that the service's code calls."""
    return {
        ast.unparse(node.func).rsplit(".", 1)[-1]
        for path in python_files(f"services/{service}")
        for node in ast.walk(tree_of(path))
        if isinstance(node, ast.Call)
    }


def emitters(event: type[Event]) -> set[str]:
    """The services whose code makes this event."""
    return {service for service in SERVICES if event.__name__ in called(service)}


def allows(pattern: str, name: str) -> bool:
    """Whether the broker's right covers the name."""
    return re.fullmatch(pattern, name) is not None


def free_texts(schema: dict[str, Any]) -> set[str]:
    """Fields that could carry a name, an address or a text."""
    parts = [schema, *schema.get("$defs", {}).values()]
    return {
        name
        for part in parts
        for name, value in part.get("properties", {}).items()
        for one in (value, value.get("items", {}), *value.get("anyOf", ()))
        if one.get("type") == "string"
        and "enum" not in one
        and one.get("format") not in IDS_TIMES_AMOUNTS
    }


@pytest.mark.parametrize("event", EVENTS, ids=lambda event: event.__name__)
def test_its_publisher_emits_the_golden_file(event: type[Event]) -> None:
    """The row that the relay publishes is the golden file under the event's type."""
    recorder = OneRow()
    outbox.emit(cast(Session, recorder), outbox.outbox_table(MetaData()), sample(event))
    (row,) = recorder.written
    assert (row["type"], row["body"]) == (event.type, golden(event))


@pytest.mark.parametrize("event", EVENTS, ids=lambda event: event.__name__)
def test_one_service_emits_it_and_that_is_its_publisher(event: type[Event]) -> None:
    """No event that nobody makes, and none made in another's name."""
    assert emitters(event) == {event.publisher}


@pytest.mark.parametrize("event", EVENTS, ids=lambda event: event.__name__)
def test_somebody_consumes_it(event: type[Event]) -> None:
    """Only events that somebody consumes exist; a service, but for those that may go unheard."""
    consumed = [
        one for one in CONSUMERS if (one.publisher, one.event_type) == (event.publisher, event.type)
    ]
    assert bool(consumed) != event.may_go_unheard
    assert consumed or event in HEARD


@pytest.mark.parametrize("event", HEARD, ids=lambda event: event.__name__)
def test_the_gateway_reads_whose_calendar_an_event_is_about(event: type[Event]) -> None:
    """Of the golden file, as the broker hands it on."""
    body = golden(event)
    read = Touched.model_validate_json(json.dumps(body))
    assert (str(read.practice_id), str(read.practitioner_id)) == (
        body["practice_id"],
        body["practitioner_id"],
    )


def test_the_gateway_hears_every_event_that_is_about_a_booking() -> None:
    """A further one shows in open calendars as well, or says here why it does not."""
    # Of who came `calendar_changed` tells, and that a payment is asked shows nowhere.
    told_otherwise = {AttendanceRecorded, PaymentAsked}
    about = {event for event in EVENTS if issubclass(event, BookingEvent)} - told_otherwise
    assert about | {CalendarChanged} == {*HEARD}


@pytest.mark.parametrize("consumer", CONSUMERS, ids=lambda one: f"{one.service}.{one.name}")
def test_each_consumer_accepts_the_golden_file(consumer: Consumer) -> None:
    """The handler's entrypoint reads it, and opens the practice that the event names."""
    body = golden(consumer.kind)
    (actor,) = deliver(consumer, body).actors
    assert actor.practice_id == UUID(body["practice_id"])
    assert actor.issuer == consumer.service


@pytest.mark.parametrize("consumer", CONSUMERS, ids=lambda one: f"{one.service}.{one.name}")
def test_each_consumer_refuses_an_event_that_lost_a_field(consumer: Consumer) -> None:
    """The twin of the test above: acceptance is more than silence."""
    body = golden(consumer.kind)
    del body["practice_id"]
    with pytest.raises(ValidationError):
        deliver(consumer, body)


@pytest.mark.parametrize("consumer", CONSUMERS, ids=lambda one: f"{one.service}.{one.name}")
def test_a_handler_hears_the_event_that_its_signature_names(consumer: Consumer) -> None:
    """`@handles(A)` over `event: B` would read one event as another."""
    assert (consumer.kind.publisher, consumer.kind.type) == (
        consumer.publisher,
        consumer.event_type,
    )
    assert consumer.name == f"on_{consumer.event_type}"


@pytest.mark.parametrize("consumer", CONSUMERS, ids=lambda one: f"{one.service}.{one.name}")
def test_the_broker_lets_the_consumer_hear_and_nobody_else_speak(consumer: Consumer) -> None:
    """Its own queue, the publisher's exchange to read; writing there is the publisher's alone."""
    rights = BROKER_USERS[consumer.service]
    exchange = f"{consumer.publisher}.events"
    assert allows(rights.configure, consumer.queue)
    assert allows(rights.read, consumer.queue)
    assert allows(rights.write, consumer.queue)
    assert allows(rights.read, exchange)
    speakers = {user for user, theirs in BROKER_USERS.items() if allows(theirs.write, exchange)}
    assert speakers == {consumer.publisher}


@pytest.mark.parametrize("event", EVENTS, ids=lambda event: event.__name__)
def test_it_carries_ids_times_and_amounts_only(event: type[Event]) -> None:
    """A name, an address or a text has no field to travel in; a currency has three letters."""
    assert free_texts(event.model_json_schema()) <= {"currency"}


def test_a_free_text_in_an_event_is_found() -> None:
    """The twin: also in a list and where it may be absent."""
    schema = {
        "properties": {
            "note": {"anyOf": [{"type": "string"}, {"type": "null"}]},
            "names": {"type": "array", "items": {"type": "string"}},
            "at": {"type": "string", "format": "date-time"},
        }
    }
    assert free_texts(schema) == {"note", "names"}
