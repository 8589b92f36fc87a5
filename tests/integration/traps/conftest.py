"""Servers of their own for the traps: their broker is killed in mid-test."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, create_engine, text

from deploy.local import environment
from deploy.local.servers import Servers, running_servers
from services.common.auth import Actor, Signer
from services.common.database import driver_url
from services.common.errors import Busy, Fault
from services.common.health import CheckHealth, Health
from services.common.migrate import upgrade
from services.common.rpc.client import Caller

BOOT_SECONDS = 30


class Probe:
    """The probe service as a process of its own."""

    def __init__(self, servers: Servers, log: Path, *, is_silent: bool = False) -> None:
        self.is_silent = is_silent
        told = {**os.environ, **environment.service(servers.stack, "plans")}
        arguments = [sys.executable, "-m", "tests.integration.traps.probe"]
        with log.open("ab") as kept:
            self.process = subprocess.Popen(
                arguments + (["silent"] if is_silent else []), env=told, stdout=kept, stderr=kept
            )

    @property
    def is_at_work(self) -> bool:
        return self.process.poll() is None

    def kill9(self) -> None:
        self.process.send_signal(signal.SIGKILL)
        self.process.wait(10)

    def stop(self) -> int:
        """SIGTERM; the exit code."""
        if self.is_at_work:
            self.process.terminate()
        return self.process.wait(15)


class House:
    """The servers, a way to start probes, to call them as the gateway, and to count effects."""

    def __init__(self, servers: Servers, engine: Engine, logs: Path) -> None:
        self.servers = servers
        self.engine = engine
        self.log = logs / "probe.log"
        told = environment.gateway(servers.stack)
        self.amqp_url = told["GATEWAY_AMQP_URL"]
        self.signer = Signer("gateway", told["GATEWAY_SIGNING_KEY"])
        self.caller = Caller(self.amqp_url, self.signer)
        self._probe: Probe | None = None

    def started(self, *, is_silent: bool = False) -> Probe:
        """A probe that answers: the one that an earlier test has left at work, or a new one."""
        left = self._probe
        if left is not None and left.is_at_work and left.is_silent == is_silent:
            return left
        self.end_probe()
        self._probe = Probe(self.servers, self.log, is_silent=is_silent)
        assert eventually(self.is_up)
        return self._probe

    def revived(self) -> bool:
        """True, once a probe is at work again: nobody else starts what has died."""
        if self._probe is not None and not self._probe.is_at_work:
            self._probe = Probe(self.servers, self.log, is_silent=self._probe.is_silent)
        return True

    def is_up(self) -> bool:
        """Whether the probe answers."""
        try:
            self.caller.call("plans", "check_health", CheckHealth(), Actor(), Health)
        except (Busy, Fault):
            return False
        return True

    def end_probe(self) -> None:
        """Let none be at work."""
        if self._probe is not None and self._probe.is_at_work:
            self._probe.kill9()

    def count(self, name: str) -> int:
        """How many effects have this name."""
        with self.engine.connect() as connection:
            asked = text("SELECT count(*) FROM plans.probe_effects WHERE name = :name")
            return int(connection.scalar(asked, {"name": name}) or 0)

    def rows(self, sql: str) -> list[tuple[Any, ...]]:
        with self.engine.connect() as connection:
            return [tuple(row) for row in connection.execute(text(sql))]

    def execute(self, sql: str) -> None:
        with self.engine.begin() as connection:
            connection.execute(text(sql))


@pytest.fixture(scope="session")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    with running_servers() as servers:
        url = environment.migrations(servers.stack)["MIGRATIONS_DATABASE_URL"]
        upgrade("plans", url)
        engine = create_engine(driver_url(url))
        made = House(servers, engine, tmp_path_factory.mktemp("logs"))
        made.execute("CREATE TABLE plans.probe_effects (id bigserial, name text NOT NULL)")
        made.execute("GRANT ALL ON plans.probe_effects, plans.probe_effects_id_seq TO attune_plans")
        _declare_exchange(servers)
        yield made
        made.end_probe()
        made.caller.close()
        engine.dispose()


@pytest.fixture(autouse=True)
def clean(house: House) -> None:
    """Each test begins with no effects; a probe that is at work may serve the next one too."""
    for table in ("probe_effects", "outbox", "inbox", "failed_events"):
        house.execute(f"DELETE FROM plans.{table}")


def eventually(condition: Callable[[], bool], seconds: float = BOOT_SECONDS) -> bool:
    """Whether the condition came true within the bound."""
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        if condition():
            return True
        time.sleep(0.05)
    return condition()


def _declare_exchange(servers: Servers) -> None:
    from kombu import Connection, Exchange

    url = environment.service(servers.stack, "plans")["PLANS_AMQP_URL"]
    with Connection(url) as connection:
        Exchange("plans.events", type="topic", durable=True)(connection.channel()).declare()
