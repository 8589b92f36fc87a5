"""What is said where a session of a course moves by itself."""

from datetime import datetime
from zoneinfo import ZoneInfo

from services.common.auth import Actor
from services.contracts.booking.bookings import BookingView
from services.contracts.booking.series import PreviewReschedule, ReschedulePreview
from services.gateway.backend import Backend
from services.gateway.web import labels
from services.gateway.web.series_words import break_label


async def breaks_of(
    backend: Backend,
    actor: Actor,
    booking: BookingView,
    start: datetime,
    zone: ZoneInfo,
    now: datetime,
) -> list[str]:
    """What of its course's order and spacing it would break at `start`, a sentence each."""
    if booking.course_id is None or start == booking.starts_at:
        return []
    asked = PreviewReschedule(booking_id=booking.id, starts_at=start)
    found = await backend.ask(actor, asked, ReschedulePreview)
    return [break_label(one, zone, now) for one in found.breaks]


def accepted(start: datetime) -> dict[str, str]:
    """The fields that say yes to whatever it breaks at `start`."""
    return {"accept": "yes", "seen": labels.instant(start)}
