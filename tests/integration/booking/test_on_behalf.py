"""The practice books for a client: firm or held for a link, beyond notice, never twice."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest

from services.booking.models import HoldDue
from services.booking.operations import holds, views
from services.common.errors import DifferentContent, InvalidInput, NotFound
from services.contracts.base import Format
from services.contracts.booking.on_behalf import BookForClient, PaidBy
from services.contracts.booking.refusals import (
    ClientElsewhere,
    NotBookable,
    PriceChanged,
    SlotTaken,
)
from tests.integration.booking.behalf import book_for, open_to_staff, wish_for
from tests.integration.booking.editing import treating
from tests.integration.booking.practice import NINE, NOW, Practice, at

FAR = at(9, days=7 * 20)


def test_on_account_it_is_firm_at_once(practice: Practice) -> None:
    """One confirmation tells billing that the money is open; repeated, nothing more happens."""
    asked = wish_for(practice)
    for _ in range(2):
        booking = book_for(practice, asked, actor=treating(practice))
        assert (booking.id, booking.state) == (asked.id, "confirmed")
    told = practice.events("booking_confirmed")
    assert [(one["is_on_account"], one["price_id"]) for one in told] == [
        (True, str(practice.price_id))
    ]
    view = views.booking_view(practice.stored(asked.id), NOW, "key")
    assert (view.is_on_account, view.can_cancel) == (True, True)
    assert practice.events("booking_held") == []


def test_for_a_link_it_is_held_for_two_days(practice: Practice) -> None:
    """Billing and notify are told; the payment confirms it, and the deadline frees it."""
    paid, lapsed = (wish_for(practice, at(hour, days=3), paid_by=PaidBy.LINK) for hour in (9, 11))
    for asked in (paid, lapsed):
        booking = book_for(practice, asked)
        assert (booking.state, booking.deadline_at) == ("held", NOW + timedelta(hours=48))
    assert len(practice.events("booking_held")) == len(practice.events("payment_asked")) == 2
    practice.pay(paid.id)
    assert practice.stored(paid.id).state == "confirmed"
    assert not practice.stored(paid.id).is_on_account
    later = NOW + timedelta(hours=48)
    with practice.transaction() as tx:
        assert tx.get(HoldDue, lapsed.id) is not None
        assert holds.expire_hold(tx, lapsed.id, later)
    assert at(11, days=3) in open_to_staff(practice, at(11, days=3).date(), now=later)


def test_neither_notice_nor_window_binds_the_practice(
    make_practice: Callable[..., Practice],
) -> None:
    """All else of a slot does: hours, grid, time that has passed."""
    practice = make_practice(notice_minutes=3 * 24 * 60, window_days=14)
    assert NINE not in practice.starts()
    assert NINE in open_to_staff(practice, NINE.date())
    assert FAR in open_to_staff(practice, FAR.date())
    for starts_at in (NINE, FAR):
        book_for(practice, wish_for(practice, starts_at))
    for starts_at in (at(18), at(9, 5), at(9, days=4 + 7 * 20)):
        with pytest.raises(NotBookable):
            book_for(practice, wish_for(practice, starts_at))
    with pytest.raises(NotBookable):
        book_for(practice, wish_for(practice, at(11)), now=at(12))


def test_who_loses_is_told_the_three_nearest_starts(practice: Practice) -> None:
    """And a client is in one place at a time."""
    client_id = uuid4()
    practice.book_and_pay(at(11), client_id=client_id)
    with pytest.raises(SlotTaken) as lost:
        book_for(practice, wish_for(practice, at(11)))
    assert len(lost.value.detail["nearest"].split(",")) == 3
    colleague = Practice(practice.database, id=practice.id).open()
    with pytest.raises(ClientElsewhere):
        book_for(colleague, wish_for(colleague, at(11), client_id=client_id))


@pytest.mark.parametrize(
    ("changed", "refusal"),
    [
        ({"price_id": uuid4()}, PriceChanged),
        ({"offering_id": uuid4()}, NotFound),
        ({"format": Format.IN_PERSON, "offering_id": None}, InvalidInput),
    ],
)
def test_what_is_not_on_offer_is_refused(
    make_practice: Callable[..., Practice], changed: dict[str, Any], refusal: type[Exception]
) -> None:
    """An old price, another practice's offering, a format that is none of its."""
    practice = make_practice(formats=("online",))
    told = {name: value for name, value in changed.items() if value is not None}
    asked = wish_for(practice).model_copy(update=told)
    with pytest.raises(refusal):
        book_for(practice, asked)


def test_an_id_names_one_booking(practice: Practice) -> None:
    """Other content under it is refused; to another practice it is unknown."""
    asked = wish_for(practice)
    book_for(practice, asked)
    with pytest.raises(DifferentContent):
        book_for(practice, asked.model_copy(update={"paid_by": PaidBy.LINK}))
    other = Practice(practice.database).open()
    theirs = BookForClient(**dict(asked) | {"offering_id": other.offering_id})
    with pytest.raises((NotFound, PriceChanged)):
        book_for(other, theirs)


def test_only_the_staff_of_a_calendar_books_in_it(practice: Practice) -> None:
    """And who treats only for new clients and their own: those of others do not exist."""
    colleague = Practice(practice.database, id=practice.id).open()
    client_id = practice.book_and_pay(client_id=uuid4()).client_id
    for actor in (
        treating(colleague),
        practice.person(uuid4(), "billing"),
        practice.person(uuid4()),
        practice.visitor,
    ):
        with pytest.raises(NotFound):
            book_for(practice, wish_for(practice, at(12)), actor=actor)
        with pytest.raises(NotFound):
            open_to_staff(practice, NINE.date(), actor=actor)
    theirs = wish_for(colleague, at(13), client_id=client_id)
    with pytest.raises(NotFound):
        book_for(colleague, theirs, actor=treating(colleague))
    with pytest.raises(NotFound):
        open_to_staff(colleague, NINE.date(), actor=treating(colleague), client_id=client_id)
    assert book_for(colleague, theirs, actor=practice.person(uuid4(), "front_desk")).id == theirs.id


def test_a_client_with_an_account_finds_it_among_their_appointments(practice: Practice) -> None:
    """The booking belongs to the account by which the client booked before."""
    account_id, client_id = uuid4(), uuid4()
    practice.book(at(9), actor=practice.person(account_id), client_id=client_id)
    booking = book_for(practice, wish_for(practice, at(11), client_id=client_id))
    assert booking.account_id == account_id
    assert book_for(practice, wish_for(practice, at(13))).account_id is None


def test_a_seat_of_a_group_is_booked_while_there_is_one(
    make_practice: Callable[..., Practice],
) -> None:
    """Two of two seats, then none."""
    practice = make_practice(seats=2)
    first, second = (book_for(practice, wish_for(practice)) for _ in range(2))
    assert first.session_id == second.session_id
    with pytest.raises(SlotTaken):
        book_for(practice, wish_for(practice))
