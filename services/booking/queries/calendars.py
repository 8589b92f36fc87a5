"""Practitioners' calendars as the domain knows them, many in one query."""

import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, cast, extract, func, select, text
from sqlalchemy.orm import Session as Transaction

from services.booking.domain import schedule as domain
from services.booking.domain.calendar import Span
from services.booking.domain.slot_rules import Limits
from services.booking.models import OpeningsDue, Room, Schedule

# What ended so long ago can touch no slot any more, in any zone.
KEPT_BACK = timedelta(days=14)


@dataclass(frozen=True, slots=True)
class Calendar:
    """A practitioner's hours and limits; `account_id` is whose login it is."""

    practice_id: UUID
    practitioner_id: UUID
    version: int
    account_id: UUID | None
    video_url: str
    schedule: domain.Schedule
    limits: Limits


def calendars(
    tx: Transaction,
    practice_ids: Collection[UUID],
    practitioner_ids: Collection[UUID],
    now: datetime,
) -> dict[UUID, Calendar]:
    """The calendars by practitioner; those that do not exist are left out."""
    asked = {
        "practices": list(practice_ids),
        "people": list(practitioner_ids),
        "since": kept_since(now),
    }
    tx.flush()
    found = map(_calendar, tx.connection().scalars(_CALENDARS, asked))
    return {one.practitioner_id: one for one in found}


def kept_since(now: datetime) -> date:
    """The day before which nothing of a calendar matters any more."""
    return (now - KEPT_BACK).astimezone(UTC).date()


def calendar(
    tx: Transaction, practice_id: UUID, practitioner_id: UUID, now: datetime
) -> Calendar | None:
    """One practitioner's calendar."""
    return calendars(tx, [practice_id], [practitioner_id], now).get(practitioner_id)


def account_of(tx: Transaction, practice_id: UUID, practitioner_id: UUID) -> UUID | None:
    """Whose login a practitioner is."""
    return tx.scalar(
        select(Schedule.account_id).where(
            Schedule.practice_id == practice_id, Schedule.practitioner_id == practitioner_id
        )
    )


def practitioner_of(tx: Transaction, practice_id: UUID, account_id: UUID) -> UUID | None:
    """Which calendar of the practice is somebody's own."""
    return tx.scalar(
        select(Schedule.practitioner_id)
        .where(Schedule.practice_id == practice_id, Schedule.account_id == account_id)
        .order_by(Schedule.practitioner_id)
    )


def video_url(tx: Transaction, practice_id: UUID, practitioner_id: UUID) -> str | None:
    """A practitioner's own video room."""
    return tx.scalar(
        select(Schedule.video_url).where(
            Schedule.practice_id == practice_id, Schedule.practitioner_id == practitioner_id
        )
    )


def read_practices(tx: Transaction, practice_ids: Collection[UUID]) -> None:
    """Let the transaction read the calendars of several practices at once."""
    listed = ",".join(str(id_) for id_ in practice_ids)
    tx.execute(select(func.set_config("attune.practice_ids", listed, True)))


def practices_of(tx: Transaction, practitioner_ids: Collection[UUID]) -> set[UUID]:
    """Where these practitioners work."""
    found = select(OpeningsDue.practice_id).where(OpeningsDue.practitioner_id.in_(practitioner_ids))
    return set(tx.scalars(found))


def practitioners_of(
    tx: Transaction, practice_id: UUID, account_id: UUID | None = None
) -> list[UUID]:
    """Who works in a practice; with `account_id`, those of them whose login it is."""
    found = select(Schedule.practitioner_id).where(Schedule.practice_id == practice_id)
    if account_id is not None:
        found = found.where(Schedule.account_id == account_id)
    return list(tx.scalars(found.order_by(Schedule.practitioner_id)))


def active_rooms(tx: Transaction, practice_id: UUID) -> list[UUID]:
    """The rooms of a practice, in one order."""
    rooms = select(Room.id).where(Room.practice_id == practice_id, Room.is_active)
    return list(tx.scalars(rooms.order_by(Room.name, Room.id)))


def epoch(instant: Any) -> Any:
    """SQL: an instant as whole seconds since 1970, which spares a datetime per row."""
    return cast(extract("epoch", instant), BigInteger)


@lru_cache(maxsize=512)
def _calendar(words: str) -> Calendar:
    """A calendar in the database's words: the same ones are read once (docs/adr/0040)."""
    return calendar_of(json.loads(words))


def calendar_of(told: Mapping[str, Any]) -> Calendar:
    """A schedule and the lists beside it for the domain."""
    row = told["schedule"]
    # Sorted, because equal schedules share their cached expansion.
    schedule = domain.Schedule(
        zone=row["zone"],
        weekly=tuple(
            domain.WeeklyHours(weekday, domain.Window(opens, closes))
            for weekday, opens, closes in sorted(told["hours"])
        ),
        overrides=tuple(_override(*override) for override in sorted(told["overrides"])),
        days_off=tuple(
            domain.DaysOff(date.fromisoformat(first), date.fromisoformat(last))
            for first, last in sorted(told["days_off"] + told["closures"])
        ),
        time_off=tuple(Span(start, end) for start, end in sorted(told["time_off"])),
    )
    account_id = row["account_id"]
    return Calendar(
        practice_id=UUID(row["practice_id"]),
        practitioner_id=UUID(row["practitioner_id"]),
        version=row["version"],
        account_id=account_id and UUID(account_id),
        video_url=row["video_url"],
        schedule=schedule,
        limits=Limits(row["max_per_day"], row["max_per_week"]),
    )


def _override(on: str, windows: list[list[int]]) -> domain.Override:
    return domain.Override(
        date.fromisoformat(on), tuple(domain.Window(*window) for window in sorted(windows))
    )


# A connection keeps the function's plan: planning took most of the time (docs/adr/0024).
_CALENDARS = text(
    "SELECT CAST(row_to_json(c) AS text) FROM"
    " booking.calendars(CAST(:practices AS uuid[]), CAST(:people AS uuid[]), :since) c"
)
