"""PostgreSQL over psycopg2, with fewer trips: what opens a transaction travels with its BEGIN.

psycopg2 sends BEGIN on a trip of its own before the first statement; a short transaction is
mostly trips. Here its connections are in autocommit mode and SQLAlchemy's own begin, commit and
rollback are the ones that count. Nothing else is different: whoever begins in any other way gets
a plain BEGIN.
"""

from collections.abc import Callable
from typing import Any
from weakref import WeakKeyDictionary

from psycopg2 import InternalError
from psycopg2.extensions import TRANSACTION_STATUS_IDLE
from sqlalchemy.dialects import registry
from sqlalchemy.dialects.postgresql.psycopg2 import PGDialect_psycopg2

DRIVER = "postgresql+attune"
OPENING = "attune.opening"
"""Key of a connection's `info`: SQL and parameters that its next begin takes along, or NO_BEGIN."""
Opening = tuple[str, dict[str, str]]
NO_BEGIN: Opening = ("", {})


class Dialect(PGDialect_psycopg2):
    """psycopg2 whose transactions are begun and ended by SQLAlchemy alone."""

    driver = "attune"
    supports_statement_cache = True

    def __init__(self, **told: Any) -> None:
        super().__init__(**told)  # type: ignore[no-untyped-call]
        self._levels: WeakKeyDictionary[Any, str] = WeakKeyDictionary()

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
        level = self._levels.get(_driver(dbapi_connection), self.default_isolation_level)
        plain = "" if level == "AUTOCOMMIT" else f"BEGIN ISOLATION LEVEL {level}"
        sql, told = dbapi_connection.info.pop(OPENING, (plain, {}))
        if sql:
            _execute(dbapi_connection, sql, told)

    def do_commit(self, dbapi_connection: Any) -> None:
        """Raises InternalError where the server undid the transaction, as after a failure."""
        if _is_idle(dbapi_connection):
            return
        if _execute(dbapi_connection, "COMMIT") != "COMMIT":
            raise InternalError("the transaction had failed, and was undone")

    def do_rollback(self, dbapi_connection: Any) -> None:
        if not _is_idle(dbapi_connection):
            _execute(dbapi_connection, "ROLLBACK")


def _driver(connection: Any) -> Any:
    """psycopg2's own connection, whether or not the pool's stands around it."""
    return getattr(connection, "dbapi_connection", connection)


def _execute(connection: Any, sql: str, told: Any = None) -> str:
    cursor = connection.cursor()
    try:
        cursor.execute(sql, told or None)
        return str(cursor.statusmessage)
    finally:
        cursor.close()


def _is_idle(connection: Any) -> bool:
    return bool(connection.get_transaction_status() == TRANSACTION_STATUS_IDLE)


registry.register("postgresql.attune", __name__, "Dialect")
