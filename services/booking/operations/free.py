"""What is free of offerings, given what is taken and, where one is needed, the rooms."""

from collections.abc import Sequence
from datetime import datetime
from itertools import compress
from uuid import UUID

from sqlalchemy.orm import Session as Transaction

from services.booking.domain.availability import free_slots
from services.booking.domain.calendar import Span
from services.booking.domain.slot_rules import Occupied, span_to_read
from services.booking.operations.place import ALWAYS, needs_room
from services.booking.queries import calendars, occupancy
from services.booking.queries.occupancy import Taken
from services.booking.queries.offerings import Offered
from services.contracts.base import Format


def free_of(
    tx: Transaction,
    wanted: Sequence[Offered],
    formats: Sequence[Format],
    *,
    now: datetime,
    until: datetime,
    without: UUID | None = None,
) -> list[list[int]]:
    """Free starts from `now` of each offering in its format, in epoch seconds, read together.

    `without` is a session that is being moved.
    """
    practices = {one.offering.practice_id for one in wanted}
    people = {one.offering.practitioner_id for one in wanted}
    span = _span(wanted, now, until)
    moving = occupancy.Moving(session_id=without)
    read = occupancy.taken(tx, practices, people, span, now, moving=moving)
    return free_among(tx, wanted, formats, read, now=now, until=until, without=without)


def free_among(
    tx: Transaction,
    wanted: Sequence[Offered],
    formats: Sequence[Format],
    read: Taken,
    *,
    now: datetime,
    until: datetime,
    without: UUID | None,
) -> list[list[int]]:
    """What `read` and the rooms leave free, as `free_of` tells it."""
    need_room = [needs_room(*each) for each in zip(wanted, formats, strict=True)]
    in_rooms = list(compress(wanted, need_room))
    rooms = _rooms(tx, in_rooms, now, until, without) if in_rooms else {}
    found: list[list[int]] = []
    for one, format_, is_room_needed in zip(wanted, formats, need_room, strict=True):
        person = one.offering.practitioner_id
        taken = Occupied(
            sessions=read.sessions.get(person, []),
            busy=read.busy.get(person, []),
            rooms=rooms[one.offering.practice_id] if is_room_needed else (),
        )
        is_offered = format_.value in one.offering.formats
        found.append(
            free_slots(one.rules, taken, now=now, from_=now, until=until) if is_offered else []
        )
    return found


def _rooms(
    tx: Transaction,
    wanted: Sequence[Offered],
    now: datetime,
    until: datetime,
    without: UUID | None,
) -> dict[UUID, list[list[Span]]]:
    """By practice, when its rooms are taken."""
    found: dict[UUID, list[list[Span]]] = {}
    span = _span(wanted, now, until)
    for practice_id in {one.offering.practice_id for one in wanted}:
        rooms = calendars.active_rooms(tx, practice_id)
        taken = occupancy.taken_rooms(tx, practice_id, rooms, span, now, without=without)
        found[practice_id] = taken or [ALWAYS]
    return found


def _span(wanted: Sequence[Offered], now: datetime, until: datetime) -> Span:
    spans = [span_to_read(one.rules, from_=now, until=until) for one in wanted]
    return Span(min(spans).start, max(span.end for span in spans))
