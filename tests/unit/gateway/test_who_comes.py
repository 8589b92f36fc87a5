"""Who comes is asked, not guessed from a name: their own record, or a new one."""

import asyncio
from typing import TypeVar
from uuid import UUID, uuid4

import pytest

from services.common.errors import DifferentContent
from services.common.messages import Command
from services.contracts.booking.bookings import (
    BookingState,
    BookingView,
    BookSession,
    CancelBooking,
    GetBooking,
    HeldView,
)
from services.contracts.booking.refusals import SlotTaken
from services.contracts.profiles.accounts import Membership, Role
from services.contracts.profiles.clients import (
    BOOKING_WORDS,
    EnsureClient,
    GetOwnClient,
    OwnClientView,
)
from services.gateway import flows, wishes
from services.gateway.visitors import Visitor
from tests.unit.gateway.posting import post_form
from tests.unit.gateway.stand_ins import ToldBackend
from tests.unit.gateway.test_booking_pages import booking
from tests.unit.gateway.test_own_hold import Knows
from tests.unit.gateway.test_returning import visitor
from tests.unit.gateway.test_sent_again import PAGE, app_for, backend_for, form_of, typed, wanted

A = TypeVar("A", bound=Command)


def one_held() -> BookingView:
    """An unpaid booking."""
    return booking(state=BookingState.HELD)


def own_record(agreed_to: str | None = None) -> OwnClientView:
    """What profiles tells a person of themselves: what they typed last time."""
    return OwnClientView(
        id=uuid4(),
        practice_id=uuid4(),
        name="Mia",
        email="mia@people.example",
        phone=None,
        agreed_to=agreed_to,
        agreed_at=booking().starts_at if agreed_to else None,
    )


def hold(backend: ToldBackend, who: Visitor, wish: wishes.Wish) -> HeldView:
    """A wish as it goes through the API."""

    async def held() -> HeldView:
        return await flows.hold(backend, who, await wishes.of_visitor(backend, who, wish))

    return asyncio.run(held())


def asked(backend: ToldBackend, kind: type[A]) -> A:
    """The one command of a kind that was sent."""
    (found,) = [it for it in backend.asked if isinstance(it, kind)]
    return found


def clients_named(backend: ToldBackend) -> set[UUID]:
    """The client of the seat, and that of the record."""
    return {asked(backend, BookSession).client_id, asked(backend, EnsureClient).id}


@pytest.mark.parametrize("name", ["Mia Schneider", "mia", "Mi\u0301a"])
def test_whoever_comes_themselves_has_their_own_record_whatever_they_type(name: str) -> None:
    """Another form of the name makes no stranger of them; the record is written last."""
    one, known = one_held(), own_record()
    backend = backend_for(one)
    backend.told[GetOwnClient] = lambda _: known
    hold(backend, visitor(), wanted(one, name=name))
    assert [type(it) for it in backend.asked] == [GetOwnClient, BookSession, EnsureClient]
    assert clients_named(backend) == {known.id}
    assert asked(backend, EnsureClient).name == name


def test_whom_somebody_books_for_is_new_each_time() -> None:
    """Said, not guessed; the person's own record is not even asked for."""
    one = one_held()
    backend, wish = backend_for(one), wanted(one, is_for_another=True)
    hold(backend, visitor(), wish)
    assert [type(it) for it in backend.asked] == [BookSession, EnsureClient]
    assert clients_named(backend) == {wish.client.id}
    assert asked(backend, EnsureClient).is_for_another


def test_staff_and_guests_make_a_new_record_with_each_booking() -> None:
    """Staff book for others; a guest is nobody we know."""
    one = one_held()
    staff = Membership(
        practice_id=one.practice_id,
        practice_name="Linden",
        roles=[Role.ADMIN],
        practitioner_id=None,
    )
    for who in (Visitor(), visitor(staff)):
        backend = backend_for(one)
        hold(backend, who, wanted(one))
        assert clients_named(backend) == {wanted(one).client.id}


def test_two_first_bookings_at_once_are_of_one_client() -> None:
    """Neither finds a record yet, and both name the same: nobody is in two places at once."""
    who, named = visitor(), set()
    first = one_held()
    for one in (first, booking(state=BookingState.HELD, practice_id=first.practice_id)):
        backend = backend_for(one)
        hold(backend, who, wanted(one))
        named |= clients_named(backend)
    assert len(named) == 1


def test_a_repeated_call_keeps_the_client_of_the_held_booking() -> None:
    """Who has another record by now still gets the same booking, and the record that it names."""
    one = one_held()
    backend = backend_for(one)
    backend.told[GetOwnClient] = lambda _: own_record()
    backend.told[BookSession] = lambda _: HeldView(**dict(one), pay_until=None, voucher=None)
    assert hold(backend, visitor(), wanted(one)).client_id == one.client_id
    assert asked(backend, EnsureClient).id == one.client_id


