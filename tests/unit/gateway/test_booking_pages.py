"""What the pages say of a booking: its state, door, hold, refund and file. Pure."""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4
from zoneinfo import ZoneInfo

import pytest
from icalendar import Calendar
from uuid_utils.compat import uuid7

from services.common.errors import InvalidInput
from services.common.money import Money
from services.contracts.base import Format
from services.contracts.billing import PaymentState, PaymentsUnavailable, PaymentView, RefundPreview
from services.contracts.booking.bookings import BookingState, BookingView, CancellationPreview
from services.contracts.booking.offerings import PolicyTier, PolicyView
from services.gateway.visitors import GuestBooking, Visitor
from services.gateway.web import calendar_file, checkout, sessions
from services.gateway.web.access import of_visitor
from services.gateway.web.cancelling import refund_context
from services.gateway.web.home import in_label
from services.gateway.web.sides import refund_to_client
from services.gateway.web.zones import ShownZone

BERLIN = ZoneInfo("Europe/Berlin")
SHOWN = ShownZone(BERLIN, "account")
NOW = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
STARTS_AT = datetime(2026, 11, 24, 13, 0, tzinfo=UTC)
POLICY = PolicyView(
    version=1,
    tiers=[PolicyTier(hours_before=24, refund_percent=100)],
    reschedule_until_hours=24,
)


def booking(**changes: Any) -> BookingView:
    """A confirmed online session tomorrow at 14:00 Berlin time, with changes."""
    id_ = uuid7()
    told: dict[str, Any] = {
        "id": id_,
        "practice_id": uuid4(),
        "practitioner_id": uuid4(),
        "offering_id": uuid4(),
        "offering_name": "Individual session",
        "client_id": uuid4(),
        "state": BookingState.CONFIRMED,
        "starts_at": STARTS_AT,
        "ends_at": STARTS_AT + timedelta(minutes=50),
        "format": Format.ONLINE,
        "time_zone": "Europe/Berlin",
        "client_time_zone": "Europe/Berlin",
        "price_id": uuid4(),
        "deadline_at": None,
        "is_hold_extended": False,
        "policy": POLICY,
        "free_until": STARTS_AT - timedelta(hours=24),
        "can_cancel": True,
        "can_reschedule": True,
        "join_path": f"/join/{id_}/code",
        "sequence": 2,
    }
    return BookingView.model_validate(told | changes)


def payment(captured: int, refunded: int = 0) -> PaymentView:
    """A payment of 95 euros with so much captured and given back."""
    return PaymentView(
        id=uuid4(),
        booking_id=uuid4(),
        practice_id=uuid4(),
        state=PaymentState.SUCCEEDED,
        price=Money(9500, "EUR"),
        captured=Money(captured, "EUR"),
        refunded=Money(refunded, "EUR"),
        checkout_url=None,
        expires_at=None,
    )


def test_every_state_of_a_booking_has_its_words() -> None:
    """No state is left to chance."""
    assert set(sessions.STATUS) == set(BookingState)
    assert all(label for _, label in sessions.STATUS.values())


@pytest.mark.parametrize(
    ("minutes_before", "is_open"), [(60, False), (16, False), (15, True), (1, True), (-30, True)]
)
def test_the_door_shows_as_open_from_a_quarter_of_an_hour_before(
    minutes_before: int, is_open: bool
) -> None:
    """And until the end."""
    door = sessions.join(booking(), SHOWN, STARTS_AT - timedelta(minutes=minutes_before))
    assert door is not None
    assert door["is_open"] is is_open


@pytest.mark.parametrize(
    "changes",
    [
        {"state": BookingState.CANCELLED},
        {"state": BookingState.HELD},
        {"format": Format.IN_PERSON},
    ],
)
def test_there_is_no_door_where_nobody_meets_online(changes: dict[str, Any]) -> None:
    """Cancelled, not paid, or in person."""
    assert sessions.join(booking(**changes), SHOWN, NOW) is None


