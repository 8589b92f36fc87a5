"""The web app: one file per group of screens."""

from urllib.parse import urlencode

from fastapi import APIRouter, Request, Response
from fastapi.routing import APIRoute

from services.common import context
from services.gateway.config import GatewayConfig
from services.gateway.web import (
    accounts,
    availability,
    billing,
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
    invoice_new,
    invoice_runs,
    invoice_settings,
    invoices,
    join,
    money,
    money_back_files,
    money_disputes,
    money_exports,
    money_files,
    money_ledger,
    money_months,
    money_owed,
    money_package_end,
    money_packages,
    money_payments,
    money_payouts,
    money_reconciliation,
    money_refunding,
    money_refunds,
    money_reports,
    money_sales,
    money_usage,
    move_to,
    moving,
    note_discarding,
    note_writing,
    notes,
    on_behalf,
    packages,
    pausing,
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
    reconciliation_files,
    registering,
    rehearsing,
    report_files,
    series,
    series_undo,
    staff,
    staff_booking,
    styleguide,
    styles,
    week,
    week_changes,
)
from services.gateway.web.measure_unkept import (
    help_sent,
    is_unread,
    show_unkept,
    show_unread,
)
from services.gateway.web.page import lead_on, page, visitor_if_known
from services.gateway.web.unsent import show_unsent, unsent
from services.gateway.web.words import ERROR_WORDS, ErrorWords


def _placed(prefix: str, part: APIRouter) -> list[APIRoute]:
    """The part's pages below the prefix.

    In one flat list they are made once a process: routers within routers would be made anew for
    every application, and searched three times a request.
    """
    return [
        APIRoute(
            prefix + route.path,
            route.endpoint,
            methods=route.methods,
            dependencies=route.dependencies,
            status_code=route.status_code,
            response_class=route.response_class,
            include_in_schema=False,
        )
        for route in part.routes
        if isinstance(route, APIRoute)
    ]


OF_BOOKING = (bookings, cancelling, moving, intake_consents, intake)
OF_STAFF = (staff_booking, rehearsing, cancelling, moving, move_to, series, series_undo)
PARTS: tuple[tuple[str, APIRouter], ...] = (
    *(("", part.router) for part in (directory, catalogue, practitioners, accounts, styles)),
    *(("", part.router) for part in (book, join, home, staff, forgetting, private_links)),
    ("", registering.router),
    *(("", part.router) for part in (availability, courses, course_of_staff, on_behalf, clients)),
    ("", availability.calendars),
    *(("", part.router) for part in (client_intake, intake_setup, intake_texts)),
    *(("", part.router) for part in (plan_new, plan_templates, plan_template_editor)),
    *(("", part.router) for part in (plans, plan_dates, pausing, plan_editor, plan_log)),
    *(("", part.router) for part in (plan_moves, plan_measures, plan_reviews)),
    *(("", part.router) for part in (notes, note_writing, note_discarding)),
    *(("/bookings/{booking_id}", part.pages) for part in OF_BOOKING),
    *(("/b/{token}", part.pages) for part in OF_BOOKING),
    *(("", part.router) for part in (week, week_changes)),
    *(("", part.router) for part in (money, money_files, money_payments)),
    *(("", part.router) for part in (money_owed, money_ledger, money_months, money_exports)),
    *(("", part.router) for part in (money_back_files, money_refunding)),
    *(("", part.router) for part in (money_refunds, money_disputes)),
    *(("", part.router) for part in (money_sales, money_package_end, money_packages, packages)),
    *(("", part.router) for part in (report_files, money_reports, money_usage)),
    *(("", part.router) for part in (invoice_new, invoice_runs, invoices)),
    *(("", part.router) for part in (invoice_settings, billing)),
    *(("", part.router) for part in (reconciliation_files, money_payouts, money_reconciliation)),
    *(("/practices/{practice_id}/bookings/{booking_id}", part.pages) for part in OF_STAFF),
)


PAGES = [route for prefix, part in PARTS for route in _placed(prefix, part)]
STYLE_GUIDE = _placed("", styleguide.router)


def routes(settings: GatewayConfig) -> list[APIRoute]:
    """Every page; the style guide only where people develop and test."""
    return PAGES + STYLE_GUIDE if settings.environment in ("local", "test") else PAGES


async def error_page(request: Request, status: int, headers: dict[str, str]) -> Response:
    """What went wrong, in words that say what to do; who is not signed in is led to do so.

    Whoever just answered that they need help reads before all of it whom to call, as does whoever
    may have answered so, and whoever wrote something has it still.
    """
    if response := await _handed_back(request, status):
        response.headers.update(headers)
        return response
    if status == 401:
        return lead_on(request, _sign_in_url(request))
    words = _words(status)
    told = words._asdict() | {"status": status, "reference": context.request_id() or None}
    response = await page(request, "error.html", told, status=status)
    response.headers["cache-control"] = "no-store"
    response.headers.update(headers)
    return response


async def _handed_back(request: Request, status: int) -> Response | None:
    """What the form held that was not kept; None where nobody filled it in at any length."""
    if sent := help_sent(request):
        return await show_unkept(request, await visitor_if_known(request), sent, status)
    if is_unread(request):
        return await show_unread(request, await visitor_if_known(request), status)
    if sent := unsent(request):
        return await show_unsent(request, await visitor_if_known(request), sent, status)
    return None


def _words(status: int) -> ErrorWords:
    return ERROR_WORDS.get(status) or ERROR_WORDS[404 if status < 500 else 500]


def _sign_in_url(request: Request) -> str:
    """The sign-in page, which leads back here; after a form, to its page's beginning."""
    if request.method not in ("GET", "HEAD"):
        return "/sign-in"
    query = f"?{request.url.query}" if request.url.query else ""
    return "/sign-in?" + urlencode({"next": request.url.path + query})
