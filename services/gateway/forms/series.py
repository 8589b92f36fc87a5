"""Where sessions of a course shall go together, and the dates that were shown for them."""

from collections.abc import Mapping
from datetime import time
from typing import Annotated, Any, ClassVar
from uuid import UUID
from zoneinfo import ZoneInfo

from pydantic import UUID7, BeforeValidator, Field

from services.contracts.base import Day
from services.contracts.booking.bookings import BookingView
from services.contracts.booking.courses import MOST_SESSIONS
from services.contracts.booking.series import (
    MoveScope,
    MoveSeries,
    MoveSeriesBack,
    PreviewSeriesMove,
    SessionMove,
)
from services.gateway.forms.accounts import OwnPath
from services.gateway.forms.courses import CourseForm, plain_time
from services.gateway.forms.reading import STALE, Flawed, Form
from services.gateway.forms.weeks import Telling

USUAL = {"scope": MoveScope.FOLLOWING.value, "days": "1", "hours": "2", "skip": "2"}


def listed_moves(text: Any) -> Any:
    """What a hidden field holds: booking, from and to of each session, by bars and commas."""
    if not isinstance(text, str):
        return text
    told = (one.split("|") for one in text.split(","))
    names = ("booking_id", "from_at", "starts_at")
    return [dict(zip(names, parts, strict=True)) for parts in told]


class SeriesForm(Form):
    """The wish: which sessions, where the one that is named goes, how far each may stray."""

    words: ClassVar[Mapping[str, str]] = {
        "scope": "Choose which sessions move.",
        "day": CourseForm.words["first"],
        **{name: CourseForm.words[name] for name in ("at", "days", "hours", "skip")},
    }

    scope: MoveScope
    day: Day
    at: Annotated[time, BeforeValidator(plain_time)]
    days: Annotated[int, Field(ge=0, le=3)] = 0
    hours: Annotated[int, Field(ge=0, le=12)] = 0
    skip: Annotated[int, Field(ge=0, le=8)] = 0
    back: OwnPath = ""

    def asked(self, booking_id: UUID) -> PreviewSeriesMove:
        """The question to booking. One session alone goes exactly where it is told to."""
        is_one = self.scope is MoveScope.ONE
        return PreviewSeriesMove(
            booking_id=booking_id,
            scope=self.scope,
            on=self.day,
            at=self.at,
            tolerance_days=0 if is_one else self.days,
            tolerance_minutes=0 if is_one else 60 * self.hours,
            skip_weeks=0 if is_one else self.skip,
        )


Moves = Annotated[
    list[SessionMove],
    Field(min_length=1, max_length=MOST_SESSIONS),
    BeforeValidator(listed_moves),
]


class MovesForm(SeriesForm):
    """The dates that were shown, to be moved to; `form_id` was minted by the page."""

    words: ClassVar[Mapping[str, str]] = {
        **SeriesForm.words,
        "tell": "Choose whether the client gets a mail.",
    }

    form_id: UUID7
    moves: Moves
    tell: Telling = Telling.YES
    accept: str = ""

    def command(self, booking_id: UUID) -> MoveSeries:
        """The act, for booking."""
        return MoveSeries(
            id=self.form_id,
            booking_id=booking_id,
            scope=self.scope,
            moves=self.moves,
            accepts_breaks=self.accept == "yes",
            is_client_told=self.tell is Telling.YES,
        )


class UndoForm(Form):
    """The way back of sessions that have just been moved, from where each is to where it was."""

    words: ClassVar[Mapping[str, str]] = {}

    form_id: UUID7 | None = None
    moves: Moves
    tell: Telling = Telling.YES
    back: OwnPath = ""

    def command(self, booking_id: UUID) -> MoveSeriesBack:
        """The act, for booking; raises Flawed where the page minted no id for it."""
        if self.form_id is None:
            raise Flawed({"form": STALE})
        return MoveSeriesBack(
            id=self.form_id,
            booking_id=booking_id,
            moves=self.moves,
            is_client_told=self.tell is Telling.YES,
        )


#: Names in a web address that belong to the wish.
NAMES = frozenset(SeriesForm.model_fields)


def usual(booking: BookingView) -> dict[str, str]:
    """The session where it is, and what is asked at first."""
    local = booking.starts_at.astimezone(ZoneInfo(booking.time_zone))
    return USUAL | {"day": local.date().isoformat(), "at": f"{local:%H:%M}", "back": ""}
