"""Servers and whole stacks that end badly, and what the next start makes of it."""

import os
import signal
import subprocess
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import kombu
import psycopg2
import pytest
import redis
from amqp.exceptions import InternalError

from deploy.local import orphans, readiness
from deploy.local.commands import MARK
from deploy.local.ports import free_port
from deploy.local.product import Product
from deploy.local.run_directory import RunDirectory
from deploy.local.servers import ALL, Servers, temporary_run_directory
from deploy.local.settings import CHECKOUT
from deploy.local.stack import Stack
from deploy.local.supervision import Supervisor

EVENTS = kombu.Exchange("booking.events", type="topic", durable=True)
TRIES = 20
QUEUE = kombu.Queue("evt-booking-kept--booking.keep", EVENTS, routing_key="kept")


def leave_traces(stack: Stack) -> None:
    """A committed row, a confirmed message and a login."""
    url = stack.database_url("owner")
    with closing(psycopg2.connect(url)) as tx, tx, tx.cursor() as cursor:
        cursor.execute("CREATE TABLE booking.kept AS SELECT 7 AS id")
    options = {"confirm_publish": True}
    with kombu.Connection(stack.amqp_url("booking"), transport_options=options) as broker:
        broker.Producer().publish({"id": 7}, routing_key="kept", exchange=EVENTS, declare=[QUEUE])
    redis.Redis.from_url(stack.redis_url).set("login", "7")
    time.sleep(1.1)  # Redis writes to disk once a second


def traces(stack: Stack) -> tuple[object, object, object]:
    """What is left of them."""
    with closing(psycopg2.connect(stack.database_url("owner"))) as tx, tx.cursor() as cursor:
        cursor.execute("SELECT id FROM booking.kept")
        row = cursor.fetchone()
    login = redis.Redis.from_url(stack.redis_url).get("login")
    return row, kept_message(stack), login


def kept_message(stack: Stack) -> object:
    """What the queue kept; asked for again while it is coming up: the broker serves connections
    before each of its queues has found its leader, and ends those that ask too early."""
    for _ in range(TRIES):
        try:
            with kombu.Connection(stack.amqp_url("booking")) as broker:
                message = QUEUE(broker.channel()).get(no_ack=True)
        except InternalError:
            time.sleep(1)
        else:
            return message.payload if message else None
    raise AssertionError("the queue does not come up")


INTACT = ((7,), {"id": 7}, b"7")


def test_killed_servers_come_back_with_all_data(servers: Servers) -> None:
    """SIGKILL to PostgreSQL, RabbitMQ and Redis at once loses nothing that was acknowledged."""
    leave_traces(servers.stack)
    for name in ALL:
        servers.kill9(name)
    for name in ALL:
        servers.restart(name)
    assert traces(servers.stack) == INTACT


def test_only_processes_of_the_run_directory_are_ended(tmp_path: Path) -> None:
    """Orphans are told by their mark, so a neighbour with the same command line lives on."""
    runs = [RunDirectory(tmp_path / name) for name in ("ours", "theirs")]
    started = [
        subprocess.Popen(["sleep", "60"], env=os.environ | {MARK: str(run.path)}) for run in runs
    ]
    try:
        assert orphans.end_all(runs[0], patience=5) == {started[0].pid}
        assert started[0].wait(5) == -signal.SIGTERM
        assert started[1].poll() is None
    finally:
        started[1].kill()
        started[1].wait(5)


#: Servers and stand-ins alone start in seconds; all of it is for the full form.
APPS = pytest.mark.parametrize("apps", ["none", pytest.param("all", marks=pytest.mark.long)])


#: Where the tests themselves run behind a script, SIGINT is ignored and no shell may catch it.
AS_AT_A_TERMINAL = ("env", "--default-signal=INT")


@contextmanager
def make_run(run_dir: Path, apps: str) -> Iterator["subprocess.Popen[str]"]:
    """`make run` as a person types it, in a session of its own; killed at the end if need be."""
    told = {name: value for name, value in os.environ.items() if not name.startswith("ATTUNE_")}
    told |= {"ATTUNE_RUN_DIR": str(run_dir), "ATTUNE_PORT": str(free_port()), "ATTUNE_APPS": apps}
    with subprocess.Popen(
        [*AS_AT_A_TERMINAL, "make", "--no-print-directory", "run"],
        cwd=CHECKOUT,
        env=told,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
    ) as process:
        try:
            yield process
        finally:
            if process.poll() is None:
                os.killpg(process.pid, signal.SIGKILL)
            orphans.end_all(RunDirectory(run_dir))


