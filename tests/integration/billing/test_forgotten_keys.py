"""R3: a refund of unknown outcome goes back once, while Stripe knows its key and afterwards."""

from collections.abc import Iterator
from datetime import timedelta

import pytest

from services.common.clock import utc_now
from tests.integration.billing.money_back import check_books
from tests.integration.billing.twin import Twin
from tests.integration.billing.world import World

DAY = timedelta(hours=25)
SOON = timedelta(seconds=5)


@pytest.fixture
def unheard(world: World, twin: Twin) -> Iterator[World]:
    """Half of 90 € was sent back, and no answer came; the twin's clock is set right afterwards."""
    world.start()
    world.pay()
    world.converge()
    twin.fail("drop_answer", method="POST", path="/v1/refunds", count=1)
    world.cancel(50)
    world.work_off()
    yield world
    twin.switch("clock", offset=0)


def sent_back(world: World) -> list[int]:
    """The refunds that Stripe has made."""
    return [one["amount"] for one in world.twin.objects("refunds", world.stripe_account)]


def test_repeated_in_time_it_goes_back_once(unheard: World) -> None:
    """Stripe knows the key: the same refund is answered again."""
    unheard.work_off(utc_now() + SOON)
    assert sent_back(unheard) == [4500]
    check_books(unheard)


def test_after_a_day_it_is_looked_up_and_found(unheard: World, twin: Twin) -> None:
    """Both sides are a day on, and the key is forgotten: nothing is sent, the refund is found."""
    calls = len(twin.calls("POST", "/v1/refunds"))
    twin.switch("clock", advance=DAY.total_seconds())
    unheard.work_off(utc_now() + DAY)
    assert len(twin.calls("POST", "/v1/refunds")) == calls
    assert sent_back(unheard) == [4500]
    assert [one.state for one in unheard.refunds()] == ["made"]
    check_books(unheard)


def test_sent_again_after_a_day_it_would_go_back_twice(unheard: World, twin: Twin) -> None:
    """The twin: Stripe alone is a day on, so that we repeat a call whose key it has forgotten."""
    twin.switch("clock", advance=DAY.total_seconds())
    unheard.work_off(utc_now() + SOON)
    assert sent_back(unheard) == [4500, 4500]


def test_under_another_key_it_would_go_back_twice(unheard: World) -> None:
    """The twin: the repeated call carries a key of its own."""
    with unheard.database.transaction(unheard.us) as tx:
        for refund in unheard.refunds():
            tx.merge(refund).idempotency_key += "-again"
    unheard.work_off(utc_now() + SOON)
    assert sent_back(unheard) == [4500, 4500]
