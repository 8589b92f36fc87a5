"""From the hosted page to the ledger: once, whatever Stripe's webhooks do."""

from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from time import sleep

import pytest
from sqlalchemy import text

from services.common.clock import utc_now
from services.common.errors import NotFound
from services.contracts.billing import NotPayable, PaymentState, PaymentsUnavailable
from services.contracts.booking.bookings import BookingState
from tests.integration.billing.twin import Twin
from tests.integration.billing.world import World

PAID = {
    "stripe_balance": 9000 - 160 - 450,
    "booking_funds": -9000,
    "stripe_fees": 160,
    "platform_commission": 450,
}


def test_a_paid_page_becomes_one_payment_and_a_balanced_ledger(world: World) -> None:
    """The webhook leads to a fresh look at Stripe, to postings and to the event, once each."""
    opened = world.start()
    assert opened.state is PaymentState.OPEN
    assert opened.checkout_url is not None
    assert world.pay() == "succeeded"
    world.converge()
    assert world.payment().state is PaymentState.SUCCEEDED
    assert world.balances() == PAID
    assert world.events() == Counter(payment_started=1, payment_succeeded=1)
    assert world.due() == []


def test_stripe_learns_nothing_but_ids_and_the_word_appointment(world: World) -> None:
    """That somebody sees a therapist is health data: no name, topic or offering is sent."""
    world.start()
    world.pay()
    [session] = world.twin.objects("checkout/sessions", world.stripe_account)
    [charge] = world.twin.objects("charges", world.stripe_account)
    assert charge["description"] == "Appointment"
    assert charge["application_fee_amount"] == 450
    assert session["client_reference_id"] == str(world.booking_id)
    ids = {"payment_id": str(world.payment().id), "booking_id": str(world.booking_id)}
    assert session["metadata"] == charge["metadata"] == ids


def test_the_page_knows_the_address_and_billing_keeps_none(world: World) -> None:
    """Handed through to Checkout; in no table of billing's, its events included."""
    world.start(email="canary-7f@people.example")
    [session] = world.twin.objects("checkout/sessions", world.stripe_account)
    assert session["customer_email"] == "canary-7f@people.example"
    assert "canary-7f@people.example" in world.twin.page(session["id"])
    assert rows_with(world, "canary-7f") == []
    assert rows_with(world, str(world.booking_id)) != []


def test_another_address_finds_the_first_page(world: World) -> None:
    """The answer got lost, and the client corrects the address: one page, as it was opened."""
    world.twin.fail("drop_answer", path="/v1/checkout/sessions", method="POST", count=1)
    with pytest.raises(PaymentsUnavailable):
        world.start(email="first@people.example")
    again = world.start(email="second@people.example")
    assert world.start().checkout_url == again.checkout_url
    [session] = world.twin.objects("checkout/sessions", world.stripe_account)
    assert (session["url"], session["customer_email"]) == (
        again.checkout_url,
        "first@people.example",
    )


def test_a_key_that_is_taken_and_led_to_no_page_is_not_given_up(world: World) -> None:
    """The first call may still be under way: another key might open a second page."""
    world.twin.fail("error_after", path="/v1/checkout/sessions", method="POST", count=1)
    world.twin.fail("drop_answer", path="/v1/checkout/sessions", method="GET", count=1)
    with pytest.raises(PaymentsUnavailable):
        world.start(email="first@people.example")
    with pytest.raises(PaymentsUnavailable):
        world.start(email="second@people.example")
    assert world.payment().is_attempt_pending
    assert world.start(email="second@people.example").state is PaymentState.OPEN
    assert len(world.twin.objects("checkout/sessions", world.stripe_account)) == 1


def rows_with(world: World, words: str) -> list[str]:
    """The tables of billing's schema where some row holds these words."""
    listed = "SELECT tablename FROM pg_tables WHERE schemaname = 'billing'"
    with world.database.transaction(world.us) as tx:
        tables = [name for name in tx.scalars(text(listed)) if name != "alembic_version"]
        return [
            name
            for name in tables
            if tx.scalar(
                text(f"SELECT count(*) FROM billing.{name} AS row WHERE row::text LIKE :words"),
                {"words": f"%{words}%"},
            )
        ]


def test_asking_again_gives_the_same_page(world: World) -> None:
    """One booking has one open page, however often and however simultaneously it is asked for."""
    first = world.start()
    with ThreadPoolExecutor(8) as pool:
        others = list(pool.map(lambda _: world.start(), range(8)))
    assert {other.checkout_url for other in others} == {first.checkout_url}
    assert len(world.twin.objects("checkout/sessions", world.stripe_account)) == 1
    assert world.events() == Counter(payment_started=1)


def test_a_payment_prepared_by_the_event_is_the_one_that_is_started(world: World) -> None:
    """booking_held and start_payment may come in any order and make one payment."""
    world.hold()
    prepared = world.payment().id
    assert world.start().id == prepared
    world.hold()
    assert world.payment().state is PaymentState.OPEN


def test_duplicated_and_reordered_webhooks_change_nothing(world: World, twin: Twin) -> None:
    """Every event twice, scattered over half a second: one capture, one event."""
    twin.fail("webhook_duplicate")
    twin.fail("webhook_reorder", seconds=0.5)
    world.start()
    world.pay()
    world.converge()
    sleep(0.7)
    twin.redeliver("checkout.session.completed")
    sleep(0.3)
    world.work_off()
    assert world.balances() == PAID
    assert world.moves() == Counter(charged=1, processed=1)
    assert world.events()["payment_succeeded"] == 1
    assert {event.outcome for event in world.stripe_events()} >= {"asked"}


