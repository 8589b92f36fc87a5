"""Packages as clients see them: those of a practitioner, bought on one page, used up on another."""

import asyncio
from datetime import datetime
from typing import Any
from uuid import UUID, uuid5

from fastapi import APIRouter, Depends, Request, Response

from services.common.clock import utc_now
from services.common.errors import DifferentContent, InvalidInput
from services.contracts.billing import NotPayable, PaymentState, PaymentsUnavailable
from services.contracts.billing.packages import (
    BuyPackage,
    GetSale,
    ListOwnSales,
    ListPackageOffers,
    PackageChanged,
    PackagesView,
    PackageView,
    SaleState,
    SalesView,
    SaleView,
)
from services.contracts.booking.offerings import ListOfferings, OfferingsView
from services.contracts.profiles.clients import ClientView, EnsureClient
from services.contracts.profiles.directory import GetPractitioner, PractitionerView
from services.gateway.asking import Asked, Settings, WebVisitor, limit_bookings
from services.gateway.backend import Backend
from services.gateway.forms.packages import BuyForm
from services.gateway.forms.reading import Flawed, Sent, parsed
from services.gateway.visitors import Visitor
from services.gateway.web import checkout, labels, links, people, roster
from services.gateway.web import package_words as words
from services.gateway.web.ids import new_form_id
from services.gateway.web.page import page, redirect
from services.gateway.web.slugs import KnownSlug
from services.gateway.web.zones import ShownZone, shown_zone

router = APIRouter()
Context = dict[str, Any]
GONE = "This package is not on offer any more. These are."
NO_PAGE = "The payment page does not open right now. Nothing was charged: please try again."
STAFF = "You work in this practice, so you buy none of its packages here."


@router.get("/practitioners/{slug}/packages")
async def packages_page(
    slug: KnownSlug, request: Request, backend: Asked, visitor: WebVisitor
) -> Response:
    """The packages of one practitioner."""
    return await _offers(request, backend, visitor, slug, {})


@router.post("/practitioners/{slug}/packages", dependencies=[Depends(limit_bookings)])
async def buy(
    slug: KnownSlug,
    sent: Sent,
    request: Request,
    backend: Asked,
    visitor: WebVisitor,
    settings: Settings,
) -> Response:
    """On to the payment page; the same form twice leads to the same page."""
    visitor.require_login()
    try:
        form = parsed(BuyForm, sent)
    except Flawed as flawed:
        raise InvalidInput("This page is out of date.", flawed.errors) from None
    view = await backend.ask(visitor.actor(), GetPractitioner(slug=slug), PractitionerView)
    if visitor.actor(view.practice_id).roles:
        return await _offers(request, backend, visitor, slug, {"form": STAFF}, 403)
    try:
        sale = await _bought(backend, visitor, view, form, settings.origin)
    except PackageChanged:
        return await _offers(request, backend, visitor, slug, {"form": GONE}, 409)
    except (PaymentsUnavailable, NotPayable, DifferentContent):
        return await _offers(request, backend, visitor, slug, {"form": NO_PAGE}, 503)
    if sale.state is not SaleState.PENDING:
        return redirect(request, own_url(sale.id))
    url = checkout.payment_page(sale.checkout_url, settings.checkout_origins)
    return redirect(request, url)


@router.get("/billing/packages/{sale_id}")
async def own_package_page(
    sale_id: UUID, request: Request, backend: Asked, visitor: WebVisitor, paid: str = ""
) -> Response:
    """A package of one's own: paid for, used, left."""
    visitor.require_login()
    sale = await backend.ask(visitor.actor(), GetSale(sale_id=sale_id), SaleView)
    cards = await roster.of_ids(backend, [sale.practitioner_id])
    shown = shown_zone(request, visitor)
    is_over = sale.payment_state is PaymentState.EXPIRED
    is_waiting = sale.state is SaleState.PENDING and bool(paid) and not is_over
    context = {
        "sale": own_line(sale, cards, shown, utc_now()),
        "rule": words.RULES_TO_BUYERS[sale.refund_rule],
        "is_waiting": is_waiting,
        "is_pending": sale.state is SaleState.PENDING,
        "refresh_url": f"{own_url(sale.id)}?paid=yes",
        "pay_url": sale.checkout_url if sale.state is SaleState.PENDING else None,
        "back_url": "/billing?tab=packages",
    }
    return await page(request, "own_package.html", context, active="account")


