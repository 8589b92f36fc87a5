"""What a client paid, in sum: told to those who receive them, of their own practice."""

from collections.abc import Callable
from uuid import UUID

import pytest
from uuid_utils.compat import uuid7

from services.billing.operations.accounts import get_client_account
from services.common.auth import Actor
from services.common.clock import utc_now
from services.common.errors import Forbidden
from services.common.money import Money
from services.contracts.billing import ClientAccountView, ClientSum, GetClientAccount
from tests.integration.billing.world import World


def told(world: World, actor: Actor, practitioner_id: UUID | None = None) -> ClientAccountView:
    asked = GetClientAccount(
        client_id=world.client_id,
        booking_ids=[world.booking_id, uuid7()],
        practitioner_id=practitioner_id,
    )
    with world.database.reading(actor) as tx:
        return get_client_account(tx, asked, actor=actor, now=utc_now())


def member(world: World, role: str) -> Actor:
    return Actor(
        kind="person",
        account_id=uuid7(),
        practice_id=world.practice_id,
        roles=frozenset({role}),
    )


def test_a_client_is_told_in_sum_and_booking_by_booking(world: World) -> None:
    """Paid and half refunded; nothing at all before money moved."""
    desk = member(world, "front_desk")
    assert told(world, desk).sums == []
    world.start()
    assert told(world, desk).sums == []
    assert [one.booking_id for one in told(world, desk).payments] == [world.booking_id]
    world.pay()
    world.converge()
    world.cancel(50)
    world.work_off()
    paid, back = Money(9000, "EUR"), Money(4500, "EUR")
    assert told(world, desk).sums == [ClientSum(paid=paid, refunded=back, owed=Money(0, "EUR"))]


def test_it_is_told_to_those_who_receive_the_client(
    world: World, make_world: Callable[..., World]
) -> None:
    """Who treats is told of their own sessions alone, another practice of nothing."""
    world.start()
    world.pay()
    world.converge()
    treating = member(world, "practitioner")
    assert len(told(world, treating, world.practitioner_id).sums) == 1
    assert told(world, treating, uuid7()) == ClientAccountView(sums=[], payments=[])
    assert told(world, member(make_world(), "owner")) == ClientAccountView(sums=[], payments=[])
    for stranger in (treating, member(world, "supervisor"), world.client):
        with pytest.raises(Forbidden):
            told(world, stranger)
