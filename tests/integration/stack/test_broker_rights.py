"""What each broker user may and may not do, asked of a real RabbitMQ."""

import json
import re
from pathlib import Path
from typing import Any
from uuid import uuid4

import kombu
import pytest
from amqp.exceptions import AccessRefused, PreconditionFailed

from deploy.local import rabbitmq
from deploy.local.broker_rights import BROKER_USERS, CALL_RIGHTS
from deploy.local.names import SERVICES
from deploy.local.servers import Servers
from services.common.rpc.wire import CALL_QUEUE
from services.common.tasks import make_app

CALLS = kombu.Exchange("nameko-rpc", type="topic", durable=True, no_declare=True)


def events_of(service: str) -> kombu.Exchange:
    """The exchange of a service's events."""
    return kombu.Exchange(f"{service}.events", type="topic", durable=True)


def publish(url: str, exchange: str, routing_key: str) -> None:
    """Publish with confirms, so that a refusal shows at once."""
    options = {"confirm_publish": True}
    with kombu.Connection(url, connect_timeout=5, transport_options=options) as connection:
        producer = kombu.Producer(connection.channel(), auto_declare=False)
        producer.publish({}, exchange=exchange, routing_key=routing_key)


@pytest.fixture(scope="module", autouse=True)
def exchanges(servers: Servers) -> None:
    """Each service declares its own exchange, as at the start of the product."""
    for service in SERVICES:
        with kombu.Connection(servers.stack.amqp_url(service)) as connection:
            events_of(service)(connection.channel()).declare()


def test_a_service_publishes_to_its_own_events(servers: Servers) -> None:
    """The permitted way works, so the refusals below are not those of a broken set-up."""
    publish(servers.stack.amqp_url("booking"), "booking.events", "booking_confirmed")


@pytest.mark.parametrize(
    ("user", "exchange"),
    [(u, f"{s}.events") for u in (*SERVICES, "gateway", "celery") for s in SERVICES if u != s],
)
def test_nobody_publishes_to_the_events_of_another(
    servers: Servers, user: str, exchange: str
) -> None:
    """An event's origin is trusted because the broker refuses everybody else."""
    with pytest.raises(AccessRefused, match=f"exchange '{exchange}'"):
        publish(servers.stack.amqp_url(user), exchange, "booking_confirmed")


def test_nobody_reaches_a_queue_past_its_exchange(servers: Servers) -> None:
    """The default exchange would deliver to any queue by name."""
    with pytest.raises(AccessRefused, match=r"exchange 'amq\.default'"):
        publish(servers.stack.amqp_url("notify"), "", "rpc-booking")


def test_a_service_binds_foreign_events_to_its_own_queue(servers: Servers) -> None:
    """Consuming another's events needs no right to change its exchange."""
    exchange = kombu.Exchange("booking.events", type="topic", no_declare=True)
    name = "evt-booking-booking_confirmed--notify.on_booking_confirmed"
    with kombu.Connection(servers.stack.amqp_url("notify")) as connection:
        queue = kombu.Queue(name, exchange, routing_key="booking_confirmed")
        queue(connection.channel()).declare()


@pytest.mark.parametrize(
    "name",
    ["rpc-booking", "evt-booking-booking_confirmed--notify.on_booking_confirmed", "tasks"],
)
def test_a_service_takes_nothing_from_the_queues_of_another(servers: Servers, name: str) -> None:
    """Calls, events and tasks are read by their owner alone."""
    with (
        kombu.Connection(servers.stack.amqp_url("plans")) as connection,
        pytest.raises(AccessRefused, match=f"queue '{name}'"),
    ):
        connection.channel().queue_declare(name, passive=False, durable=True, auto_delete=False)


def listen(url: str, key: str) -> None:
    """Bind a queue of one's own to the exchange of calls."""
    with kombu.Connection(url, connect_timeout=5) as connection:
        queue = kombu.Queue(f"rpc.reply-{uuid4()}", CALLS, routing_key=key, exclusive=True)
        queue.durable = False
        queue(connection.channel()).declare()


