"""The stream by which an open calendar hears that others changed it."""

from collections.abc import AsyncIterator
from uuid import UUID

from fastapi import APIRouter, Request, Response
from fastapi.responses import StreamingResponse
from starlette.exceptions import HTTPException

from services.common.errors import NotFound
from services.contracts.booking.hours import CalendarsView, ListCalendars
from services.contracts.profiles.accounts import TooManyTries
from services.gateway.answers import STREAM
from services.gateway.asking import Asked, Door, WebVisitor
from services.gateway.changes import Calendar, Changes
from services.gateway.networks import NoPlace
from services.gateway.visitors import Doorkeeper, Visitor
from services.gateway.web.week import keeping

router = APIRouter()
WAIT_SECONDS = "60"


@router.get("/calendar/changes")
async def changes(
    request: Request,
    backend: Asked,
    visitor: WebVisitor,
    door: Door,
    practice: UUID,
    practitioner: UUID,
) -> Response:
    """Server-sent events, for who may see the calendar: that it changed, never what."""
    keeping(visitor.require_login().account, practice)
    asked = await backend.ask(visitor.actor(practice), ListCalendars(), CalendarsView)
    if practitioner not in asked.practitioner_ids:
        raise NotFound("There is no such practitioner.")
    if STREAM not in request.headers.get("accept", ""):
        raise HTTPException(406, f"Ask for {STREAM}.")
    told = _told(request.app.state.changes, (practice, practitioner), visitor, door)
    try:
        first = await anext(told)
    except NoPlace:
        message = "This calendar is open in too many windows to be kept up to date in this one."
        raise TooManyTries(message, {"retry_after": WAIT_SECONDS}) from None
    return StreamingResponse(_and_then(first, told), media_type=STREAM)


async def _told(
    changes: Changes, calendar: Calendar, visitor: Visitor, door: Doorkeeper
) -> AsyncIterator[str]:
    """The events; the place of the stream is taken with the first of them."""
    login = visitor.login_key
    with changes.stream(calendar, login) as stream:
        async for message in stream.messages(lambda: door.is_signed_in(login)):
            yield message


async def _and_then(first: str, others: AsyncIterator[str]) -> AsyncIterator[str]:
    yield first
    async for message in others:
        yield message