def test_a_lost_webhook_costs_a_minute(world: World, twin: Twin) -> None:
    """No webhook ever comes: the look owed since the page was opened finds the payment."""
    twin.fail("webhook_lose")
    world.start()
    world.pay()
    world.work_off()
    assert world.payment().state is PaymentState.OPEN
    world.work_off(utc_now() + timedelta(seconds=61))
    assert world.stripe_events() == []
    assert world.balances() == PAID
    assert world.events()["payment_succeeded"] == 1


def test_a_declined_card_leaves_the_page_open(world: World) -> None:
    """The client may try another card on the same page; nothing is posted meanwhile."""
    page = world.start().checkout_url
    assert world.pay("4000000000000002") == "requires_payment_method"
    world.work_off(utc_now() + timedelta(seconds=61))
    assert world.balances() == {}
    assert world.start().checkout_url == page
    world.pay()
    world.converge()
    assert world.balances() == PAID


@pytest.mark.parametrize("kind", ["drop_answer", "error_after"])
def test_an_unclear_answer_never_opens_a_second_page(world: World, twin: Twin, kind: str) -> None:
    """Stripe opened the page and nobody heard: the next tries end at that same page."""
    twin.fail(kind, method="POST", path="/v1/checkout/sessions", count=1)
    with pytest.raises(PaymentsUnavailable):
        world.start()
    page = world.start().checkout_url
    [session] = twin.objects("checkout/sessions", world.stripe_account)
    assert session["url"] == page


def test_a_page_whose_opener_died_is_found_at_stripe(world: World, twin: Twin) -> None:
    """Killed between Stripe's answer and our record: the owed look finds and adopts the page."""
    twin.fail("drop_answer", method="POST", path="/v1/checkout/sessions", count=1)
    with pytest.raises(PaymentsUnavailable):
        world.start()
    [session] = twin.objects("checkout/sessions", world.stripe_account)
    world.work_off(utc_now() + timedelta(seconds=61))
    assert world.payment().checkout_session_id == session["id"]
    assert world.events() == Counter(payment_started=1)


def test_after_a_day_an_unclear_attempt_is_looked_up_and_never_sent_again(
    world: World, twin: Twin
) -> None:
    """Stripe forgets keys after 24 hours: repeating would open a second page."""
    twin.fail("drop_answer", method="POST", path="/v1/checkout/sessions", count=1)
    with pytest.raises(PaymentsUnavailable):
        world.start()
    twin_page = twin.objects("checkout/sessions", world.stripe_account)[0]["url"]
    sent = len(twin.calls("POST", "/v1/checkout/sessions"))
    view = world.start(utc_now() + timedelta(hours=25))
    assert len(twin.calls("POST", "/v1/checkout/sessions")) == sent
    assert world.payment().checkout_url == twin_page
    assert view.checkout_url is None


def test_the_deadline_ends_the_page(world: World) -> None:
    """booking_expired: the page is ended at Stripe and the booking cannot be paid any more."""
    world.start()
    world.expire()
    world.work_off()
    [session] = world.twin.objects("checkout/sessions", world.stripe_account)
    assert session["status"] == "expired"
    assert world.payment().state is PaymentState.EXPIRED
    with pytest.raises(NotPayable):
        world.start()
    assert world.due() == []


def test_paid_before_the_page_could_be_ended_counts_as_paid(world: World, twin: Twin) -> None:
    """Stripe will not end a paid page; the payment succeeds and booking decides."""
    twin.fail("webhook_lose")
    world.start()
    world.pay()
    world.expire()
    world.work_off()
    assert world.payment().state is PaymentState.SUCCEEDED
    assert world.events()["payment_succeeded"] == 1


def test_only_a_waiting_booking_can_be_paid(world: World) -> None:
    """Confirmed, cancelled or late: NotPayable, and nothing is asked of Stripe."""
    held = world.bookings.known[world.booking_id]
    late = held.model_copy(update={"deadline_at": utc_now() - timedelta(seconds=1)})
    confirmed = held.model_copy(update={"state": BookingState.CONFIRMED})
    for booking in (late, confirmed):
        world.bookings.known[world.booking_id] = booking
        with pytest.raises(NotPayable):
            world.start()
    assert world.twin.objects("checkout/sessions", world.stripe_account) == []


def test_a_strangers_booking_cannot_be_paid(world: World) -> None:
    """Booking is asked in the actor's own name: somebody else's id is unknown."""
    world.account_id = world.practice_id
    with pytest.raises(NotFound):
        world.start()


def test_a_practice_that_stripe_stopped_cannot_be_paid(world: World, twin: Twin) -> None:
    """Stripe refuses for certain: PaymentsUnavailable, and the next try is a new attempt."""
    twin._http.post("/_twin/accounts", json={"id": world.stripe_account, "charges_enabled": False})
    with pytest.raises(PaymentsUnavailable):
        world.start()
    twin.allow_charges(world.stripe_account, True)
    assert world.start().state is PaymentState.OPEN
    assert world.payment().attempt == 2


def test_yen_have_no_cents(make_world: Callable[..., World]) -> None:
    """A zero-decimal currency is charged and posted in its own whole units."""
    world = make_world(amount=12001, currency="JPY", country="JP")
    world.start()
    world.pay()
    world.converge()
    assert world.balances()["booking_funds"] == -12001
    assert world.balances()["platform_commission"] == 600
    assert sum(world.balances().values()) == 0


def test_a_practice_without_an_account_says_so(world: World) -> None:
    """Not connected: PaymentsUnavailable, and nothing is left behind."""
    disconnect = text("DELETE FROM billing.stripe_accounts WHERE practice_id = :id")
    with world.database.plumbing() as tx:
        tx.execute(disconnect, {"id": world.practice_id})
    with pytest.raises(PaymentsUnavailable):
        world.start()
    assert world.due() == []