async def own_lines(backend: Backend, visitor: Visitor, shown: ShownZone) -> list[Context]:
    """What the account bought, for the billing page."""
    told = await backend.ask(visitor.actor(), ListOwnSales(), SalesView)
    cards = await roster.of_ids(backend, (one.practitioner_id for one in told.sales))
    return [own_line(one, cards, shown, utc_now()) for one in told.sales]


def own_line(sale: SaleView, cards: roster.Roster, shown: ShownZone, now: datetime) -> Context:
    """A package of one's own, for lists and for its page."""
    person = roster.named(cards.get(sale.practitioner_id), sale.practitioner_id)
    return {
        "url": own_url(sale.id),
        "name": sale.name,
        "person": person,
        "price": labels.money_label(sale.price),
        "refunded": labels.money_label(sale.refunded) if sale.refunded.amount else "",
        "used_label": f"{sale.used} of {sale.sessions}",
        "left_label": words.sessions_label(sale.left),
        "is_usable": bool(sale.left and sale.expires_at and sale.expires_at > now),
        "till_label": words.till_label(sale.expires_at, shown.info),
        "status": words.status(sale),
    }


def own_url(sale_id: UUID) -> str:
    """The page of a package for who bought it."""
    return f"/billing/packages/{sale_id}"


async def _bought(
    backend: Backend, visitor: Visitor, view: PractitionerView, form: BuyForm, origin: str
) -> SaleView:
    """The buyer's record in the practice first, then the sale with its page."""
    client_id = await _record(backend, visitor, view)
    page_url = f"{origin}{own_url(form.form_id)}"
    command = BuyPackage(
        id=form.form_id,
        version_id=form.version,
        client_id=client_id,
        success_url=f"{page_url}?paid=yes",
        cancel_url=page_url,
    )
    return await backend.ask(visitor.actor(view.practice_id), command, SaleView)


async def _record(backend: Backend, visitor: Visitor, view: PractitionerView) -> UUID:
    """The person's own record; a first one is named as a first booking would name it."""
    account = visitor.require_login().account
    command = EnsureClient(
        id=uuid5(account.id, str(view.practice_id)),
        practice_id=view.practice_id,
        name=account.name,
        email=account.email,
        time_zone=account.time_zone,
        keeps_existing=True,
    )
    return (await backend.ask(visitor.actor(view.practice_id), command, ClientView)).id


async def _offers(
    request: Request,
    backend: Backend,
    visitor: Visitor,
    slug: str,
    errors: dict[str, str],
    status: int = 200,
) -> Response:
    view = await backend.ask(visitor.actor(), GetPractitioner(slug=slug), PractitionerView)
    offers, offered = await asyncio.gather(
        backend.ask(
            visitor.actor(view.practice_id),
            ListPackageOffers(practitioner_id=view.practitioner_id),
            PackagesView,
        ),
        backend.ask(
            visitor.actor(view.practice_id),
            ListOfferings(practitioner_id=view.practitioner_id),
            OfferingsView,
        ),
    )
    names = {
        one.id: f"{one.name}, {labels.minutes_label(one.minutes)}" for one in offered.offerings
    }
    here = f"/practitioners/{slug}/packages"
    context = {
        "person": people.person(view, ""),
        "back_url": links.practitioner_url(slug),
        "packages": [_offer(one, names) for one in offers.packages],
        "is_guest": visitor.login is None,
        "sign_in_url": links.with_query("/sign-in", {"next": here}),
        "action": here,
        "errors": errors,
    }
    return await page(request, "packages.html", context, status=status, active="directory")


def _offer(package: PackageView, names: dict[UUID, str]) -> Context:
    covered = sorted(names[id_] for id_ in package.offering_ids if id_ in names)
    return {
        "name": package.name,
        "version_id": str(package.version_id),
        "form_id": new_form_id(),
        "sessions_label": words.sessions_label(package.sessions),
        "offerings": covered,
        "price": labels.money_label(package.price),
        "singly": words.singly_label(package),
        "valid_label": words.months_label(package.valid_months),
        "rule": words.RULES_TO_BUYERS[package.refund_rule],
    }
