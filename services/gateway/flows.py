"""Use cases that need several services, one call each, every step repeatable with the same ids."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from uuid import UUID

from services.common.auth import Actor
from services.common.errors import DifferentContent, NotFound
from services.contracts.billing import PaymentView, StartPayment
from services.contracts.billing.credits import CreditUseView, UseCredit
from services.contracts.booking.bookings import (
    UNPAID,
    BookingState,
    BookingView,
    GetBooking,
    HeldView,
    HoldsView,
    ListHolds,
)
from services.contracts.booking.offerings import ListNextSlots, NextSlotsView
from services.contracts.profiles.clients import ClientView
from services.contracts.profiles.directory import DirectoryPage, SearchDirectory
from services.gateway.backend import Backend
from services.gateway.limits import Tally
from services.gateway.visitors import Visitor, link_actor
from services.gateway.wishes import Wish, as_held

NOT_TO_BE_HAD = "There is no such offering."


async def next_times(
    backend: Backend,
    actor: Actor,
    search: SearchDirectory,
    page: DirectoryPage,
    *,
    count: int,
    is_spread: bool = False,
) -> NextSlotsView:
    """What booking says now of everybody on a page of the directory, asked for in one call."""
    asked = ListNextSlots(
        practitioner_ids=[card.practitioner_id for card in page.practitioners],
        format=search.format,
        part_of_day=search.part_of_day,
        before=search.before,
        count=count,
        is_spread=is_spread,
    )
    return await backend.ask(actor, asked, NextSlotsView)


async def bookable_page(backend: Backend, actor: Actor, search: SearchDirectory) -> DirectoryPage:
    """A page of the directory without who has lost their last time since it was told of it."""
    page = await backend.ask(actor, search, DirectoryPage)
    if not page.practitioners:
        return page
    told = await next_times(backend, actor, search, page, count=1)
    free = {one.practitioner_id for one in told.practitioners if one.starts}
    kept = [card for card in page.practitioners if card.practitioner_id in free]
    return page.model_copy(update={"practitioners": kept})


async def hold(backend: Backend, visitor: Visitor, wanted: Wish) -> HeldView:
    """The held seat, then the client's record: a refused booking writes nothing of who asked.

    A repeated wish finds both.
    """
    actor = visitor.actor(wanted.practice_id)
    async with _told_apart(backend, visitor, wanted.booking_id):
        held = await backend.ask(actor, wanted.book, HeldView)
        await backend.ask(actor, as_held(wanted, held), ClientView)
        return held


async def hold_and_pay(
    backend: Backend, visitor: Visitor, wanted: Wish, origin: str, tally: Tally
) -> tuple[BookingView, PaymentView]:
    """The held booking with its payment page open; the same however often it is asked for.

    Once the seat is held, the client's record and the payment page are made at the same time;
    the page's address is told only where both are there.
    """
    actor = visitor.actor(wanted.practice_id)
    async with _told_apart(backend, visitor, wanted.booking_id):
        async with within_limits(backend, visitor, wanted, tally):
            held = await backend.ask(actor, wanted.book, HeldView)
        check_is_theirs(visitor, held)
        # First the page, which takes longer.
        page, record = await asyncio.gather(
            start_payment(backend, visitor, held, origin, wanted.client.email),
            backend.ask(actor, as_held(wanted, held), ClientView),
            return_exceptions=True,
        )
        # What is wrong with the wish itself is told before what is wrong with paying.
        for failure in (record, page):
            if isinstance(failure, BaseException):
                raise failure
    assert isinstance(page, PaymentView)
    return _awaiting_payment(held), page


def _awaiting_payment(held: HeldView) -> BookingView:
    """The booking once its page is open, which booking hears of a moment later."""
    shown = {name: getattr(held, name) for name in BookingView.model_fields}
    if held.pay_until is not None:
        shown |= {"state": BookingState.AWAITING_PAYMENT, "deadline_at": held.pay_until}
    return BookingView.model_construct(**shown)


@asynccontextmanager
async def _told_apart(backend: Backend, visitor: Visitor, booking_id: UUID) -> AsyncIterator[None]:
    """Refusals of a wish, without telling a stranger what there is.

    Whatever a wish names that is not there, and an id that belongs to somebody else, is answered
    in the same words. Only who may see the booking of an id is told that it was used before.
    """
    try:
        yield
    except NotFound:
        raise NotFound(NOT_TO_BE_HAD) from None
    except DifferentContent:
        if not await _may_see(backend, visitor, booking_id):
            raise NotFound(NOT_TO_BE_HAD) from None
        raise


@asynccontextmanager
async def within_limits(
    backend: Backend, visitor: Visitor, wanted: Wish, tally: Tally
) -> AsyncIterator[None]:
    """Where a seat is taken, as far as the person and the network address may. Staff hold seats
    of their own practice for its clients, without bound."""
    actor = visitor.actor(wanted.practice_id)
    if actor.roles:
        yield
        return

    async def still_held(ids: Sequence[UUID]) -> set[UUID]:
        found = await backend.ask(actor, ListHolds(booking_ids=list(ids)), HoldsView)
        return set(found.booking_ids)

    person = f"account:{actor.account_id}" if actor.account_id else tally.guest(wanted.client.email)
    async with tally.counting(wanted.booking_id, person, still_held):
        yield


async def hold_within_limits(
    backend: Backend, visitor: Visitor, wanted: Wish, tally: Tally
) -> HeldView:
    """`hold`, within the limits of who asks."""
    async with within_limits(backend, visitor, wanted, tally):
        return await hold(backend, visitor, wanted)


async def _may_see(backend: Backend, visitor: Visitor, booking_id: UUID) -> bool:
    try:
        asked = GetBooking(booking_id=booking_id)
        await backend.ask(visitor.actor_of_booking(booking_id), asked, BookingView)
    except NotFound:
        return False
    return True


def check_is_theirs(visitor: Visitor, booking: BookingView) -> None:
    """Raises NotFound for a guest who sends again what was booked, and may not see it any more.

    Until it is paid only who booked knows the booking's id. Later it stands in the calendar
    file, and calendars are shared: then only the right that a guest has already counts.
    """
    is_known = visitor.login is not None or visitor.is_guest_of(booking.id)
    if booking.state not in UNPAID and not is_known:
        raise NotFound(NOT_TO_BE_HAD)


async def start_payment(
    backend: Backend,
    visitor: Visitor,
    booking: BookingView,
    origin: str,
    email: str | None = None,
) -> PaymentView:
    """The payment page of a held booking; both ways back lead to the booking's own page.

    `email` stands on a page that is opened by this call.
    """
    page = f"{origin}/bookings/{booking.id}"
    command = StartPayment(
        booking_id=booking.id,
        success_url=f"{page}/paid",
        cancel_url=f"{page}/unpaid",
        **({"customer_email": email} if email else {}),
        **({"voucher": booking.voucher} if isinstance(booking, HeldView) else {}),
    )
    return await backend.ask(payer(visitor, booking), command, PaymentView)


async def use_credit(
    backend: Backend, visitor: Visitor, booking: BookingView, sale_id: UUID
) -> CreditUseView:
    """Pay for a held booking with a session of a package."""
    command = UseCredit(
        booking_id=booking.id,
        sale_id=sale_id,
        **({"voucher": booking.voucher} if isinstance(booking, HeldView) else {}),
    )
    return await backend.ask(payer(visitor, booking), command, CreditUseView)


def payer(visitor: Visitor, booking: BookingView) -> Actor:
    """Who pays: the person who is signed in, else the guest who holds this booking."""
    if visitor.login is None:
        return link_actor(booking.id, booking.practice_id)
    return visitor.actor(booking.practice_id)
