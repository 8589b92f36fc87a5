"""The week of a calendar: for its practitioner, and for who runs the practice's calendars."""

import asyncio
from collections import ChainMap
from typing import Annotated, Any
from uuid import UUID
from zoneinfo import ZoneInfo

from fastapi import APIRouter, Query, Request, Response

from services.common.auth import Actor
from services.common.clock import utc_now
from services.common.errors import Forbidden
from services.contracts.booking.weeks import GetWeek, WeekView
from services.contracts.profiles.accounts import AccountView, Membership
from services.gateway.asking import Asked, WebVisitor
from services.gateway.backend import Backend
from services.gateway.forms.weeks import SKIPPED, AskedDay, AskedWeek, WallTime, instant_of
from services.gateway.web import labels, links
from services.gateway.web.calendar_page import practitioner_names
from services.gateway.web.day_desk import seeing_days
from services.gateway.web.page import page, redirect
from services.gateway.web.staff import payments_of
from services.gateway.web.treating import client_names
from services.gateway.web.week_context import DAY, Told, week_context, week_of

router = APIRouter()
Context = dict[str, Any]
MOST_AT_ONCE = 100
"""As many ids as one call takes."""
WEEK = 7 * DAY
BOOK_FOR_A_CLIENT = "/clients/book"


@router.get("/calendar")
async def week_page(
    request: Request,
    backend: Asked,
    visitor: WebVisitor,
    week: Annotated[AskedWeek | None, Query()] = None,
    day: Annotated[AskedDay | None, Query()] = None,
    practice: UUID | None = None,
    practitioner: UUID | None = None,
) -> Response:
    """One's own week, or that of a practitioner whose calendar one may see."""
    found = keeping(visitor.require_login().account, practice)
    actor, now = visitor.actor(found[0].practice_id), utc_now()
    asked = GetWeek(practitioner_id=practitioner, on=week or day)
    view = await backend.ask(actor, asked, WeekView)
    told, people = await asyncio.gather(_told(backend, actor, view), _people(backend, view))
    is_named = practice is not None or practitioner is not None
    context = week_context(told, now) | ways(view, is_named=is_named) | people
    context["practices"] = [
        {"name": one.practice_name, "url": links.week_url(practice_id=one.practice_id)}
        for one in found[1:]
    ]
    return await page(request, "week.html", context, active="calendar")


@router.get("/calendar/new")
async def new_session(
    request: Request,
    backend: Asked,
    visitor: WebVisitor,
    practice: UUID,
    practitioner: UUID,
    day: Annotated[AskedDay, Query()],
    at: Annotated[WallTime, Query()],
) -> Response:
    """From an empty place of a calendar to booking it for a client."""
    [found, *_] = keeping(visitor.require_login().account, practice)
    asked = GetWeek(practitioner_id=practitioner, on=day)
    view = await backend.ask(visitor.actor(found.practice_id), asked, WeekView)
    start = instant_of(day, at, ZoneInfo(view.time_zone))
    if start is None:
        url = links.week_url(practice_id=practice, practitioner_id=practitioner, week=week_of(day))
        return redirect(request, url, notice=SKIPPED, kind="warn")
    query = {"practice": str(practice), "practitioner": str(practitioner)}
    url = links.with_query(BOOK_FOR_A_CLIENT, query | {"start": labels.instant(start)})
    return redirect(request, url)


def keeping(account: AccountView, practice_id: UUID | None) -> list[Membership]:
    """Where somebody sees calendars, as for their days; raises Forbidden where they see none."""
    found = seeing_days(account, practice_id)
    if not found:
        raise Forbidden("This page is for those who keep a calendar.")
    return found


def ways(view: WeekView, *, is_named: bool) -> Context:
    """Where the page leads: other weeks of the same calendar, a new session, the hours, and the
    stream of changes. `is_named`: whether the address names the calendar."""
    ids = (view.practice_id, view.practitioner_id) if is_named else (None, None)
    query = {"practice": str(view.practice_id), "practitioner": str(view.practitioner_id)}

    def url(week: str) -> str:
        return links.week_url(practice_id=ids[0], practitioner_id=ids[1], week=week)

    return {
        "url": url(week_of(view.monday)),
        "prev_url": url(week_of(view.monday - WEEK)),
        "next_url": url(week_of(view.monday + WEEK)),
        "today_url": url(""),
        "hours_url": links.calendar_url(view.practice_id, view.practitioner_id),
        "book_url": links.with_query(BOOK_FOR_A_CLIENT, query),
        "new_url": links.with_query("/calendar/new", query),
        "changes_url": links.with_query("/calendar/changes", query),
        "practice": str(view.practice_id),
        "chosen": str(view.practitioner_id),
    }


async def _told(backend: Backend, actor: Actor, view: WeekView) -> Told:
    """The week with its clients' names and its payments, asked for at once."""
    firsts = range(0, len(view.bookings), MOST_AT_ONCE)
    parts = [view.bookings[first : first + MOST_AT_ONCE] for first in firsts]
    names, payments = await asyncio.gather(
        asyncio.gather(
            *(client_names(backend, actor, (one.client_id for one in part)) for part in parts)
        ),
        asyncio.gather(*(payments_of(backend, actor, part) for part in parts)),
    )
    paid = {one.booking_id: one for part in payments for one in part.payments}
    owing = {one.booking_id: one for part in payments for one in part.receivables}
    return Told(view, ChainMap(*names), paid, owing)


async def _people(backend: Backend, view: WeekView) -> Context:
    """Whose calendar it is, and the choice among those that one may see."""
    ids = view.practitioner_ids[:MOST_AT_ONCE]
    if len(ids) < 2:
        return {"name": "", "people": []}
    names = await practitioner_names(backend, ids)
    people = [{"value": str(id_), "label": names.get(id_, "A calendar")} for id_ in ids]
    people.sort(key=lambda one: one["label"])
    return {"name": names.get(view.practitioner_id, ""), "people": people}