@pytest.mark.parametrize("is_for_another", [False, True])
def test_the_same_id_for_another_to_come_is_other_content(*, is_for_another: bool) -> None:
    """Booking does not compare clients, so that this is told apart before a record is touched."""
    one, who = one_held(), visitor()
    first = backend_for(one)
    held = hold(first, who, wanted(one, is_for_another=not is_for_another))
    backend = backend_for(one)
    backend.told |= {BookSession: lambda _: held, GetBooking: lambda _: held}
    with pytest.raises(DifferentContent):
        hold(backend, who, wanted(one, is_for_another=is_for_another))
    assert not any(isinstance(it, EnsureClient) for it in backend.asked)


def test_a_refused_booking_leaves_a_persons_record_as_it_was() -> None:
    """What was typed for a lost time is not written over their other sessions."""
    one = one_held()
    backend = backend_for(one, SlotTaken("gone"))
    backend.told[GetOwnClient] = lambda _: own_record()
    with pytest.raises(SlotTaken):
        hold(backend, visitor(), wanted(one))
    assert [type(it) for it in backend.asked] == [GetOwnClient, BookSession]


@pytest.mark.parametrize("is_for_another", [False, True])
def test_a_persons_unpaid_booking_has_a_record_before_it_is_paid(*, is_for_another: bool) -> None:
    """One that failed to be written is made of the account, as that of who was said to come."""
    one, who = one_held(), visitor()
    held = hold(backend_for(one), who, wanted(one, is_for_another=is_for_another))
    backend = backend_for(one)
    asyncio.run(wishes.name_client(backend, who, held))
    command = asked(backend, EnsureClient)
    assert (command.id, command.email) == (held.client_id, who.require_login().account.email)
    assert (command.keeps_existing, command.is_for_another) == (True, is_for_another)


def posted(who: Visitor, one: BookingView, known: OwnClientView, **said: str) -> ToldBackend:
    """The services after a checkout form was sent."""
    app = app_for(one)
    backend: ToldBackend = app.state.backend
    backend.told[GetOwnClient] = lambda _: known
    app.state.doorkeeper = Knows(who)
    assert post_form(app, "/book", form_of(one) | said).headers["location"] == PAGE
    return backend


def test_a_form_of_who_is_known_asks_profiles_twice() -> None:
    """Once who they are, for their consent and their record alike, and once to write it."""
    known = own_record(BOOKING_WORDS)
    backend = posted(visitor(), one_held(), known, consent="")
    assert backend.calls["profiles"] == 2
    assert clients_named(backend) == {known.id}


def test_a_form_for_somebody_else_names_them() -> None:
    """Their name is the record's; the mails go to who booked."""
    told = {"comes": "another", "another_name": "Carl Client"}
    command = asked(posted(visitor(), one_held(), own_record(), **told), EnsureClient)
    assert (command.name, command.email) == ("Carl Client", typed(booking())["email"])
    assert command.is_for_another


def test_the_name_of_somebody_else_is_left_alone_where_one_comes_oneself() -> None:
    """It may stand in the form still."""
    told = {"comes": "myself", "another_name": "Carl Client"}
    command = asked(posted(visitor(), one_held(), own_record(), **told), EnsureClient)
    assert (command.name, command.is_for_another) == (typed(booking())["name"], False)


def test_who_goes_back_and_says_that_somebody_else_comes_holds_the_seat_for_them() -> None:
    """The hold for themselves is given up; the new one, under another id, is of a new client."""
    one, who, known = one_held(), visitor(), own_record()
    mine = one.model_copy(update={"client_id": known.id})
    app = app_for(one)
    backend: ToldBackend = app.state.backend

    def book(it: BookSession) -> HeldView:
        new = {"id": it.id, "client_id": it.client_id} if it.id != one.id else {}
        return HeldView(**dict(mine) | new, pay_until=None, voucher=None)

    backend.told |= {
        BookSession: book,
        GetBooking: lambda _: mine,
        CancelBooking: lambda _: mine,
    }
    app.state.doorkeeper = Knows(who)
    told = {"comes": "another", "another_name": "Carl Client"}
    assert post_form(app, "/book", form_of(one) | told).headers["location"] == PAGE
    assert asked(backend, CancelBooking).booking_id == one.id
    record = asked(backend, EnsureClient)
    again = [it for it in backend.asked if isinstance(it, BookSession)][-1]
    assert (again.client_id, again.id != one.id) == (record.id, True)
    assert record.id != known.id
