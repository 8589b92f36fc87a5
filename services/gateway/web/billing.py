"""A client's own billing: invoices, receipts and payments of every practice they visit."""

from typing import Annotated, Any, Literal
from uuid import UUID

from fastapi import APIRouter, Query, Request, Response

from services.common.clock import utc_now
from services.contracts.billing.invoices import (
    GetInvoice,
    GetInvoiceFile,
    InvoiceFileView,
    InvoicesPage,
    InvoiceView,
    ListOwnInvoices,
)
from services.contracts.billing.own_payments import (
    ListOwnPayments,
    OwnPayment,
    OwnPaymentsPage,
)
from services.gateway.asking import Asked, WebVisitor
from services.gateway.backend import Backend
from services.gateway.visitors import Visitor
from services.gateway.web import invoice_words, labels
from services.gateway.web.invoice_files import download
from services.gateway.web.links import with_query
from services.gateway.web.packages import own_lines, own_url
from services.gateway.web.page import page
from services.gateway.web.paging import Trail
from services.gateway.web.zones import ShownZone, shown_zone

router = APIRouter(prefix="/billing")
Context = dict[str, Any]
PER_PAGE = 25
Tab = Literal["invoices", "payments", "packages"]


@router.get("")
async def billing_page(
    request: Request,
    backend: Asked,
    visitor: WebVisitor,
    tab: Tab = "invoices",
    turned: Annotated[str, Query(alias="page", max_length=2000)] = "",
) -> Response:
    """Invoices and receipts, payments, or packages; the latest first."""
    visitor.require_login()
    trail = Trail.parse(turned)
    shown = shown_zone(request, visitor)
    listed = _payments if tab == "payments" else _invoices
    if tab == "packages":
        lines, next_cursor = await own_lines(backend, visitor, shown), None
    else:
        lines, next_cursor = await listed(backend, visitor, trail, shown)
    context = {
        "tab": tab,
        "invoices_url": "/billing",
        "payments_url": "/billing?tab=payments",
        "packages_url": "/billing?tab=packages",
        "invoices": lines if tab == "invoices" else [],
        "payments": lines if tab == "payments" else [],
        "packages": lines if tab == "packages" else [],
        "pages": _pages(tab, trail, next_cursor),
    }
    return await page(request, "billing.html", context, active="account")


@router.get("/{invoice_id}")
async def own_invoice_page(
    request: Request, backend: Asked, visitor: WebVisitor, invoice_id: UUID
) -> Response:
    """One of their own."""
    visitor.require_login()
    asked = GetInvoice(invoice_id=invoice_id)
    seen = await backend.ask(visitor.actor(), asked, InvoiceView)
    others = [
        {"label": label, "number": one.number, "url": f"/billing/{one.id}"}
        for label, one in (("Takes back", seen.credits), ("Taken back by", seen.credited_by))
        if one is not None
    ]
    context = {
        "invoice": invoice_words.page_of(seen),
        "others": others,
        "back_url": "/billing",
        "file_url": f"/billing/{seen.id}/file",
    }
    return await page(request, "own_invoice.html", context, active="account")


@router.get("/{invoice_id}/file")
async def own_invoice_file(backend: Asked, visitor: WebVisitor, invoice_id: UUID) -> Response:
    """Its PDF."""
    visitor.require_login()
    asked = GetInvoiceFile(invoice_id=invoice_id)
    return download(await backend.ask(visitor.actor(), asked, InvoiceFileView))


async def _invoices(
    backend: Backend, visitor: Visitor, trail: Trail, _shown: ShownZone
) -> tuple[list[Context], str | None]:
    asked = ListOwnInvoices(cursor=trail.here or None, limit=PER_PAGE)
    found = await backend.ask(visitor.actor(), asked, InvoicesPage)
    lines = [
        invoice_words.line_of(one, f"/billing/{one.id}", f"/billing/{one.id}/file")
        for one in found.invoices
    ]
    return lines, found.next_cursor


async def _payments(
    backend: Backend, visitor: Visitor, trail: Trail, shown: ShownZone
) -> tuple[list[Context], str | None]:
    asked = ListOwnPayments(cursor=trail.here or None, limit=PER_PAGE)
    found = await backend.ask(visitor.actor(), asked, OwnPaymentsPage)
    return [_payment(one, shown) for one in found.payments], found.next_cursor


def _payment(one: OwnPayment, shown: ShownZone) -> Context:
    back = one.refunded.amount
    return {
        "paid_at": labels.instant(one.paid_at),
        "paid_label": labels.moment_label(one.paid_at, shown.info, utc_now()),
        "booking_url": own_url(one.sale_id) if one.sale_id else f"/bookings/{one.booking_id}",
        "of_label": "Package" if one.sale_id else "Appointment",
        "amount_label": labels.money_label(one.paid),
        "back_label": labels.money_label(one.refunded) if back else "",
    }


def _pages(tab: Tab, trail: Trail, next_cursor: str | None) -> Context:
    query = {"tab": tab if tab == "payments" else ""}

    def url(turned: str) -> str:
        return with_query("/billing", query | {"page": turned})

    return trail.pages(url, next_cursor)
