"""Cancelling and moving a booking: GET shows what it would mean, POST does it."""

import asyncio
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from fastapi import APIRouter, Depends, Request, Response

from services.common.clock import utc_now
from services.common.errors import InvalidInput, NotFound
from services.contracts.billing import PreviewRefund, RefundPreview
from services.contracts.booking import (
    BookingView,
    CancelBooking,
    CancellationPreview,
    ClientElsewhere,
    ListSlots,
    NotBookable,
    NotCancellable,
    NotReschedulable,
    PreviewCancellation,
    RescheduleBooking,
    SlotsView,
    SlotTaken,
    TermsChanged,
)
from services.gateway.asking import Asked, WebVisitor, limit_bookings
from services.gateway.backend import Backend
from services.gateway.forms.booking import CancelForm, MoveForm
from services.gateway.forms.reading import Flawed, Sent, parsed
from services.gateway.visitors import Visitor
from services.gateway.web import labels, people, sessions, slot_calendar
from services.gateway.web.access import Access, Granted, Seen, booking_of, see
from services.gateway.web.bookings import zone_of
from services.gateway.web.ids import new_form_id
from services.gateway.web.links import with_query
from services.gateway.web.page import page, redirect
from services.gateway.web.slot_calendar import Free, Makers, Wish
from services.gateway.web.terms import share_words
from services.gateway.web.zones import ShownZone, zone_context

pages = APIRouter()
Context = dict[str, Any]
OVER = "This session cannot be cancelled any more."
NEW_TERMS = "The time until which more comes back has just passed. Please look at it once more."
CANNOT_MOVE = "This session cannot be moved any more."
LOST = "Somebody was quicker: that time is taken. Your session stays as it is; choose another."
ELSEWHERE = "You have another session at that time. Please choose another."
ARRIVES = "It goes to your card and usually arrives within 5 to 10 days."


# --- cancelling ----------------------------------------------------------------------------


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
    except Flawed as flawed:
        return await _cancel_page(request, backend, access, visitor, flawed.errors, 422)
    except TermsChanged:
        return await _cancel_page(request, backend, access, visitor, {"form": NEW_TERMS}, 409)
    except NotCancellable:
        return redirect(request, access.base, notice=OVER, kind="warn")
    return redirect(request, access.base, notice="Your session is cancelled.")


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
    seen, money = await asyncio.gather(see(backend, access), _money_back(backend, access, terms))
    now, shown = utc_now(), zone_of(request, visitor, terms.booking)
    context = {
        "session": sessions.session(seen, shown, now),
        "back_url": access.base,
        "reschedule_url": f"{access.base}/reschedule" if terms.booking.can_reschedule else None,
        "action": f"{access.base}/cancel",
        "form_id": new_form_id(),
        "percent": terms.refund_percent,
        "refund": refund_context(terms, money, shown.info, now),
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
    terms: CancellationPreview, money: RefundPreview | None, zone: ZoneInfo, now: datetime
) -> Context:
    """The refund in words and money."""
    if money is None or money.captured.amount == 0:
        return {
            "heading": "Nothing was charged",
            "explanation": "You have not paid for this session, so there is nothing to give back.",
            "rows": [],
            "arrives_label": "",
        }
    back = labels.money_label(money.refund)
    rows = (
        ("You paid", labels.money_label(money.captured)),
        ("Kept", labels.money_label(money.kept)),
        ("You get back", back),
    )
    is_any = money.refund.amount > 0
    return {
        "heading": f"You get {back} back" if is_any else "Nothing comes back",
        "explanation": _explanation(terms, zone, now),
        "rows": [{"label": label, "text": text} for label, text in rows],
        "arrives_label": ARRIVES if is_any else "",
    }


def _explanation(terms: CancellationPreview, zone: ZoneInfo, now: datetime) -> str:
    if terms.refund_percent == 100:
        until = terms.holds_until and labels.moment_label(terms.holds_until, zone, now)
        return f"Until {until} cancelling is free." if until else "Cancelling is free."
    free_until = terms.booking.free_until
    was_free = (
        f"Cancelling was free until {labels.moment_label(free_until, zone, now)}. "
        if free_until
        else ""
    )
    if terms.refund_percent == 0:
        return f"{was_free}Now the full price is kept."
    return f"{was_free}Now {share_words(terms.refund_percent)} comes back."


# --- moving --------------------------------------------------------------------------------


@pages.get("/reschedule")
async def reschedule_page(
    request: Request,
    backend: Asked,
    access: Granted,
    visitor: WebVisitor,
    start: datetime | None = None,
) -> Response:
    """The free times; with `start`, the question whether to move there."""
    seen = await see(backend, access)
    if not seen.booking.can_reschedule:
        return redirect(request, access.base, notice=CANNOT_MOVE, kind="warn")
    if start is not None and start.tzinfo is not None:
        return await Mover(request, backend, access, visitor, seen).confirm_page(start)
    return await Mover(request, backend, access, visitor, seen).picker_page({})


