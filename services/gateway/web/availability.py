"""A calendar's hours, edited by its practitioner or the practice's front desk."""

import asyncio
from typing import Any

from fastapi import APIRouter, Depends, Request, Response

from services.common.errors import DifferentContent, Forbidden, InvalidInput
from services.contracts.booking.hours import (
    AddTimeOff,
    CalendarsView,
    ListCalendars,
    RemoveTimeOff,
    SetDateHours,
    SetWeeklyHours,
    UndoScheduleChange,
)
from services.contracts.booking.refusals import ScheduleChanged, SessionsTouched
from services.gateway.asking import Asked, WebVisitor, limit_bookings
from services.gateway.forms.availability import (
    DATE_PREFIX,
    ChangeForm,
    DateForm,
    RemovalForm,
    TimeOffForm,
    UndoForm,
    date_errors_of,
    time_off_errors_of,
    typed_day,
    typed_week,
)
from services.gateway.forms.reading import STALE, Flawed, Sent, parsed
from services.gateway.web import hours, links, touched
from services.gateway.web.calendar_page import (
    Answer,
    Calendar,
    Opened,
    calendar_page,
    practitioner_names,
)
from services.gateway.web.page import page, redirect

router = APIRouter()
calendars = APIRouter(prefix="/practices/{practice_id}/calendars/{practitioner_id}/availability")
SAVED = "The hours are saved. Clients see the new times now."


@router.get("/availability")
async def own_page(request: Request, backend: Asked, visitor: WebVisitor) -> Response:
    """One's own calendar, or the choice among those that one may edit."""
    account = visitor.require_login().account
    practices = [one.practice_id for one in account.memberships]
    found = await asyncio.gather(
        *(backend.ask(visitor.actor(id_), ListCalendars(), CalendarsView) for id_ in practices)
    )
    listed = [
        (practice_id, id_)
        for practice_id, view in zip(practices, found, strict=True)
        for id_ in view.practitioner_ids
    ]
    if not listed:
        raise Forbidden("This page is for those who keep a calendar.")
    addresses = {id_: links.calendar_url(where, id_) for where, id_ in listed}
    if len(addresses) == 1:
        return redirect(request, next(iter(addresses.values())))
    names = await practitioner_names(backend, list(addresses))
    people = [{"name": names.get(id_, "A calendar"), "url": url} for id_, url in addresses.items()]
    people.sort(key=lambda one: one["name"])
    return await page(request, "calendars.html", {"people": people}, active="availability")


@calendars.get("")
async def availability_page(calendar: Opened) -> Response:
    """The hours as they stand."""
    return await calendar_page(calendar, Answer())


@calendars.post("/hours", dependencies=[Depends(limit_bookings)])
async def save_hours(calendar: Opened, sent: Sent) -> Response:
    """Save the weekly hours, or show what clients would see of them."""
    typed = typed_week(sent)
    answer = Answer("hours", sent, typed.errors, 422, typed.weekly)
    if typed.errors:
        return await calendar_page(calendar, answer)
    try:
        if sent.get("do") == "preview":
            return await calendar_page(calendar, Answer("hours", sent, weekly=typed.weekly))
        form = parsed(ChangeForm, sent)
        command = SetWeeklyHours(**_act(calendar, form), weekly=typed.weekly)
        return await calendar.change(command, SAVED)
    except InvalidInput as flawed:
        return await calendar_page(
            calendar, Answer("hours", sent, typed.errors_of(flawed.detail), 422)
        )
    except (Flawed, ScheduleChanged, DifferentContent) as refusal:
        return await _again(calendar, "hours", sent, refusal)


@calendars.post("/dates", dependencies=[Depends(limit_bookings)])
async def save_date(calendar: Opened, sent: Sent) -> Response:
    """Other hours on a date, or none; pressed as "remove", the weekly ones again."""
    typed = typed_day(sent, DATE_PREFIX)
    if typed.errors:
        return await calendar_page(calendar, Answer("date", sent, typed.errors, 422))
    is_removal = sent.get("do") == "remove"
    try:
        form = parsed(DateForm, sent)
        windows = None if is_removal else typed.windows
        command = SetDateHours(
            **_act(calendar, form), on=form.on, windows=windows, sessions_seen=form.sessions_seen
        )
        done = "The weekly hours count on that date again." if is_removal else "Saved."
        return await calendar.change(command, done)
    except SessionsTouched:
        return await touched.closing_page(calendar, form)
    except InvalidInput as flawed:
        errors = date_errors_of(typed, flawed.detail)
        return await calendar_page(calendar, Answer("date", sent, errors, 422))
    except (Flawed, ScheduleChanged, DifferentContent) as refusal:
        return await _again(calendar, "date", sent, refusal)


@calendars.post("/time-off", dependencies=[Depends(limit_bookings)])
async def add_time_off(calendar: Opened, sent: Sent) -> Response:
    """Be away."""
    try:
        form = parsed(TimeOffForm, sent)
        command = AddTimeOff(
            **_act(calendar, form),
            first_on=form.first_on,
            last_on=form.ends_on,
            from_time=form.from_time,
            until_time=form.until_time,
            sessions_seen=form.sessions_seen,
        )
        return await calendar.change(command, "The time off is saved.")
    except SessionsTouched:
        return await touched.leaving_page(calendar, form)
    except InvalidInput as flawed:
        errors = time_off_errors_of(flawed.detail)
        return await calendar_page(calendar, Answer("time_off", sent, errors, 422))
    except (Flawed, ScheduleChanged, DifferentContent) as refusal:
        return await _again(calendar, "time_off", sent, refusal)


@calendars.post("/time-off/removal", dependencies=[Depends(limit_bookings)])
async def remove_time_off(calendar: Opened, sent: Sent) -> Response:
    """Be there after all."""
    try:
        form = parsed(RemovalForm, sent)
        command = RemoveTimeOff(**_act(calendar, form), time_off_id=form.time_off)
        return await calendar.change(command, "The time off is removed.")
    except (Flawed, InvalidInput, ScheduleChanged, DifferentContent) as refusal:
        return await _again(calendar, "", {}, refusal)


@calendars.post("/undo", dependencies=[Depends(limit_bookings)])
async def undo(calendar: Opened, sent: Sent) -> Response:
    """Undo the last change."""
    try:
        form = parsed(UndoForm, sent)
        command = UndoScheduleChange(**_act(calendar, form), sessions_seen=form.sessions_seen)
        return await calendar.change(command, "The last change is undone.")
    except SessionsTouched:
        return await touched.undoing_page(calendar, form)
    except (Flawed, InvalidInput, ScheduleChanged, DifferentContent) as refusal:
        return await _again(calendar, "", {}, refusal)


def _act(calendar: Calendar, form: ChangeForm) -> dict[str, Any]:
    return {
        "id": form.form_id,
        "version": form.version,
        "practitioner_id": calendar.practitioner_id,
    }


async def _again(
    calendar: Calendar,
    form: str,
    sent: dict[str, str],
    refusal: Flawed | InvalidInput | ScheduleChanged | DifferentContent,
) -> Response:
    """The page with what was typed, a fresh id, and the version as it is now."""
    if isinstance(refusal, Flawed):
        return await calendar_page(calendar, Answer(form, sent, refusal.errors, 422))
    if isinstance(refusal, ScheduleChanged):
        words, status = hours.changed_meanwhile(refusal.detail, is_typed=bool(sent)), 409
    else:
        words, status = STALE, 422
    return await calendar_page(calendar, Answer(form, sent, {"form": words}, status))
