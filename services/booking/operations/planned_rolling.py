"""The next sessions of a plan without an end, placed and booked as the first ones were wished."""

from dataclasses import replace
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session as Transaction

from services.booking.domain import course as domain
from services.booking.domain.calendar import WEEK_DAYS
from services.booking.domain.lifecycle import LIVE
from services.booking.domain.rhythm import LEAST_DAYS, Pattern, Phase, next_on, span_of
from services.booking.domain.schedule import minute_of_day
from services.booking.operations.course import Beginning, instant
from services.booking.operations.planned import usual_of_plan
from services.booking.operations.planned_booking import Terms, beginning, book, refuse
from services.booking.queries import courses
from services.contracts.booking.planned import WhyRefused
from services.contracts.plans.events import CourseRanShort


def roll_on(tx: Transaction, event: CourseRanShort, *, now: datetime) -> None:
    """Book the next sessions as far as they can be placed one after the other; where the first of
    them cannot be, nothing is booked and plans hears of it. Raises Busy for another try."""
    terms = event.terms
    begun = beginning(tx, event, Terms(terms.offering_id, terms.format, terms.price_id), now)
    if begun is None:
        return
    placed = _placed(tx, event, begun, now)
    starts = []
    for one in placed:
        if one.starts_at is None:
            break
        starts.append(instant(one.starts_at))
    if starts:
        book(tx, event, replace(begun, is_added=True), starts, now)
    else:
        refuse(tx, event, WhyRefused.DATES_GONE, [instant(placed[0].wanted)], now)


def _placed(
    tx: Transaction, event: CourseRanShort, begun: Beginning, now: datetime
) -> list[domain.Placed]:
    zone = ZoneInfo(begun.offered.calendar.schedule.zone)
    agreed = event.terms.first_on, event.terms.starts_at
    usual_on, opens = usual_of_plan(tx, event.practice_id, event.follows, zone, agreed)
    last_on = _last_on(tx, event, zone)
    own_on = next_on(usual_on, last_on, 0)
    pattern = _pattern(event, own_on, (last_on - own_on).days, opens)
    taken = begun.occupied(tx, *span_of(pattern), now)
    return domain.place(begun.rules, taken, pattern, now=now, after=own_on)


def _last_on(tx: Transaction, event: CourseRanShort, zone: ZoneInfo) -> date:
    """When the plan's last session is, wherever it was moved to. One that the client gave back
    counts too: the rhythm goes on after it, and does not fill its place."""
    found = courses.bookings_of_several(tx, event.practice_id, event.follows)
    starts = (
        one.starts_at for one in found if one.course_id == event.follows[-1] or one.state in LIVE
    )
    return max(starts, default=event.last_at).astimezone(zone).date()


def _pattern(event: CourseRanShort, own_on: date, strayed: int, opens: time) -> Pattern:
    """The rhythm goes on from the last session's own weekday, and not from where that one strayed
    to alone, by so many days; only the least distance is kept to it there."""
    terms, apart = event.terms, event.weeks_apart * WEEK_DAYS
    phase = Phase(
        sessions=1,
        every_weeks=event.weeks_apart,
        least_days=max(LEAST_DAYS, apart - terms.tolerance_days),
        most_days=apart + terms.skip_weeks * WEEK_DAYS + terms.tolerance_days,
    )
    first = replace(phase, least_days=max(phase.least_days, LEAST_DAYS + strayed))
    return Pattern(
        first_on=own_on + timedelta(days=apart),
        opens=minute_of_day(opens),
        phases=(first, *[phase] * (event.sessions - 1)),
        tolerance_days=terms.tolerance_days,
        tolerance_minutes=terms.tolerance_minutes,
    )
