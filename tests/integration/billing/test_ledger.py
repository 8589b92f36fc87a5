"""The books: balanced, append-only, apart by practice; and past payments brought in."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from uuid import UUID

import pytest
from psycopg2.errors import CheckViolation
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError, ProgrammingError
from uuid_utils.compat import uuid7

from deploy.local.stack import Stack
from services.billing.operations import (
    NewPrice,
    PastPayment,
    PastRefund,
    import_past_payments,
    publish_price,
)
from services.billing.operations.reading import list_payments
from services.common.clock import utc_now
from services.common.database import Database, constraint_of
from services.common.errors import DifferentContent, InvalidInput
from services.common.money import Money
from services.contracts.billing import ListPayments, PaymentState
from tests.integration.billing.owner import as_owner, without_trigger
from tests.integration.billing.world import World

EUR = "EUR"


BOOKS = ["postings", "ledger_transactions", "prices"]
REWRITINGS = [
    "UPDATE billing.{} SET practice_id = practice_id",
    "DELETE FROM billing.{}",
    "TRUNCATE billing.{} CASCADE",
]


@pytest.mark.parametrize("table", BOOKS)
@pytest.mark.parametrize("change", REWRITINGS)
def test_what_is_written_in_the_books_stays(billing: Database, table: str, change: str) -> None:
    """The runtime role has no right to change or remove postings, transactions and prices."""
    with pytest.raises(ProgrammingError), billing.plumbing() as tx:
        tx.execute(text(change.format(table)))


@pytest.mark.parametrize("table", BOOKS)
def test_even_the_owner_cannot_rewrite_the_books(
    billing: Database, world: World, servers: Stack, table: str
) -> None:
    """A trigger refuses what rights would allow (the first of the two guards removed)."""
    world.start()
    world.pay()
    world.converge()
    enter = f"SELECT set_config('attune.practice_id', '{world.practice_id}', true)"
    change = f"UPDATE billing.{table} SET practice_id = practice_id"
    with pytest.raises(CheckViolation, match="is never changed"):
        as_owner(servers, enter, change)


def test_an_unbalanced_transaction_cannot_be_committed(world: World) -> None:
    """The sum is checked at commit, per currency; other currencies do not make up for it."""
    world.hold()
    for amounts in ([(900, EUR)], [(900, EUR), (-899, EUR)], [(900, EUR), (-900, "GBP")]):
        with pytest.raises(IntegrityError) as refused:
            _post(world, amounts)
        assert constraint_of(refused.value) == "postings_balanced"
    assert world.balances() == {}


def test_without_its_guard_an_unbalanced_transaction_would_pass(
    world: World, servers: Stack
) -> None:
    """The twin of the test above: with the trigger switched off the same rows are committed."""
    world.hold()
    with without_trigger(servers, "postings", "postings_balanced"):
        _post(world, [(900, EUR)])
    assert world.balances() == {"account_0": 900}


def test_row_level_security_holds_where_no_filter_does(
    world: World, make_world: Callable[..., World]
) -> None:
    """A query without any filter sees one practice's rows; without a practice, none."""
    other = make_world()
    for each in (world, other):
        each.start()
        each.pay()
        each.converge()
    for table in ("payments", "ledger_transactions", "postings"):
        query = text(f"SELECT DISTINCT practice_id FROM billing.{table}")
        with world.database.transaction(world.us) as tx:
            assert tx.scalars(query).all() == [world.practice_id]
        with world.database.plumbing() as tx:
            assert tx.scalars(query).all() == []


def test_without_its_policy_another_practices_payments_would_show(
    world: World, make_world: Callable[..., World], servers: Stack
) -> None:
    """The twin of the test above: row-level security switched off, the same query shows both."""
    other = make_world()
    world.hold()
    other.hold()
    query = text("SELECT practice_id FROM billing.payments")
    as_owner(servers, "ALTER TABLE billing.payments DISABLE ROW LEVEL SECURITY")
    try:
        with world.database.transaction(world.us) as tx:
            assert {world.practice_id, other.practice_id} <= set(tx.scalars(query))
    finally:
        as_owner(servers, "ALTER TABLE billing.payments ENABLE ROW LEVEL SECURITY")


def test_a_client_sees_own_payments_of_every_practice(
    world: World, make_world: Callable[..., World]
) -> None:
    """The second policy: by account, without a practice; nobody else's are among them."""
    other, stranger = make_world(), make_world()
    other.account_id = world.account_id
    other.bookings.accounts[other.booking_id] = world.account_id
    for each in (world, other, stranger):
        each.start()
    ids = [each.booking_id for each in (world, other, stranger)]
    actor = world.client.within(None)  # type: ignore[arg-type]
    with world.database.transaction(actor) as tx:
        found = list_payments(tx, ListPayments(booking_ids=ids), actor=actor, now=utc_now())
    assert {payment.booking_id for payment in found.payments} == set(ids[:2])


