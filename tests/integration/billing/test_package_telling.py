"""What billing tells of packages: each fact with its transaction, once, and how a sale stands."""

from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import text
from uuid_utils.compat import uuid7

from services.billing.operations import package_ending, package_sales, package_telling
from services.common.auth import Actor, service_actor
from services.common.clock import utc_now
from services.common.errors import Forbidden, NotFound
from services.common.money import Money
from services.contracts.billing.package_mails import GetSaleForMail, SaleForMail
from services.contracts.billing.packages import EndPackage, ProposeEnd, RefundRule, SaleState
from tests.integration.billing.shelf import Shelf
from tests.integration.billing.world import World


@pytest.fixture
def shelf(world: World) -> Shelf:
    """The packages of one practice."""
    return Shelf(world)


def told_of(shelf: Shelf, sale_id: UUID) -> list[tuple[str, dict[str, Any]]]:
    """What billing told of a sale, type and body, the oldest first."""
    query = text(
        "SELECT type, body FROM billing.outbox WHERE body->>'sale_id' = :id"
        " ORDER BY body->>'occurred_at'"
    )
    with shelf.world.database.plumbing() as tx:
        return [(row.type, row.body) for row in tx.execute(query, {"id": str(sale_id)})]


def for_mail(shelf: Shelf, sale_id: UUID, actor: Actor | None = None) -> SaleForMail:
    """The sale as notify hears of it."""
    who = actor or service_actor("notify", shelf.world.practice_id, "test")
    with shelf.world.database.reading(who) as tx:
        asked = GetSaleForMail(sale_id=sale_id)
        return package_telling.get_sale_for_mail(tx, asked, actor=who, now=utc_now())


def end(shelf: Shelf, sale_id: UUID, times: int = 1) -> None:
    """End it as it is shown, by the same command so many times."""
    world, now = shelf.world, utc_now()
    shown = package_ending.propose_end(
        world.around, ProposeEnd(sale_id=sale_id), actor=world.admin, now=now
    )
    command = EndPackage(id=uuid7(), sale_id=sale_id, agreed=shown.agreed)
    for _ in range(times):
        package_ending.end_package(world.around, command, actor=world.admin, now=now)


def activated_and_undone(shelf: Shelf, sale_id: UUID) -> None:
    """Its payment came, and the transaction that says so fails."""
    with shelf.world.database.transaction(shelf.world.us) as tx:
        package_sales.activate(tx, sale_id, utc_now())
        raise ZeroDivisionError


def test_what_is_bought_is_told_once_however_often_the_payment_is_heard_of(shelf: Shelf) -> None:
    """With ids, a time and an amount, and nothing else."""
    sale = shelf.sold()
    with shelf.world.database.transaction(shelf.world.us) as tx:
        package_sales.activate(tx, sale.id, utc_now())
    ((type_, body),) = told_of(shelf, sale.id)
    assert type_ == "package_bought"
    assert body["money"] == {"amount": 40_000, "currency": "EUR"}
    assert body["client_id"] == str(shelf.world.client_id)
    common = {"version", "occurred_at", "practice_id"}
    assert set(body) == common | {"sale_id", "client_id", "money", "expires_at"}


def test_what_was_not_committed_is_not_told(shelf: Shelf) -> None:
    """The event is a row of the transaction that made the package usable."""
    begun = shelf.buy(shelf.wish(shelf.publish()))
    with pytest.raises(ZeroDivisionError):
        activated_and_undone(shelf, begun.id)
    assert told_of(shelf, begun.id) == []


def test_an_end_is_told_once_with_what_goes_back(shelf: Shelf) -> None:
    """The same command again tells nothing; that the money has left is not told again."""
    sale = shelf.sold(refund_rule=RefundRule.SINGLE_PRICE)
    shelf.use(sale.id, shelf.hold())
    end(shelf, sale.id, times=2)
    shelf.world.work_off()
    types = [type_ for type_, _ in told_of(shelf, sale.id)]
    assert types == ["package_bought", "credit_used", "package_ended"]
    assert told_of(shelf, sale.id)[-1][1]["money"] == {"amount": 31_000, "currency": "EUR"}


def test_a_lapse_is_told_to_nobody(shelf: Shelf) -> None:
    """It was announced before; there is nothing left to do."""
    sale, world = shelf.sold(), shelf.world
    shelf.end_time(sale.id, utc_now() - timedelta(seconds=1))
    package_ending.lapse_package(world.around, world.practice_id, sale.id, utc_now())
    assert [type_ for type_, _ in told_of(shelf, sale.id)] == ["package_bought"]
    told = for_mail(shelf, sale.id)
    assert (told.state, told.is_usable, told.left) == (SaleState.LAPSED, False, 5)


def test_a_mail_hears_how_a_sale_stands_by_now(shelf: Shelf) -> None:
    """Used and left; once it is ended, what goes back, also before Stripe has sent it."""
    sale = shelf.sold(refund_rule=RefundRule.SINGLE_PRICE)
    shelf.use(sale.id, shelf.hold())
    told = for_mail(shelf, sale.id)
    assert (told.used, told.left, told.is_usable) == (1, 4, True)
    assert (told.practitioner_id, told.client_id) == (sale.practitioner_id, sale.client_id)
    assert (told.price, told.goes_back) == (Money(40_000, "EUR"), Money(0, "EUR"))
    end(shelf, sale.id)
    over = for_mail(shelf, sale.id)
    assert (over.state, over.is_usable, over.left) == (SaleState.ENDED, False, 4)
    assert (over.goes_back, over.is_at_stripe) == (Money(31_000, "EUR"), True)


def test_what_is_used_up_past_or_disputed_cannot_be_used(shelf: Shelf) -> None:
    """Of none of them is told that it lapses."""
    used_up, past, disputed = (
        shelf.sold(package_id=uuid7(), sessions=sessions) for sessions in (2, 5, 5)
    )
    for _ in range(2):
        shelf.use(used_up.id, shelf.hold())
    shelf.end_time(past.id, utc_now() - timedelta(seconds=1))
    shelf.dispute(disputed.id)
    for sale in (used_up, past, disputed):
        assert not for_mail(shelf, sale.id).is_usable


def test_only_a_service_within_the_practice_hears_of_a_sale(shelf: Shelf) -> None:
    """A person asks for the page; another practice's sale is unknown."""
    sale = shelf.sold()
    for person in (shelf.world.client, shelf.world.admin):
        with pytest.raises(Forbidden):
            for_mail(shelf, sale.id, person)
    with pytest.raises(NotFound):
        for_mail(shelf, sale.id, service_actor("notify", uuid7(), "test"))
