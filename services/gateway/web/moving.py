"""Moving a booking to another time: the slot picker, the question, and doing it."""

from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from fastapi import APIRouter, Depends, Request, Response

from services.common.clock import utc_now
from services.common.errors import InvalidInput
from services.common.messages import Instant
from services.contracts.billing import PaymentView
from services.contracts.booking.bookings import (
    BookingView,
    CancellationPreview,
    PreviewCancellation,
    RescheduleBooking,
)
from services.contracts.booking.offerings import ListSlots, SlotsView
from services.contracts.booking.refusals import (
    ClientElsewhere,
    NotBookable,
    NotCancellable,
    NotReschedulable,
    SeriesBroken,
    SlotTaken,
)
from services.gateway.asking import Asked, Door, WebVisitor, count_change, limit_bookings
from services.gateway.backend import Backend
from services.gateway.forms.booking import MoveForm
from services.gateway.forms.reading import Flawed, Sent, parsed
from services.gateway.visitors import GuestBooking, Visitor
from services.gateway.web import labels, people, sessions, sides, slot_calendar
from services.gateway.web.access import Access, Granted, Seen, booking_of, see
from services.gateway.web.ids import new_form_id
from services.gateway.web.leaving_course import breaks_of
from services.gateway.web.links import directory_url, times_url, with_query
from services.gateway.web.page import page, redirect
from services.gateway.web.slot_calendar import AskedDays, Free, Makers
from services.gateway.web.terms import share_words, terms_at
from services.gateway.web.zones import ShownZone, zone_context

pages = APIRouter()
Context = dict[str, Any]
SAME_PRICE = "The price stays the same."
INVOICED_ALIKE = (
    "If you cancel the new time, the practice may ask for as much as if you cancelled now."
)
MOVED = "Your session has moved. The mail with the new time is on its way."
MOVED_BY_STAFF = "The session has moved, and the client is told the new time by mail."
CANNOT_MOVE = "This session cannot be moved any more."
LOST = "Somebody was quicker: that time is taken. Your session stays as it is; choose another."
ELSEWHERE = "You have another session at that time. Please choose another."


@pages.get("/reschedule")
async def reschedule_page(
    request: Request,
    backend: Asked,
    access: Granted,
    visitor: WebVisitor,
    start: Instant | None = None,
) -> Response:
    """The free times; with `start`, the question whether to move there."""
    try:
        today = await _today(backend, access) if start else None
    except NotCancellable:
        return redirect(request, access.base, notice=CANNOT_MOVE, kind="warn")
    seen = await see(backend, access, known=today.booking if today else None)
    if not sides.may_move(access, seen.booking):
        return redirect(request, access.base, notice=CANNOT_MOVE, kind="warn")
    mover = Mover(request, backend, access, visitor, seen)
    return await (mover.confirm_page(start, today) if start and today else mover.picker_page({}))


@pages.post("/reschedule", dependencies=[Depends(limit_bookings)])
async def reschedule(
    request: Request, sent: Sent, backend: Asked, access: Granted, visitor: WebVisitor, door: Door
) -> Response:
    """Move it. Who loses a race keeps the old time and chooses again.

    The right of a guest's browser moves along, as that of the mails' links does.
    """
    try:
        form = parsed(MoveForm, sent)
        booking = await booking_of(backend, access)
        await count_change(request, access.actor_in(booking), booking.id)
        command = RescheduleBooking(
            id=form.form_id,
            booking_id=booking.id,
            starts_at=form.start,
            accepts_breaks=form.accept == "yes",
        )
        moved = await backend.ask(access.actor_in(booking), command, BookingView)
    except NotReschedulable as refusal:
        if "format" in refusal.detail:
            return await _choose_again(request, backend, access, visitor, refusal)
        return redirect(request, access.base, notice=CANNOT_MOVE, kind="warn")
    except SeriesBroken:
        asked = with_query(f"{access.base}/reschedule", {"start": labels.instant(form.start)})
        return redirect(request, asked)
    except (Flawed, SlotTaken, NotBookable, ClientElsewhere, InvalidInput) as refusal:
        return await _choose_again(request, backend, access, visitor, refusal)
    response = redirect(request, access.base, notice=MOVED_BY_STAFF if access.is_staff else MOVED)
    if visitor.is_guest_of(moved.id):
        door.remember_guest(response, visitor, GuestBooking.of(moved))
    return response


def before_move(
    today: CancellationPreview,
    payment: PaymentView | None,
    start: datetime,
    zone: ZoneInfo,
    now: datetime,
) -> str:
    """What moving to a start does to the money, and where it lowers nothing, until when that one
    can be cancelled: nobody loses what is free today without reading it."""
    told = after_move(today, payment)
    if told != SAME_PRICE or today.booking.is_on_account:
        return told
    return f"{told} {terms_at(today.booking.policy, start, zone, now)[0]}"


