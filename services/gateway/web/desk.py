"""One sent checkout form on its way to a held seat and a payment page."""

from contextlib import suppress
from datetime import datetime
from typing import Any
from uuid import UUID, uuid5

from fastapi import Request, Response

from services.common.clock import utc_now
from services.common.crypto import new_token
from services.common.errors import Busy, DifferentContent, Forbidden, NotFound
from services.contracts.billing import NotPayable, PaymentsUnavailable
from services.contracts.billing.credits import NoCredit
from services.contracts.booking.bookings import UNPAID, BookingState, BookingView, CancelBooking
from services.contracts.booking.refusals import NotBookable, NotCancellable, SlotTaken, TermsChanged
from services.contracts.profiles.accounts import CommonPassword, GuestOf, TooManyTries
from services.contracts.profiles.clients import BOOKING_WORDS, OwnClientView
from services.gateway import flows
from services.gateway.asking import tally_of
from services.gateway.backend import Backend
from services.gateway.config import GatewayConfig
from services.gateway.forms.booking import BookForm, Comes
from services.gateway.visitors import Doorkeeper, GuestBooking, Visitor
from services.gateway.web import checkout, registrant, sent_to
from services.gateway.web.access import booking_of, of_visitor
from services.gateway.web.checkout import Entered, Lost, Offer, entered
from services.gateway.web.ids import corrected_id, kept_form_id, new_form_id
from services.gateway.web.own_bookings import to_own
from services.gateway.web.page import redirect
from services.gateway.web.registrant import COMMON, Registrant, Typed, register
from services.gateway.web.zones import ShownZone
from services.gateway.wishes import Wish, for_whom, wish

TAKEN = Lost(
    "Somebody was quicker",
    "has just been booked by someone else. You have not been charged, and what you typed is kept.",
)
GONE = Lost(
    "This time is not free any more",
    "cannot be booked any more: somebody else has it, or it is too close by now.",
)
LAPSED = "We could not hold the time any longer. Press Pay again: it is yours if it is still free."
ELSEWHERE = "You have another session of this practice at that time. Please choose another time."
NO_PAGE = "The payment page does not open right now. Your time is held: please press Pay again."
NO_CREDIT = (
    "This package cannot be used for this session: it is used up, or its time is over. Your time "
    "is held, and nothing was charged. You can pay for it instead."
)
WHOLE = 100