@pytest.mark.parametrize("key", ["profiles.*", "profiles.sign_in", "#", "*.*", "*"])
def test_nobody_listens_to_the_calls_of_another(servers: Servers, key: str) -> None:
    """Calls carry passwords and actor tokens: a queue of one's own hears answers alone."""
    for user in ("plans", "gateway"):
        with pytest.raises(AccessRefused, match="topic"):
            listen(servers.stack.amqp_url(user), key)
    listen(servers.stack.amqp_url("plans"), str(uuid4()))


@pytest.mark.parametrize(
    ("user", "key"),
    [
        ("plans", "billing.start_payment"),
        ("booking", "billing.start_payment"),
        ("notify", "notify.resolve_link"),
        ("booking", "booking.x"),
    ],
)
def test_nobody_calls_whom_they_have_nothing_to_ask(servers: Servers, user: str, key: str) -> None:
    """By the plain way, that is: see the test after this one."""
    with pytest.raises(AccessRefused, match="topic"):
        publish(servers.stack.amqp_url(user), "nameko-rpc", key)


def test_an_exchange_of_ones_own_hands_on_what_topic_rights_refuse(servers: Servers) -> None:
    """So they are no wall, and the callee asks for a token; the day this fails they are one."""
    name, key = f"rpc.reply-{uuid4()}", "profiles.sign_in"
    calls = kombu.Queue("rpc-profiles", CALLS, "profiles.*", queue_arguments=CALL_QUEUE)
    with kombu.Connection(servers.stack.amqp_url("profiles")) as callee:
        queue = calls(callee.channel())
        queue.declare()
        with kombu.Connection(servers.stack.amqp_url("plans")) as connection:
            handing_on = {"alternate-exchange": CALLS.name}
            kombu.Exchange(name, "topic", durable=False, arguments=handing_on)(
                connection.channel()
            ).declare()
            publish(servers.stack.amqp_url("plans"), name, key)
            connection.channel().exchange_delete(name)
        found = queue.get(no_ack=True)
        queue.delete()
    assert found is not None
    assert found.delivery_info["routing_key"] == key


@pytest.mark.parametrize("user", BROKER_USERS)
def test_nobody_makes_the_exchange_of_calls_another(servers: Servers, user: str) -> None:
    """Deleted and declared as a fanout it would give every call to everybody."""
    with kombu.Connection(servers.stack.amqp_url(user)) as connection:
        for change in (delete_calls, declare_calls):
            with pytest.raises(AccessRefused, match="exchange 'nameko-rpc'"):
                change(connection.channel())


def delete_calls(channel: Any) -> None:
    channel.exchange_delete("nameko-rpc")


def declare_calls(channel: Any) -> None:
    channel.exchange_declare("nameko-rpc", "topic", durable=True, auto_delete=False)


def test_the_table_of_calls_is_that_of_the_services() -> None:
    """Who a method admits, the broker lets through; and nobody else."""
    admitted = json.loads(Path("tests/security/callers.json").read_text())
    for user, rights in CALL_RIGHTS.items():
        allowed = {method for method in admitted if re.fullmatch(rights.write, method)}
        named = {method.split(".")[0] for method, by in admitted.items() if user in by}
        assert {method.split(".")[0] for method in allowed} == named


def test_without_the_topic_rights_anybody_hears_every_call(servers: Servers) -> None:
    """The twin: a foreign key is refused by the table of calls, and by nothing else."""
    stack, rights = servers.stack, CALL_RIGHTS["plans"]
    change = ("set_topic_permissions", "--vhost", "attune", "plans", "nameko-rpc")
    rabbitmq.control(stack, *change, ".*", ".*")
    try:
        listen(stack.amqp_url("plans"), "profiles.*")
    finally:
        rabbitmq.control(stack, *change, rights.write, rights.read)
    with pytest.raises(AccessRefused):
        listen(stack.amqp_url("plans"), "profiles.*")


def test_a_service_does_not_delete_the_exchange_of_another(servers: Servers) -> None:
    """Deleting an exchange would lose every event without a trace."""
    with (
        kombu.Connection(servers.stack.amqp_url("plans")) as connection,
        pytest.raises(AccessRefused, match=r"exchange 'booking\.events'"),
    ):
        connection.channel().exchange_delete("booking.events")


