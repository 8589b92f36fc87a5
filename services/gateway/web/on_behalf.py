"""Booking for a client, step by step: who, with whom, when, and how it is paid."""

from collections.abc import Mapping
from datetime import datetime
from typing import Annotated, Any
from uuid import UUID
from zoneinfo import ZoneInfo

from fastapi import APIRouter, Depends, Query, Response

from services.common.clock import utc_now
from services.common.errors import DifferentContent, InvalidInput
from services.contracts.booking.bookings import BookingView
from services.contracts.booking.on_behalf import BookForClient, PaidBy
from services.contracts.booking.refusals import (
    ClientElsewhere,
    NotBookable,
    PriceChanged,
    SlotTaken,
)
from services.contracts.profiles.clients import ClientView, EnsureClient
from services.contracts.profiles.records import ClientRecordView, GetClientRecord
from services.gateway.asking import limit_bookings
from services.gateway.forms.on_behalf import ClientBookingForm
from services.gateway.forms.reading import Flawed, Sent, parsed
from services.gateway.web import labels, links, on_behalf_form, on_behalf_steps
from services.gateway.web.ids import corrected_id
from services.gateway.web.on_behalf_form import Typed
from services.gateway.web.on_behalf_steps import Choice
from services.gateway.web.page import redirect
from services.gateway.web.receiving import Desk, Receiving

router = APIRouter()
Context = dict[str, Any]
PATH = "/clients/book"
TAKEN = "Somebody was quicker: that time is taken. Nothing was booked; choose another time below."
GONE = "That time cannot be booked any more. Nothing was booked; choose another time below."
PRICE_CHANGED = "The price has changed since you saw it. Nothing was booked: please look once more."
ELSEWHERE = "The client has another session of this practice at that time. Choose another time."
BOOKED_BEFORE = "This form booked a session before, with other details. It stands as it was booked."
BOOKED = "The session is booked, and {whom} is told by mail."
HELD = "The time is held until {until}. {whom} gets a mail with the link to pay."


@router.get(PATH)
async def book_page(
    desk: Receiving,
    client: Annotated[str, Query(max_length=40)] = "",
    practitioner: UUID | None = None,
    wanted: Annotated[str, Query(alias="q", max_length=200)] = "",
) -> Response:
    """The next thing to choose; once there is a start, the form."""
    choice = Choice.of(desk.request.query_params, desk.own_id if not desk.sees_all else None)
    if not choice.client:
        return await on_behalf_steps.who_page(desk, choice, wanted.strip())
    people = await on_behalf_steps.people(desk, choice)
    choice = choice.with_only(people.practitioners)
    if choice.practitioner is None:
        return await on_behalf_steps.whom_page(desk, choice, people)
    if choice.start is None:
        return await on_behalf_steps.times_page(desk, choice, people)
    return await on_behalf_form.form_page(desk, choice, people, Typed())


@router.post(PATH, dependencies=[Depends(limit_bookings)])
async def book(desk: Receiving, sent: Sent) -> Response:
    """Book it; whoever loses a race keeps what was typed and finds the nearest times."""
    try:
        form = parsed(ClientBookingForm, sent)
    except Flawed as flawed:
        return await _again(desk, sent, Typed(sent, errors=flawed.errors, status=422))
    try:
        booking = await _booked(desk, form)
    except (SlotTaken, NotBookable) as lost:
        words = TAKEN if isinstance(lost, SlotTaken) else GONE
        return await _again(desk, sent, Typed(sent, words, 409, nearest=_nearest(lost)))
    except PriceChanged:
        return await _again(desk, sent, Typed(sent, PRICE_CHANGED, 409))
    except ClientElsewhere:
        return await _again(desk, sent, Typed(sent, ELSEWHERE, 409, is_lost=True))
    except InvalidInput as flaws:
        return await _again(desk, sent, Typed(sent, errors={"form": flaws.message}, status=422))
    return await _done(desk, form, booking)


async def _booked(desk: Desk, form: ClientBookingForm) -> BookingView | None:
    """The booking; None where this form made one before with other content.

    Who is new gets their record first: a seat that is taken has its client, whatever fails then.
    A record whose booking was refused is found again when the form comes once more.
    """
    zone = form.zone
    if form.client is not None:
        asked = GetClientRecord(client_id=form.client)
        zone = (await desk.backend.ask(desk.actor, asked, ClientRecordView)).time_zone
    command = BookForClient(
        id=form.form_id,
        offering_id=form.offering,
        starts_at=form.start,
        format=form.format,
        price_id=form.price_id,
        client_id=_client_id(form),
        client_time_zone=zone,
        paid_by=form.paid_by,
    )
    if form.client is None:
        await desk.backend.ask(desk.actor, _new_client(desk, form), ClientView)
    try:
        return await desk.backend.ask(desk.actor, command, BookingView)
    except DifferentContent:
        return None


def _client_id(form: ClientBookingForm) -> UUID:
    """Whose booking it is; of somebody new the same however often the same is sent of them."""
    if form.client is not None:
        return form.client
    words = (form.name, form.email, form.phone, form.zone)
    return corrected_id(form.form_id, *(one or "" for one in words))


def _new_client(desk: Desk, form: ClientBookingForm) -> EnsureClient:
    return EnsureClient.model_validate(
        {
            "id": _client_id(form),
            "practice_id": desk.practice_id,
            "name": form.name,
            "email": form.email,
            "phone": form.phone,
            "time_zone": form.zone,
            "is_for_another": True,
        }
    )


async def _done(desk: Desk, form: ClientBookingForm, booking: BookingView | None) -> Response:
    if booking is None:
        url = links.staff_booking_url(desk.practice_id, form.form_id)
        return redirect(desk.request, url, notice=BOOKED_BEFORE, kind="warn")
    whom = form.name or "the client"
    notice = BOOKED.format(whom=whom)
    if form.paid_by is PaidBy.LINK and booking.deadline_at is not None:
        zone = ZoneInfo(booking.time_zone)
        until = labels.moment_label(booking.deadline_at, zone, utc_now())
        notice = HELD.format(whom=whom[:1].upper() + whom[1:], until=until)
    url = desk.url(f"/clients/{booking.client_id}")
    return redirect(desk.request, url, notice=notice)


async def _again(desk: Desk, sent: Mapping[str, str], typed: Typed) -> Response:
    """The form with what was typed; raises InvalidInput for one that names no slot at all."""
    choice = Choice.of(sent, desk.own_id if not desk.sees_all else None)
    if choice.practitioner is None or choice.start is None or not choice.client:
        raise InvalidInput("This page is out of date. Please open it again.")
    people = await on_behalf_steps.people(desk, choice)
    return await on_behalf_form.form_page(desk, choice, people, typed)


def _nearest(lost: SlotTaken | NotBookable) -> list[datetime]:
    told = lost.detail.get("nearest", "").split(",")
    return [datetime.fromisoformat(at) for at in told if at]
