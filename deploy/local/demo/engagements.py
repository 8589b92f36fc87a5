"""Who worked with whom in the past year, how often and for how long."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from random import Random

from deploy.local.demo.courses import FIRST_AFTER, DemoCourse
from deploy.local.demo.data import DemoData
from deploy.local.demo.people import DemoClient, DemoOffering, DemoPractitioner

YEAR = timedelta(days=364)


@dataclass(frozen=True, slots=True)
class Engagement:
    """A stretch of work of one client with one practitioner, on a habitual weekday.

    `time_of_day` is between 0 (the day's first start) and 1 (its last). With a `course` it was
    agreed on at once and is booked to its end.
    """

    client: DemoClient
    practitioner: DemoPractitioner
    first_on: date
    rhythm_days: int
    sessions: int
    time_of_day: float
    usual: DemoOffering
    course: DemoCourse | None = None

    @property
    def key(self) -> str:
        """What tells this stretch from every other; the seed of its chances."""
        return f"{self.client.slug}/{self.practitioner.slug}/{self.first_on}"


def engagements(data: DemoData) -> Iterator[Engagement]:
    """Everybody's work: what goes on now first, so that it gets the hours it is used to."""
    yield from _ongoing(data)
    for practice in data.practices:
        colleagues = list(data.practitioners_of(practice.slug))
        for index, client in enumerate(data.clients_of(practice.slug)):
            chance = Random(f"earlier/{client.slug}")
            yield _earlier(data.today, client, colleagues[index % len(colleagues)], chance)
            for _ in range(chance.choice((0, 1, 1, 2))):
                yield _earlier(data.today, client, chance.choice(colleagues), chance)


def _ongoing(data: DemoData) -> Iterator[Engagement]:
    for client in data.clients:
        if client.regular_with:
            chance = Random(f"ongoing/{client.slug}")
            began = data.today - timedelta(weeks=chance.randint(5, 30))
            person = data.practitioner(client.regular_with)
            usual = _engagement(client, person, began, chance, sessions=60)
            yield from _up_to_its_course(data.today, usual, client.course)


def _up_to_its_course(
    today: date, usual: Engagement, course: DemoCourse | None
) -> Iterator[Engagement]:
    """The course in place of what would go on from its beginning; it keeps the weekday."""
    if course is None:
        yield usual
        return
    earliest = today - timedelta(days=course.agreed_days_ago - FIRST_AFTER)
    first_on = earliest + timedelta(days=(usual.first_on - earliest).days % 7)
    yield replace(usual, first_on=first_on, rhythm_days=7, sessions=course.sessions, course=course)
    before = (first_on - usual.first_on).days
    yield replace(usual, sessions=-(-before // usual.rhythm_days))


def _earlier(
    today: date, client: DemoClient, person: DemoPractitioner, chance: Random
) -> Engagement:
    began = today - YEAR + timedelta(days=chance.randint(0, 345))
    sessions = chance.choice((1, 4, 8, 12, 12, 16, 16, 20, 26, 40))
    return _engagement(client, person, began, chance, sessions)


def _engagement(
    client: DemoClient, person: DemoPractitioner, began: date, chance: Random, sessions: int
) -> Engagement:
    weekday = chance.choice(sorted({window.weekday for window in person.hours}))
    return Engagement(
        client=client,
        practitioner=person,
        first_on=began + timedelta(days=(weekday - began.isoweekday()) % 7),
        rhythm_days=chance.choice((7, 7, 7, 14)),
        sessions=sessions,
        time_of_day=chance.random(),
        usual=chance.choice(person.offerings[1:]),
    )
