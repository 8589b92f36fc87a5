"""A query on its own: one trip, no tenant, the limits of every other transaction."""

from collections.abc import Callable, Iterator
from uuid import UUID

import pytest
from psycopg2 import Error as PsycopgError
from sqlalchemy import Engine, func, select, text
from sqlalchemy.exc import DBAPIError

from deploy.local.stack import Stack
from services.common.auth import service_actor
from services.common.database import Database, told
from services.common.errors import Busy

OURS = UUID(int=1)
BACKEND = select(func.pg_backend_pid())
TENANT = select(func.nullif(func.current_setting("attune.practice_id", True), ""))
TOLD = text("SELECT nullif(current_setting('attune.practice_id', true), ''), pg_backend_pid()")
ENDED = text("SELECT pg_terminate_backend(:pid, 5000)")
LIMITS = select(func.current_setting("lock_timeout"), func.current_setting("statement_timeout"))


@pytest.fixture
def house(servers: Stack, migrate: Callable[[str], None]) -> Iterator[Database]:
    """Profiles' database over one connection, so that every use meets the same one."""
    migrate("profiles")
    house = Database(servers.database_url("profiles"), pool_size=1)
    yield house
    house.engine.dispose()


def ask_a_server_that_leaves(house: Database, administrator: Engine) -> None:
    """Two questions of one reading, between which the connection is ended."""
    with house.reading() as tx:
        ((_, backend),) = told(tx, TOLD, {})
        with administrator.connect() as connection:
            assert connection.scalar(ENDED, {"pid": backend})
        told(tx, TOLD, {})


def test_a_query_alone_sees_no_tenant(house: Database) -> None:
    """Nor that of the transaction before it over the same connection."""
    with house.transaction(service_actor("profiles", OURS, "test")) as tx:
        assert tx.scalar(TENANT) == str(OURS)
        before = tx.scalar(BACKEND)
    assert house.rows(TENANT) == [(None,)]
    assert house.rows(BACKEND) == [(before,)]


def test_a_query_alone_has_limits_and_leaves_none_behind(house: Database) -> None:
    """They travel with it, so that they hold behind a pooler that hands connections around."""
    assert house.rows(LIMITS) == [("4s", "10s")]
    with house.engine.connect() as connection:
        assert connection.execute(LIMITS).all() == [("0", "0")]


def test_each_query_of_a_reading_sees_its_tenant(house: Database) -> None:
    """The setting travels with each, and none is left when the connection is lent again."""
    with house.reading(service_actor("profiles", OURS, "test")) as tx:
        assert [tx.scalar(TENANT) for _ in range(3)] == [str(OURS)] * 3
    assert house.rows(TENANT) == [(None,)]
    with house.plumbing() as tx:
        assert tx.scalar(TENANT) is None


def test_a_reading_writes_nothing(house: Database) -> None:
    """Nothing would undo a part of it: whoever writes in one is refused by the database."""
    with pytest.raises(DBAPIError, match="read-only"), house.reading() as tx:
        tx.execute(text("DELETE FROM profiles.inbox"))


def test_a_query_alone_that_waits_for_a_lock_gives_up(
    house: Database, administrator: Engine
) -> None:
    """The limits hold for the trip that they travel with, and end in a refusal to be repeated."""
    with administrator.begin() as others:
        others.execute(select(func.pg_advisory_xact_lock(78)))
        with pytest.raises(Busy):
            house.rows(select(func.pg_advisory_xact_lock(78)))


def test_a_query_alone_over_a_connection_that_died_is_answered(
    house: Database, administrator: Engine
) -> None:
    """A restart of the database costs nobody a refusal."""
    ((before,),) = house.rows(BACKEND)
    with administrator.connect() as connection:
        assert connection.scalar(ENDED, {"pid": before})
    ((after,),) = house.rows(BACKEND)
    assert after != before


def test_what_the_driver_tells_is_seen_through_the_tenant(house: Database) -> None:
    """Past the session's own making of rows, not past its settings; and none is left behind."""
    ours = service_actor("profiles", OURS, "test")
    with house.reading(ours) as tx:
        assert [told(tx, TOLD, {})[0][0] for _ in range(3)] == [str(OURS)] * 3
    with house.transaction(ours) as tx:
        assert [told(tx, TOLD, {})[0][0] for _ in range(3)] == [str(OURS)] * 3
    with house.reading() as tx:
        assert told(tx, TOLD, {})[0][0] is None
        with pytest.raises(PsycopgError, match="read-only"):
            told(tx, text("DELETE FROM profiles.inbox"), {})


def test_a_server_that_leaves_between_two_questions_is_to_be_asked_again(
    house: Database, administrator: Engine
) -> None:
    """The one who asked the driver is told Busy, and the next gets a connection that lives."""
    with pytest.raises(Busy):
        ask_a_server_that_leaves(house, administrator)
    with house.reading() as tx:
        assert told(tx, TOLD, {})[0][0] is None
