"""What the doctor looks at: quiet on a booking's whole life, and loud for each thing that is wrong.

The breaking is done as the schema's owner with the guards off: the runtime role may not.
"""

import pytest
from sqlalchemy import text
from sqlalchemy.exc import ProgrammingError

from deploy.local.stack import Stack
from services.billing.queries.invariants import CHECKS, PRACTICES
from tests.integration.billing.owner import as_owner
from tests.integration.billing.world import World

SUMS = "every ledger transaction sums to zero"
BACK = "no payment gave back more than it captured"
REFUNDS = "every refund that was promised is in the ledger, and none besides"
PRICE = "every payment asks for its price, and captured what the ledger charged"
OWED = "every promised refund is owed as work"
WHOLE = "captured is allocated, retained, owed, disputed or sent back"
MADE = "what went back is what the refunds say"
DISPUTED = "what is disputed is what the disputes took, and what the ledger has of them"
BREAKING = [
    ("UPDATE billing.postings SET amount = amount + 1 WHERE account = 'retained_fees'",
     {SUMS, WHOLE}),
    ("DELETE FROM billing.postings WHERE account = 'retained_fees'", {SUMS, WHOLE}),
    ("UPDATE billing.payments SET refunded = refunded - 1", {WHOLE, MADE}),
    ("UPDATE billing.refunds SET amount = 100000", {BACK, REFUNDS, MADE}),
    ("DELETE FROM billing.refunds", {REFUNDS, MADE}),
    ("UPDATE billing.refunds SET amount = amount - 1", {REFUNDS, MADE}),
    ("UPDATE billing.refunds SET state = 'promised', made_at = NULL", {OWED, MADE}),
    ("UPDATE billing.payments SET disputed = 1", {DISPUTED}),
    ("UPDATE billing.payments SET amount = 1", {PRICE}),
    ("UPDATE billing.payments SET captured = captured + 1", {PRICE, WHOLE}),
]  # fmt: skip


@pytest.fixture
def half_refunded(world: World) -> World:
    """Paid, cancelled at half, the refund made: every account of the ledger has moved."""
    world.start()
    world.pay()
    world.converge()
    world.cancel(50)
    world.work_off()
    return world


def violated(world: World) -> set[str]:
    """The rules that the practice's rows break."""
    with world.database.transaction(world.us) as tx:
        return {rule for rule, count in CHECKS.items() if tx.scalar(text(count))}


def test_what_the_product_does_breaks_no_rule(half_refunded: World) -> None:
    """And the doctor knows of the practice."""
    assert violated(half_refunded) == set()
    with half_refunded.database.plumbing() as tx:
        assert half_refunded.practice_id in set(tx.scalars(text(PRACTICES)))


@pytest.mark.parametrize(("change", "rules"), BREAKING)
def test_each_wrong_row_is_seen(
    half_refunded: World, servers: Stack, change: str, rules: set[str]
) -> None:
    """Guards off, one thing made wrong: these rules tell, and no others."""
    enter = f"SELECT set_config('attune.practice_id', '{half_refunded.practice_id}', true)"
    tables = ("postings", "payments", "refunds")
    as_owner(servers, *(f"ALTER TABLE billing.{one} DISABLE TRIGGER USER" for one in tables))
    try:
        as_owner(servers, enter, change)
        assert violated(half_refunded) == rules
    finally:
        as_owner(servers, *(f"ALTER TABLE billing.{one} ENABLE TRIGGER USER" for one in tables))


@pytest.mark.parametrize(
    "change",
    [
        "DELETE FROM billing.payments",
        "DELETE FROM billing.refunds",
        "TRUNCATE billing.refunds",
        "UPDATE billing.payments SET amount = 1",
        "UPDATE billing.payments SET price_id = id",
    ],
)
def test_billing_itself_may_not_rewrite_what_a_payment_is_about(world: World, change: str) -> None:
    """Amount, price and the rows are beyond the runtime role's rights; the amount of a refund is
    kept by a trigger once Stripe was asked (test_refunds_at_stripe.py)."""
    with (
        pytest.raises(ProgrammingError, match="permission denied"),
        world.database.transaction(world.us) as tx,
    ):
        tx.execute(text(change))
