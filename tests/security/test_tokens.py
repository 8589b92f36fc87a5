"""Whoever may publish to the broker still cannot call: the callee looks at the token itself."""

import base64
import json
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from kombu import Connection, Consumer, Exchange, Producer, Queue

from deploy.local.stack import Stack
from services.common.auth import Actor, Signer
from services.common.clock import utc_now
from services.common.errors import Forbidden, TooLate, Unauthenticated
from services.common.health import CheckHealth
from services.common.messages import Command
from services.common.rpc import wire
from services.contracts import billing, notify
from services.contracts.booking.bookings import GetBooking
from services.contracts.profiles.clients import ListClients

SOMEBODY = UUID(int=7)
#: One method of each service that an outsider would like to call.
TARGETS: dict[str, tuple[str, Command]] = {
    "profiles": ("list_clients", ListClients(client_ids=[SOMEBODY])),
    "booking": ("get_booking", GetBooking(booking_id=SOMEBODY)),
    "plans": ("check_health", CheckHealth()),
    "billing": ("get_payment", billing.GetPayment(booking_id=SOMEBODY)),
    "notify": ("revoke_links", notify.RevokeLinks(booking_id=SOMEBODY)),
}
ADMIN = Actor(
    kind="person", account_id=SOMEBODY, practice_id=SOMEBODY, roles=frozenset({"owner", "admin"})
)
Answer = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Outsider:
    """Somebody with the gateway's broker user, who publishes calls by hand."""

    stack: Stack

    def signer(self, issuer: str = "gateway") -> Signer:
        """The real key of a part of the house."""
        return Signer(issuer, self.stack.secrets[f"signing.{issuer}"])

    def call(self, service: str, token: str, *, deadline_in: float = 4) -> Answer:
        """What the service answers to its target method under this token."""
        method, command = TARGETS[service]
        now = utc_now()
        deadline = now + timedelta(seconds=deadline_in)
        headers = wire.headers(str(uuid4()), "test-request", deadline, token)
        return self._ask(wire.routing_key(service, method), wire.body(command), headers)

    def _ask(self, key: str, body: dict[str, Any], headers: dict[str, str]) -> Answer:
        answers: list[Answer] = []
        reply_to = str(uuid4())
        with Connection(self.stack.amqp_url("gateway")) as connection:
            exchange = Exchange(wire.EXCHANGE, type="topic", no_declare=True)
            queue = Queue(
                f"rpc.reply-{reply_to}",
                exchange=exchange,
                routing_key=reply_to,
                exclusive=True,
                auto_delete=True,
                durable=False,
            )
            channel = connection.channel()
            with Consumer(
                channel,
                queues=[queue],
                callbacks=[lambda answer, _: answers.append(answer)],
                no_ack=True,
                accept=["json"],
            ):
                Producer(channel, exchange=exchange, auto_declare=False).publish(
                    body,
                    routing_key=key,
                    headers=headers,
                    reply_to=reply_to,
                    correlation_id=str(uuid4()),
                    serializer="json",
                )
                connection.drain_events(timeout=8)
        return answers[0]


@pytest.fixture
def outsider(house: Stack) -> Outsider:
    return Outsider(house)


def refusal(answer: Answer) -> str:
    """The name of the refusal; empty where the call was let in."""
    return str((answer["error"] or {}).get("exc_type", ""))


def forged(audience: str) -> str:
    """Signed by a key of the outsider's own, in the gateway's name."""
    seed = base64.b64encode(secrets.token_bytes(32)).decode()
    return Signer("gateway", seed).token(ADMIN, audience, utc_now())


def unsigned(audience: str) -> str:
    """The algorithm `none` (RFC 8725, 2.1), with an empty signature."""
    now = int(utc_now().timestamp())
    claims = {"iss": "gateway", "aud": audience, "iat": now, "exp": now + 60, "kind": "person"}
    parts = ({"alg": "none", "typ": "JWT"}, claims)
    encoded = (base64.urlsafe_b64encode(json.dumps(part).encode()) for part in parts)
    return ".".join(part.rstrip(b"=").decode() for part in encoded) + "."


