"""Errors that cross the wire: refusals name a fact, faults name nothing."""

from typing import ClassVar


class Refusal(Exception):
    """A request that was understood and cannot be granted; subclasses name the fact.

    Positional arguments only, because the wire rebuilds errors from them: a sentence for
    people, and details keyed by field or fact, all strings.
    """

    registry: ClassVar[dict[str, type["Refusal"]]] = {}

    def __init_subclass__(cls) -> None:
        Refusal.registry[cls.__name__] = cls

    def __init__(self, message: str = "", detail: dict[str, str] | None = None) -> None:
        super().__init__(message, detail or {})
        self.message = message
        self.detail = detail or {}


class InvalidInput(Refusal):
    """The input breaks a rule; `detail` maps each field to what is wrong with it."""


class NotFound(Refusal):
    """There is no such thing, or the asker may not know of it."""


class Forbidden(Refusal):
    """The actor may not do this."""


class Unauthenticated(Refusal):
    """The actor token is missing, forged, expired or meant for somebody else."""


class DifferentContent(Refusal):
    """The same id came before with other content (RFC draft idempotency-key-header: 422)."""


class TooLate(Refusal):
    """The caller's deadline had passed before the call was begun; nothing was done."""


class Busy(Refusal):
    """The resource is contended or a part of the house is away; the same call may be repeated."""


class ServiceUnavailable(Busy):
    """A service did not answer in time. The call may or may not have run: repeat it as it was."""


class NotYet(Busy):
    """What this builds on is on its way; the same message will find it later."""


class Fault(Exception):
    """An unexpected error in the service that was called; its text stays in that service's log."""
