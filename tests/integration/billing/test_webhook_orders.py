"""R4: in whatever order and number webhooks come, the same state and the same ledger."""

import json
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from itertools import permutations
from random import Random
from typing import Any

import pytest
from uuid_utils.compat import uuid7

from services.billing.domain.webhooks import OF_REFUNDS, SUBSCRIBED
from services.common.clock import utc_now
from services.contracts.billing import PaymentState
from tests.integration.billing.test_webhooks import receive, signed
from tests.integration.billing.world import World

TYPES = sorted(SUBSCRIBED)
ORDERS = list(permutations(TYPES))
OF_ALL_KINDS = [*TYPES, *sorted(OF_REFUNDS)]
HISTORIES, A_PART = 2_000, 100
FEW = Random(4).sample(range(len(ORDERS)), 4)


@dataclass(frozen=True)
class History:
    """The types in the order in which they come, the page being paid before number `paid_at`;
    after each in `looked_at` the worker has its turn."""

    types: tuple[str, ...]
    paid_at: int
    looked_at: frozenset[int]
    copies: int = 1


def of_order(number: int) -> History:
    """Each type once; each order pays at another moment, and looks at other moments."""
    chance = Random(number)
    looked_at = frozenset(chance.sample(range(len(TYPES)), 3))
    return History(ORDERS[number], chance.randint(0, len(TYPES)), looked_at)


def of_chance(seed: int) -> History:
    """Any types any number of times, those of refunds too, each up to three times over."""
    chance = Random(seed)
    types = tuple(chance.choices(OF_ALL_KINDS, k=chance.randint(1, 10)))
    looks = frozenset(number for number in range(len(types)) if chance.random() < 0.3)
    return History(types, chance.randint(0, len(types)), looks, chance.randint(1, 3))


def live(world: World, history: History) -> None:
    """Open the page, let the webhooks come, then calm, half of it back, and all of them again."""
    world.start()
    for number, type_ in enumerate(history.types):
        if number == history.paid_at:
            world.pay()
        tell(world, type_, history.copies)
        if number in history.looked_at:
            world.work_off()
    if history.paid_at == len(history.types):
        world.pay()
    world.work_off(utc_now() + timedelta(seconds=61))
    world.cancel(50)
    for type_ in history.types:
        tell(world, type_, history.copies)
    world.work_off()


def tell(world: World, type_: str, copies: int) -> None:
    """A webhook of this type about the payment as it is now, this often."""
    payment = world.payment()
    about: dict[str, Any] = {"id": payment.checkout_session_id}
    if not type_.startswith("checkout"):
        about = {"id": f"other_{uuid7()}", "payment_intent": payment.payment_intent_id}
    about["metadata"] = {"payment_id": str(payment.id)}
    event = {"id": f"evt_{uuid7()}", "type": type_, "account": world.stripe_account}
    body = json.dumps(event | {"object": "event", "data": {"object": about}})
    for _ in range(copies):
        receive(world.database, signed(body))


def end_of(world: World) -> dict[str, Any]:
    """The payment, its postings, and what was told of it, but for ids and times."""
    payment = world.payment()
    with world.database.transaction(world.us) as tx:
        ledger = world.ledger(tx)
    return {
        "payment": (payment.state, payment.captured, payment.refunded, payment.disputed),
        "refunds": [(refund.state, refund.amount) for refund in world.refunds()],
        "ledger": ledger,
        "events": world.events(),
        "due": world.due(),
        "at stripe": len(world.twin.objects("refunds", world.stripe_account)),
    }


@pytest.fixture
def silent(make_world: Callable[..., World]) -> Callable[[], World]:
    """Worlds whose own webhooks are lost, so that only those of the test come."""

    def make() -> World:
        world = make_world()
        world.twin.fail("webhook_lose")
        return world

    return make


def check_all(silent: Callable[[], World], histories: Iterable[History]) -> None:
    """Each ends as the plainest of all: paid, looked at, half of it back."""
    plain = silent()
    live(plain, History((TYPES[0],), 0, frozenset({0})))
    expected = end_of(plain)
    assert expected["payment"] == (PaymentState.PARTLY_REFUNDED, 9000, 4500, 0)
    assert expected["due"] == []
    for history in histories:
        world = silent()
        live(world, history)
        assert end_of(world) == expected, history


def test_a_few_orders_and_histories_end_alike(silent: Callable[[], World]) -> None:
    """Four orders of the six types, and four histories of chance."""
    assert len(TYPES) <= 6
    check_all(silent, [*map(of_order, FEW), *map(of_chance, range(4))])


@pytest.mark.long
@pytest.mark.parametrize("first", TYPES)
def test_every_order_of_the_subscribed_types_ends_alike(
    silent: Callable[[], World], first: str
) -> None:
    """All 720, by the type that comes first."""
    check_all(silent, [of_order(n) for n, order in enumerate(ORDERS) if order[0] == first])


@pytest.mark.long
@pytest.mark.parametrize("part", range(HISTORIES // A_PART))
def test_two_thousand_histories_end_alike(silent: Callable[[], World], part: int) -> None:
    """A hundred of them: any types in any number, doubled, before and after the payment."""
    check_all(silent, map(of_chance, range(part * A_PART, (part + 1) * A_PART)))


def test_histories_differ_where_webhooks_are_believed() -> None:
    """The twin: whoever takes the state from the last webhook that speaks of it ends differently,
    so these orders and histories do contradict each other."""
    assert len({believed(order) for order in ORDERS}) > 1
    assert len({believed(of_chance(seed).types) for seed in range(100)}) > 1


def believed(types: Sequence[str]) -> str:
    """The state by the webhooks' own word."""
    told = {"checkout.session.expired": "expired", "checkout.session.completed": "paid"}
    return next((told[one] for one in reversed(types) if one in told), "open")
