"""One transaction a use case: begun with its tenant, whole or not at all."""

from collections.abc import Callable, Iterator
from uuid import UUID

import pytest
from sqlalchemy import Engine, select, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from deploy.local.stack import Stack
from services.billing.models import plumbing
from services.common import inbox
from services.common.auth import service_actor
from services.common.database import Database
from services.common.dialect import DEFERRED
from services.common.errors import Busy

OURS, EVENT = UUID(int=1), UUID(int=77)
CLAIMED = select(plumbing.inbox.c.event_id).where(plumbing.inbox.c.event_id == EVENT)


@pytest.fixture
def house(servers: Stack, migrate: Callable[[str], None]) -> Iterator[Database]:
    """Billing's database over one connection, so that every use meets the same one."""
    migrate("billing")
    house = Database(servers.database_url("billing"), pool_size=1)
    yield house
    with house.plumbing() as tx:
        tx.execute(text("DELETE FROM billing.inbox"))
    house.engine.dispose()


def claim_and(house: Database, then: Callable[[Session], object]) -> None:
    """Write a row, go on, and commit."""
    with house.plumbing() as tx:
        assert inbox.claim(tx, plumbing.inbox, EVENT, "test")
        then(tx)


def fail(_tx: Session) -> None:
    """Something else goes wrong."""
    raise RuntimeError


def swallow_a_failure(tx: Session) -> None:
    """Go on as if a statement had not failed."""
    with pytest.raises(DBAPIError):
        tx.execute(text("SELECT 1 / 0"))


def backend(tx: Session) -> int:
    """The server process behind a transaction."""
    return int(tx.scalar(text("SELECT pg_backend_pid()")) or 0)


def end(administrator: Engine, pid: int) -> None:
    """End a server process, as a restart of the database does."""
    with administrator.connect() as connection:
        ended = connection.scalar(text("SELECT pg_terminate_backend(:pid, 5000)"), {"pid": pid})
        assert ended


def test_a_transaction_begins_with_its_tenant_and_leaves_none_behind(house: Database) -> None:
    """The setting that the policies read ends with the transaction."""
    setting = text("SELECT NULLIF(current_setting('attune.practice_id', true), '')")
    with house.transaction(service_actor("billing", OURS, "test")) as tx:
        assert tx.scalar(setting) == str(OURS)
    with house.plumbing() as tx:
        assert tx.scalar(setting) is None


def test_what_was_written_before_a_failure_is_gone(house: Database) -> None:
    """No statement commits by itself, though the driver knows of no transaction."""
    with pytest.raises(RuntimeError):
        claim_and(house, fail)
    assert not house.has(CLAIMED)
    with house.engine.connect() as connection:
        connection.execute(plumbing.inbox.insert().values(event_id=EVENT, handler="test"))
    assert not house.has(CLAIMED)


def test_what_was_committed_is_found(house: Database) -> None:
    """The twin of the test above: the same claim, left in peace."""
    with house.plumbing() as tx:
        assert inbox.claim(tx, plumbing.inbox, EVENT, "test")
    assert house.has(CLAIMED)


def test_a_transaction_that_failed_cannot_pass_for_committed(house: Database) -> None:
    """PostgreSQL answers COMMIT with a silent ROLLBACK; whoever swallowed the error is told."""
    with pytest.raises(DBAPIError, match="undone"):
        claim_and(house, swallow_a_failure)
    assert not house.has(CLAIMED)


def test_a_connection_that_died_in_the_pool_is_replaced(
    house: Database, administrator: Engine
) -> None:
    """A restart of the database costs nobody a refusal: it is looked at before it is lent."""
    with house.plumbing() as tx:
        before = backend(tx)
    end(administrator, before)
    with house.plumbing() as tx:
        assert inbox.claim(tx, plumbing.inbox, EVENT, "test")
        assert backend(tx) != before
    assert house.has(CLAIMED)


