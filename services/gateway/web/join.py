"""The door to a session: a stable address that leads to the video room while it is open."""

from datetime import datetime
from urllib.parse import urlsplit
from uuid import UUID
from zoneinfo import ZoneInfo

from fastapi import APIRouter, Request, Response

from services.common.auth import Actor
from services.common.clock import utc_now
from services.common.errors import NotFound
from services.contracts.booking.bookings import DoorView, OpenDoor
from services.gateway.asking import Asked, WebVisitor
from services.gateway.visitors import Visitor
from services.gateway.web import labels
from services.gateway.web.page import lead_on, page
from services.gateway.web.sessions import moment_within
from services.gateway.web.zones import ShownZone, shown_zone

router = APIRouter()
LONGEST_CODE = 64


@router.get("/join/{booking_id}/{code}")
async def join(
    request: Request, booking_id: str, code: str, backend: Asked, visitor: WebVisitor
) -> Response:
    """To the room from 15 minutes before; until then a page that waits. Never stored anywhere."""
    asked = OpenDoor(booking_id=_booking_id(booking_id), code=_code(code))
    door = await backend.ask(Actor(), asked, DoorView)
    if door.room_url is not None and _is_web(door.room_url):
        response = lead_on(request, door.room_url)
        response.headers["referrer-policy"] = "no-referrer"
    else:
        response = await _wait_page(request, visitor, door)
    response.headers["cache-control"] = "no-store"
    return response


async def _wait_page(request: Request, visitor: Visitor, door: DoorView) -> Response:
    now, shown = utc_now(), shown_zone(request, visitor, door.time_zone)
    context = {
        "session": _session(door, shown, now),
        "state": _state(door, now),
        "opens_at": labels.instant(door.opens_at),
        "opens_label": f"The room opens {moment_within(door.opens_at, shown, now)}",
        "refresh_url": request.url.path,
        "manage_url": None,
    }
    return await page(request, "join_wait.html", context)


def _session(door: DoorView, shown: ShownZone, now: datetime) -> dict[str, str | None]:
    """Only times: who holds nothing but this address learns nothing else."""
    there = labels.there_label(door.starts_at, ZoneInfo(door.time_zone), shown.info)
    return {
        "when_label": labels.when_label(door.starts_at, door.ends_at, shown.info, now),
        "starts_at": labels.instant(door.starts_at),
        "zone_label": shown.name,
        "there_label": there,
    }


def _state(door: DoorView, now: datetime) -> str:
    """Before, after, or open without a room (in person)."""
    if now < door.opens_at:
        return "early"
    return "in_person" if now < door.ends_at else "ended"


def _booking_id(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        raise NotFound("There is no such session.") from None


def _code(text: str) -> str:
    if len(text) > LONGEST_CODE:
        raise NotFound("There is no such session.")
    return text


def _is_web(url: str) -> bool:
    """A room is a page; no other scheme is followed."""
    return urlsplit(url).scheme in ("https", "http")
