"""A year of sessions that happened, did not happen, or are still to come."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from itertools import count, islice
from random import Random
from typing import Literal
from uuid import UUID
from zoneinfo import ZoneInfo

from deploy.local.demo.calendars import BusyTimes, is_open, starts_on
from deploy.local.demo.data import DemoData
from deploy.local.demo.engagements import Engagement, engagements
from deploy.local.demo.people import DemoOffering, Format, demo_id
from services.contracts.plans.courses import course_id_of

State = Literal["confirmed", "attended", "no_show", "cancelled", "late_cancelled"]
Outcome = Literal["attended", "no_show", "cancelled"]

UPCOMING = timedelta(days=14)
OUTCOMES: tuple[Outcome, ...] = ("attended", "no_show", "cancelled")
OUTCOME_WEIGHTS = (87, 3, 10)


@dataclass(frozen=True, slots=True)
class DemoSession:
    """One hour with one client, and the booking for it.

    All instants are UTC. `[blocked_from, blocked_until)` includes the buffers. `refund_minor` is
    what the offering's policy gave back; it is 0 unless the booking was cancelled. What is
    `of_course` was not paid by itself: the practice asks for the money.
    """

    practice: str
    practitioner: str
    client: str
    offering: str
    starts_at: datetime
    ends_at: datetime
    blocked_from: datetime
    blocked_until: datetime
    price_minor: int
    currency: str
    format: Format
    state: State
    booked_at: datetime
    cancelled_at: datetime | None
    refund_minor: int
    of_course: bool

    @property
    def key(self) -> str:
        """What tells this session from every other."""
        return f"{self.practitioner}/{self.client}/{self.starts_at.isoformat()}"

    @property
    def id(self) -> UUID:
        """The session's id."""
        return demo_id("session", self.key)

    @property
    def booking_id(self) -> UUID:
        """The id of the client's booking."""
        return demo_id("booking", self.key)

    @property
    def payment_id(self) -> UUID:
        """The id of the payment made when it was booked."""
        return demo_id("payment", self.key)

    @property
    def course_id(self) -> UUID | None:
        """The course that the client's plan became when it was agreed to, if it is of one."""
        return course_id_of(plan_id_of(self.client), 1, 1) if self.of_course else None


def plan_id_of(client: str) -> UUID:
    """The id of the plan that is kept with a client."""
    return demo_id("plan", client)


@dataclass(frozen=True, slots=True)
class _Booked:
    """Where and when, before it is known how it went."""

    offering: DemoOffering
    starts_at: datetime
    booked_at: datetime

    @property
    def ends_at(self) -> datetime:
        return self.starts_at + timedelta(minutes=self.offering.minutes)

    @property
    def blocked(self) -> tuple[datetime, datetime]:
        return blocked_range(self.offering, self.starts_at)


def blocked_range(offering: DemoOffering, starts_at: datetime) -> tuple[datetime, datetime]:
    """The range, buffers included, in which the practitioner can see nobody else."""
    ends_at = starts_at + timedelta(minutes=offering.minutes)
    return (
        starts_at - timedelta(minutes=offering.before_minutes),
        ends_at + timedelta(minutes=offering.after_minutes),
    )


def generate_sessions(data: DemoData) -> Iterator[DemoSession]:
    """The sessions from a year before `data.today` to two weeks after it, by start; courses to
    their end.

    Those of earlier local dates are over; those of today and later are confirmed.
    """
    busy = BusyTimes()
    made = [
        session for engagement in engagements(data) for session in _sessions(data, engagement, busy)
    ]
    yield from sorted(made, key=lambda session: (session.starts_at, session.practitioner))


def _sessions(data: DemoData, engagement: Engagement, busy: BusyTimes) -> Iterator[DemoSession]:
    chance = Random(engagement.key)
    person = engagement.practitioner
    place: Format = "online" if engagement.course else chance.choice(person.formats)
    currency = data.practice(person.practice).currency
    made = islice(_bookings(data, engagement, busy, chance), engagement.sessions)
    for number, booked in enumerate(made, 1):
        state, cancelled_at = _outcome(data, engagement, number, booked, chance)
        blocked_from, blocked_until = booked.blocked
        yield DemoSession(
            practice=person.practice,
            practitioner=person.slug,
            client=engagement.client.slug,
            offering=booked.offering.slug,
            starts_at=booked.starts_at,
            ends_at=booked.ends_at,
            blocked_from=blocked_from,
            blocked_until=blocked_until,
            price_minor=booked.offering.price_minor,
            currency=currency,
            format=place,
            state=state,
            booked_at=booked.booked_at,
            cancelled_at=cancelled_at,
            refund_minor=_refund(booked, cancelled_at),
            of_course=engagement.course is not None,
        )


