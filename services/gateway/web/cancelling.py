"""Cancelling a booking: GET shows what it would give back, POST does it."""

import asyncio
from datetime import datetime
from typing import Any

from fastapi import APIRouter, Depends, Request, Response

from services.common.clock import utc_now
from services.common.errors import NotFound
from services.contracts.billing import PaidByCredit, PreviewRefund, RefundPreview
from services.contracts.booking.bookings import (
    UNPAID,
    BookingView,
    CancelBooking,
    CancellationPreview,
    PreviewCancellation,
)
from services.contracts.booking.refusals import NotCancellable, TermsChanged
from services.gateway.asking import Asked, WebVisitor, limit_bookings
from services.gateway.backend import Backend
from services.gateway.forms.booking import CancelForm
from services.gateway.forms.reading import Flawed, Sent, parsed
from services.gateway.visitors import Visitor
from services.gateway.web import labels, sessions, sides
from services.gateway.web.access import Access, Granted, booking_of, see
from services.gateway.web.ids import new_form_id
from services.gateway.web.page import page, redirect
from services.gateway.web.sessions import moment_within
from services.gateway.web.terms import share_words
from services.gateway.web.zones import ShownZone

pages = APIRouter()
Context = dict[str, Any]
CANCELLED = "Your session is cancelled."
CANCELLED_BY_STAFF = "The session is cancelled, and the client is told by mail."
GIVEN_BACK = "The time is given back. Nothing was charged."
OVER = "This session cannot be cancelled any more."
NEW_TERMS = "The time until which more comes back has just passed. Please look at it once more."
UNPAID_SO_FAR = "You have not paid for it, so there is no money to give back."
WHOLE = 100
ARRIVES = "It goes to your card and usually arrives within 5 to 10 days."


@pages.get("/cancel")
async def cancel_page(
    request: Request, backend: Asked, access: Granted, visitor: WebVisitor
) -> Response:
    """What cancelling now would give back; nothing has happened yet."""
    try:
        return await _cancel_page(request, backend, access, visitor, {})
    except NotCancellable:
        return redirect(request, access.base, notice=OVER, kind="warn")


@pages.post("/cancel", dependencies=[Depends(limit_bookings)])
async def cancel(
    request: Request, sent: Sent, backend: Asked, access: Granted, visitor: WebVisitor
) -> Response:
    """Cancel on the terms that were shown; other terms by now are shown first."""
    try:
        form = parsed(CancelForm, sent)
        booking = await booking_of(backend, access)
        command = CancelBooking(
            id=form.form_id, booking_id=booking.id, expected_refund_percent=form.percent
        )
        await backend.ask(access.actor_in(booking), command, BookingView)
        cancelled = CANCELLED_BY_STAFF if access.is_staff else CANCELLED
        done = GIVEN_BACK if booking.state in UNPAID else cancelled
    except Flawed as flawed:
        return await _cancel_page(request, backend, access, visitor, flawed.errors, 422)
    except TermsChanged:
        return await _cancel_page(request, backend, access, visitor, {"form": NEW_TERMS}, 409)
    except NotCancellable:
        return redirect(request, access.base, notice=OVER, kind="warn")
    return redirect(request, access.base, notice=done)


async def _cancel_page(
    request: Request,
    backend: Backend,
    access: Access,
    visitor: Visitor,
    errors: dict[str, str],
    status: int = 200,
) -> Response:
    asked = PreviewCancellation(booking_id=access.booking_id)
    terms = await backend.ask(access.actor, asked, CancellationPreview)
    seen, money = await asyncio.gather(
        see(backend, access, known=terms.booking), _money_back(backend, access, terms)
    )
    now, shown = utc_now(), sides.zone_of(request, visitor, access, terms.booking)
    is_hold = terms.booking.state in UNPAID
    is_unpaid_page = is_hold and not access.is_staff
    context = {
        "session": sessions.session(seen, shown, now),
        "is_hold": is_hold,
        "whom": sides.whom(access, seen),
        "back_url": f"{access.base}/unpaid" if is_unpaid_page else access.base,
        "back_label": "Back to paying" if is_unpaid_page else sides.back_label(access),
        "reschedule_url": f"{access.base}/reschedule"
        if sides.may_move(access, terms.booking)
        else None,
        "action": f"{access.base}/cancel",
        "form_id": new_form_id(),
        "percent": terms.refund_percent,
        "refund": sides.refund_to_client(money)
        if access.is_staff
        else refund_context(terms, money, shown, now),
        "errors": errors,
    }
    return await page(request, "cancel.html", context, status=status)


