"""Several reads of one service in one message: each with its own actor and its own answer.

A page that wants three things of a service asks once. The reads are run one after another, each
as if it were asked alone: its own token, its own callers, its own transaction. One that fails
takes no other along.
"""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from pydantic import Field

from services.common.auth import Verifier
from services.common.clock import utc_now
from services.common.errors import Fault, Forbidden, Refusal
from services.common.logging import get_logger
from services.common.messages import Command, View
from services.common.rpc.server import Offered, parse, timed
from services.common.rpc.wire import Call, is_read

log = get_logger(__name__)
MOST_QUESTIONS = 32


class Question(Command):
    """A read: its method, the signed token of whoever asks, and its command in plain JSON."""

    method: str
    actor: str
    kwargs: dict[str, Any]


class AnswerTogether(Command):
    """Ask a service several things at once."""

    questions: list[Question] = Field(min_length=1, max_length=MOST_QUESTIONS)


class Answers(View):
    """An answer for each question, in their order: `{"result": …}`, or `{"error": …}` in the form
    that a call's own has."""

    answers: list[dict[str, Any]]


def answer(
    service: object, call: Call, command: AnswerTogether, name: str, keys: Mapping[str, str]
) -> Answers:
    """What the service answers; `name` is its own, `keys` are the public ones of the house."""
    verifier = Verifier(name, keys)
    return Answers(answers=[_answered(service, call, one, verifier) for one in command.questions])


def _answered(
    service: object, call: Call, question: Question, verifier: Verifier
) -> dict[str, Any]:
    try:
        return {"result": _told(service, call, question, verifier)}
    except Refusal as refusal:
        return _error(refusal)
    except Exception:
        # Told in the log where it happened, and to nobody else.
        return _error(Fault(f"{verifier.audience}.{question.method}"))


def _told(service: object, call: Call, question: Question, verifier: Verifier) -> Any:
    """Behind the same gate as a call of its own; raises what that would raise."""
    call.check_deadline(utc_now())
    actor = verifier.actor(question.actor)
    found: Offered | None = getattr(getattr(type(service), question.method, None), "offered", None)
    if found is None or not is_read(question.method):
        raise Fault(f"{verifier.audience} is not asked {question.method} together with others")
    if actor.issuer not in found.by:
        raise Forbidden(f"{actor.issuer} may not call {question.method}")
    command = parse(found.command, question.kwargs)
    return timed(found.run, service, replace(call, actor=actor), command, "question answered")


def _error(error: Refusal | Fault) -> dict[str, Any]:
    return {"error": {"exc_type": type(error).__name__, "exc_args": list(error.args)}}
