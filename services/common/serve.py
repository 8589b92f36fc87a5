"""Running a service, and declaring what the broker must know before anybody publishes."""

import importlib
import inspect
import logging
import signal
from typing import Any

import eventlet
from amqp.exceptions import NotFound
from kombu import Connection, Exchange, Queue
from nameko.extensions import ENTRYPOINT_EXTENSIONS_ATTR
from nameko.runners import ServiceRunner

from services.common import config, runtime
from services.common import logging as structured
from services.common.events import Handles, exchange
from services.common.rpc.wire import CALL_QUEUE, EXCHANGE


def service_class(name: str) -> Any:
    """`BookingService` in `services.booking.service`."""
    module = importlib.import_module(f"services.{name}.service")
    return getattr(module, f"{name.capitalize()}Service")


def run(name: str) -> None:
    """Serve a service; workers under way finish and answer before it stops.

    The process must have been monkey-patched by eventlet before anything was imported.
    """
    try:
        house = runtime.build(name)
    except config.SettingsError as error:
        config.stop(error)
    structured.configure(name, house.settings.log_level)
    logging.getLogger("nameko.containers").setLevel("CRITICAL")
    host(house, service_class(name))


def host(house: runtime.Runtime, service: Any) -> None:
    """Run a nameko class until SIGTERM or SIGINT."""
    runner = ServiceRunner(
        {
            "AMQP_URI": house.settings.amqp_url,
            "max_workers": house.settings.max_workers,
            "heartbeat": 20,
            "runtime": house,
            "settings": house.settings,
        }
    )
    runner.add_service(service)
    for stop_signal in (signal.SIGTERM, signal.SIGINT):
        signal.signal(stop_signal, lambda *_: eventlet.spawn_n(runner.stop))
    runner.start()
    runner.wait()


def topology(name: str) -> tuple[Exchange, list[Queue]]:
    """A service's events exchange, and every queue that it consumes."""
    own = Exchange(f"{name}.events", type="topic", durable=True)
    calls = Exchange(EXCHANGE, type="topic", durable=True, no_declare=True)
    queues = [Queue(f"rpc-{name}", calls, f"{name}.*", durable=True, queue_arguments=CALL_QUEUE)]
    for method, entrypoint in _handlers(service_class(name)):
        source = exchange(entrypoint.source_service)
        event = entrypoint.event_type
        queue = f"evt-{entrypoint.source_service}-{event}--{name}.{method}"
        queues.append(Queue(queue, exchange=source, routing_key=event, durable=True))
    return own, queues


def declare(amqp_urls: dict[str, str]) -> None:
    """Make every exchange, then every queue, each as the service that owns it.

    What exists stays as it is. The exchange of calls is nobody's: a broker of our own has it from
    the start, elsewhere the first service needs the right to make it.
    """
    plans = {name: topology(name) for name in amqp_urls}
    with Connection(next(iter(amqp_urls.values()))) as connection:
        calls = Exchange(EXCHANGE, type="topic", durable=True)
        try:
            calls(connection.channel()).declare(passive=True)
        except NotFound:
            calls(connection.channel()).declare()
    for name, url in amqp_urls.items():
        with Connection(url) as connection:
            plans[name][0](connection.channel()).declare()
    for name, url in amqp_urls.items():
        with Connection(url) as connection:
            for queue in plans[name][1]:
                queue(connection.channel()).declare()


def _handlers(service: Any) -> list[tuple[str, Any]]:
    return [
        (method_name, entrypoint)
        for method_name, method in inspect.getmembers(service, inspect.isfunction)
        for entrypoint in getattr(method, ENTRYPOINT_EXTENSIONS_ATTR, ())
        if isinstance(entrypoint, Handles)
    ]