def test_a_connection_that_dies_at_work_is_not_repeated(
    house: Database, administrator: Engine
) -> None:
    """Something may have been done over it: the caller decides, told by Busy."""

    def lose_the_connection(tx: Session) -> None:
        end(administrator, backend(tx))
        tx.execute(CLAIMED)

    with pytest.raises(Busy):
        claim_and(house, lose_the_connection)
    assert not house.has(CLAIMED)


def defer(tx: Session, sql: str) -> None:
    """Execute a statement whose answer nobody reads."""
    tx.execute(text(sql), execution_options=DEFERRED)


CLAIM = f"INSERT INTO billing.inbox (event_id, handler) VALUES ('{EVENT}', 'test')"


def test_what_waits_goes_before_what_comes_next(house: Database) -> None:
    """A deferred statement is seen by the one after it, and commits with the others."""
    with house.plumbing() as tx:
        defer(tx, CLAIM)
        assert tx.scalar(CLAIMED) == EVENT
    assert house.has(CLAIMED)


def test_the_commit_takes_along_what_still_waits(house: Database) -> None:
    """A transaction of nothing but deferred statements is one trip, and whole."""
    with house.plumbing() as tx:
        defer(tx, CLAIM)
    assert house.has(CLAIMED)


def test_what_waits_and_fails_undoes_everything(house: Database) -> None:
    """The next trip is told, whoever makes it, and nothing of the transaction is left."""

    def fail_later(tx: Session) -> None:
        defer(tx, "SELECT 1 / 0")

    with pytest.raises(DBAPIError, match="zero"):
        claim_and(house, fail_later)
    assert not house.has(CLAIMED)


def test_what_waits_ends_with_its_savepoint(house: Database) -> None:
    """Order is kept: what was deferred after a savepoint is undone with it."""
    with house.plumbing() as tx:
        inner = tx.begin_nested()
        defer(tx, CLAIM)
        inner.rollback()
        assert tx.scalar(CLAIMED) is None
    assert not house.has(CLAIMED)


def test_what_waits_is_forgotten_with_its_transaction(house: Database) -> None:
    """Nothing of a transaction that failed travels with the next one over the connection."""

    def defer_and_fail(tx: Session) -> None:
        defer(tx, CLAIM)
        raise RuntimeError

    with pytest.raises(RuntimeError), house.plumbing() as tx:
        defer_and_fail(tx)
    with house.plumbing() as tx:
        assert tx.scalar(CLAIMED) is None


def test_a_lock_that_waits_is_bounded(house: Database, administrator: Engine) -> None:
    """The limit that travels with BEGIN holds for the statements of the same trip."""
    lock = "SELECT pg_advisory_xact_lock(77)"
    with administrator.begin() as others:
        others.execute(text(lock))
        with pytest.raises(Busy):
            claim_and(house, lambda tx: defer(tx, lock))
    assert not house.has(CLAIMED)


@pytest.mark.parametrize(("level", "shown"), [("SERIALIZABLE", "serializable"), (None, None)])
def test_another_isolation_level_ends_with_its_connection(
    house: Database, level: str | None, shown: str | None
) -> None:
    """The one connection of the pool is as it was when it is lent again."""
    asked = text("SHOW transaction_isolation")
    with house.engine.connect() as connection:
        if level:
            connection.execution_options(isolation_level=level)
        assert connection.scalar(asked) == (shown or "read committed")
    with house.plumbing() as tx:
        assert tx.scalar(asked) == "read committed"


def test_autocommit_begins_no_transaction(administrator: Engine) -> None:
    """As VACUUM wants it; afterwards transactions are begun again."""
    with administrator.connect() as connection:
        connection.execution_options(isolation_level="AUTOCOMMIT")
        connection.execute(text("VACUUM billing.inbox"))
    with administrator.connect() as connection, pytest.raises(DBAPIError, match="VACUUM"):
        connection.execute(text("VACUUM billing.inbox"))


def test_a_pool_without_a_free_connection_is_busy(house: Database) -> None:
    """Waiting for a connection ends before the caller gives up, in a refusal to be repeated."""
    with house.plumbing(), pytest.raises(Busy), house.plumbing():
        pass
