"""A practice's texts for who comes to it: read, signed, printed, taken back."""

from uuid import UUID

from fastapi import APIRouter, Depends, Request, Response

from services.common.clock import utc_now
from services.common.errors import NotFound
from services.contracts.plans.intake import (
    ConsentView,
    IntakeState,
    IntakeView,
    SignConsents,
    WithdrawConsent,
)
from services.contracts.plans.refusals import IntakeClosed
from services.gateway.asking import Asked, WebVisitor, limit_bookings
from services.gateway.forms.intake import signed_of
from services.gateway.forms.reading import Flawed, Sent
from services.gateway.visitors import Visitor
from services.gateway.web import intake_context
from services.gateway.web.access import Access, Granted
from services.gateway.web.intake import intake_of
from services.gateway.web.page import page, redirect
from services.gateway.web.zones import shown_zone

pages = APIRouter(prefix="/intake/consents")
SIGNED = "Signed. You find the texts here whenever you want to read them again."
WITHDRAWN = "Taken back. Your practitioner sees it."
CLOSED = "This session does not take place, so there is nothing to sign for it."


@pages.get("")
async def consents_page(
    request: Request, backend: Asked, access: Granted, visitor: WebVisitor
) -> Response:
    """What is to be signed, and what was."""
    return await _page(request, access, visitor, await intake_of(backend, access), {}, {})


@pages.post("", dependencies=[Depends(limit_bookings)])
async def sign(
    request: Request, sent: Sent, backend: Asked, access: Granted, visitor: WebVisitor
) -> Response:
    """Sign what was ticked."""
    seen = await intake_of(backend, access)
    waiting = [one.text.id for one in seen.consents if _is_waiting(one)]
    try:
        text_ids = signed_of(sent, waiting) if waiting else []
        if text_ids:
            command = SignConsents(booking_id=access.booking_id, text_ids=text_ids)
            seen = await backend.ask(access.actor, command, IntakeView)
    except Flawed as flawed:
        return await _page(request, access, visitor, seen, sent, flawed.errors, 422)
    except IntakeClosed:
        return redirect(request, access.base, notice=CLOSED, kind="warn")
    is_complete = seen.state is IntakeState.COMPLETE
    onward = "/intake" if is_complete and seen.is_given else "/intake/consents"
    return redirect(request, access.base + onward, notice=SIGNED)


@pages.get("/{text_id}")
async def text_page(
    request: Request, backend: Asked, access: Granted, visitor: WebVisitor, text_id: str
) -> Response:
    """One text as it was signed, to read and to print."""
    found = _consent(await intake_of(backend, access), text_id)
    shown, now = shown_zone(request, visitor), utc_now()
    base = f"{access.base}/intake/consents"
    context = {
        "back_url": base,
        "consent": intake_context.consent(found, base, shown, now),
        "zone_label": shown.name,
    }
    return await page(request, "consent.html", context)


@pages.post("/{text_id}/withdrawal", dependencies=[Depends(limit_bookings)])
async def withdraw(
    request: Request, sent: Sent, backend: Asked, access: Granted, text_id: str
) -> Response:
    """Take back what was signed."""
    command = WithdrawConsent(booking_id=access.booking_id, text_id=_id(text_id))
    await backend.ask(access.actor, command, IntakeView)
    return redirect(request, f"{access.base}/intake/consents", notice=WITHDRAWN)


def _is_waiting(consent: ConsentView) -> bool:
    is_standing = consent.signed_at is not None and consent.withdrawn_at is None
    return consent.is_current and not is_standing


def _consent(seen: IntakeView, text_id: str) -> ConsentView:
    known = _id(text_id)
    found = next((one for one in seen.consents if one.text.id == known), None)
    if found is None:
        raise NotFound("There is no such text.")
    return found


def _id(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        raise NotFound("There is no such text.") from None


async def _page(
    request: Request,
    access: Access,
    visitor: Visitor,
    seen: IntakeView,
    values: dict[str, str],
    errors: dict[str, str],
    status: int = 200,
) -> Response:
    shown, now = shown_zone(request, visitor), utc_now()
    base = f"{access.base}/intake/consents"
    told = [(one, intake_context.consent(one, base, shown, now)) for one in seen.consents]
    context = {
        "action": base,
        "back_url": access.base,
        "intake_url": f"{access.base}/intake" if seen.form else None,
        "is_form_open": seen.form is not None and not seen.is_given,
        "waiting": [context for one, context in told if _is_waiting(one)],
        "signed": [context for one, context in told if not _is_waiting(one)],
        "zone_label": shown.name,
        "values": values,
        "errors": errors,
    }
    return await page(request, "intake_consents.html", context, status=status)
