"""The database at the edge: one transaction a use case, with the tenant set inside it."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from functools import lru_cache
from typing import Any, TypeVarTuple, cast
from uuid import UUID

from psycopg2 import Error as PsycopgError
from psycopg2 import OperationalError
from sqlalchemy import Connection, Engine, MetaData, Row, Select, create_engine, event, text
from sqlalchemy.engine import URL, Compiled, Dialect, make_url
from sqlalchemy.exc import DBAPIError, DisconnectionError, IntegrityError
from sqlalchemy.exc import TimeoutError as PoolExhausted
from sqlalchemy.orm import Session
from sqlalchemy.pool import QueuePool
from sqlalchemy.sql.elements import TextClause

from services.common.auth import Actor
from services.common.dialect import DEFERRED, DRIVER, OPENING, Opening
from services.common.errors import Busy

Values = TypeVarTuple("Values")

NAMING = {
    "pk": "%(table_name)s_pkey",
    "fk": "%(table_name)s_%(column_0_N_name)s_fkey",
    "uq": "%(table_name)s_%(column_0_N_name)s_key",
    "ix": "%(table_name)s_%(column_0_N_name)s_idx",
    "ck": "%(constraint_name)s",
}

# SQLSTATEs after which the same call may be repeated (PostgreSQL, appendix A).
RETRYABLE = {"40001", "40P01", "55P03", "57014", "57P01", "57P03", "08006", "08001", "53300"}

# Set for the transaction only, so that a PgBouncer in transaction mode is no trouble. The
# limits end every wait before the caller's 5 s do.
_SET_SCOPE = (
    "SELECT set_config('attune.practice_id', {practice_id}, true),"
    " set_config('attune.account_id', {account_id}, true),"
    " set_config('lock_timeout', '4s', true),"
    " set_config('statement_timeout', '10s', true)"
)
_TURN = text(_SET_SCOPE.format(practice_id=":practice_id", account_id=":account_id"))
_SCOPE = _SET_SCOPE.format(practice_id="%(practice_id)s", account_id="%(account_id)s")
_READING = _SCOPE + ", set_config('transaction_read_only', 'on', true)"


def driver_url(url: str) -> URL:
    """The address with psycopg2 as its driver: the one that eventlet can make cooperate."""
    return make_url(url).set(drivername=DRIVER)


def metadata(schema: str) -> MetaData:
    """The tables of one service: its schema, and the house's constraint names."""
    return MetaData(schema=schema, naming_convention=NAMING)


class Database:
    """A service's own database. Values never show in its errors."""

    def __init__(self, url: str, *, pool_size: int = 10) -> None:
        self.engine: Engine = create_engine(
            driver_url(url),
            poolclass=QueuePool,
            pool_size=pool_size,
            max_overflow=0,
            pool_timeout=4,
            hide_parameters=True,
        )
        event.listen(self.engine, "checkout", _check_lives)

    @contextmanager
    def transaction(self, actor: Actor | None = None) -> Iterator[Session]:
        """One transaction, seen through the actor's tenant and account; commits once, at the end.

        Raises Busy where the database was contended or away and the call may be repeated.
        """
        with (
            _as_busy(),
            self._open(Opening("BEGIN; " + _SCOPE, scope(actor))) as connection,
            _session(connection) as tx,
            tx.begin(),
        ):
            yield tx

    @contextmanager
    def plumbing(self) -> Iterator[Session]:
        """One transaction without a tenant: it sees platform and plumbing tables only."""
        with self.transaction(None) as tx:
            yield tx

    @contextmanager
    def reading(self, actor: Actor | None = None) -> Iterator[Session]:
        """Queries that are each a transaction of their own: a trip each, and none to commit.

        What one sets is gone for the next; whoever writes is refused. Raises Busy.
        """
        with _as_busy(), self._reading(actor) as connection, _session(connection) as tx:
            yield tx

    def has(self, query: Select[*tuple[Any, ...]], **given: Any) -> bool:
        """Whether there is such a row: for who asks often, a third of `rows`' cost. Raises Busy."""
        asked = _in_words(query, self.engine.dialect)
        with _as_busy(), closing(self.engine.raw_connection()) as line:
            cursor = line.cursor()
            cursor.execute(asked.string, asked.construct_params(given))
            return cursor.fetchone() is not None

    def rows(self, query: Select[*Values], **given: Any) -> Sequence[Row[*Values]]:
        """All that one query finds without a tenant, in one trip. Raises Busy."""
        with _as_busy(), self._reading(None) as connection:
            return connection.execute(query, given).all()

    def _reading(self, actor: Actor | None) -> Connection:
        return self._open(Opening(_READING, scope(actor), is_repeated=True))

    def _open(self, opening: Opening) -> Connection:
        connection = self.engine.connect()
        connection.info[OPENING] = opening
        try:
            connection.begin()
        except BaseException:
            connection.close()
            raise
        return connection


@lru_cache(maxsize=64)
def _in_words(query: Select[*tuple[Any, ...]] | TextClause, dialect: Dialect) -> Compiled:
    return query.compile(dialect=dialect)  # once, for those who keep their query


def _session(connection: Connection) -> Session:
    """A session whose end is that of the connection's transaction."""
    return Session(connection, expire_on_commit=False, join_transaction_mode="control_fully")


def scope(actor: Actor | None) -> dict[str, str]:
    """What the row-level policies read; an empty setting shows no row."""
    return {
        "practice_id": str(actor.practice_id) if actor and actor.practice_id else "",
        "account_id": str(actor.account_id) if actor and actor.account_id else "",
    }


def told(tx: Session, query: TextClause, given: Mapping[str, Any]) -> list[tuple[Any, ...]]:
    """All that a query finds, as the driver tells it: for who asks often, at half the cost.

    What `tx` has not written yet stays unseen.
    """
    connection = cast(Connection, tx.bind)  # not tx.connection(), which begins what has begun
    asked = _in_words(query, connection.dialect)
    with closing(connection.connection.cursor()) as cursor:
        connection.dialect.do_execute(cursor, asked.string, asked.construct_params(given))
        return list(cursor.fetchall())


def enter_practice(tx: Session, practice_id: UUID) -> None:
    """Turn the transaction to a practice that was found out within it."""
    told = {"practice_id": str(practice_id), "account_id": ""}
    tx.execute(_TURN, told, execution_options=DEFERRED)


def constraint_of(error: IntegrityError) -> str:
    """The name of the constraint that was broken; empty where the database names none."""
    diagnostics = getattr(error.orig, "diag", None)
    return getattr(diagnostics, "constraint_name", None) or ""


def _check_lives(connection: Any, _record: Any, _lent: Any) -> None:
    """Replace what died in the pool. It costs no trip: a server that left has hung up.

    Looked at twice, for the first look finds its last words, where it had any.
    """
    try:
        connection.poll()
        connection.poll()
    except PsycopgError as error:
        raise DisconnectionError from error


@contextmanager
def _as_busy() -> Iterator[None]:
    try:
        yield
    except PoolExhausted as error:
        raise Busy("Please try again in a moment.") from error
    except (DBAPIError, PsycopgError) as error:
        told = getattr(error, "orig", error)
        state = getattr(told, "pgcode", None)
        if state in RETRYABLE or (state is None and isinstance(told, OperationalError)):
            raise Busy("Please try again in a moment.") from error
        raise
