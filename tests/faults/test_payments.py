"""kill -9 in the middle of paying and refunding: one charge, one refund, books that agree."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest

from deploy.local.product import Product
from services.contracts.billing import PaymentState, PaymentView
from services.contracts.booking.bookings import BookingState
from tests.faults.clinic import Clinic, wait_until


@pytest.fixture
def clinic(product: Product) -> Iterator[Clinic]:
    """A practice of its own for each test, whose books agree with Stripe at the end."""
    opened = Clinic(product)
    yield opened
    opened.heal()
    balances, at_stripe = opened.balances(), opened.balance_at_stripe()
    opened.close()
    assert balances.get("stripe_balance", 0) == at_stripe
    assert sum(balances.values()) == 0


def test_booked_paid_cancelled_and_refunded(clinic: Clinic) -> None:
    """The main job through all real processes, nothing killed."""
    booking = clinic.book()
    clinic.pay(clinic.start(booking))
    clinic.until_confirmed(booking)
    clinic.cancel(booking, 100)
    clinic.until_refunded(booking, 9000)
    assert clinic.payment(booking).state is PaymentState.REFUNDED
    assert len(clinic.objects("charges")) == len(clinic.objects("refunds")) == 1


def test_billing_killed_while_it_opens_the_page(clinic: Clinic, product: Product) -> None:
    """Stripe is asked, billing dies, the client presses again: one page, one charge."""
    clinic.fail("delay", method="POST", path="/v1/checkout/sessions", seconds=1.5, count=1)
    booking = clinic.book()
    with ThreadPoolExecutor(1) as pool:
        waiting = pool.submit(clinic.start, booking)
        wait_until(lambda: clinic.hits() > 0)
        product.kill9("billing")
        session = waiting.result(60)
    clinic.pay(session)
    clinic.until_confirmed(booking)
    assert [page["id"] for page in clinic.objects("checkout/sessions")] == [session]
    assert len(clinic.objects("charges")) == 1


def test_billing_killed_when_the_webhook_comes(clinic: Clinic, product: Product) -> None:
    """Nobody takes the webhook: Stripe comes again, or billing looks by itself."""
    booking = clinic.book()
    session = clinic.start(booking)
    product.kill9("billing")
    clinic.pay(session)
    clinic.until_confirmed(booking)
    assert clinic.payment(booking).captured.amount == 9000


@pytest.mark.parametrize("process", ["worker", "stripe_twin", "booking", "beat"])
def test_a_process_killed_while_the_payment_is_settled(
    clinic: Clinic, product: Product, process: str
) -> None:
    """Killed while Stripe is asked what became of the page: confirmed once all the same."""
    booking = clinic.book()
    session = clinic.start(booking)
    clinic.fail("delay", method="GET", path=f"/v1/checkout/sessions/{session}", seconds=1, count=1)
    clinic.pay(session)
    wait_until(lambda: clinic.hits() > 0)
    pid = product.kill9(process)
    product.wait_until_up(process, instead_of=pid)
    clinic.until_confirmed(booking)
    assert clinic.balances()["booking_funds"] == -9000


@pytest.mark.parametrize("kind", ["drop_answer", "error_after", "delay"])
def test_the_worker_killed_while_it_refunds(clinic: Clinic, product: Product, kind: str) -> None:
    """Whatever Stripe did before the kill, the client gets the money back exactly once."""
    booking = clinic.book()
    clinic.pay(clinic.start(booking))
    clinic.until_confirmed(booking)
    clinic.fail(kind, method="POST", path="/v1/refunds", seconds=1.5, count=1)
    clinic.cancel(booking, 100)
    wait_until(lambda: clinic.hits() > 0)
    product.kill9("worker")
    clinic.until_refunded(booking, 9000)
    assert len(clinic.objects("refunds")) == 1


def test_lost_doubled_and_scattered_webhooks_of_many_payments(clinic: Clinic) -> None:
    """Ten clients at once while webhooks misbehave: each is charged and confirmed once."""
    clinic.fail("webhook_lose", probability=0.4)
    clinic.fail("webhook_duplicate", probability=0.5)
    clinic.fail("webhook_reorder", seconds=1)
    bookings = [clinic.book() for _ in range(10)]
    for booking in bookings:
        clinic.pay(clinic.start(booking))
    for booking in bookings:
        clinic.until_confirmed(booking)
    assert clinic.balances()["booking_funds"] == -90_000
    assert len(clinic.objects("charges")) == 10


def test_a_paid_page_is_never_opened_twice_by_a_hurried_client(clinic: Clinic) -> None:
    """Twenty presses at once through the broker: one page."""
    booking = clinic.book()
    command = clinic.start_command(booking)
    with ThreadPoolExecutor(4) as pool:
        asked = [
            pool.submit(clinic.insist, "billing", "start_payment", command, PaymentView)
            for _ in range(20)
        ]
        pages = {press.result().checkout_url for press in asked}
    assert len(pages) == len(clinic.objects("checkout/sessions")) == 1
    assert clinic.booking(booking).state is BookingState.AWAITING_PAYMENT
