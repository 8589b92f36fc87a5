"""R4 of disputes: told in any order, twice, late or early, the state and the books are the same."""

from collections.abc import Callable
from datetime import timedelta
from itertools import permutations
from random import Random
from typing import Any

import pytest

from services.billing.adapters import stripe_disputes
from services.billing.domain.disputes import DisputeFacts
from services.billing.operations import disputes
from services.common.clock import utc_now
from tests.integration.billing.money_back import FRAUD, check_books, decide, look
from tests.integration.billing.world import World, payment_of_booking

EVENTS = ("created", "funds_withdrawn", "updated", "closed", "funds_reinstated")


@pytest.mark.parametrize("outcome", ["won", "lost"])
def test_every_order_of_looks_ends_in_the_same_books(
    make_world: Callable[..., World], outcome: str
) -> None:
    """R4: a look may see any of the dispute's stages, twice and overtaken; each permutation and
    200 histories with doubles, the last look being the latest, end alike."""
    world = make_world()
    world.start()
    world.pay(FRAUD)
    world.converge()
    stages = stages_of(world, outcome)
    ends = set()
    for history in (*permutations(stages), *doubled(stages, 200)):
        ends.add(_end_after(world, [*history, stages[-1]]))
    assert len(ends) == 1
    look(world)
    check_books(world)


def stages_of(world: World, outcome: str) -> list[DisputeFacts]:
    """What Stripe tells of one dispute, from its opening to its end."""
    account, intent = world.stripe_account, str(world.payment().payment_intent_id)

    def told() -> DisputeFacts:
        [facts] = stripe_disputes.disputes_of(world.around.stripe, account, intent)
        return facts

    stages = [told()]
    [found] = world.twin.objects("disputes", account)
    world.around.stripe.client.v1.disputes.update(
        found["id"], {"submit": True}, {"stripe_account": account}
    )
    stages.append(told())
    world.twin.befall("disputes/decide", dispute=found["id"], outcome=outcome)
    return [*stages, told()]


def doubled(stages: list[DisputeFacts], count: int) -> list[list[DisputeFacts]]:
    chance = Random(4)
    return [chance.choices(stages, k=chance.randint(1, 8)) for _ in range(count)]


class _Undone(Exception):
    """Ends a transaction whose outcome was only looked at."""


def _end_after(world: World, history: list[DisputeFacts]) -> tuple[Any, ...]:
    """The state and the ledger after these looks, undone again."""
    end: tuple[Any, ...] = ()
    try:
        with world.database.transaction(world.us) as tx:
            payment = payment_of_booking(tx, world.booking_id)
            for facts in history:
                disputes.record_dispute(tx, payment, facts, utc_now())
            end = (payment.disputed, *world.ledger(tx))
            raise _Undone
    except _Undone:
        return end


@pytest.mark.parametrize("outcome", ["won", "lost"])
def test_webhooks_in_any_order_and_twice_end_in_the_same_books(
    make_world: Callable[..., World], outcome: str
) -> None:
    """R4 through the door: every kind of event redelivered backwards, also before the charge is
    known, some lost; the books agree with Stripe's and each thing is posted once."""
    world = make_world()
    world.start()
    world.pay(FRAUD)
    world.converge()
    world.work_off()
    decide(world, outcome)
    for kind in (*EVENTS[::-1], *EVENTS):
        world.twin.redeliver(f"charge.dispute.{kind}")
        world.work_off()
    world.work_off(utc_now() + timedelta(hours=1))
    moved = {"won": "reinstated", "lost": "dispute_lost"}[outcome]
    assert world.moves() == {"charged": 1, "processed": 1, "disputed": 1, moved: 1}
    check_books(world)
