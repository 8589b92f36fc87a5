"""Practitioners with a bookable time, their offerings and free slots."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query
from fastapi.responses import JSONResponse

from services.contracts.base import Day, Format, Slug, Zone
from services.contracts.booking.offerings import ListOfferings, ListSlots, OfferingsView, SlotsView
from services.contracts.profiles.directory import (
    DirectoryPage,
    GetPractitioner,
    PractitionerView,
    SearchDirectory,
)
from services.gateway import flows
from services.gateway.api.problems import FOR_ANYBODY, responses
from services.gateway.asking import ApiVisitor, Asked

router = APIRouter(tags=["directory"], prefix="/api/v1")


@router.get("/practitioners", responses=responses(401), openapi_extra=FOR_ANYBODY)
async def search_directory(
    query: Annotated[SearchDirectory, Query()], backend: Asked, visitor: ApiVisitor
) -> DirectoryPage:
    """Practitioners who have time, soonest first; a page may hold fewer than `limit`."""
    return await flows.bookable_page(backend, visitor.actor(), query)


@router.get("/practitioners/{slug}", responses=responses(401, 404), openapi_extra=FOR_ANYBODY)
async def get_practitioner(slug: Slug, backend: Asked, visitor: ApiVisitor) -> PractitionerView:
    """A practitioner's public page."""
    return await backend.ask(visitor.actor(), GetPractitioner(slug=slug), PractitionerView)


@router.get(
    "/practices/{practice_id}/offerings", responses=responses(401), openapi_extra=FOR_ANYBODY
)
async def list_offerings(
    practice_id: UUID, practitioner_id: UUID, backend: Asked, visitor: ApiVisitor
) -> OfferingsView:
    """What a practitioner of the practice offers."""
    command = ListOfferings(practitioner_id=practitioner_id)
    return await backend.ask(visitor.actor(practice_id), command, OfferingsView)


@router.get(
    "/practices/{practice_id}/offerings/{offering_id}/slots",
    responses=responses(401, 404),
    openapi_extra=FOR_ANYBODY,
    response_model=SlotsView,
)
async def list_slots(
    practice_id: UUID,
    offering_id: UUID,
    from_on: Day,
    until_on: Day,
    backend: Asked,
    visitor: ApiVisitor,
    time_zone: Zone = "UTC",
    format: Format | None = None,
) -> JSONResponse:
    """Bookable starts on the dates of `time_zone`, both inclusive, at most 93 days.

    `format` is how to meet, for a room may be needed in person; without it, the answer's.
    """
    command = ListSlots(
        offering_id=offering_id,
        from_on=from_on,
        until_on=until_on,
        time_zone=time_zone,
        format=format,
    )
    return JSONResponse(await backend.pass_on(visitor.actor(practice_id), command))
