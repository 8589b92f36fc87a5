"""The form of a call: nameko's exchange and body, our headers, and errors by name."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, NoReturn

from services.common.auth import Actor
from services.common.errors import Fault, Refusal, TooLate
from services.common.messages import Command

EXCHANGE = "nameko-rpc"
LONGEST = timedelta(seconds=5)
HEADER_PREFIX = "nameko."
# Calls carry passwords and names. A quorum queue writes all it holds to disk; a classic queue
# keeps transient messages in memory, and a caller repeats what a broken broker lost.
CALL_QUEUE = {"x-queue-type": "classic"}
TRANSIENT = 1
READ_VERBS = frozenset({"get", "list", "preview", "search", "show"})
"""A method that begins with one of them changes nothing that its caller would have to repeat."""


@dataclass(frozen=True, slots=True)
class Call:
    """What comes with a call beside its command; `deadline` is an aware instant.

    `operation_id` is of one sending, told in both logs; a write is repeatable by its command's id.
    """

    operation_id: str
    request_id: str
    deadline: datetime
    actor: Actor

    def check_deadline(self, now: datetime) -> None:
        """Raises TooLate where nobody waits any more."""
        if now >= self.deadline:
            raise TooLate("The caller has given up.")


def headers(operation_id: str, request_id: str, deadline: datetime, token: str) -> dict[str, str]:
    """The call's headers, as nameko passes them on to a worker's context."""
    named = {
        "operation_id": operation_id,
        "request_id": request_id,
        "deadline": deadline.isoformat(),
        "actor": token,
    }
    return {HEADER_PREFIX + key: value for key, value in named.items()}


def routing_key(service: str, method: str) -> str:
    """nameko's routing key of a method."""
    return f"{service}.{method}"


def is_read(method: str) -> bool:
    """Whether a method only tells something, so that it may be asked together with others."""
    return method.partition("_")[0] in READ_VERBS


def body(command: Command) -> dict[str, Any]:
    """A call's body: keyword arguments only, plain JSON types.

    What was not set is not sent, so that a command may grow before every callee knows of it.
    """
    return {"args": [], "kwargs": command.model_dump(mode="json", exclude_unset=True)}


def result_of(reply: dict[str, Any]) -> Any:
    """What the callee told; raises what it refused with."""
    if reply.get("error"):
        raise_error(reply["error"])
    return reply["result"]


def raise_error(error: dict[str, Any]) -> NoReturn:
    """Raise the refusal that the callee named, or Fault for anything that is not one."""
    kind = Refusal.registry.get(error.get("exc_type", ""))
    if kind is None:
        raise Fault(str(error.get("exc_type", "unknown")))
    arguments = error.get("exc_args") or [""]
    detail = arguments[1] if len(arguments) > 1 and isinstance(arguments[1], dict) else {}
    raise kind(str(arguments[0]), {str(key): str(value) for key, value in detail.items()})
