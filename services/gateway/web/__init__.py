"""The web app: one file per group of screens."""

from urllib.parse import urlencode

from fastapi import APIRouter, Request, Response

from services.common import context
from services.gateway.config import GatewayConfig
from services.gateway.web import (
    accounts,
    availability,
    book,
    bookings,
    cancelling,
    catalogue,
    client_intake,
    clients,
    course_of_staff,
    courses,
    directory,
    forgetting,
    home,
    intake,
    intake_consents,
    intake_setup,
    intake_texts,
    join,
    move_to,
    moving,
    note_discarding,
    note_writing,
    notes,
    on_behalf,
    plan_dates,
    plan_editor,
    plan_log,
    plan_measures,
    plan_moves,
    plan_new,
    plan_reviews,
    plan_template_editor,
    plan_templates,
    plans,
    practitioners,
    private_links,
    series,
    staff,
    staff_booking,
    styleguide,
    styles,
    week,
    week_changes,
)
from services.gateway.web.page import lead_on, page
from services.gateway.web.words import ERROR_WORDS, ErrorWords


def router(settings: GatewayConfig) -> APIRouter:
    """Every page; the style guide only where people develop and test."""
    made = APIRouter()
    for part in (directory, catalogue, practitioners, accounts, styles):
        made.include_router(part.router)
    for part in (book, join, home, staff, forgetting, private_links, availability):
        made.include_router(part.router)
    for part in (courses, course_of_staff, on_behalf, clients):
        made.include_router(part.router)
    made.include_router(availability.calendars)
    for part in (client_intake, intake_setup, intake_texts):
        made.include_router(part.router)
    for part in (
        plan_new,
        plan_templates,
        plan_template_editor,
        plans,
        plan_dates,
        plan_editor,
        plan_log,
        plan_moves,
    ):
        made.include_router(part.router)
    for part in (plan_measures, plan_reviews):
        made.include_router(part.router)
    for part in (notes, note_writing, note_discarding):
        made.include_router(part.router)
    for part in (bookings, cancelling, moving, intake_consents, intake):
        made.include_router(part.pages, prefix="/bookings/{booking_id}")
        made.include_router(part.pages, prefix="/b/{token}")
    for part in (week, week_changes):
        made.include_router(part.router)
    for part in (staff_booking, cancelling, moving, move_to, series):
        made.include_router(part.pages, prefix="/practices/{practice_id}/bookings/{booking_id}")
    if settings.environment in ("local", "test"):
        made.include_router(styleguide.router)
    return made


async def error_page(request: Request, status: int, headers: dict[str, str]) -> Response:
    """What went wrong, in words that say what to do; who is not signed in is led to do so."""
    if status == 401:
        return lead_on(request, _sign_in_url(request))
    words = _words(status)
    told = words._asdict() | {"status": status, "reference": context.request_id() or None}
    response = await page(request, "error.html", told, status=status)
    response.headers["cache-control"] = "no-store"
    response.headers.update(headers)
    return response


def _words(status: int) -> ErrorWords:
    return ERROR_WORDS.get(status) or ERROR_WORDS[404 if status < 500 else 500]


def _sign_in_url(request: Request) -> str:
    """The sign-in page, which leads back here; after a form, to its page's beginning."""
    if request.method not in ("GET", "HEAD"):
        return "/sign-in"
    query = f"?{request.url.query}" if request.url.query else ""
    return "/sign-in?" + urlencode({"next": request.url.path + query})
