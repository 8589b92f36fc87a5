"""Samples of sessions of courses that move together."""

from datetime import time

from pydantic import BaseModel

from services.contracts.booking.series import (
    BreakKind,
    MovedSeries,
    MoveScope,
    MoveSeries,
    MoveSeriesBack,
    PreviewReschedule,
    PreviewSeriesMove,
    ReschedulePreview,
    SeriesBreak,
    SeriesDate,
    SeriesPreview,
    SessionMove,
)
from tests.contracts.samples.booking import BOOKING_VIEW, COURSE_DATE
from tests.contracts.samples.values import ACT, BOOKING, LATER, MONDAY, STARTS

DATE = SeriesDate(booking_id=BOOKING, from_at=STARTS, to=COURSE_DATE)
BREAK = SeriesBreak(
    kind=BreakKind.SPACING, moved_at=STARTS, neighbour_at=LATER, days_before=7, days_after=16
)
MOVE = SessionMove(booking_id=BOOKING, from_at=STARTS, starts_at=LATER)
COMMANDS: list[BaseModel] = [
    PreviewSeriesMove(
        booking_id=BOOKING,
        scope=MoveScope.FOLLOWING,
        on=MONDAY,
        at=time(14),
        tolerance_days=2,
        tolerance_minutes=120,
        skip_weeks=2,
    ),
    PreviewReschedule(booking_id=BOOKING, starts_at=LATER),
    MoveSeries(
        id=ACT,
        booking_id=BOOKING,
        scope=MoveScope.ALL,
        moves=[MOVE],
        accepts_breaks=True,
        is_client_told=False,
    ),
    MoveSeriesBack(id=ACT, booking_id=BOOKING, moves=[MOVE], is_client_told=False),
]
VIEWS: list[BaseModel] = [
    DATE,
    BREAK,
    MOVE,
    SeriesPreview(booking=BOOKING_VIEW, dates=[DATE], breaks=[BREAK]),
    ReschedulePreview(breaks=[BREAK]),
    MovedSeries(bookings=[BOOKING_VIEW]),
]
