"""The soonest free start per part of day, told to the directory when it really changed.

Worked out after the transaction that changed a calendar, because writing the directory's index
within it would halve the booking rate. It also falls due by the clock: when an opening no longer
gives enough notice, when a hold lapses, and when a local day begins.
"""

from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session as Transaction

from services.booking.domain.calendar import DAY, local_clock, second_of
from services.booking.domain.choice import next_by_part_of_day
from services.booking.models import OpeningsAnnounced, OpeningsDue
from services.booking.operations.free import free_of
from services.booking.operations.transitions import emit
from services.booking.queries import occupancy, offerings, openings
from services.booking.queries.offerings import Offered
from services.common.database import enter_practice
from services.common.logging import describe, get_logger
from services.contracts.base import Format, PartOfDay
from services.contracts.booking.events import Opening, OpeningsChanged

log = get_logger(__name__)

# Notice counts to the second and is met at its very end.
JUST_AFTER = timedelta(milliseconds=1)
IDLE = timedelta(days=1)
AFTER_FAILURE = timedelta(minutes=1)


def announce_next(tx: Transaction, *, now: datetime) -> bool:
    """Work out one practitioner whose openings are due; False if there is none."""
    due = openings.lock_due(tx, now)
    if due is None:
        return False
    try:
        with tx.begin_nested():
            next_due = _work_out(tx, due, now)
    except Exception as error:
        # Whatever is wrong with one calendar must not keep the others waiting.
        told = {"practitioner": str(due.practitioner_id), "error": describe(error)}
        log.warning("openings could not be worked out", **told)
        next_due = now + AFTER_FAILURE
    due.due_at = next_due
    return True


def _work_out(tx: Transaction, due: OpeningsDue, now: datetime) -> datetime:
    enter_practice(tx, due.practice_id)
    first = offerings.first_offered_by(tx, [due.practice_id], [due.practitioner_id], now)
    offered = first.get(due.practitioner_id)
    found = _openings(tx, offered, now) if offered else []
    _announce(tx, due, found, now)
    return _next_due(tx, due, offered, found, now)


def _openings(tx: Transaction, offered: Offered, now: datetime) -> list[Opening]:
    until = now + timedelta(days=offered.offering.window_days + 2)
    zone = offered.calendar.schedule.zone
    by_format = {
        format_: next_by_part_of_day(
            free_of(tx, [offered], [format_], now=now, until=until)[0], zone
        )
        for format_ in _formats_to_ask(offered)
    }
    return [
        _opening(part, by_format, offered)
        for part in PartOfDay
        if any(part.value in starts for starts in by_format.values())
    ]


def _formats_to_ask(offered: Offered) -> list[Format]:
    """Only a room can make formats differ."""
    formats = [Format(format_) for format_ in offered.offering.formats]
    return formats if offered.offering.needs_room else formats[:1]


def _opening(part: PartOfDay, by_format: dict[Format, dict[Any, int]], offered: Offered) -> Opening:
    starts = {
        format_: found[part.value] for format_, found in by_format.items() if part.value in found
    }
    soonest = min(starts.values())
    formats = [format_ for format_, start in starts.items() if start == soonest]
    if not offered.offering.needs_room:
        formats = [Format(format_) for format_ in offered.offering.formats]
    return Opening(
        part_of_day=part,
        next_free_at=datetime.fromtimestamp(soonest, UTC),
        formats=sorted(formats),
    )


def _announce(tx: Transaction, due: OpeningsDue, found: list[Opening], now: datetime) -> None:
    told = [opening.model_dump(mode="json") for opening in found]
    if told == openings.announced(tx, due.practitioner_id):
        return
    row = insert(OpeningsAnnounced).values(
        practitioner_id=due.practitioner_id,
        practice_id=due.practice_id,
        openings=told,
        announced_at=now,
    )
    tx.execute(
        row.on_conflict_do_update(
            index_elements=["practitioner_id"],
            set_={"openings": row.excluded.openings, "announced_at": now},
        )
    )
    emit(
        tx,
        OpeningsChanged(
            occurred_at=now,
            practice_id=due.practice_id,
            practitioner_id=due.practitioner_id,
            computed_at=now,
            openings=found,
        ),
    )


def _next_due(
    tx: Transaction,
    due: OpeningsDue,
    offered: Offered | None,
    found: list[Opening],
    now: datetime,
) -> datetime:
    """When the clock alone can change the answer."""
    if offered is None:
        return now + IDLE
    notice = timedelta(minutes=offered.offering.notice_minutes)
    times = [opening.next_free_at - notice + JUST_AFTER for opening in found]
    times.append(_next_midnight(offered.calendar.schedule.zone, now))
    deadline = occupancy.first_deadline(tx, due.practice_id, due.practitioner_id, now)
    return min([*times, *([deadline] if deadline else [])])


def _next_midnight(zone: str, now: datetime) -> datetime:
    second = second_of(now, "now")
    clock = local_clock(zone, second, second + 2 * DAY)
    return datetime.fromtimestamp(clock.instant_of((clock.day_at(second) + 1) * DAY), UTC)
