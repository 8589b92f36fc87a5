"""The sessions that a change takes the time of, shown before it is saved: nothing has happened."""

import asyncio
from collections.abc import Sequence
from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

from fastapi import Response

from services.common.clock import utc_now
from services.contracts.booking.hours import (
    AvailabilityView,
    PreviewTimeOff,
    TimeOffPreview,
    TouchedSession,
)
from services.gateway.forms.availability import ChangeForm, DateForm, TimeOffForm
from services.gateway.web import hours, labels
from services.gateway.web.calendar_page import MOST_NAMED, Calendar
from services.gateway.web.page import page
from services.gateway.web.treating import client_names

Context = dict[str, Any]
LEAVING = {
    "part": "time-off",
    "within": "within this time off",
    "nothing_yet": "The time off is not saved yet.",
    "save_label": "Save the time off",
}
CLOSING = {
    "part": "dates",
    "within": "on this date",
    "nothing_yet": "The date is not closed yet.",
    "save_label": "Close this date",
}
UNDOING = {
    "part": "undo",
    "within": "within what comes back",
    "nothing_yet": "Nothing is undone yet.",
    "save_label": "Undo the last change",
}


async def leaving_page(calendar: Calendar, form: TimeOffForm) -> Response:
    """Before time off is saved."""
    wanted = form.model_dump(include=set(TimeOffForm.words)) | {"last_on": form.ends_on}
    view, told = await asyncio.gather(calendar.view(), _told(calendar, wanted))
    when = hours.wanted_off_label(form, _today(view))
    context = LEAVING | {"when_label": when, "fields": wanted}
    return await _page(calendar, view, form, told.sessions, told.sessions_seen, context)


async def closing_page(calendar: Calendar, form: DateForm) -> Response:
    """Before a date is closed."""
    wanted = {"first_on": form.on, "last_on": form.on}
    view, told = await asyncio.gather(calendar.view(), _told(calendar, wanted))
    when = labels.date_label(form.on, _today(view))
    context = CLOSING | {"when_label": when, "fields": {"on": form.on}}
    return await _page(calendar, view, form, told.sessions, told.sessions_seen, context)


async def undoing_page(calendar: Calendar, form: ChangeForm) -> Response:
    """Before the last change is undone."""
    view = await calendar.view()
    last, zone = view.last_change, ZoneInfo(view.time_zone)
    told = hours.last_change(last, zone, utc_now())
    context: Context = UNDOING | {"when_label": told["label"] if told else "", "fields": {}}
    touched, seen = (last.touched, last.sessions_seen) if last else ([], None)
    return await _page(calendar, view, form, touched, seen, context)


def _today(view: AvailabilityView) -> date:
    return utc_now().astimezone(ZoneInfo(view.time_zone)).date()


async def _told(calendar: Calendar, wanted: dict[str, Any]) -> TimeOffPreview:
    asked = PreviewTimeOff(practitioner_id=calendar.practitioner_id, **wanted)
    return await calendar.backend.ask(calendar.actor, asked, TimeOffPreview)


async def _page(
    calendar: Calendar,
    view: AvailabilityView,
    form: ChangeForm,
    touched: Sequence[TouchedSession],
    seen: str | None,
    context: Context,
) -> Response:
    listed, now, zone = touched[:MOST_NAMED], utc_now(), ZoneInfo(view.time_zone)
    names = await client_names(calendar.backend, calendar.actor, (one.client_id for one in listed))
    fields = context["fields"] | {"version": form.version, "sessions_seen": seen}
    told = {
        "back_url": calendar.url,
        "zone_label": labels.zone_name(zone),
        "count_label": hours.count_label(len(touched)),
        "touched": hours.touched(listed, names, calendar.practice_id, zone, now),
        "unlisted": len(touched) - len(listed),
        "action": f"{calendar.url}/{context['part']}",
        "form_id": str(form.form_id),
        "fields": {name: str(value) for name, value in fields.items() if value is not None},
    }
    return await page(
        calendar.request,
        "time_off_sessions.html",
        context | told,
        status=409,
        active="availability",
    )
