"""Traps of calls: killed callees, late calls, dead brokers, forged tokens."""

import threading
import time
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from kombu import Connection, Exchange, Producer

from services.common.auth import Actor, Signer
from services.common.clock import utc_now
from services.common.errors import Forbidden, ServiceUnavailable, Unauthenticated
from services.common.messages import Command
from services.common.rpc import wire
from services.common.rpc.client import Caller
from tests.integration.traps.conftest import House, eventually
from tests.integration.traps.probe import Done, Remember

ANYBODY = Actor()


def _in_background(house: House, name: str, seconds: float) -> tuple[threading.Thread, list[Any]]:
    """A call under way; its answer or its error lands in the list."""
    outcome: list[Any] = []

    def ask() -> None:
        try:
            command = Remember(name=name, seconds=seconds)
            outcome.append(house.caller.call("plans", "remember", command, ANYBODY, Done))
        except Exception as error:
            outcome.append(error)

    thread = threading.Thread(target=ask)
    thread.start()
    return thread, outcome


def test_a_callee_killed_in_mid_call_has_one_effect_after_its_restart(house: House) -> None:
    """The broker gives the call to the next process; the operation's own id makes it harmless."""
    probe = house.started()
    thread, _ = _in_background(house, "killed", seconds=1.0)
    time.sleep(0.5)
    probe.kill9()
    house.started()
    thread.join(20)
    time.sleep(1.5)
    assert house.count("killed") <= 1
    house.caller.call("plans", "remember", Remember(name="killed"), ANYBODY, Done)
    assert house.count("killed") == 1


def test_a_call_whose_caller_gave_up_is_not_run_when_the_callee_returns(house: House) -> None:
    """Without the deadline the call would run as soon as the service is back."""
    house.started()
    house.end_probe()
    with pytest.raises(ServiceUnavailable):
        house.caller.call("plans", "remember", Remember(name="late"), ANYBODY, Done)
    house.started()
    time.sleep(1)
    assert house.count("late") == 0


def test_a_late_call_that_reached_the_callee_is_refused(house: House) -> None:
    """The callee itself looks at the deadline, whatever the broker kept."""
    house.started()
    _send(house, Remember(name="overdue"), deadline=utc_now() - timedelta(seconds=1))
    _send(house, Remember(name="in time"), deadline=utc_now() + timedelta(seconds=4))
    assert eventually(lambda: house.count("in time") == 1)
    assert house.count("overdue") == 0


def test_a_call_without_an_answer_ends_after_five_seconds(house: House) -> None:
    """No caller hangs; the next call on the same caller gets its own answer."""
    house.started()
    began = time.monotonic()
    with pytest.raises(ServiceUnavailable):
        house.caller.call("plans", "remember", Remember(name="s", seconds=7), ANYBODY, Done)
    assert 4 < time.monotonic() - began < 7
    answer = house.caller.call("plans", "remember", Remember(name="next"), ANYBODY, Done)
    assert answer.name == "next"
    house.end_probe()  # whose worker still sleeps


def test_a_call_to_an_unknown_service_fails_at_once(house: House) -> None:
    """The broker returns what no queue takes, so nobody waits for it."""
    began = time.monotonic()
    with pytest.raises(ServiceUnavailable):
        house.caller.call("nobody", "remember", Remember(name="x"), ANYBODY, Done)
    assert time.monotonic() - began < 4


def test_the_broker_killed_while_a_worker_is_busy_costs_no_process_and_no_double(
    house: House,
) -> None:
    """A worker that cannot answer would end nameko's process; ours lives and serves again."""
    probe = house.started()
    thread, outcome = _in_background(house, "busy", seconds=2.0)
    time.sleep(0.7)
    house.servers.kill9("rabbitmq")
    thread.join(15)
    assert isinstance(outcome[0], ServiceUnavailable)
    house.servers.restart("rabbitmq")
    assert eventually(house.is_up, 30)
    assert probe.process.poll() is None
    assert house.count("busy") == 1


def test_sigterm_lets_the_call_under_way_finish_and_answer(house: House) -> None:
    """A deployment loses no answer."""
    probe = house.started()
    thread, outcome = _in_background(house, "draining", seconds=1.5)
    time.sleep(0.7)
    assert probe.stop() == 0
    thread.join(10)
    assert [type(answer) for answer in outcome] == [Done]
    assert house.count("draining") == 1


def test_a_forged_token_is_refused_and_nothing_runs(house: House) -> None:
    """Another key under the gateway's name."""
    house.started()
    seed = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8="
    forger = Caller(house.amqp_url, Signer("gateway", seed))
    with pytest.raises(Unauthenticated):
        forger.call("plans", "remember", Remember(name="forged"), ANYBODY, Done)
    forger.close()
    assert house.count("forged") == 0


def test_an_expired_token_is_refused(house: House) -> None:
    """A token lives at most a minute."""
    house.started()
    stale = house.signer.token(ANYBODY, "plans", utc_now() - timedelta(minutes=5))
    _send(house, Remember(name="stale"), token=stale)
    _send(house, Remember(name="fresh"))
    assert eventually(lambda: house.count("fresh") == 1)
    assert house.count("stale") == 0


def test_a_token_for_another_service_is_refused(house: House) -> None:
    """One audience a token: what booking was sent cannot be played to plans."""
    house.started()
    _send(house, Remember(name="foreign"), token=house.signer.token(ANYBODY, "booking", utc_now()))
    _send(house, Remember(name="fresh"))
    assert eventually(lambda: house.count("fresh") == 1)
    assert house.count("foreign") == 0


def test_a_caller_that_is_not_listed_is_refused(house: House) -> None:
    """The callee says which services may call what."""
    house.started()
    with pytest.raises(Forbidden):
        house.caller.call("plans", "for_booking_only", Remember(name="x"), ANYBODY, Done)


def _send(
    house: House, command: Command, *, deadline: Any = None, token: str | None = None
) -> None:
    """Publish a call by hand, with a deadline or token of the test's choice."""
    now = utc_now()
    headers = wire.headers(
        str(uuid4()),
        "test-request",
        deadline or now + timedelta(seconds=4),
        token or house.signer.token(ANYBODY, "plans", now),
    )
    with Connection(house.amqp_url) as connection:
        exchange = Exchange(wire.EXCHANGE, type="topic", no_declare=True)
        Producer(connection.channel(), exchange=exchange, auto_declare=False).publish(
            wire.body(command),
            routing_key="plans.remember",
            headers=headers,
            reply_to=str(uuid4()),
            correlation_id=str(uuid4()),
            serializer="json",
        )
