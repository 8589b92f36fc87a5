"""The callee's side: who may call what, until when, with which command.

A method is written `def book_session(self, call: Call, command: BookSession) -> BookingView`.
What is forged, late, foreign or malformed is refused before a worker starts.
"""

import functools
import typing
from collections.abc import Callable, Collection
from datetime import UTC, datetime
from time import monotonic
from typing import Any
from uuid import UUID

from nameko.rpc import Rpc as NamekoRpc
from nameko.rpc import RpcConsumer
from pydantic import BaseModel, ValidationError

from services.common import context
from services.common.auth import Verifier
from services.common.clock import utc_now
from services.common.errors import Busy, Fault, Forbidden, InvalidInput, Refusal, Unauthenticated
from services.common.logging import describe, get_logger
from services.common.messages import Command
from services.common.rpc.wire import CALL_QUEUE, LONGEST, Call

log = get_logger(__name__)
Method = typing.TypeVar("Method", bound=Callable[..., Any])


class Offered(typing.NamedTuple):
    """What a method is: who may call it, with which command, and the method itself."""

    by: frozenset[str]
    command: type[Command]
    run: Callable[..., Any]


class CallConsumer(RpcConsumer):  # type: ignore[misc]
    """nameko's consumer of calls, on a queue that keeps nothing on disk.

    The exchange is there from set-up on; no service has the right to declare it.
    """

    def setup(self) -> None:
        super().setup()
        self.queue.queue_arguments = CALL_QUEUE
        self.queue.exchange.no_declare = True


class Rpc(NamekoRpc):  # type: ignore[misc]
    """nameko's entrypoint, behind a gate."""

    rpc_consumer = CallConsumer()

    def __init__(
        self, by: Collection[str] = (), command: type[Command] = Command, **kw: Any
    ) -> None:
        self.by = frozenset(by)
        self.command = command
        super().__init__(expected_exceptions=(Refusal,), **kw)

    def setup(self) -> None:
        settings = self.container.config["settings"]
        self.verifier = Verifier(self.container.service_name, settings.verify_keys)
        super().setup()

    def handle_message(self, body: Any, message: Any) -> None:
        """Admit or refuse; what is raised here becomes the answer."""
        context_data = self.unpack_message_headers(message)
        try:
            call = self._admit(context_data)
            command = parse(self.command, _arguments(body))
        except Refusal as refusal:
            log.warning("call refused", method=self.method_name, refusal=type(refusal).__name__)
            raise
        from nameko.exceptions import ContainerBeingKilled

        answer = functools.partial(self.handle_result, message)
        try:
            self.container.spawn_worker(
                self, (call, command), {}, context_data={}, handle_result=answer
            )
        except ContainerBeingKilled:
            self.rpc_consumer.requeue_message(message)

    def handle_result(self, message: Any, worker_ctx: Any, result: Any, exc_info: Any) -> Any:
        """Answer; when the broker is away the call goes back to its queue and the process lives.

        Its next try is too late, or a repetition as any other, in the log by the same operation id.
        """
        if exc_info is not None and not isinstance(exc_info[1], Refusal):
            fault = Fault(f"{self.container.service_name}.{self.method_name}")
            exc_info = (Fault, fault, exc_info[2])
        try:
            return super().handle_result(message, worker_ctx, result, exc_info)
        except Exception:
            log.warning("the answer could not be sent", method=self.method_name, exc_info=True)
            self.rpc_consumer.requeue_message(message)
            return result, exc_info

    def _admit(self, context_data: dict[str, Any]) -> Call:
        actor = self.verifier.actor(str(context_data.get("actor", "")))
        if actor.issuer not in self.by:
            raise Forbidden(f"{actor.issuer} may not call {self.method_name}")
        deadline = _instant(context_data.get("deadline"))
        now = utc_now()
        call = Call(
            operation_id=_operation_id(context_data.get("operation_id")),
            request_id=context.accept_request_id(context_data.get("request_id")),
            deadline=min(deadline, now + LONGEST),
            actor=actor,
        )
        call.check_deadline(now)
        return call


def rpc(*, by: Collection[str]) -> Callable[[Method], Method]:
    """Offer a method to the callers named in `by`."""

    def decorate(method: Method) -> Method:
        command = typing.get_type_hints(method)["command"]

        @functools.wraps(method)
        def run(self: Any, call: Call, command: Command) -> Any:
            with context.request(call.request_id):
                call.check_deadline(utc_now())
                return timed(method, self, call, command)

        entrypoint: Any = Rpc.decorator(by=by, command=command)
        run.offered = Offered(frozenset(by), command, method)  # type: ignore[attr-defined]
        return typing.cast(Method, entrypoint(run))

    return decorate


def parse(kind: type[Command], arguments: dict[str, Any]) -> Command:
    """The command; raises InvalidInput with one sentence per field."""
    try:
        return kind.model_validate(arguments)
    except ValidationError as flaws:
        told = {".".join(str(part) for part in flaw["loc"]): flaw["msg"] for flaw in flaws.errors()}
        raise InvalidInput("Some fields need another look.", told) from None


def timed(
    method: Callable[..., Any],
    service: Any,
    call: Call,
    command: Command,
    event: str = "call handled",
) -> Any:
    """The answer in plain JSON types; how it went, and how long it took, is logged as `event`."""
    began = monotonic()
    outcome = "ok"
    try:
        view = method(service, call, command)
        return view.model_dump(mode="json") if isinstance(view, BaseModel) else view
    except BaseException as error:
        outcome = describe(error)
        if not isinstance(error, Refusal) or isinstance(error, Busy):
            log.warning("call failed", method=method.__name__, exc_info=True)
        raise
    finally:
        told = {"operation_id": call.operation_id, "ms": round((monotonic() - began) * 1000, 1)}
        told |= {"caller": call.actor.issuer, "method": method.__name__}
        log.info(event, outcome=outcome, **told)


def _arguments(body: Any) -> dict[str, Any]:
    if not isinstance(body, dict) or not isinstance(body.get("kwargs"), dict) or body.get("args"):
        raise InvalidInput("A call takes keyword arguments only.")
    return dict(body["kwargs"])


def _operation_id(text: object) -> str:
    try:
        return str(UUID(str(text)))
    except ValueError:
        raise Unauthenticated("the call names no operation") from None


def _instant(text: object) -> datetime:
    try:
        return datetime.fromisoformat(str(text)).astimezone(UTC)
    except ValueError:
        raise Unauthenticated("the call names no deadline") from None
