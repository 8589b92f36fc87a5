"""One calendar's page: who looks at it, what stands, what a sent form comes back with."""

import asyncio
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Annotated, Any
from uuid import UUID
from zoneinfo import ZoneInfo

from fastapi import Depends, Request, Response

from services.common.auth import Actor
from services.common.clock import utc_now
from services.common.errors import NotFound
from services.contracts.booking.hours import (
    AvailabilityView,
    GetAvailability,
    PreviewSlots,
    ScheduleCommand,
    SlotPreview,
    WeekdayHours,
)
from services.contracts.booking.offerings import ListOfferings, OfferingsView
from services.contracts.profiles.directory import ListPractitioners, PractitionersView
from services.gateway.asking import Asked, WebVisitor
from services.gateway.backend import Backend
from services.gateway.visitors import Visitor
from services.gateway.web import hours, labels, links
from services.gateway.web.ids import new_form_id
from services.gateway.web.page import page, redirect
from services.gateway.web.treating import client_names

Context = dict[str, Any]
MOST_NAMED = 100
"""As many sessions as a page lists; those handled make room for the others."""


@dataclass(frozen=True, slots=True)
class Calendar:
    """One calendar, and who looks at it."""

    request: Request
    backend: Backend
    visitor: Visitor
    practice_id: UUID
    practitioner_id: UUID

    @property
    def actor(self) -> Actor:
        return self.visitor.actor(self.practice_id)

    @property
    def url(self) -> str:
        return links.calendar_url(self.practice_id, self.practitioner_id)

    async def view(self) -> AvailabilityView:
        asked = GetAvailability(practitioner_id=self.practitioner_id)
        return await self.backend.ask(self.actor, asked, AvailabilityView)

    async def change(self, command: ScheduleCommand, notice: str) -> Response:
        """Ask for it, and go back to the page, which tells that it is done."""
        await self.backend.ask(self.actor, command, AvailabilityView)
        return redirect(self.request, self.url, notice=notice)


async def _calendar(
    request: Request,
    backend: Asked,
    visitor: WebVisitor,
    practice_id: UUID,
    practitioner_id: UUID,
) -> Calendar:
    visitor.require_login()
    return Calendar(request, backend, visitor, practice_id, practitioner_id)


Opened = Annotated[Calendar, Depends(_calendar)]


@dataclass(frozen=True, slots=True)
class Answer:
    """What a sent form comes back with: which form, its fields, and what is wrong with them."""

    form: str = ""
    sent: dict[str, str] = field(default_factory=dict)
    errors: dict[str, str] = field(default_factory=dict)
    status: int = 200
    weekly: list[WeekdayHours] | None = None

    def of(self, form: str) -> dict[str, str] | None:
        """The fields that were sent, if they were this form's."""
        return self.sent if self.form == form else None


async def calendar_page(calendar: Calendar, answer: Answer) -> Response:
    """The hours as they stand, and in the form that was sent what was typed."""
    asked = ListOfferings(practitioner_id=calendar.practitioner_id)
    view, offerings = await asyncio.gather(
        calendar.view(), calendar.backend.ask(calendar.actor, asked, OfferingsView)
    )
    away = (one.client_id for one in view.in_time_off[:MOST_NAMED])
    names, clients = await asyncio.gather(
        practitioner_names(calendar.backend, [calendar.practitioner_id]),
        client_names(calendar.backend, calendar.actor, away),
    )
    now, zone = utc_now(), ZoneInfo(view.time_zone)
    chosen = answer.sent.get("offering") or next((str(it.id) for it in offerings.offerings), "")
    context = {
        "name": "" if _is_own(calendar) else names.get(calendar.practitioner_id, ""),
        "url": calendar.url,
        "zone_label": labels.zone_name(zone),
        "version": view.version,
        "form_ids": {name: new_form_id() for name in ("hours", "date", "time_off", "undo")},
        "last_change": hours.last_change(view.last_change, zone, now),
        "days": hours.week({one.weekday: one.windows for one in view.weekly}, answer.of("hours")),
        "date_rows": hours.date_rows(answer.of("date")),
        "dates": hours.dates(view, now.astimezone(zone).date()),
        "time_off": hours.time_off(view, zone, now),
        "touched": hours.touched(
            view.in_time_off[:MOST_NAMED], clients, calendar.practice_id, zone, now
        ),
        "form": answer.form,
        "typed": answer.sent,
        "errors": answer.errors,
        "offerings": [
            {"value": str(it.id), "label": hours.offering_label(it)} for it in offerings.offerings
        ],
        "chosen": chosen,
        "preview": await _preview(calendar, answer, chosen, view),
    }
    return await page(
        calendar.request, "availability.html", context, status=answer.status, active="availability"
    )


async def _preview(
    calendar: Calendar, answer: Answer, chosen: str, view: AvailabilityView
) -> Context | None:
    """What clients would see of the chosen offering, if that was asked for and can be told."""
    is_asked = answer.sent.get("do") == "preview" and answer.weekly is not None
    if not is_asked or answer.errors or not chosen:
        return None
    now, zone = utc_now(), ZoneInfo(view.time_zone)
    today = now.astimezone(zone).date()
    asked = PreviewSlots(
        practitioner_id=calendar.practitioner_id,
        offering_id=_uuid(chosen),
        from_on=today,
        until_on=today + timedelta(days=hours.PREVIEW_DAYS - 1),
        weekly=answer.weekly,
    )
    told = await calendar.backend.ask(calendar.actor, asked, SlotPreview)
    is_typed = hours.differ(answer.weekly or [], view.weekly)
    return hours.preview(told, today, zone, now, is_typed=is_typed)


def _uuid(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        raise NotFound("There is no such offering.") from None


def _is_own(calendar: Calendar) -> bool:
    memberships = calendar.visitor.require_login().account.memberships
    return any(one.practitioner_id == calendar.practitioner_id for one in memberships)


async def practitioner_names(backend: Backend, ids: list[UUID]) -> dict[UUID, str]:
    """Practitioners by id, as far as they are published."""
    asked = ListPractitioners(practitioner_ids=ids)
    found = await backend.ask(Actor(), asked, PractitionersView)
    return {one.id: one.name for one in found.practitioners}