def test_there_is_no_door_after_the_end() -> None:
    """The room is over with the session."""
    over = booking()
    assert sessions.join(over, SHOWN, over.ends_at) is None


def test_a_hold_tells_until_when_and_offers_more_time_once() -> None:
    """Nine minutes left; the second time the button is gone."""
    held = booking(state=BookingState.HELD, deadline_at=NOW + timedelta(minutes=9))
    first = sessions.hold(held, "/more", SHOWN, NOW)
    again = sessions.hold(held.model_copy(update={"is_hold_extended": True}), "/more", SHOWN, NOW)
    assert first == {
        "ends_at": "2026-11-23T12:09:00Z",
        "ends_label": "13:09",
        "seconds_left": 540,
        "extend_url": "/more",
    }
    assert again is not None
    assert again["extend_url"] is None


def test_a_confirmed_booking_shows_no_hold() -> None:
    """It is the client's."""
    assert sessions.hold(booking(), "/more", SHOWN, NOW) is None


def test_who_paid_for_a_time_that_was_gone_reads_that_all_of_it_comes_back() -> None:
    """The amount is named."""
    gone = booking(state=BookingState.EXPIRED)
    told = sessions.refund(gone, payment(captured=9500))
    assert told is not None
    assert "All of it, €95, goes back" in told["label"]


@pytest.mark.parametrize(
    ("state", "captured", "refunded", "words"),
    [
        (BookingState.CONFIRMED, 9500, 0, None),
        (BookingState.EXPIRED, 0, 0, None),
        (BookingState.LATE_CANCELLED, 9500, 0, None),
        (BookingState.CANCELLED, 9500, 0, "€95 is on its way back"),
        (BookingState.LATE_CANCELLED, 9500, 4750, "€47.50 went back"),
        (BookingState.CANCELLED, 9500, 9500, "€95 went back"),
    ],
)
def test_a_refund_is_told_once_it_is_known(
    state: BookingState, captured: int, refunded: int, words: str | None
) -> None:
    """Nothing is promised that nobody promised."""
    told = sessions.refund(booking(state=state), payment(captured, refunded))
    assert (told is None) == (words is None)
    assert words is None or (told is not None and words in told["label"])


@pytest.mark.parametrize(
    ("percent", "refund", "heading", "explanation"),
    [
        (100, 9500, "You get €95 back", "Cancelling is free until today, 14:00, Berlin time."),
        (50, 4750, "You get €47.50 back", "Until today, 14:00, half of the price comes back."),
        (0, 0, "Nothing comes back", "Now the full price is kept."),
    ],
)
def test_a_cancellation_is_shown_in_words_and_money(
    percent: int, refund: int, heading: str, explanation: str
) -> None:
    """Paid = kept + given back, each with its amount."""
    terms = CancellationPreview(
        booking=booking(),
        refund_percent=percent,
        holds_until=STARTS_AT - timedelta(hours=24),
    )
    money = RefundPreview(
        captured=Money(9500, "EUR"),
        refund=Money(refund, "EUR"),
        kept=Money(9500 - refund, "EUR"),
    )
    shown = refund_context(terms, money, SHOWN, NOW)
    assert shown["heading"] == heading
    assert explanation in shown["explanation"]
    assert [row["label"] for row in shown["rows"]] == ["You paid", "Kept", "You get back"]
    assert bool(shown["arrives_label"]) is (refund > 0)


def test_a_cancellation_says_what_was_given_back_before() -> None:
    """By the practice, here or at Stripe itself: the client gets the rest, as staff read too."""
    terms = CancellationPreview(booking=booking(), refund_percent=100, holds_until=None)
    euro = [Money(amount, "EUR") for amount in (11000, 5000, 6000, 0)]
    money = RefundPreview(captured=euro[0], back_before=euro[1], refund=euro[2], kept=euro[3])
    shown = refund_context(terms, money, SHOWN, NOW)
    assert shown["heading"] == "You get €60 back"
    assert "€50 was given back already by the practice." in shown["explanation"]
    assert {"label": "Given back already", "text": "€50"} in shown["rows"]
    staff = refund_to_client(money)
    assert staff["heading"] == "The client gets €60 back"
    assert "€50 was given back already by the practice." in staff["explanation"]
    rest = money.model_copy(update={"back_before": euro[0], "refund": euro[3]})
    assert refund_context(terms, rest, SHOWN, NOW)["heading"] == "Nothing more comes back"
    assert refund_to_client(rest)["heading"] == "Nothing more comes back"


