"""What follows one request through the house: its id, and whose deed it is."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from uuid import UUID

from uuid_utils.compat import uuid7

_request_id: ContextVar[str] = ContextVar("request_id", default="")
_event_id: ContextVar[UUID] = ContextVar("event_id")
_WELL_FORMED = re.compile(r"^[A-Za-z0-9_-]{8,64}$")


def new_request_id() -> str:
    """A fresh request id."""
    return str(uuid7())


def accept_request_id(offered: str | None) -> str:
    """The offered id where it is well formed, else a fresh one (nobody writes into our logs)."""
    return offered if offered and _WELL_FORMED.match(offered) else new_request_id()


def request_id() -> str:
    """The id of the request that is being handled; empty outside of one."""
    return _request_id.get()


@contextmanager
def request(id_: str) -> Iterator[None]:
    """Handle what is inside as part of the request `id_`."""
    reset = _request_id.set(id_)
    try:
        yield
    finally:
        _request_id.reset(reset)


def event_id() -> UUID:
    """The id of the event that is being handled; raises LookupError outside of a handler."""
    return _event_id.get()


@contextmanager
def event(id_: UUID) -> Iterator[None]:
    """Handle what is inside because of the event `id_`."""
    reset = _event_id.set(id_)
    try:
        yield
    finally:
        _event_id.reset(reset)
