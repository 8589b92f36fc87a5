"""Packages: published in versions that stay, bought on the hosted page, and told of."""

from collections import Counter
from datetime import timedelta
from uuid import UUID

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError, ProgrammingError
from uuid_utils.compat import uuid7

from services.billing.operations import package_offers, package_sales
from services.common.auth import Actor
from services.common.clock import utc_now
from services.common.database import constraint_of
from services.common.errors import DifferentContent, Forbidden, InvalidInput, NotFound
from services.common.money import Money
from services.contracts.billing import PaymentState
from services.contracts.billing.packages import (
    ListOwnSales,
    ListPackageOffers,
    ListSales,
    PackageChanged,
    PackagesView,
    SaleState,
    SetPackageActive,
)
from tests.integration.billing.shelf import Shelf
from tests.integration.billing.world import World


@pytest.fixture
def shelf(world: World) -> Shelf:
    """The packages of one practice."""
    return Shelf(world)


def offers(shelf: Shelf) -> PackagesView:
    """What everybody sees of the practitioner's packages."""
    asked = ListPackageOffers(practitioner_id=shelf.world.practitioner_id)
    with shelf.world.database.reading(Actor()) as tx:
        return package_offers.list_package_offers(tx, asked)


def test_a_change_is_a_new_version_and_the_one_that_was_bought_stays(shelf: Shelf) -> None:
    """Whoever bought five for 400 has five for 400; the next one pays what is asked by then."""
    first = shelf.publish()
    assert (first.singles_from, first.price) == (Money(45_000, "EUR"), Money(40_000, "EUR"))
    begun = shelf.buy(shelf.wish(first))
    change = shelf.command(
        package_id=first.id, after_version=1, price=Money(42_000, "EUR"), name="Five"
    )
    second = shelf.save(change)
    assert shelf.save(change) == second
    assert [one.price for one in offers(shelf).packages] == [Money(42_000, "EUR")]
    assert (shelf.sale(begun.id).price, shelf.sale(begun.id).name) == (first.price, "Five sessions")
    with pytest.raises(PackageChanged):
        shelf.save(shelf.command(package_id=first.id, after_version=1))
    with pytest.raises(DifferentContent):
        shelf.save(change.model_copy(update={"sessions": 9}))
    with pytest.raises(PackageChanged):
        shelf.buy(shelf.wish(first))


def test_a_version_is_never_changed(shelf: Shelf) -> None:
    """Not by the service, which has no right to, and not by the owner, whom a trigger stops."""
    package = shelf.publish()
    change = text("UPDATE billing.package_versions SET sessions = 9 WHERE id = :id")
    with (
        pytest.raises(ProgrammingError, match="permission denied"),
        shelf.world.database.transaction(shelf.world.us) as tx,
    ):
        tx.execute(change, {"id": package.version_id})


def test_only_offerings_of_one_practitioner_in_their_currency_make_a_package(
    shelf: Shelf,
) -> None:
    """What is refused is named by its field, and nothing is written."""
    for changes, field in (
        ({"offering_ids": [uuid7()]}, "offerings"),
        ({"practitioner_id": uuid7()}, "offerings"),
        ({"price": Money(40_000, "CHF")}, "price"),
    ):
        with pytest.raises(InvalidInput) as refusal:
            shelf.publish(**changes)
        assert field in refusal.value.detail
    assert offers(shelf).packages == []


def test_a_retired_package_is_not_sold_and_what_is_sold_of_it_stays(shelf: Shelf) -> None:
    """Its page leads to those that are on offer; a page that is open already may be paid."""
    package = shelf.publish()
    begun = shelf.buy(shelf.wish(package))
    admin = shelf.world.admin
    with shelf.world.database.transaction(admin) as tx:
        command = SetPackageActive(package_id=package.id, is_active=False)
        assert not package_offers.set_package_active(tx, command, actor=admin).is_active
    assert offers(shelf).packages == []
    with pytest.raises(PackageChanged):
        shelf.buy(shelf.wish(package))
    shelf.pay(begun.id)
    assert shelf.sale(begun.id).state is SaleState.ACTIVE


def test_a_package_is_paid_once_and_deferred_until_it_is_used(shelf: Shelf) -> None:
    """The same form leads to the same page; the webhook makes the package usable, and what was
    paid is owed in sessions: no income yet, and booking hears of nothing."""
    wish = shelf.wish(shelf.publish())
    first = shelf.buy(wish)
    assert (first.state, first.owed, first.left) == (SaleState.PENDING, Money(0, "EUR"), 0)
    assert shelf.buy(wish).checkout_url == first.checkout_url is not None
    shelf.pay(wish.id)
    sale = shelf.sale(wish.id)
    assert (sale.state, sale.used, sale.left) == (SaleState.ACTIVE, 0, 5)
    assert (sale.owed, sale.payment_state) == (sale.price, PaymentState.SUCCEEDED)
    assert sale.bought_at is not None
    assert sale.expires_at is not None
    assert (sale.expires_at - sale.bought_at).days in (365, 366)
    assert shelf.world.balances() == {
        "stripe_balance": 40_000 - 625 - 2_000,
        "deferred_revenue": -40_000,
        "stripe_fees": 625,
        "platform_commission": 2_000,
    }
    assert shelf.buy(wish).state is SaleState.ACTIVE
    with shelf.world.database.plumbing() as tx:
        told = tx.scalars(
            text("SELECT type FROM billing.outbox WHERE body->>'booking_id' = :id"),
            {"id": str(wish.id)},
        ).all()
    assert told == []
    assert [row.kind for row in shelf.world.due()] == ["lapse_package"]
    assert shelf.broken() == {}