def long_lived(audience: str, seed: str) -> str:
    """Signed by the real key, for a day."""
    now = int(utc_now().timestamp())
    claims = {"iss": "gateway", "aud": audience, "iat": now, "exp": now + 86400, "kind": "person"}
    key = Ed25519PrivateKey.from_private_bytes(base64.b64decode(seed))
    return jwt.encode(claims, key, algorithm="EdDSA")


def altered(token: str) -> str:
    """A real token whose claims were exchanged for the operator's."""
    head, claims, signature = token.split(".")
    told = json.loads(base64.urlsafe_b64decode(claims + "=" * (-len(claims) % 4)))
    changed = json.dumps(told | {"operator": True}).encode()
    return f"{head}.{base64.urlsafe_b64encode(changed).rstrip(b'=').decode()}.{signature}"


Flawed = Callable[[Outsider, str], str]
FLAWED: dict[str, Flawed] = {
    "none at all": lambda _, service: "",
    "no token": lambda _, service: "let me in",
    "forged": lambda _, service: forged(service),
    "unsigned": lambda _, service: unsigned(service),
    "expired": lambda it, service: it.signer().token(
        ADMIN, service, utc_now() - timedelta(minutes=5)
    ),
    "for another service": lambda it, service: it.signer().token(
        ADMIN, "plans" if service != "plans" else "booking", utc_now()
    ),
    "long-lived": lambda it, service: long_lived(service, it.stack.secrets["signing.gateway"]),
    "altered": lambda it, service: altered(it.signer().token(ADMIN, service, utc_now())),
    "of an unknown issuer": lambda it, service: Signer(
        "intruder", it.stack.secrets["signing.gateway"]
    ).token(ADMIN, service, utc_now()),
    "in another's name": lambda it, service: Signer(
        "gateway", it.stack.secrets["signing.notify"]
    ).token(ADMIN, service, utc_now()),
}


@pytest.mark.parametrize("service", TARGETS)
@pytest.mark.parametrize("flaw", FLAWED)
def test_a_flawed_token_is_refused(outsider: Outsider, service: str, flaw: str) -> None:
    """The right to publish is not the right to be heard."""
    answer = outsider.call(service, FLAWED[flaw](outsider, service))
    assert refusal(answer) == Unauthenticated.__name__
    assert answer["result"] is None


@pytest.mark.parametrize("service", TARGETS)
def test_a_sound_token_is_let_in(outsider: Outsider, service: str) -> None:
    """The twin: the same call by hand passes the gate with the gateway's own token."""
    answer = outsider.call(service, outsider.signer().token(ADMIN, service, utc_now()))
    assert refusal(answer) not in (Unauthenticated.__name__, Forbidden.__name__, TooLate.__name__)


@pytest.mark.parametrize("service", TARGETS)
def test_a_part_of_the_house_that_is_not_listed_is_refused(
    outsider: Outsider, service: str
) -> None:
    """A service's own sound token does not make it a caller of everything."""
    issuer = "profiles" if service != "profiles" else "plans"
    answer = outsider.call(service, outsider.signer(issuer).token(ADMIN, service, utc_now()))
    assert refusal(answer) == Forbidden.__name__


@pytest.mark.parametrize("service", TARGETS)
def test_a_call_whose_deadline_has_passed_is_refused(outsider: Outsider, service: str) -> None:
    """What was recorded cannot be played again later."""
    token = outsider.signer().token(ADMIN, service, utc_now())
    assert refusal(outsider.call(service, token, deadline_in=-1)) == TooLate.__name__


def test_a_refused_call_is_in_the_log_by_method_and_reason(outsider: Outsider) -> None:
    """So that somebody can see it; neither token nor ids are."""
    token = forged("booking")
    outsider.call("booking", token)
    told = (outsider.stack.run.logs / "booking.log").read_text()
    lines = [json.loads(line) for line in told.splitlines() if '"call refused"' in line]
    assert lines[-1]["method"] == "get_booking"
    assert lines[-1]["refusal"] == Unauthenticated.__name__
    assert token not in told
    assert str(SOMEBODY) not in told
