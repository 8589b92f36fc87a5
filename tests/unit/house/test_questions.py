"""Reads that are asked together: their form on the wire, and what the log tells of them."""

from base64 import b64encode
from uuid import UUID

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from structlog.testing import capture_logs

from services.common.auth import Actor, Signer
from services.common.clock import utc_now
from services.common.errors import NotFound
from services.common.messages import Command, View
from services.common.rpc import wire
from services.common.rpc.server import rpc
from services.common.rpc.together import Answers, AnswerTogether, Question, answer
from tests.contracts.surface import methods

SEED = bytes(range(32))
SIGNER = Signer("gateway", b64encode(SEED).decode())
KEY = Ed25519PrivateKey.from_private_bytes(SEED).public_key()
KEYS = {"gateway": b64encode(KEY.public_bytes(Encoding.Raw, PublicFormat.Raw)).decode()}
WHOLE = AnswerTogether(
    questions=[
        Question(method="get_name", actor="a-token", kwargs={"number": 1}),
        Question(method="list_names", actor="another-token", kwargs={}),
    ]
)


class GetName(Command):
    """A name by its number."""

    number: int


class Named(View):
    """A name."""

    name: str


class Book:
    """A service with one read."""

    @rpc(by={"gateway"})
    def get_name(self, call: wire.Call, command: GetName) -> Named:
        """Only the first is known."""
        if command.number != 1:
            raise NotFound("There is no such name.", {"number": "unknown"})
        return Named(name="Ada")


def test_the_form_on_the_wire_stays() -> None:
    """Two releases stand beside each other while one takes the place of the other."""
    assert wire.body(WHOLE) == {
        "args": [],
        "kwargs": {
            "questions": [
                {"method": "get_name", "actor": "a-token", "kwargs": {"number": 1}},
                {"method": "list_names", "actor": "another-token", "kwargs": {}},
            ]
        },
    }


def test_answers_have_the_form_of_replies() -> None:
    """So that who asked together is told as who asked alone; and each is logged apart."""
    now = utc_now()
    token = SIGNER.token(Actor(), "book", now)
    both = [Question(method="get_name", actor=token, kwargs={"number": one}) for one in (1, 2)]
    call = wire.Call(str(UUID(int=7)), "test-request", now + wire.LONGEST, Actor(issuer="gateway"))
    with capture_logs() as lines:
        found = answer(Book(), call, AnswerTogether(questions=both), "book", KEYS)
    assert found == Answers(
        answers=[
            {"result": {"name": "Ada"}},
            {
                "error": {
                    "exc_type": "NotFound",
                    "exc_args": ["There is no such name.", {"number": "unknown"}],
                }
            },
        ]
    )
    told = [(one["event"], one["method"], one["outcome"], one["caller"]) for one in lines]
    assert told == [
        ("question answered", "get_name", "ok", "gateway"),
        ("question answered", "get_name", "NotFound", "gateway"),
    ]
    assert {one["operation_id"] for one in lines} == {call.operation_id}
    with pytest.raises(NotFound) as refused:
        wire.result_of(found.answers[1])
    assert refused.value.detail == {"number": "unknown"}


def test_reads_are_known_by_their_verbs() -> None:
    """Each verb begins a method, and no other method's first word looks like one of them."""
    verbs = {one.name.partition("_")[0] for one in methods()}
    assert verbs >= wire.READ_VERBS
    assert not {"find", "look", "read", "see", "tell"} & verbs
