"""Sessions of a course moved through the running service, as a page asks for it."""

from datetime import datetime, timedelta
from uuid import uuid4
from zoneinfo import ZoneInfo

from uuid_utils.compat import uuid7

from services.common.rpc.client import Caller
from services.contracts.base import Format
from services.contracts.booking.bookings import BookingView
from services.contracts.booking.courses import BookCourse, CourseView
from services.contracts.booking.on_behalf import BookForClient, PaidBy
from services.contracts.booking.series import (
    MovedSeries,
    MoveScope,
    MoveSeries,
    PreviewSeriesMove,
    SeriesPreview,
    SessionMove,
)
from tests.integration.booking.practice import Practice
from tests.integration.booking.test_the_service import busy_practice, gateway, slots_of

__all__ = ["busy_practice", "gateway"]
BERLIN = ZoneInfo("Europe/Berlin")


def weeks_later(start: datetime, weeks: int) -> datetime:
    """The same hour on the practice's clock."""
    return (start.astimezone(BERLIN) + timedelta(weeks=weeks)).replace(fold=0)


def test_what_the_preview_shows_is_what_moves(gateway: Caller, busy_practice: Practice) -> None:
    """Asked and answered over the broker, by the real clock: three sessions, a week later each."""
    practice, admin = busy_practice, busy_practice.admin
    first_at = slots_of(gateway, practice).starts[0]
    wish = BookForClient(
        id=uuid7(),
        offering_id=practice.offering_id,
        starts_at=first_at,
        format=Format.ONLINE,
        price_id=practice.price_id,
        client_id=uuid4(),
        client_time_zone="Europe/Berlin",
        paid_by=PaidBy.ACCOUNT,
    )
    begun = gateway.call("booking", "book_for_client", wish, admin, BookingView)
    asked = BookCourse(
        id=uuid7(),
        follows_booking_id=begun.id,
        price_id=practice.price_id,
        starts=[weeks_later(first_at, week) for week in (1, 2, 3)],
    )
    course = gateway.call("booking", "book_course", asked, admin, CourseView)
    local = weeks_later(first_at, 2)
    look = PreviewSeriesMove(
        booking_id=course.bookings[0].id, scope=MoveScope.ALL, on=local.date(), at=local.time()
    )
    seen = gateway.call("booking", "preview_series_move", look, admin, SeriesPreview)
    assert seen.is_whole
    act = MoveSeries(
        id=uuid7(),
        booking_id=look.booking_id,
        scope=look.scope,
        moves=[
            SessionMove(booking_id=one.booking_id, from_at=one.from_at, starts_at=one.to.starts_at)
            for one in seen.dates
            if one.to.starts_at
        ],
        accepts_breaks=bool(seen.breaks),
    )
    moved = gateway.call("booking", "move_series", act, admin, MovedSeries)
    assert [one.starts_at for one in moved.bookings] == [
        weeks_later(first_at, week) for week in (2, 3, 4)
    ]