async def _money_back(
    backend: Backend, access: Access, terms: CancellationPreview
) -> RefundPreview | None:
    """The share in money; None where nothing was ever paid."""
    try:
        asked = PreviewRefund(booking_id=access.booking_id, percent=terms.refund_percent)
        return await backend.ask(access.actor_in(terms.booking), asked, RefundPreview)
    except NotFound:
        return None


def refund_context(
    terms: CancellationPreview, money: RefundPreview | None, shown: ShownZone, now: datetime
) -> Context:
    """The refund in words and money; of what is not paid here, what the invoice may ask for."""
    if terms.booking.is_on_account:
        return _owed(terms, shown, now)
    if money is not None and money.credit is not None and money.captured.amount == 0:
        return _of_package(terms, money.credit, shown, now)
    if money is None or money.captured.amount == 0:
        return {
            "heading": "Nothing was charged",
            "explanation": UNPAID_SO_FAR,
            "rows": [],
            "arrives_label": "",
        }
    back = labels.money_label(money.refund)
    before = sides.back_before(money)
    rows = (
        ("You paid", labels.money_label(money.captured)),
        ("Given back already", before),
        ("Kept", labels.money_label(money.kept)),
        ("You get back", back),
    )
    is_any = money.refund.amount > 0
    nothing = "Nothing more comes back" if before else "Nothing comes back"
    return {
        "heading": f"You get {back} back" if is_any else nothing,
        "explanation": sides.with_back_before(_explanation(terms, shown, now), money),
        "rows": [{"label": label, "text": text} for label, text in rows if text],
        "arrives_label": ARRIVES if is_any else "",
    }


def _of_package(
    terms: CancellationPreview, credit: PaidByCredit, shown: ShownZone, now: datetime
) -> Context:
    """What becomes of the session that was used, said before it is done."""
    if terms.refund_percent == WHOLE:
        heading = "The session comes back to your package"
        told = f"You can use it for another time. {_explanation(terms, shown, now)}"
    else:
        heading = "The session stays used"
        told = (
            f"{_free_until(terms, shown, now)}Now the session of {credit.name} is used up, "
            "as if you had come. Moving it to another time keeps it, where that is still possible."
        )
    return {"heading": heading, "explanation": told, "rows": [], "arrives_label": ""}


def _owed(terms: CancellationPreview, shown: ShownZone, now: datetime) -> Context:
    owed = WHOLE - terms.refund_percent
    told = f"{_free_until(terms, shown, now)}Now the practice may ask for {share_words(owed)}."
    return {
        "heading": "You pay by invoice" if owed else "Nothing is owed",
        "explanation": told if owed else _explanation(terms, shown, now),
        "rows": [],
        "arrives_label": "",
    }


def _free_until(terms: CancellationPreview, shown: ShownZone, now: datetime) -> str:
    until = terms.booking.free_until
    return f"Cancelling was free until {moment_within(until, shown, now)}. " if until else ""


def _explanation(terms: CancellationPreview, shown: ShownZone, now: datetime) -> str:
    if terms.refund_percent == 100:
        if terms.holds_until is None:
            return "Cancelling is free."
        until = moment_within(terms.holds_until, shown, now)
        return f"Cancelling is free until {until}, {shown.name}."
    was_free = _free_until(terms, shown, now)
    if terms.refund_percent == 0:
        return f"{was_free}Now the full price is kept."
    share = share_words(terms.refund_percent)
    if terms.holds_until is None or terms.holds_until >= terms.booking.starts_at:
        return f"{was_free}Now {share} comes back."
    return f"{was_free}Until {moment_within(terms.holds_until, shown, now)}, {share} comes back."