def test_cancelling_what_was_never_paid_speaks_of_no_money() -> None:
    """A hold given back."""
    terms = CancellationPreview(booking=booking(), refund_percent=100, holds_until=None)
    assert refund_context(terms, None, SHOWN, NOW)["heading"] == "Nothing was charged"


def test_the_calendar_file_names_nobody_and_keeps_the_mails_uid() -> None:
    """Calendars are shared: the title is neutral; UID and SEQUENCE let it be moved later."""
    one = booking()
    raw = calendar_file.appointment(one, url="https://attune.example/join/x", place="", now=NOW)
    event = Calendar.from_ical(raw).walk("VEVENT")[0]
    assert str(event["UID"]) == f"{one.id}@attune"
    assert (int(event["SEQUENCE"]), str(event["SUMMARY"])) == (2, "Appointment")
    assert event.decoded("DTSTART") == STARTS_AT
    assert str(event["STATUS"]) == "CONFIRMED"
    assert b"Individual" not in raw
    assert "LOCATION" not in event


def test_the_calendar_file_says_where_to_go() -> None:
    """A street that a calendar can show the way to, as in the mail's file."""
    place = "Lindenstraße 4, 10969 Berlin"
    raw = calendar_file.appointment(booking(), url="", place=place, now=NOW)
    assert str(Calendar.from_ical(raw).walk("VEVENT")[0]["LOCATION"]) == place


def test_a_cancelled_booking_is_cancelled_in_the_file() -> None:
    """Whoever downloads it again."""
    raw = calendar_file.appointment(
        booking(state=BookingState.CANCELLED), url="", place="", now=NOW
    )
    assert b"STATUS:CANCELLED" in raw


def test_a_guest_comes_to_their_booking_only_as_its_guest() -> None:
    """The cookie of one booking opens no other."""
    mine = GuestBooking(uuid4(), uuid4(), 1)
    visitor = Visitor(guest_bookings=(mine,))
    own, foreign = of_visitor(visitor, mine.booking_id), of_visitor(visitor, uuid4())
    assert (own.actor.kind, own.actor.booking_id) == ("link", mine.booking_id)
    assert (foreign.actor.kind, foreign.is_guest) == ("anonymous", False)


@pytest.mark.parametrize(
    ("minutes", "words"),
    [
        (0, "now"),
        (1, "in 1 minute"),
        (45, "in 45 minutes"),
        (119, "in 119 minutes"),
        (120, "in 2 hours"),
        (47 * 60, "in 47 hours"),
        (48 * 60, "in 2 days"),
        (30 * 24 * 60, "in 30 days"),
    ],
)
def test_the_next_session_is_counted_in_the_largest_unit_of_which_there_are_two(
    minutes: int, words: str
) -> None:
    """So that "in 1 day" never means 25 or 47 hours."""
    assert in_label(timedelta(minutes=minutes)) == words


def test_a_link_to_a_time_without_its_parts_is_refused_with_a_message() -> None:
    """GET /book without anything."""
    with pytest.raises(InvalidInput, match="incomplete"):
        checkout.choice_of({})


def test_a_payment_page_elsewhere_is_never_followed() -> None:
    """Only the origin that is configured as Checkout's; no open redirect by whoever answers."""
    allowed = ("https://checkout.stripe.com",)
    good = "https://checkout.stripe.com/c/pay/cs_1"
    assert checkout.payment_page(good, allowed) == good
    for url in (None, "", "https://checkout.stripe.com.evil.example/c", "//checkout.stripe.com"):
        with pytest.raises(PaymentsUnavailable):
            checkout.payment_page(url, allowed)
