"""A booked course for the practice's staff: how its sessions stand, and giving it back."""

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Any
from uuid import UUID
from zoneinfo import ZoneInfo

from fastapi import APIRouter, Depends, Request, Response

from services.common.auth import Actor
from services.common.clock import utc_now
from services.contracts.booking.bookings import BookingView
from services.contracts.booking.courses import CancelCourse, CourseView, GetCourse
from services.gateway.asking import Asked, WebVisitor, limit_bookings
from services.gateway.backend import Backend
from services.gateway.forms.reading import Sent
from services.gateway.web import course_words, labels, sessions
from services.gateway.web.courses import client_name, staff_of
from services.gateway.web.day_desk import today_url
from services.gateway.web.links import staff_booking_url
from services.gateway.web.page import page, redirect

router = APIRouter(prefix="/practices/{practice_id}/courses/{course_id}")
Context = dict[str, Any]
NOTHING_LEFT = "No session of this course is still to come, so there was none to cancel."


@dataclass(frozen=True, slots=True)
class Booked:
    """A course, who asks for it, and where their day is."""

    request: Request
    backend: Backend
    actor: Actor
    course: CourseView
    back_url: str

    @property
    def url(self) -> str:
        return f"/practices/{self.course.practice_id}/courses/{self.course.id}"

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.course.bookings[0].time_zone)

    @property
    def to_come(self) -> list[BookingView]:
        return [one for one in self.course.bookings if one.can_cancel]

    async def about(self) -> Context:
        """What both pages tell first."""
        return {
            "client_name": await client_name(self.backend, self.actor, self.course.client_id),
            "offering_label": course_words.offering_of(self.course.bookings[0]),
            "zone_label": labels.zone_name(self.zone),
        }


async def _booked(
    request: Request, practice_id: UUID, course_id: UUID, backend: Asked, visitor: WebVisitor
) -> Booked:
    actor = staff_of(visitor, practice_id)
    course = await backend.ask(actor, GetCourse(course_id=course_id), CourseView)
    return Booked(request, backend, actor, course, today_url(visitor, practice_id))


Seen = Annotated[Booked, Depends(_booked)]


@router.get("")
async def course_page(seen: Seen) -> Response:
    """All its sessions as they stand."""
    found, now = seen.course.bookings, utc_now()
    context = await seen.about() | {
        "sessions": [_line(one, seen.zone, now) for one in found],
        "count_label": course_words.sessions_label(len(found)),
        "cancel_url": f"{seen.url}/cancel" if seen.to_come else None,
        "back_url": seen.back_url,
    }
    return await page(seen.request, "course.html", context, active="today")


@router.get("/cancel")
async def cancel_page(seen: Seen) -> Response:
    """The question; where nothing is left to cancel, back to the course."""
    if not seen.to_come:
        return redirect(seen.request, seen.url, notice=NOTHING_LEFT, kind="info")
    now = utc_now()
    context = await seen.about() | {
        "sessions": [_line(one, seen.zone, now) for one in seen.to_come],
        "count_label": course_words.sessions_label(len(seen.to_come)),
        "action": f"{seen.url}/cancel",
        "back_url": seen.url,
    }
    return await page(seen.request, "course_cancel.html", context, active="today")


@router.post("/cancel", dependencies=[Depends(limit_bookings)])
async def cancel(sent: Sent, seen: Seen) -> Response:
    """Give back what is still to come."""
    command = CancelCourse(course_id=seen.course.id)
    await seen.backend.ask(seen.actor, command, CourseView)
    if not seen.to_come:
        return redirect(seen.request, seen.url, notice=NOTHING_LEFT, kind="info")
    return redirect(seen.request, seen.url, notice=course_words.given_back(len(seen.to_come)))


def _line(booking: BookingView, zone: ZoneInfo, now: datetime) -> Context:
    return {
        "starts_at": labels.instant(booking.starts_at),
        "label": labels.moment_label(booking.starts_at, zone, now),
        "status": sessions.status(booking),
        "url": staff_booking_url(booking.practice_id, booking.id),
    }