def test_there_is_no_guest(servers: Servers) -> None:
    """RabbitMQ's built-in account with its well-known password does not exist."""
    port = servers.stack.ports["amqp"]
    for vhost in ("attune", "%2F"):
        url = f"amqp://guest:guest@127.0.0.1:{port}/{vhost}"
        with kombu.Connection(url, connect_timeout=5) as connection, pytest.raises(AccessRefused):
            connection.connect()


def test_durable_queues_are_quorum_queues_without_asking(servers: Servers) -> None:
    """Declaring the same queue as a classic one is refused: the vhost's default is quorum."""
    with kombu.Connection(servers.stack.amqp_url("billing")) as connection:
        kombu.Queue("rpc-billing", CALLS, routing_key="billing.*")(connection.channel()).declare()
        with pytest.raises(PreconditionFailed, match="x-queue-type"):
            connection.channel().queue_declare(
                "rpc-billing",
                durable=True,
                auto_delete=False,
                arguments={"x-queue-type": "classic"},
            )


def test_tasks_are_sent_within_celerys_rights(servers: Servers) -> None:
    """Celery's own shortcut past its exchange would need the right to reach every queue."""
    app = make_app(servers.stack.amqp_url("celery"), [])
    with app.connection_for_write(transport_options={"confirm_publish": True}) as connection:
        app.send_task("notify.deliver_due", connection=connection, retry=False)
        sent = app.amqp.queues["tasks"](connection.channel()).get(no_ack=True)
    assert sent.headers["task"] == "notify.deliver_due"


def test_without_the_table_anybody_could_publish_anothers_events(servers: Servers) -> None:
    """The twin of the refusals above: it is the table that refuses, and nothing else."""
    stack, rights = servers.stack, BROKER_USERS["plans"]
    change = ("set_permissions", "--vhost", "attune", "plans")
    rabbitmq.control(stack, *change, ".*", ".*", ".*")
    try:
        publish(stack.amqp_url("plans"), "booking.events", "booking_confirmed")
    finally:
        rabbitmq.control(stack, *change, rights.configure, rights.write, rights.read)
    with pytest.raises(AccessRefused):
        publish(stack.amqp_url("plans"), "booking.events", "booking_confirmed")


def hear(channel: Any, name: str, service: str) -> None:
    """Declare a queue that ends with its connection, and bind it to a service's events."""
    channel.queue_declare(name, exclusive=True)
    channel.queue_bind(name, f"{service}.events", "calendar_changed")


def test_the_gateway_hears_that_calendars_change(servers: Servers) -> None:
    """On a queue of its own, of booking's events alone."""
    name = f"changes.{uuid4()}"
    with kombu.Connection(servers.stack.amqp_url("gateway")) as connection:
        channel = connection.channel()
        hear(channel, name, "booking")
        publish(servers.stack.amqp_url("booking"), "booking.events", "calendar_changed")
        assert channel.basic_get(name, no_ack=True) is not None


@pytest.mark.parametrize("service", sorted(set(SERVICES) - {"booking"}))
def test_the_gateway_hears_no_other_events(servers: Servers, service: str) -> None:
    """It has no use for them."""
    with (
        kombu.Connection(servers.stack.amqp_url("gateway")) as connection,
        pytest.raises(AccessRefused, match=rf"exchange '{service}\.events'"),
    ):
        hear(connection.channel(), f"changes.{uuid4()}", service)


@pytest.mark.parametrize(
    ("user", "name"), [("plans", f"changes.{uuid4()}"), ("gateway", "changes.all")]
)
def test_queues_of_changes_are_the_gateways_and_named_by_chance(
    servers: Servers, user: str, name: str
) -> None:
    """Nobody hears on another's."""
    with (
        kombu.Connection(servers.stack.amqp_url(user)) as connection,
        pytest.raises(AccessRefused, match=f"queue '{re.escape(name)}'"),
    ):
        connection.channel().queue_declare(name, exclusive=True)