def test_an_expired_page_ends_and_the_next_try_opens_another_one(shelf: Shelf) -> None:
    """Nothing was charged, so nothing is sold; the same sale can still be paid later."""
    wish = shelf.wish(shelf.publish())
    first = shelf.buy(wish)
    later = utc_now() + timedelta(hours=2)
    session = str(shelf.payment(wish.id).checkout_session_id)
    shelf.world.around.stripe.expire_checkout(shelf.world.stripe_account, session)
    shelf.world.work_off(later)
    gone = shelf.sale(wish.id)
    assert (gone.payment_state, gone.state) == (PaymentState.EXPIRED, SaleState.PENDING)
    again = shelf.buy(wish, later)
    assert again.checkout_url not in (None, first.checkout_url)
    shelf.pay(wish.id)
    assert shelf.world.moves() == Counter(charged=1, processed=1)


def test_a_sale_is_seen_by_its_buyer_and_by_who_answers_for_the_money(shelf: Shelf) -> None:
    """An id that somebody may not see answers like an unknown one, also when it is used again."""
    sale = shelf.sold()
    assert shelf.sale(sale.id, shelf.world.client).id == sale.id
    treating = Actor("person", uuid7(), shelf.world.practice_id, frozenset({"practitioner"}))
    elsewhere = Actor("person", uuid7(), uuid7(), frozenset({"owner"}))
    for other in (shelf.stranger(), treating, elsewhere):
        with pytest.raises(NotFound):
            shelf.sale(sale.id, other)
    with shelf.world.database.reading(shelf.world.client) as tx:
        own = package_sales.list_own_sales(
            tx, ListOwnSales(), actor=shelf.world.client, now=utc_now()
        )
    assert [one.id for one in own.sales] == [sale.id]
    with pytest.raises(Forbidden), shelf.world.database.reading(treating) as tx:
        package_sales.list_sales(tx, ListSales(), actor=treating, now=utc_now())


def test_sales_are_listed_in_parts_that_go_on_from_a_row_with_the_sums_of_all(
    shelf: Shelf,
) -> None:
    """Keyset paging both ways; a package that is not paid counts for nothing in the sums."""
    package = shelf.publish()
    ids = [shelf.buy(shelf.wish(package)).id for _ in range(3)]
    for id_ in ids[:2]:
        shelf.pay(id_)

    def part(cursor: str | None, state: SaleState | None = None) -> tuple[list[UUID], str, str]:
        command = ListSales(cursor=cursor, limit=2, state=state)
        with shelf.world.database.reading(shelf.world.admin) as tx:
            told = package_sales.list_sales(tx, command, actor=shelf.world.admin, now=utc_now())
        [sum_] = told.sums
        assert (sum_.count, sum_.sold, sum_.owed) == (2, *[Money(80_000, "EUR")] * 2)
        found = [one.id for one in told.sales]
        return found, told.previous_cursor or "", told.next_cursor or ""

    first, _, onward = part(None)
    second, back, end = part(onward)
    assert ([*first, *second], end) == (ids[::-1], "")
    assert part(back)[0] == first
    assert part(None, SaleState.ACTIVE)[0] == [ids[1], ids[0]]


def test_no_session_beyond_those_that_were_bought_can_be_written(shelf: Shelf) -> None:
    """The database holds it by itself: a sixth of five, one twice, one of a package not paid."""
    sale = shelf.sold()
    unpaid = shelf.buy(shelf.wish(shelf.publish(package_id=uuid7())))
    use(shelf, sale.id, 1)
    for id_, ordinal, name in (
        (sale.id, 6, "credit_uses_within_sessions"),
        (sale.id, 0, "credit_uses_within_sessions"),
        (sale.id, 1, "credit_uses_once"),
        (unpaid.id, 1, "credit_uses_while_active"),
    ):
        with pytest.raises(IntegrityError) as refusal:
            use(shelf, id_, ordinal)
        assert constraint_of(refusal.value) == name


def use(shelf: Shelf, sale_id: UUID, ordinal: int) -> None:
    """Write a use as no operation would."""
    query = text("""INSERT INTO billing.credit_uses (id, practice_id, account_id, sale_id, sessions,
        ordinal, booking_id, price_id, amount, single, currency, state, used_at)
        SELECT :id, practice_id, account_id, id, sessions, :ordinal, :id, :price, 8000, 9000,
            currency, 'used', now() FROM billing.package_sales WHERE id = :sale""")
    values = {"id": uuid7(), "ordinal": ordinal, "sale": sale_id, "price": shelf.world.price.id}
    with shelf.world.database.transaction(shelf.world.us) as tx:
        tx.execute(query, values)
