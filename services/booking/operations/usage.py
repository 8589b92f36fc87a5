"""How a practice used its time in a period, calendar by calendar."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from datetime import datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session as Transaction

from services.booking.domain import schedule as domain
from services.booking.domain.calendar import Span, second_of
from services.booking.domain.lifecycle import BookingState
from services.booking.domain.usage import WeeklyChange, minutes_of
from services.booking.operations.billed import AT_THE_DESK
from services.booking.queries import calendars, usage
from services.common.auth import Actor
from services.common.errors import Forbidden
from services.contracts.booking.usage import GetUsage, PractitionerUsage, UsageFigures, UsageView

#: What keeps the hour from others: also of whom nobody came.
TAKES_TIME = (BookingState.CONFIRMED, BookingState.ATTENDED, BookingState.NO_SHOW)
#: How a figure is called, by the state; what is firm is told by whether it is over.
COUNTED = {
    BookingState.ATTENDED: "attended",
    BookingState.NO_SHOW: "no_show",
    BookingState.LATE_CANCELLED: "late_cancelled",
    BookingState.CANCELLED: "cancelled",
}


def get_usage(tx: Transaction, command: GetUsage, *, actor: Actor, now: datetime) -> UsageView:
    """The practice's figures; raises Forbidden for who does not answer for its money."""
    if actor.practice_id is None or not actor.roles & AT_THE_DESK:
        raise Forbidden("This is for those who answer for the practice's money.")
    asked = usage.Asked(actor.practice_id, command.from_at, command.until_at)
    people = calendars.practitioners_of(tx, actor.practice_id)
    kept = calendars.calendars(tx, [actor.practice_id], people, command.from_at)
    changes = usage.weekly_changes(tx, actor.practice_id)
    taken = usage.taken(tx, asked, TAKES_TIME)
    counts = _counts(usage.ends(tx, asked, now))
    span = Span(second_of(command.from_at, "from_at"), second_of(command.until_at, "until_at"))
    told = []
    for id_ in people:
        schedule = kept[id_].schedule
        earlier = _changes(changes.get(id_, ()), schedule.zone)
        minutes = minutes_of(schedule, earlier, taken.get(id_, ()), span)
        figures = UsageFigures(
            open_minutes=minutes.open,
            used_minutes=minutes.used,
            beyond_minutes=minutes.beyond,
            **counts[id_],
        )
        told.append(PractitionerUsage(practitioner_id=id_, figures=figures))
    return UsageView(totals=_sum(one.figures for one in told), practitioners=told)


def _changes(made: Sequence[tuple[datetime, list[list[int]]]], zone: str) -> list[WeeklyChange]:
    return [
        WeeklyChange(
            at.astimezone(ZoneInfo(zone)).date(),
            tuple(domain.WeeklyHours(day, domain.Window(*window)) for day, *window in before),
        )
        for at, before in made
    ]


def _counts(ends: Iterable[usage.Ended]) -> dict[UUID, Counter[str]]:
    counts: dict[UUID, Counter[str]] = defaultdict(Counter)
    for one in ends:
        state = BookingState(one.state)
        name = COUNTED.get(state, "unmarked" if one.is_over else "to_come")
        counts[one.practitioner_id][name] += one.bookings
    return counts


def _sum(figures: Iterable[UsageFigures]) -> UsageFigures:
    total: Counter[str] = Counter()
    for one in figures:
        total.update(one.model_dump())
    return UsageFigures(**total)
