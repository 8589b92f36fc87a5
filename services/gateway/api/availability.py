"""A calendar's hours, for its practitioner and the practice's front desk.

Every change names the `version` that its author saw, and its `Idempotency-Key`; 409 tells what
somebody else changed meanwhile.
"""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends
from pydantic import Field

from services.common.auth import Actor
from services.common.messages import Command
from services.contracts.base import Day, Key
from services.contracts.booking.hours import (
    AddTimeOff,
    AvailabilityView,
    GetAvailability,
    PreviewSlots,
    PreviewTimeOff,
    RemoveTimeOff,
    ScheduleCommand,
    SetDateHours,
    SetWeeklyHours,
    SlotPreview,
    TimeOffPreview,
    UndoScheduleChange,
    WallTime,
    Week,
    Windows,
)
from services.gateway.api.bookings import IdempotencyKey
from services.gateway.api.problems import responses
from services.gateway.asking import ApiVisitor, Asked, limit_bookings

router = APIRouter(
    tags=["availability"],
    prefix="/api/v1/practices/{practice_id}/calendars/{practitioner_id}",
)
Version = Annotated[int, Field(ge=1)]
WRITES = responses(400, 401, 404, 409, 429)
LIMITED = [Depends(limit_bookings)]


class NewWeek(Command):
    """Weekly hours in place of those of `version`; weekdays that are left out are closed."""

    version: Version
    weekly: Week


class NewDate(Command):
    """Other hours of a date, none to be closed; null for the weekly ones again.

    `sessions_seen` is what the preview of time off told, where the closed date has sessions.
    """

    version: Version
    windows: Windows | None
    sessions_seen: Key | None = None


class NewTimeOff(Command):
    """Time off on local dates, both included; the times are when it begins and ends on them.

    `sessions_seen` is what the preview told, where it overlaps sessions.
    """

    version: Version
    first_on: Day
    last_on: Day
    from_time: WallTime | None = None
    until_time: WallTime | None = None
    sessions_seen: Key | None = None


class TimeOffWish(Command):
    """Time off that is not saved yet."""

    first_on: Day
    last_on: Day
    from_time: WallTime | None = None
    until_time: WallTime | None = None


class SeenVersion(Command):
    """The version whose change is to be undone.

    `sessions_seen` is that of `last_change`, where time off comes back over sessions.
    """

    version: Version
    sessions_seen: Key | None = None


class SlotWish(Command):
    """An offering and dates in the schedule's zone; `weekly` as if those hours were saved."""

    offering_id: UUID
    from_on: Day
    until_on: Day
    weekly: Week | None = None


async def _editor(visitor: ApiVisitor, practice_id: UUID) -> Actor:
    visitor.require_login()
    return visitor.actor(practice_id)


Editor = Annotated[Actor, Depends(_editor)]


@router.get("/availability", responses=responses(401, 404))
async def get_availability(
    practitioner_id: UUID, backend: Asked, editor: Editor
) -> AvailabilityView:
    """Weekly hours, other hours of dates, and time off; with the version to change them by."""
    asked = GetAvailability(practitioner_id=practitioner_id)
    return await backend.ask(editor, asked, AvailabilityView)


@router.put("/hours", responses=WRITES, dependencies=LIMITED)
async def set_weekly_hours(
    practitioner_id: UUID, body: NewWeek, act_id: IdempotencyKey, backend: Asked, editor: Editor
) -> AvailabilityView:
    """Replace the weekly hours; sessions outside of them stay."""
    command = SetWeeklyHours(id=act_id, practitioner_id=practitioner_id, **dict(body))
    return await _changed(backend, editor, command)


@router.put("/dates/{on}", responses=WRITES, dependencies=LIMITED)
async def set_date_hours(
    practitioner_id: UUID,
    on: Day,
    body: NewDate,
    act_id: IdempotencyKey,
    backend: Asked,
    editor: Editor,
) -> AvailabilityView:
    """Other hours on one date."""
    command = SetDateHours(id=act_id, practitioner_id=practitioner_id, on=on, **dict(body))
    return await _changed(backend, editor, command)


@router.post("/time-off", responses=WRITES, dependencies=LIMITED)
async def add_time_off(
    practitioner_id: UUID,
    body: NewTimeOff,
    act_id: IdempotencyKey,
    backend: Asked,
    editor: Editor,
) -> AvailabilityView:
    """Be away; the key names the time off from then on.

    Sessions that it overlaps stay. 409 `SessionsTouched` until its author has seen them.
    """
    command = AddTimeOff(id=act_id, practitioner_id=practitioner_id, **dict(body))
    return await _changed(backend, editor, command)


@router.post("/time-off-preview", responses=responses(400, 401, 404))
async def preview_time_off(
    practitioner_id: UUID, body: TimeOffWish, backend: Asked, editor: Editor
) -> TimeOffPreview:
    """Which sessions it would overlap; nothing is saved."""
    asked = PreviewTimeOff(practitioner_id=practitioner_id, **dict(body))
    return await backend.ask(editor, asked, TimeOffPreview)


@router.delete("/time-off/{time_off_id}", responses=WRITES, dependencies=LIMITED)
async def remove_time_off(
    practitioner_id: UUID,
    time_off_id: UUID,
    version: Version,
    act_id: IdempotencyKey,
    backend: Asked,
    editor: Editor,
) -> AvailabilityView:
    """Be there after all."""
    command = RemoveTimeOff(
        id=act_id, practitioner_id=practitioner_id, version=version, time_off_id=time_off_id
    )
    return await _changed(backend, editor, command)


@router.post("/undo", responses=WRITES, dependencies=LIMITED)
async def undo_schedule_change(
    practitioner_id: UUID,
    body: SeenVersion,
    act_id: IdempotencyKey,
    backend: Asked,
    editor: Editor,
) -> AvailabilityView:
    """Undo the last change."""
    command = UndoScheduleChange(id=act_id, practitioner_id=practitioner_id, **dict(body))
    return await _changed(backend, editor, command)


@router.post("/slot-preview", responses=responses(400, 401, 404))
async def preview_slots(
    practitioner_id: UUID, body: SlotWish, backend: Asked, editor: Editor
) -> SlotPreview:
    """What clients would see; nothing is saved."""
    asked = PreviewSlots(practitioner_id=practitioner_id, **dict(body))
    return await backend.ask(editor, asked, SlotPreview)


async def _changed(backend: Asked, editor: Actor, command: ScheduleCommand) -> AvailabilityView:
    return await backend.ask(editor, command, AvailabilityView)
