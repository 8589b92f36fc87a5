"""A call that failed at Stripe under a key: given up when it is surely over, and not before."""

from dataclasses import replace
from datetime import timedelta
from typing import cast

import pytest

from services.billing.adapters.stripe import Stripe, StripeKeyTaken
from services.billing.domain.facts import CheckoutFacts
from services.billing.operations.checkout import start_payment
from services.common.clock import utc_now
from services.contracts.billing import PaymentsUnavailable, StartPayment
from tests.integration.billing.world import World

BACK = "http://127.0.0.1:8000/back"


class KeptFailure:
    """A Stripe that keeps a failure under the key, and has no page."""

    def open_checkout(self, *_: object) -> CheckoutFacts:
        raise StripeKeyTaken

    def find_checkout(self, *_: object) -> None:
        return None


@pytest.mark.parametrize(("seconds", "is_given_up"), [(30, False), (90, True)])
def test_a_failure_that_is_kept_under_the_key_is_given_up_in_the_end(
    world: World, seconds: int, is_given_up: bool
) -> None:
    """No call is under way after a minute: another key opens the page."""
    world.twin.fail("error_before", path="/v1/checkout/sessions", method="POST", count=1)
    with pytest.raises(PaymentsUnavailable):
        world.start(email="first@people.example")
    later = utc_now() + timedelta(seconds=seconds)
    command = StartPayment(booking_id=world.booking_id, success_url=BACK, cancel_url=BACK)
    around = replace(world.around, stripe=cast(Stripe, KeptFailure()))
    with pytest.raises(PaymentsUnavailable):
        start_payment(around, command, actor=world.client, now=later)
    assert world.payment().is_attempt_pending is not is_given_up
    assert world.start(later, email="first@people.example").checkout_url