@pytest.mark.parametrize(
    ("role", "sees"), [("practitioner", True), ("front_desk", True), ("supervisor", False)]
)
def test_who_receives_clients_sees_what_their_own_practice_was_paid(
    world: World, make_world: Callable[..., World], role: str, sees: bool
) -> None:
    """State and amounts, of this practice alone; a role without a reason to know sees none."""
    other = make_world()
    for each in (world, other):
        each.start()
    world.pay()
    world.converge()
    actor = replace(world.client, account_id=uuid7(), roles=frozenset({role}))
    asked = ListPayments(booking_ids=[world.booking_id, other.booking_id])
    with world.database.transaction(actor) as tx:
        found = list_payments(tx, asked, actor=actor, now=utc_now()).payments
    told = [(one.booking_id, one.state, one.captured) for one in found]
    paid = (world.booking_id, PaymentState.SUCCEEDED, world.money)
    assert told == ([paid] if sees else [])


def test_past_payments_are_brought_in_once_and_balanced(world: World) -> None:
    """A hundred with and without refunds, twice: the books add up and nothing is doubled."""
    account = uuid7()
    past = [_past(world, number, account) for number in range(100)]
    for expected in (100, 0):
        with world.database.transaction(world.us) as tx:
            assert import_past_payments(tx, world.practice_id, past) == expected
    kept = 100 * 9000 - 20 * 4500
    assert world.balances() == {
        "stripe_balance": kept - 100 * (160 + 450),
        "booking_funds": -60 * 9000,
        "retained_fees": -20 * 9000 - 20 * 4500,
        "stripe_fees": 100 * 160,
        "platform_commission": 100 * 450,
    }
    assert len(world.refunds()) == 20
    assert world.due() == []


def test_a_past_payment_that_does_not_add_up_is_refused_whole(world: World) -> None:
    """More back than came: InvalidInput, and none of the set is written."""
    good, other = _past(world, 0, uuid7()), _past(world, 0, uuid7())
    bad = replace(other, ended=PastRefund(Money(9001, EUR), 100, other.captured_at))
    with pytest.raises(InvalidInput), world.database.transaction(world.us) as tx:
        import_past_payments(tx, world.practice_id, [good, bad])
    assert world.balances() == {}


def test_a_past_payment_that_stripe_does_not_know_is_left_to_a_person(world: World) -> None:
    """Cancelled after the import: the refund fails, is owed, and waits for whoever pays it back."""
    past = _past(world, 0, world.account_id)
    with world.database.transaction(world.us) as tx:
        import_past_payments(tx, world.practice_id, [past])
    world.booking_id = past.booking_id
    world.cancel(100)
    world.work_off()
    assert world.payment().state is PaymentState.SUCCEEDED
    assert world.due() == []
    assert [(one.state, one.failure) for one in world.refunds()] == [("failed", "not_at_stripe")]
    assert world.balances()["refunds_due"] == -9000


def test_a_price_version_is_published_once_and_never_changes(world: World) -> None:
    """The same again tells nothing; another amount under the same id or version is refused."""
    published = text("SELECT count(*) FROM billing.outbox WHERE body->>'price_id' = :id")
    with world.database.transaction(world.us) as tx:
        publish_price(tx, world.price, now=utc_now())
        assert tx.scalar(published, {"id": str(world.price.id)}) == 1
    for changed in (_changed(world.price, world.price.id), _changed(world.price, uuid7())):
        with pytest.raises(DifferentContent), world.database.transaction(world.us) as tx:
            publish_price(tx, changed, now=utc_now())


def _changed(price: NewPrice, id_: UUID) -> NewPrice:
    return NewPrice(
        id_, price.practice_id, price.offering_id, price.practitioner_id, 1, Money(1, EUR)
    )


def _past(world: World, number: int, account: UUID) -> PastPayment:
    """Of each five: one late cancellation, one half refunded, three that stand."""
    at = utc_now() - timedelta(days=100 - number % 90)
    endings = {1: PastRefund(Money(0, EUR), 0, at), 2: PastRefund(Money(4500, EUR), 50, at)}
    return PastPayment(
        id=uuid7(),
        booking_id=uuid7(),
        client_id=uuid7(),
        account_id=account,
        price_id=world.price.id,
        money=Money(9000, EUR),
        captured_at=at,
        stripe_fee=160,
        commission=450,
        ended=endings.get(number % 5),
    )


def _post(world: World, amounts: list[tuple[int, str]]) -> None:
    transaction_id, payment_id = uuid7(), world.payment().id
    ids = {"id": transaction_id, "practice": world.practice_id, "payment": payment_id}
    with world.database.transaction(world.us) as tx:
        tx.execute(
            text("INSERT INTO billing.ledger_transactions"
                 " VALUES (:id, :practice, 'charged', :payment, :id, now())"), ids,
        )  # fmt: skip
        for number, (amount, currency) in enumerate(amounts):
            row = {"account": f"account_{number}", "currency": currency, "amount": amount}
            tx.execute(
                text("INSERT INTO billing.postings"
                     " VALUES (:practice, :id, :account, :currency, :amount)"), ids | row,
            )  # fmt: skip
