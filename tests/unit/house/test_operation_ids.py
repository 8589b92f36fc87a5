"""A call's operation id: asked for by who is called, and told in the logs of both."""

import asyncio
from base64 import b64encode
from collections.abc import Mapping
from typing import Any
from uuid import uuid4

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from structlog.testing import capture_logs

from services.common.auth import Actor, Signer, Verifier
from services.common.clock import utc_now
from services.common.errors import ServiceUnavailable, Unauthenticated
from services.common.health import CheckHealth, Health
from services.common.rpc import wire
from services.common.rpc.client import Caller, Line
from services.common.rpc.server import Rpc, rpc
from services.gateway.calling import AsyncCaller

SEED = bytes(range(32))
SIGNER = Signer("gateway", b64encode(SEED).decode())


class Called:
    """A service with one method."""

    @rpc(by={"gateway"})
    def check_health(self, call: wire.Call, command: CheckHealth) -> Health:
        """As every service has it."""
        return Health(service="plans", is_ready=True, checks={})


def gate() -> Rpc:
    """The gate of that method, which knows the gateway's key."""
    key = Ed25519PrivateKey.from_private_bytes(SEED).public_key()
    public = b64encode(key.public_bytes(Encoding.Raw, PublicFormat.Raw)).decode()
    made = Rpc(by={"gateway"}, command=CheckHealth)
    made.method_name = "check_health"
    made.verifier = Verifier("plans", {"gateway": public})
    return made


def admitted(**told: str) -> wire.Call:
    """The call that the gate lets in."""
    now = utc_now()
    token = SIGNER.token(Actor(), "plans", now)
    named = wire.headers(str(uuid4()), "test-request", now + wire.LONGEST, token)
    plain = {key.removeprefix(wire.HEADER_PREFIX): value for key, value in named.items()}
    return gate()._admit(plain | told)


@pytest.mark.parametrize("flawed", ["", "7", "name@example.org", "x" * 500])
def test_a_call_without_an_operation_id_is_refused(flawed: str) -> None:
    """Nobody could tell it from its repetition; and nobody writes into our logs by it."""
    with pytest.raises(Unauthenticated):
        admitted(operation_id=flawed)


def test_what_was_done_is_logged_under_its_operation_id() -> None:
    """A call that a broken broker brought twice is told from two calls."""
    call = admitted()
    with capture_logs() as lines:
        Called().check_health(call, CheckHealth())
    (handled,) = [line for line in lines if line["event"] == "call handled"]
    assert handled["operation_id"] == call.operation_id


class Silent(Line):
    """Takes the question and answers nothing."""

    def __init__(self, sent: list[Mapping[str, str]]) -> None:
        """No connection is made."""
        self.sent = sent

    def ask(
        self, routing_key: str, body: dict[str, Any], headers: dict[str, str], until: float
    ) -> dict[str, Any]:
        """Too late at once."""
        self.sent.append(headers)
        raise ServiceUnavailable("no answer")

    def close(self) -> None:
        """Nothing to close."""


class Unanswered(AsyncCaller):
    """The gateway's caller, whom nobody answers."""

    def __init__(self, sent: list[Mapping[str, str]]) -> None:
        """No connection is made."""
        super().__init__("amqp://nowhere", SIGNER)
        self.sent = sent

    async def _ask(self, key: str, body: dict[str, Any], headers: dict[str, str]) -> dict[str, Any]:
        self.sent.append(headers)
        raise ServiceUnavailable("no answer")


@pytest.mark.parametrize("is_gateway", [True, False])
def test_a_call_without_an_answer_is_logged_by_the_id_it_was_sent_with(*, is_gateway: bool) -> None:
    """It may have run: the callee's log tells under the same id."""
    sent: list[Mapping[str, str]] = []
    to_plans = ("plans", "check_health", CheckHealth(), Actor(), Health)

    def call() -> Health:
        if is_gateway:
            return asyncio.run(Unanswered(sent).call(*to_plans))
        return Caller("", SIGNER, open_line=lambda *_: Silent(sent)).call(*to_plans)

    with capture_logs() as lines, pytest.raises(ServiceUnavailable):
        call()
    (line,) = [line for line in lines if line["event"] == "call unanswered"]
    assert line["call"] == "plans.check_health"
    assert line["operation_id"] == sent[0][wire.HEADER_PREFIX + "operation_id"]
