"""What the page that moves a course says: each date, what a move breaks, what was done."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from services.contracts.booking.series import BreakKind, SeriesBreak, SeriesDate, SessionMove
from services.gateway.web import course_words, labels

Context = dict[str, Any]
WEEK_DAYS = 7


def moved_line(one: SeriesDate, zone: ZoneInfo, now: datetime) -> Context:
    """One session: where it is now, where it would be, and why there."""
    return course_words.date_line(one.to, zone, now) | {
        "from_label": labels.moment_label(one.from_at, zone, now),
        "stays": one.to.starts_at == one.from_at,
    }


def moves_field(dates: Sequence[SeriesDate]) -> str:
    """The dates as the page sends them back."""
    return listed(
        SessionMove(booking_id=one.booking_id, from_at=one.from_at, starts_at=one.to.starts_at)
        for one in dates
        if one.to.starts_at
    )


def listed(moves: Iterable[SessionMove]) -> str:
    """Booking, from and to of each, by bars and commas."""
    return ",".join(
        f"{one.booking_id}|{labels.instant(one.from_at)}|{labels.instant(one.starts_at)}"
        for one in moves
    )


def way_back(moves: Iterable[SessionMove]) -> str:
    """The same the other way round, of those that have moved; "" where none has."""
    return listed(
        one.model_copy(update={"from_at": one.starts_at, "starts_at": one.from_at})
        for one in moves
        if one.from_at != one.starts_at
    )


def break_label(one: SeriesBreak, zone: ZoneInfo, now: datetime) -> str:
    """What would be broken between a session that moves and one that stays."""
    moved = labels.moment_label(one.moved_at, zone, now)
    neighbour = labels.moment_label(one.neighbour_at, zone, now)
    if one.kind is BreakKind.ORDER:
        is_after = one.moved_at >= one.neighbour_at
        where, was = ("after", "before") if is_after else ("before", "after")
        return f"The session on {moved} would come {where} the one on {neighbour}; it is {was} it."
    if one.kind is BreakKind.TOO_NEAR:
        return (
            f"Between {moved} and the session on {neighbour} there would be "
            f"{distance(one.days_after)} only."
        )
    return (
        f"{moved} would be {distance(one.days_after)} from the session on {neighbour}; now it is "
        f"{distance(one.days_before)}."
    )


def distance(days: int) -> str:
    """ "2 weeks and 1 day"."""
    weeks, rest = divmod(days, WEEK_DAYS)
    parts = [_counted(weeks, "week")] if weeks else []
    if rest or not weeks:
        parts.append(_counted(rest, "day"))
    return " and ".join(parts)


def moved_heading(count: int) -> str:
    """ "5 sessions have moved"."""
    return f"{course_words.sessions_label(count)} {'has' if count == 1 else 'have'} moved"


def back_notice(count: int, *, is_told: bool) -> str:
    """What is said once they are where they were."""
    are = "is back where it was" if count == 1 else "are back where they were"
    mail = "A mail with the times is on its way." if is_told else "The client gets no mail."
    return f"{course_words.sessions_label(count)} {are}. {mail}"


def _counted(number: int, unit: str) -> str:
    return f"1 {unit}" if number == 1 else f"{number} {unit}s"
