"""Servers once for the whole run; schemas, queues and services as a test first asks for them.

With ATTUNE_TEST_STACK the servers of that run directory are used. Services run as processes of
their own, told what the product tells them.
"""

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import suppress
from functools import cache
from time import monotonic, sleep

import pytest
from kombu import Connection

from deploy.local import environment
from deploy.local.names import SERVICES
from deploy.local.servers import ALL, joined_stack, running_servers
from deploy.local.settings import CHECKOUT
from deploy.local.stack import Stack
from services.common import serve
from services.common.auth import Actor, Signer
from services.common.database import Database
from services.common.errors import ServiceUnavailable, TooLate
from services.common.events import exchange
from services.common.health import CheckHealth, Health
from services.common.migrate import upgrade
from services.common.rpc.client import Caller

START_SECONDS = 120


@pytest.fixture(scope="session")
def server_names() -> tuple[str, ...]:
    """What a suite needs; one that needs less starts less."""
    return ALL


@pytest.fixture(scope="session")
def servers(server_names: tuple[str, ...]) -> Iterator[Stack]:
    """PostgreSQL, RabbitMQ and Redis as the product has them."""
    joined = joined_stack()
    if joined is not None:
        yield joined
        return
    with running_servers(names=server_names) as running:
        yield running.stack


@pytest.fixture(scope="session")
def migrate(servers: Stack) -> Callable[[str], None]:
    """Bring a service's schema to its newest version, once."""
    return cache(lambda service: upgrade(service, servers.database_url("owner")))


@pytest.fixture(scope="session")
def database(servers: Stack, migrate: Callable[[str], None]) -> Iterator[Callable[[str], Database]]:
    """A service's migrated database, as its runtime role."""
    opened: list[Database] = []

    @cache
    def open_database(service: str) -> Database:
        migrate(service)
        opened.append(Database(servers.database_url(service), pool_size=5))
        return opened[-1]

    yield open_database
    for one in opened:
        one.engine.dispose()


@pytest.fixture(scope="session")
def exchanges(servers: Stack) -> None:
    """The exchange of every service's events, made by its owner."""
    for service in SERVICES:
        with Connection(servers.amqp_url(service)) as connection:
            own = exchange(service)(connection.channel())
            own.no_declare = False
            own.declare()


@pytest.fixture(scope="session")
def caller(servers: Stack) -> Iterator[Callable[[str], Caller]]:
    """Calls in the name of the gateway or of a service."""
    opened: list[Caller] = []

    @cache
    def open_caller(issuer: str) -> Caller:
        signer = Signer(issuer, servers.secrets[f"signing.{issuer}"])
        # As a user who may send every call, so that it is the callee who refuses.
        opened.append(Caller(servers.amqp_url("gateway"), signer))
        return opened[-1]

    yield open_caller
    for one in opened:
        one.close()


@pytest.fixture(scope="session")
def serving(
    servers: Stack,
    migrate: Callable[[str], None],
    exchanges: None,
    caller: Callable[[str], Caller],
) -> Iterator[Callable[..., None]]:
    """Start a service once, with further settings, and wait until it is ready."""
    running: dict[str, subprocess.Popen[bytes]] = {}

    def start(service: str, **settings: str) -> None:
        if service in running:
            return
        migrate(service)
        serve.declare({service: servers.amqp_url(service)})
        argv = [sys.executable, "-m", "services", "run", service]
        told = {**os.environ, **environment.service(servers, service), **settings}
        log = (servers.run.logs / f"{service}.log").open("ab")
        running[service] = subprocess.Popen(argv, cwd=CHECKOUT, env=told, stdout=log, stderr=log)
        log.close()
        _wait_until_ready(service, caller("gateway"))

    yield start
    for process in running.values():
        process.kill()
        process.wait(15)


def _wait_until_ready(service: str, gateway: Caller) -> None:
    until = monotonic() + START_SECONDS
    while monotonic() < until:
        # A service that comes up as a question's time runs out says so before the caller gives up.
        with suppress(ServiceUnavailable, TooLate):
            if gateway.call(service, "check_health", CheckHealth(), Actor(), Health).is_ready:
                return
        sleep(0.1)
    raise TimeoutError(f"{service} was not ready within {START_SECONDS} s")
