"""When something of a plan comes round again: by sessions that are known, by weeks otherwise."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import islice

from services.contracts.plans.content import Stretch
from services.contracts.plans.rhythm import Unit

EARLY = timedelta(hours=12)
"""What is due every so many weeks waits from the evening before: on the same weekday, whatever
the hour was."""
CORRECTABLE = timedelta(hours=24)
"""For a day answers may be corrected; in elapsed hours, for a day's end depends on the zone."""


@dataclass(frozen=True, slots=True)
class Round:
    """What is waited for since `from_at`: so many sessions, or else `expected_at`."""

    from_at: datetime
    sessions: int | None
    expected_at: datetime


def next_round(
    every: int,
    unit: Unit,
    rhythm: Sequence[Stretch],
    *,
    began_at: datetime,
    last_at: datetime | None,
) -> Round:
    """The round that runs since it was done last, or else since the plan began to hold."""
    from_at = last_at or began_at
    if unit is Unit.WEEKS:
        return Round(from_at, None, from_at + timedelta(weeks=every) - EARLY)
    to_come = (at for at in expected_sessions(rhythm, began_at) if at > from_at)
    return Round(from_at, every, next(islice(to_come, every - 1, None)))


def at_once(began_at: datetime) -> Round:
    """The first time, for what does not wait for its rhythm."""
    return Round(began_at, None, began_at)


def due_at(round_: Round, sessions: Sequence[datetime]) -> datetime | None:
    """From when on it is due. `sessions`: the starts that are known of, in their order.

    Once sessions are known since the round began, they are what counts: None while too few are.
    """
    known = [at for at in sessions if at > round_.from_at]
    if round_.sessions is None or not known:
        return round_.expected_at
    return known[round_.sessions - 1] if len(known) >= round_.sessions else None


def is_due(at: datetime | None, now: datetime) -> bool:
    """Whether it waits to be done."""
    return at is not None and at <= now


def may_correct(filled_at: datetime, now: datetime) -> bool:
    """Whether what was answered then may still be corrected."""
    return now < filled_at + CORRECTABLE


def expected_sessions(rhythm: Sequence[Stretch], began_at: datetime) -> Iterator[datetime]:
    """When sessions would be by the plan's own rhythm, the first one a distance after it began."""
    at = began_at
    for stretch in rhythm[:-1]:
        for _ in range(stretch.sessions or 0):
            at += timedelta(weeks=stretch.weeks_apart)
            yield at
    while True:
        at += timedelta(weeks=rhythm[-1].weeks_apart)
        yield at