def _bookings(
    data: DemoData, engagement: Engagement, busy: BusyTimes, chance: Random
) -> Iterator[_Booked]:
    """One booking per rhythm; days that are closed or full are skipped."""
    zone = data.zone_of(engagement.practitioner)
    midnight = datetime.combine(data.today, time(), zone).astimezone(UTC)
    previous: _Booked | None = None
    for day in _days(data, engagement):
        is_first = previous is None and engagement.course is None
        offering = engagement.practitioner.offerings[0] if is_first else engagement.usual
        starts_at = _free_start(data, engagement, offering, day, busy)
        if starts_at:
            booked_at = (
                midnight - timedelta(days=engagement.course.agreed_days_ago)
                if engagement.course
                else _booked_at(previous, offering, starts_at, midnight, chance)
            )
            previous = _Booked(offering, starts_at, booked_at)
            busy.take(engagement.practitioner.slug, *previous.blocked)
            busy.take(engagement.client.slug, starts_at, previous.ends_at)
            yield previous


def _days(data: DemoData, engagement: Engagement) -> Iterator[date]:
    """The days of its rhythm; those of a course until it is complete."""
    for number in count() if engagement.course else range(engagement.sessions):
        day = engagement.first_on + timedelta(days=number * engagement.rhythm_days)
        if engagement.course is None and day >= data.today + UPCOMING:
            return
        yield day


def _free_start(
    data: DemoData, engagement: Engagement, offering: DemoOffering, day: date, busy: BusyTimes
) -> datetime | None:
    """The free start nearest to the habitual time, if there is one on that day."""
    person = engagement.practitioner
    if not is_open(day, person, data.practice(person.practice).closures):
        return None
    starts = list(starts_on(day, person, offering, data.zone_of(person)))
    habit = engagement.time_of_day * (len(starts) - 1)
    for _, starts_at in sorted((abs(rank - habit), start) for rank, start in enumerate(starts)):
        ends_at = starts_at + timedelta(minutes=offering.minutes)
        if busy.is_free(person.slug, *blocked_range(offering, starts_at)) and busy.is_free(
            engagement.client.slug, starts_at, ends_at
        ):
            return starts_at
    return None


def _booked_at(
    previous: _Booked | None,
    offering: DemoOffering,
    starts_at: datetime,
    midnight: datetime,
    chance: Random,
) -> datetime:
    """Some days ahead at first, then at the end of the hour before; never after `midnight`.

    Stays within the offering's notice and booking window.
    """
    ahead = timedelta(hours=offering.notice_hours, minutes=chance.randint(1_440, 12_960))
    wanted = starts_at - ahead
    if previous:
        earliest = starts_at - timedelta(days=offering.window_days - 1)
        wanted = max(previous.ends_at + timedelta(minutes=chance.randint(3, 20)), earliest)
    return min(wanted, midnight - timedelta(minutes=chance.randint(60, 3_000)))


def _outcome(
    data: DemoData, engagement: Engagement, number: int, booked: _Booked, chance: Random
) -> tuple[State, datetime | None]:
    zone: ZoneInfo = data.zone_of(engagement.practitioner)
    if booked.starts_at.astimezone(zone).date() >= data.today:
        return "confirmed", None
    if engagement.course:
        return ("no_show" if number in engagement.course.missed else "attended"), None
    outcome = chance.choices(OUTCOMES, OUTCOME_WEIGHTS)[0]
    if outcome != "cancelled":
        return outcome, None
    cancelled_at = _cancelled_at(booked, chance)
    in_full = _refund(booked, cancelled_at) == booked.offering.price_minor
    return ("cancelled" if in_full else "late_cancelled"), cancelled_at


def _cancelled_at(booked: _Booked, chance: Random) -> datetime:
    """Between booking and start; as many on the last two days as in all the time before."""
    known = int((booked.starts_at - booked.booked_at).total_seconds() // 60)
    latest = known if chance.random() < 0.5 else min(known, 2_880)
    return booked.starts_at - timedelta(minutes=chance.randint(20, latest))


def _refund(booked: _Booked, cancelled_at: datetime | None) -> int:
    if cancelled_at is None:
        return 0
    hours_before = (booked.starts_at - cancelled_at).total_seconds() / 3600
    return booked.offering.refund_minor(hours_before)