def read_until(process: "subprocess.Popen[str]", text: str) -> str:
    """Its output up to a line that holds the text; fails when it ends before."""
    assert process.stdout is not None
    seen = ""
    for line in process.stdout:
        seen += line
        if text in line:
            return seen
    raise AssertionError(f"{text!r} never came:\n{seen}")


@APPS
def test_ctrl_c_leaves_no_process_behind(apps: str) -> None:
    """SIGINT to the whole foreground group, as a terminal sends it."""
    with temporary_run_directory() as path, make_run(path, apps) as process:
        read_until(process, "Ctrl-C stops it")
        run = RunDirectory(path.resolve())
        assert len(orphans.members(run)) > 4
        os.killpg(process.pid, signal.SIGINT)
        process.wait(60)
        assert orphans.members(run) == set()


@APPS
def test_a_second_start_says_that_it_runs_already(apps: str) -> None:
    """Two `make run` in one checkout do not disturb each other; `make stop` ends the first."""
    with temporary_run_directory() as path, make_run(path, apps) as first:
        read_until(first, "Ctrl-C stops it")
        with make_run_only(path) as second:
            assert "runs already" in read_until(second, "make stop")
            assert second.wait(10) == 0
        assert Supervisor(RunDirectory(path)).is_running()
        told = os.environ | {"ATTUNE_RUN_DIR": str(path)}
        subprocess.run(["make", "stop"], cwd=CHECKOUT, env=told, check=True, timeout=60)
        assert first.wait(30) == 0
        assert orphans.members(RunDirectory(path.resolve())) == set()


@contextmanager
def make_run_only(run_dir: Path) -> Iterator["subprocess.Popen[str]"]:
    """A second `make run`; ends nothing of the first."""
    with subprocess.Popen(
        ["make", "--no-print-directory", "run"],
        cwd=CHECKOUT,
        env=os.environ | {"ATTUNE_RUN_DIR": str(run_dir)},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    ) as process:
        yield process


@pytest.mark.long
def test_everything_killed_starts_again_with_all_data() -> None:
    """SIGKILL to every process, supervisord included; the next start needs no help."""
    with temporary_run_directory() as path:
        product = Product(path, told={"ATTUNE_APPS": "none"})
        try:
            product.start()
            leave_traces(product.stack)
            product.kill9_everything()
            product.start()
            assert traces(product.stack) == INTACT
        finally:
            product.stop()
        assert orphans.members(product.run) == set()


@pytest.mark.long
def test_orphans_of_a_killed_supervisor_are_ended_by_the_next_start() -> None:
    """Only supervisord dies; its children must not hold the ports and the data."""
    with temporary_run_directory() as path:
        product = Product(path, told={"ATTUNE_APPS": "none"})
        try:
            product.start()
            before = orphans.members(product.run)
            product.kill9_supervisor()
            assert len(before & orphans.members(product.run)) > 4
            product.start()
            assert not before & orphans.members(product.run)
        finally:
            product.stop()


@pytest.mark.long
def test_two_checkouts_run_side_by_side() -> None:
    """Ports, sockets, users and data follow from the run directory."""
    with temporary_run_directory() as one, temporary_run_directory() as other:
        products = [Product(path, told={"ATTUNE_APPS": "none"}) for path in (one, other)]
        try:
            for product in products:
                product.start()
            leave_traces(products[0].stack)
            assert not set(products[0].stack.ports.values()) & set(products[1].stack.ports.values())
            products[1].stop()
            assert traces(products[0].stack) == INTACT
            assert all(s.state == "RUNNING" for s in products[0].supervisor.states())
        finally:
            for product in products:
                product.stop()


@pytest.mark.long
def test_a_killed_process_is_started_again() -> None:
    """The supervisor restarts stand-ins and servers alike, the broker with its definitions."""
    with temporary_run_directory() as path:
        product = Product(path, told={"ATTUNE_APPS": "none"})
        try:
            product.start()
            for name in ("mailbox", "stripe_twin", "redis", "postgres", "rabbitmq", "epmd"):
                product.wait_until_up(name, 40, instead_of=product.kill9(name))
            readiness.wait_for("broker", lambda: readiness.broker_answers(product.stack), 30)
            readiness.wait_for("database", lambda: readiness.database_answers(product.stack), 30)
        finally:
            product.stop()
        assert orphans.members(product.run) == set()
