"""PostgreSQL over psycopg2, with fewer trips: what needs no answer travels with what does.

psycopg2 sends BEGIN on a trip of its own before the first statement; a short transaction is
mostly trips. Here its connections are in autocommit mode and SQLAlchemy's own begin, commit and
rollback are the ones that count. BEGIN, and every statement executed `DEFERRED`, wait for the
next trip and go before it, in their order; COMMIT takes the last along. Whoever begins in any
other way than the house's gets a plain BEGIN.
"""

from collections.abc import Callable
from typing import Any
from weakref import WeakKeyDictionary

from psycopg2 import InternalError
from psycopg2.extensions import TRANSACTION_STATUS_IDLE
from sqlalchemy.dialects import registry
from sqlalchemy.dialects.postgresql.psycopg2 import PGDialect_psycopg2
from sqlalchemy.sql.elements import SavepointClause

DRIVER = "postgresql+attune"
OPENING = "attune.opening"
"""Key of a connection's `info`: SQL and parameters that its next begin takes along."""
Opening = tuple[str, dict[str, str]]
DEFERRED = {"attune_deferred": True}
"""Execution options of a statement whose answer nobody reads: it waits for the next trip, whose
caller is told if it fails."""


class Dialect(PGDialect_psycopg2):
    """psycopg2 whose transactions are begun and ended by SQLAlchemy alone."""

    driver = "attune"
    supports_statement_cache = True

    def __init__(self, **told: Any) -> None:
        super().__init__(**told)  # type: ignore[no-untyped-call]
        self._levels: WeakKeyDictionary[Any, str] = WeakKeyDictionary()
        self._waiting: WeakKeyDictionary[Any, list[bytes]] = WeakKeyDictionary()

    def set_isolation_level(self, dbapi_connection: Any, level: str) -> None:
        """For the transactions to come; with AUTOCOMMIT there are none."""
        self._levels[_driver(dbapi_connection)] = level

    def on_connect(self) -> Callable[[Any], Any]:
        prepare = super().on_connect()  # type: ignore[no-untyped-call]

        def connected(connection: Any) -> None:
            if prepare:
                prepare(connection)
            connection.autocommit = True

        return connected

    def do_begin(self, dbapi_connection: Any) -> None:
        driver = _driver(dbapi_connection)
        level = self._levels.get(driver, self.default_isolation_level)
        plain = "" if level == "AUTOCOMMIT" else f"BEGIN ISOLATION LEVEL {level}"
        sql, told = dbapi_connection.info.pop(OPENING, (plain, {}))
        with driver.cursor() as cursor:
            self._waiting[driver] = [cursor.mogrify(sql, told)] if sql else []

    def do_execute(self, cursor: Any, statement: str, parameters: Any, context: Any = None) -> None:
        waiting = self._waiting.get(cursor.connection, [])
        if context is not None and DEFERRED.items() <= context.execution_options.items():
            waiting.append(cursor.mogrify(statement, parameters))
        else:
            cursor.execute(_taken(waiting, cursor.mogrify(statement, parameters)))

    def do_executemany(
        self, cursor: Any, statement: str, parameters: Any, context: Any = None
    ) -> None:
        if waiting := self._waiting.get(cursor.connection):
            cursor.execute(_taken(waiting))
        super().do_executemany(cursor, statement, parameters, context)  # type: ignore

    def do_savepoint(self, connection: Any, name: str) -> None:
        savepoint = SavepointClause(name)  # type: ignore[no-untyped-call]
        connection.execute(savepoint, execution_options=DEFERRED)

    def do_commit(self, dbapi_connection: Any) -> None:
        """Raises InternalError where the server undid the transaction, as after a failure."""
        driver = _driver(dbapi_connection)
        waiting = self._waiting.pop(driver, [])
        is_untouched = _is_idle(driver) and len(waiting) < 2
        if not is_untouched and _execute(driver, _taken(waiting, b"COMMIT")) != "COMMIT":
            raise InternalError("the transaction had failed, and was undone")

    def do_rollback(self, dbapi_connection: Any) -> None:
        driver = _driver(dbapi_connection)
        self._waiting.pop(driver, None)
        if not _is_idle(driver):
            _execute(driver, b"ROLLBACK")


def _taken(waiting: list[bytes], *last: bytes) -> bytes:
    """All that waited, and what it waited for, as one trip."""
    whole = b"; ".join((*waiting, *last))
    waiting.clear()
    return whole


def _driver(connection: Any) -> Any:
    """psycopg2's own connection, whether or not the pool's stands around it."""
    return getattr(connection, "dbapi_connection", connection)


def _execute(driver: Any, sql: bytes) -> str:
    with driver.cursor() as cursor:
        cursor.execute(sql)
        return str(cursor.statusmessage)


def _is_idle(driver: Any) -> bool:
    return bool(driver.get_transaction_status() == TRANSACTION_STATUS_IDLE)


registry.register("postgresql.attune", __name__, "Dialect")