@pages.post("/reschedule", dependencies=[Depends(limit_bookings)])
async def reschedule(
    request: Request, sent: Sent, backend: Asked, access: Granted, visitor: WebVisitor
) -> Response:
    """Move it. Who loses a race keeps the old time and chooses again."""
    try:
        form = parsed(MoveForm, sent)
        booking = await booking_of(backend, access)
        command = RescheduleBooking(id=form.form_id, booking_id=booking.id, starts_at=form.start)
        await backend.ask(access.actor_in(booking), command, BookingView)
    except NotReschedulable:
        return redirect(request, access.base, notice=CANNOT_MOVE, kind="warn")
    except (Flawed, SlotTaken, NotBookable, ClientElsewhere, InvalidInput) as refusal:
        return await _choose_again(request, backend, access, visitor, refusal)
    notice = "Your session has moved. The mail with the new time is on its way."
    return redirect(request, access.base, notice=notice)


async def _choose_again(
    request: Request, backend: Backend, access: Access, visitor: Visitor, refusal: Exception
) -> Response:
    seen = await see(backend, access)
    words: dict[type[Exception], str] = {SlotTaken: LOST, ClientElsewhere: ELSEWHERE}
    message = words.get(type(refusal), "That time does not work. Please choose another.")
    status = 422 if isinstance(refusal, (Flawed, InvalidInput)) else 409
    mover = Mover(request, backend, access, visitor, seen)
    return await mover.picker_page({"form": message}, status)


class Mover:
    """The two views of moving one booking."""

    def __init__(
        self, request: Request, backend: Backend, access: Access, visitor: Visitor, seen: Seen
    ) -> None:
        self.request = request
        self.backend = backend
        self.access = access
        self.visitor = visitor
        self.seen = seen
        self.now = utc_now()
        self.shown: ShownZone = zone_of(request, visitor, seen.booking)
        self.url = f"{access.base}/reschedule"

    async def picker_page(self, errors: dict[str, str], status: int = 200) -> Response:
        """The slot picker of the booking's own offering."""
        return await self._page(await self._calendar(), None, errors, status)

    async def confirm_page(self, start: datetime) -> Response:
        """Old and new time side by side, and the button."""
        booking = self.seen.booking
        length = booking.ends_at - booking.starts_at
        zone, now = self.shown.info, self.now
        choice = {
            "old_label": labels.when_label(booking.starts_at, booking.ends_at, zone, now),
            "new_label": labels.when_label(start, start + length, zone, now),
            "starts_at": labels.instant(start),
            "zone_label": self.shown.name,
            "note": "The price stays the same.",
            "action": self.url,
            "form_id": new_form_id(),
            "fields": {"start": labels.instant(start)},
            "other_url": self.url,
        }
        return await self._page(None, choice, {}, 200)

    async def _page(
        self, calendar: Context | None, choice: Context | None, errors: dict[str, str], status: int
    ) -> Response:
        context = {
            "session": sessions.session(self.seen, self.shown, self.now),
            "back_url": self.access.base,
            "calendar": calendar,
            "zone": zone_context(self.shown, self.url, self._asked(), self.now),
            "choice": choice,
            "errors": errors,
        }
        return await page(self.request, "reschedule.html", context, status=status)

    async def _calendar(self) -> Context:
        zone, today = self.shown.info, self.now.astimezone(self.shown.info).date()
        wish = slot_calendar.parse_wish(*(self._asked()[name] for name in ("day", "month")))
        free = await self._free(wish, today)
        if jump := slot_calendar.jump_to(wish, free, zone, today):
            wish = Wish(day=jump)
            free = await self._free(wish, today)
        make = Makers(day_url=self._day_url, month_url=self._month_url, slot=self._slot)
        return slot_calendar.calendar_context(wish, free, zone, self.now, make)

    async def _free(self, wish: Wish, today: date) -> Free:
        from_on, until_on = slot_calendar.range_to_ask(wish, today)
        asked = ListSlots(
            offering_id=self.seen.booking.offering_id,
            from_on=from_on,
            until_on=until_on,
            time_zone=self.shown.id,
        )
        actor = self.visitor.actor(self.seen.booking.practice_id)
        told = await self.backend.ask(actor, asked, SlotsView)
        there = ZoneInfo(told.offering.time_zone)
        last_on = slot_calendar.last_date(told.last_bookable_on, there, self.shown.info)
        return Free(told.starts, told.next_free_at, last_on)

    def _asked(self) -> dict[str, str]:
        return {name: self.request.query_params.get(name, "") for name in ("day", "month")}

    def _url(self, **query: str) -> str:
        return with_query(self.url, query | {"zone": self.shown.in_links})

    def _day_url(self, day: date) -> str:
        return self._url(day=day.isoformat())

    def _month_url(self, month: date) -> str:
        return self._url(month=f"{month:%Y-%m}")

    def _slot(self, starts_at: datetime) -> Context:
        there = ZoneInfo(self.seen.booking.time_zone)
        url = self._url(start=labels.instant(starts_at))
        return people.slot(starts_at, self.shown, there, self.now, url)