def after_move(today: CancellationPreview, payment: PaymentView | None) -> str:
    """What moving does to the money: a share that has lapsed does not come back with it."""
    percent = today.refund_percent
    if percent >= max((tier.refund_percent for tier in today.booking.policy.tiers), default=0):
        return SAME_PRICE
    if today.booking.is_on_account:
        return f"{SAME_PRICE} {INVOICED_ALIKE}"
    if percent == 0:
        return f"{SAME_PRICE} If you cancel the new time, nothing comes back, however early it is."
    money = f", {labels.money_label(payment.captured.share(percent))}," if payment else ""
    return (
        f"{SAME_PRICE} If you cancel the new time, {share_words(percent)}{money} comes back at "
        "most, however early it is: as much as if you cancelled now."
    )


async def _today(backend: Backend, access: Access) -> CancellationPreview:
    """The booking, and what it would give back now."""
    asked = PreviewCancellation(booking_id=access.booking_id)
    return await backend.ask(access.actor, asked, CancellationPreview)


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
        self.shown: ShownZone = sides.zone_of(request, visitor, access, seen.booking)
        self.url = f"{access.base}/reschedule"

    async def picker_page(self, errors: dict[str, str], status: int = 200) -> Response:
        """The slot picker of the booking's own offering, or what to do where there is none."""
        try:
            calendar = await self._calendar()
        except NotReschedulable:
            return await self._no_times_page(status)
        return await self._page(calendar, None, errors, status)

    async def confirm_page(self, start: datetime, today: CancellationPreview) -> Response:
        """Old and new time side by side, and the button."""
        booking = self.seen.booking
        length = booking.ends_at - booking.starts_at
        zone, now = self.shown.info, self.now
        actor = self.access.actor_in(booking)
        breaks = await breaks_of(self.backend, actor, booking, start, zone, now)
        choice = {
            "old_label": labels.when_label(booking.starts_at, booking.ends_at, zone, now),
            "new_label": labels.when_label(start, start + length, zone, now),
            "starts_at": labels.instant(start),
            "zone_label": self.shown.name,
            "note": sides.SAME_PRICE_AND_TOLD
            if self.access.is_staff
            else before_move(today, self.seen.payment, start, zone, now),
            "action": self.url,
            "form_id": new_form_id(),
            "breaks": breaks,
            "fields": {"start": labels.instant(start)} | ({"accept": "yes"} if breaks else {}),
            "other_url": self.url,
        }
        return await self._page(None, choice, {}, 200)

    async def _page(
        self, calendar: Context | None, choice: Context | None, errors: dict[str, str], status: int
    ) -> Response:
        context = {
            "session": sessions.session(self.seen, self.shown, self.now),
            "whom": sides.whom(self.access, self.seen),
            "back_url": self.access.base,
            "back_label": sides.back_label(self.access),
            "calendar": calendar,
            "zone": zone_context(self.shown, self.url, self._asked(), self.now),
            "choice": choice,
            "errors": errors,
        }
        return await page(self.request, "reschedule.html", context, status=status)

    async def _no_times_page(self, status: int) -> Response:
        """The booking's way of meeting is offered no more; the others are, to be booked anew."""
        booking, card = self.seen.booking, self.seen.card
        context = {
            "session": sessions.session(self.seen, self.shown, self.now),
            "back_url": self.access.base,
            "offered_label": labels.format_words(booking.format),
            "times_url": times_url(card.slug, offering=booking.offering_id)
            if card
            else directory_url(),
            "cancel_url": f"{self.access.base}/cancel" if booking.can_cancel else None,
        }
        return await page(self.request, "not_movable.html", context, status=status)

    async def _calendar(self) -> Context:
        zone, today = self.shown.info, self.now.astimezone(self.shown.info).date()
        wish = slot_calendar.parse_wish(*(self._asked()[name] for name in ("day", "month")))
        free = await self._free(wish, today)
        if jump := slot_calendar.jump_to(wish, free, zone, today):
            wish = AskedDays(day=jump)
            free = await self._free(wish, today)
        make = Makers(day_url=self._day_url, month_url=self._month_url, slot=self._slot)
        return slot_calendar.calendar_context(wish, free, zone, self.now, make)

    async def _free(self, wish: AskedDays, today: date) -> Free:
        from_on, until_on = slot_calendar.range_to_ask(wish, today)
        asked = ListSlots(
            offering_id=self.seen.booking.offering_id,
            from_on=from_on,
            until_on=until_on,
            time_zone=self.shown.id,
            moving_booking_id=self.access.booking_id,
        )
        actor = self.access.actor_in(self.seen.booking)
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
