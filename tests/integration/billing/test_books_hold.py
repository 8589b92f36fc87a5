"""Books that nobody rewrites: each guard of the ledger, and what would pass without it."""

import pytest
from psycopg2.errors import CheckViolation
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError
from uuid_utils.compat import uuid7

from deploy.local.stack import Stack
from services.common.database import constraint_of
from tests.integration.billing.owner import as_owner, without_trigger
from tests.integration.billing.past import bring_in, past
from tests.integration.billing.world import World

POSTINGS, TRANSACTIONS = "postings", "ledger_transactions"
REWRITINGS = [
    (POSTINGS, "UPDATE billing.postings SET amount = amount"),
    (POSTINGS, "DELETE FROM billing.postings"),
    (TRANSACTIONS, "UPDATE billing.ledger_transactions SET occurred_at = occurred_at"),
]
EMPTY = {
    POSTINGS: "TRUNCATE billing.postings",
    TRANSACTIONS: "TRUNCATE billing.ledger_transactions CASCADE",
}
ENTER = "SELECT set_config('attune.practice_id', '{}', true)"


def passes(servers: Stack, world: World, *changes: str) -> bool:
    """Whether the owner's statements go through; what they did is taken back."""
    refuse = "DO $$ BEGIN RAISE EXCEPTION 'taken back' USING ERRCODE = 'raise_exception'; END $$"
    try:
        as_owner(servers, ENTER.format(world.practice_id), *changes, refuse)
    except CheckViolation:
        return False
    except Exception as error:
        if "taken back" not in str(error):
            raise
    return True


@pytest.fixture
def entered(world: World) -> World:
    """A practice with entries."""
    bring_in(world, [past(world, 0)])
    return world


@pytest.mark.parametrize(("table", "change"), REWRITINGS)
def test_an_entry_could_be_rewritten_without_its_trigger(
    entered: World, servers: Stack, table: str, change: str
) -> None:
    """The owner is refused by the trigger, and by nothing else once it is switched off."""
    assert not passes(servers, entered, change)
    with without_trigger(servers, table, f"{table}_append_only"):
        assert passes(servers, entered, change)


@pytest.mark.parametrize("table", EMPTY)
def test_not_even_the_owner_empties_the_books(entered: World, servers: Stack, table: str) -> None:
    """TRUNCATE is seen by no trigger of rows: it has one of its own; off, it goes through."""
    assert not passes(servers, entered, EMPTY[table])
    with (
        without_trigger(servers, "postings", "postings_never_emptied"),
        without_trigger(servers, "ledger_transactions", "ledger_transactions_never_emptied"),
    ):
        assert passes(servers, entered, EMPTY[table])


def _without_entries(world: World) -> None:
    ids = {"id": uuid7(), "practice": world.practice_id, "payment": world.payment().id}
    with world.database.transaction(world.us) as tx:
        tx.execute(
            text(
                "INSERT INTO billing.ledger_transactions"
                " (id, practice_id, kind, payment_id, source_id, occurred_at)"
                " VALUES (:id, :practice, 'charged', :payment, :id, now())"
            ),
            ids,
        )


def test_a_transaction_without_entries_cannot_be_committed(world: World, servers: Stack) -> None:
    """It has no sum, and no sum is no balance; with the guard off it is committed."""
    world.hold()
    with pytest.raises(IntegrityError) as refused:
        _without_entries(world)
    assert constraint_of(refused.value) == "ledger_transactions_have_entries"
    with without_trigger(servers, "ledger_transactions", "ledger_transactions_have_entries"):
        _without_entries(world)
    assert world.moves().total() == 1
