"""Who worked with whom in the past year, how often and for how long."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from random import Random

from deploy.local.demo.data import DemoData
from deploy.local.demo.people import DemoClient, DemoOffering, DemoPractitioner

YEAR = timedelta(days=364)


@dataclass(frozen=True, slots=True)
class Engagement:
    """A stretch of work of one client with one practitioner, on a habitual weekday.

    `time_of_day` is between 0 (the day's first start) and 1 (its last).
    """

    client: DemoClient
    practitioner: DemoPractitioner
    first_on: date
    rhythm_days: int
    sessions: int
    time_of_day: float
    usual: DemoOffering

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
            yield _engagement(client, person, began, chance, sessions=60)


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
