"""A call lasts five seconds at most, over however many lines it goes."""

from base64 import b64encode
from time import sleep
from typing import Any

import pytest

from services.common.auth import Actor, Signer
from services.common.errors import ServiceUnavailable
from services.common.health import CheckHealth, Health
from services.common.rpc.client import Caller, Line
from services.common.rpc.wire import LONGEST

WELL = {"result": {"service": "plans", "is_ready": True, "checks": {}}}
DIES_AFTER = 0.2


class Answering(Line):
    """Answers its first question, and dies slowly at the second."""

    def __init__(self, house: "Broker", seconds: float) -> None:
        """No connection is made."""
        self.house = house
        self.is_used = False
        house.seconds.append(seconds)

    def ask(
        self, routing_key: str, body: dict[str, Any], headers: dict[str, str], until: float
    ) -> dict[str, Any]:
        """Once."""
        self.house.ends.append(until)
        if self.is_used:
            sleep(DIES_AFTER)
            raise ConnectionResetError
        self.is_used = True
        return WELL

    def close(self) -> None:
        """Nothing to close."""


class Broker:
    """What lines were asked for: the time there was to open each, and when each question ends."""

    def __init__(self) -> None:
        self.seconds: list[float] = []
        self.ends: list[float] = []

    def open_line(self, _: str, seconds: float) -> Line:
        return Answering(self, seconds)


def ask(caller: Caller) -> Health:
    return caller.call("plans", "check_health", CheckHealth(), Actor(), Health)


@pytest.fixture
def signer() -> Signer:
    return Signer("gateway", b64encode(bytes(32)).decode())


def test_a_line_that_dies_late_leaves_its_follower_only_what_is_left(signer: Signer) -> None:
    """The second question is asked twice, and both ends are the same instant."""
    broker = Broker()
    caller = Caller("amqp://nowhere", signer, open_line=broker.open_line)
    assert [ask(caller).is_ready, ask(caller).is_ready] == [True, True]
    first, follower = broker.seconds
    assert first <= LONGEST.total_seconds()
    assert follower <= LONGEST.total_seconds() - DIES_AFTER
    assert broker.ends[1] == broker.ends[2] > broker.ends[0]


def test_no_line_is_opened_when_the_time_is_over(signer: Signer) -> None:
    """The caller is told at once."""
    broker = Broker()
    caller = Caller("amqp://nowhere", signer, open_line=broker.open_line)
    ask(caller)
    with pytest.raises(ServiceUnavailable):
        caller._on_a_line(lambda line: line.ask("", {}, {}, 0.0), 0.0)
    assert len(broker.seconds) == 1
