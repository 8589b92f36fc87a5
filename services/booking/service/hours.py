"""Calls about working hours, dates and time off."""

from collections.abc import Callable
from typing import Any

from services.booking.domain.rendering import in_utc
from services.booking.operations import availability, leave, schedules, views
from services.booking.service.desk import BY_GATEWAY, Desk
from services.common.clock import utc_now
from services.common.rpc.server import rpc
from services.common.rpc.wire import Call
from services.contracts.booking.hours import (
    AddTimeOff,
    AvailabilityView,
    CalendarsView,
    GetAvailability,
    ListCalendars,
    PreviewSlots,
    PreviewTimeOff,
    RemoveTimeOff,
    ScheduleCommand,
    SetDateHours,
    SetWeeklyHours,
    TimeOffPreview,
    UndoScheduleChange,
)


class HourCalls(Desk):
    """Working hours, dates and time off."""

    @rpc(by=BY_GATEWAY)
    def list_calendars(self, call: Call, command: ListCalendars) -> CalendarsView:
        """Whose calendars the actor may edit."""
        with self.db.reading(call.actor) as tx:
            return CalendarsView(practitioner_ids=availability.list_calendars(tx, actor=call.actor))

    @rpc(by=BY_GATEWAY)
    def get_availability(self, call: Call, command: GetAvailability) -> AvailabilityView:
        """A calendar's hours."""
        with self.db.reading(call.actor) as tx:
            return availability.get_availability(tx, command, actor=call.actor, now=utc_now())

    @rpc(by=BY_GATEWAY)
    def preview_slots(self, call: Call, command: PreviewSlots) -> dict[str, Any]:
        """What clients would see, as a rendered `SlotPreview`."""
        with self.db.reading(call.actor) as tx:
            offered, starts = availability.preview_slots(
                tx, command, actor=call.actor, now=utc_now()
            )
        return {
            "offering": views.offering_view(offered).model_dump(mode="json"),
            "starts": in_utc(starts),
        }

    @rpc(by=BY_GATEWAY)
    def set_weekly_hours(self, call: Call, command: SetWeeklyHours) -> AvailabilityView:
        """Other weekly hours."""
        return self._changed(call, command, schedules.set_weekly_hours)

    @rpc(by=BY_GATEWAY)
    def set_date_hours(self, call: Call, command: SetDateHours) -> AvailabilityView:
        """Other hours on one date."""
        return self._changed(call, command, schedules.set_date_hours)

    @rpc(by=BY_GATEWAY)
    def preview_time_off(self, call: Call, command: PreviewTimeOff) -> TimeOffPreview:
        """Which bookings time off would overlap."""
        now = utc_now()
        with self.db.reading(call.actor) as tx:
            touched = schedules.preview_time_off(tx, command, actor=call.actor, now=now)
        return TimeOffPreview(
            sessions=[leave.touched_view(one, now) for one in touched],
            sessions_seen=leave.seen(touched),
        )

    @rpc(by=BY_GATEWAY)
    def add_time_off(self, call: Call, command: AddTimeOff) -> AvailabilityView:
        """Be away."""
        return self._changed(call, command, schedules.add_time_off)

    @rpc(by=BY_GATEWAY)
    def remove_time_off(self, call: Call, command: RemoveTimeOff) -> AvailabilityView:
        """Be there after all."""
        return self._changed(call, command, schedules.remove_time_off)

    @rpc(by=BY_GATEWAY)
    def undo_schedule_change(self, call: Call, command: UndoScheduleChange) -> AvailabilityView:
        """Undo the last change."""
        return self._changed(call, command, schedules.undo_schedule_change)

    def _changed(
        self, call: Call, command: ScheduleCommand, change: Callable[..., None]
    ) -> AvailabilityView:
        asked = GetAvailability(practitioner_id=command.practitioner_id)
        with self.db.transaction(call.actor) as tx:
            now = utc_now()
            change(tx, command, actor=call.actor, now=now)
            return availability.get_availability(tx, asked, actor=call.actor, now=now)