class Desk:
    """One sent checkout form on its way to a held seat and a payment page."""

    def __init__(
        self,
        request: Request,
        sent: dict[str, str],
        backend: Backend,
        visitor: Visitor,
        door: Doorkeeper,
        settings: GatewayConfig,
    ) -> None:
        self.request = request
        self.sent = sent
        self.backend = backend
        self.visitor = visitor
        self.door = door
        self.settings = settings

    async def hold(self, form: BookForm, known: OwnClientView | None) -> BookingView:
        """The held seat; a form that was corrected after going back takes its own seat anew.

        `known` is the visitor's own record, where it is they who come.
        """
        try:
            return await self._hold(_wish(form, form.form_id), known)
        except (DifferentContent, NotFound):
            await self._let_go(form)
            words = (form.comes, form.client_name, form.email, form.phone or "")
            return await self._hold(_wish(form, corrected_id(form.form_id, *words)), known)

    async def _hold(self, wanted: Wish, known: OwnClientView | None) -> BookingView:
        tally, theirs = tally_of(self.request), for_whom(self.visitor, wanted, known)
        return await flows.hold_within_limits(self.backend, self.visitor, theirs, tally)

    async def go_on(self, form: BookForm, booking: BookingView) -> Response:
        """On to the payment page; a guest who chose a password gets the mail for an account too.

        The booking does not wait for that mail, nor for a limit on registering: it joins the
        account once the mail is opened.
        """
        if form.password is None or self.visitor.login is not None:
            return await self.pay(booking)
        token = new_token()
        typed = Typed(form.email, form.name, form.password)
        mine = GuestOf(practice_id=booking.practice_id, client_id=booking.client_id)
        try:
            with suppress(TooManyTries):
                await register(self.request, self.backend, self.visitor, token, typed, mine)
        except CommonPassword:
            errors = {"password": COMMON}
            response = await self.again(status=422, errors=errors, held=booking)
            return self._remembering(response, booking)
        response = await self.pay(booking)
        registrant.remember(self.request, response, Registrant(token))
        return response

    async def pay(self, booking: BookingView) -> Response:
        """On to the payment page; a booking that is paid or over has a page of its own."""
        if booking.state is BookingState.EXPIRED:
            return await self.again(status=409, errors={"form": LAPSED}, form_id=new_form_id())
        flows.check_is_theirs(self.visitor, booking)
        if booking.state not in UNPAID:
            return self._remembering(redirect(self.request, f"/bookings/{booking.id}"), booking)
        if sale_id := _package(self.sent):
            return self._remembering(await self._use(booking, sale_id), booking)
        try:
            payment = await flows.start_payment(
                self.backend,
                self.visitor,
                booking,
                self.settings.origin,
                self.sent.get("email"),
            )
            response: Response = redirect(
                self.request,
                checkout.payment_page(payment.checkout_url, self.settings.checkout_origins),
            )
        except NotPayable:
            response = redirect(self.request, f"/bookings/{booking.id}")
        except (PaymentsUnavailable, Busy):
            errors = {"form": NO_PAGE}
            response = await self.again(status=503, errors=errors, held=booking)
        return self._remembering(response, booking)

    async def _use(self, booking: BookingView, sale_id: UUID) -> Response:
        """A session of a package instead of a payment; the page waits until booking has heard."""
        try:
            await flows.use_credit(self.backend, self.visitor, booking, sale_id)
        except NotPayable:
            return redirect(self.request, f"/bookings/{booking.id}")
        except (NoCredit, NotFound, Forbidden):
            return await self.again(status=409, errors={"form": NO_CREDIT}, held=booking)
        return redirect(self.request, f"/bookings/{booking.id}/paid")

    async def again(
        self,
        *,
        status: int,
        notices: list[dict[str, Any]] | None = None,
        **changes: Any,
    ) -> Response:
        """The checkout page with what was typed."""
        offered, shown, now = await self._offer()
        held: BookingView | None = changes.get("held")
        form_id = str(held.id) if held else kept_form_id(self.sent.get("form_id", ""))
        kept: Entered = entered(
            self.visitor, offered, self.sent, **({"form_id": form_id} | changes)
        )
        return await checkout.checkout_page(
            self.request,
            self.visitor,
            offered,
            shown,
            kept,
            now=now,
            status=status,
            notices=notices,
        )

    async def lost(self, lost: SlotTaken | NotBookable) -> Response:
        """The three nearest starts, as booking saw them where it told them.

        Who has the start themselves, by another tab, is led to their booking instead.
        """
        offered, shown, now = await self._offer()
        if own := await to_own(self.request, self.backend, self.visitor, offered):
            return own
        nearest = lost.detail.get("nearest", "").split(",")
        told = [datetime.fromisoformat(at) for at in nearest if at]
        reason = TAKEN if isinstance(lost, SlotTaken) else GONE
        return await checkout.lost_page(
            self.request, offered, shown, self.sent, reason, now=now, nearest=told or None
        )

    async def elsewhere(self) -> Response:
        """Whoever comes is at another session then, or at this very one, by another tab."""
        offered, _, _ = await self._offer()
        own = await to_own(self.request, self.backend, self.visitor, offered)
        return own or await self.again(status=409, errors={"form": ELSEWHERE})

    async def _offer(self) -> tuple[Offer, ShownZone, datetime]:
        choice = checkout.choice_of(self.sent)
        offered = await checkout.offer(self.backend, self.visitor, choice)
        there = offered.offering.time_zone
        zone = self.sent.get("zone", "")
        return offered, checkout.shown_for(self.request, self.visitor, zone, there), utc_now()

    async def _let_go(self, form: BookForm) -> None:
        """Give up the unpaid hold that this browser has under the form's id, if there is one."""
        mine = of_visitor(self.visitor, form.form_id)
        # Unknown: only the client's record was made. Not cancellable: paid or lapsed, it stays.
        with suppress(NotFound, NotCancellable, TermsChanged):
            booking = await booking_of(self.backend, mine)
            if booking.state in UNPAID:
                command = CancelBooking(
                    id=uuid5(booking.id, "corrected"),
                    booking_id=booking.id,
                    expected_refund_percent=WHOLE,
                )
                await self.backend.ask(mine.actor_in(booking), command, BookingView)

    def _remembering(self, response: Response, booking: BookingView) -> Response:
        """Let a guest's browser see the booking; a signed-in person's belongs to the account.

        What staff book for somebody else belongs to no account either.
        """
        sent_to.remember(self.settings, response, booking.id, self.sent.get("email", ""))
        if self.visitor.login is None or self.visitor.actor(booking.practice_id).roles:
            guest = GuestBooking.of(booking)
            self.door.remember_guest(response, self.visitor, guest)
        return response


def _package(sent: dict[str, str]) -> UUID | None:
    """The package that was chosen instead of paying."""
    try:
        return UUID(sent.get("pay_with", ""))
    except ValueError:
        return None


def _wish(form: BookForm, booking_id: UUID) -> Wish:
    return wish(
        agreed_to=BOOKING_WORDS,
        booking_id=booking_id,
        practice_id=form.practice,
        offering_id=form.offering,
        starts_at=form.start,
        format_=form.format,
        price_id=form.price_id,
        name=form.client_name,
        email=form.email,
        phone=form.phone,
        time_zone=form.zone,
        is_for_another=form.comes is Comes.ANOTHER,
    )
