"""PostgreSQL over psycopg2, with fewer trips: what needs no answer travels with what does.

Its connections are in autocommit mode, and SQLAlchemy's own begin, commit and rollback are the
ones that count. BEGIN, and every statement executed `DEFERRED`, wait for the next trip and go
before it, in their order; COMMIT takes the last along (docs/adr/0015).
"""

from typing import Any, NamedTuple

from psycopg2 import InternalError
from psycopg2.extensions import TRANSACTION_STATUS_IDLE, connection
from sqlalchemy.dialects import registry
from sqlalchemy.dialects.postgresql.psycopg2 import PGDialect_psycopg2
from sqlalchemy.sql.elements import SavepointClause

DRIVER = "postgresql+attune"
OPENING = "attune.opening"  # key of a connection's `info`: the Opening of its next transaction
DEFERRED = {"attune_deferred": True}
"""Execution options of a statement whose answer nobody reads: the next trip takes it along."""


class Opening(NamedTuple):
    """What goes before the first statement, or with `is_repeated` before each: then the server
    begins and ends a transaction around every statement by itself."""

    sql: str
    told: dict[str, str]
    is_repeated: bool = False


class Line(connection):
    """psycopg2's connection, in autocommit mode, and what goes before its next statement."""

    level: str | None = None
    waiting: tuple[bytes, ...] = ()
    repeated: tuple[bytes, ...] = ()

    def trip(self, *last: bytes) -> bytes:
        """All that waited, and what it waited for."""
        whole = b"; ".join((*self.waiting, *last))
        self.waiting = self.repeated
        return whole

    def send(self, sql: bytes) -> str:
        """The tag of the last statement's end."""
        with self.cursor() as cursor:
            cursor.execute(sql)
            return str(cursor.statusmessage)

    def is_idle(self) -> bool:
        """Whether no transaction is begun at the server."""
        return bool(self.get_transaction_status() == TRANSACTION_STATUS_IDLE)


class Dialect(PGDialect_psycopg2):
    """psycopg2 whose transactions are begun and ended by SQLAlchemy alone."""

    driver = "attune"
    supports_statement_cache = True

    def connect(self, *told: Any, **named: Any) -> Any:
        line = super().connect(*told, connection_factory=Line, **named)
        line.autocommit = True
        return line

    def set_isolation_level(self, dbapi_connection: Any, level: str) -> None:
        """For the transactions to come; with AUTOCOMMIT there are none."""
        _line(dbapi_connection).level = level

    def do_begin(self, dbapi_connection: Any) -> None:
        line = _line(dbapi_connection)
        level = line.level or self.default_isolation_level
        plain = "" if level == "AUTOCOMMIT" else f"BEGIN ISOLATION LEVEL {level}"
        sql, told, is_repeated = dbapi_connection.info.pop(OPENING, Opening(plain, {}))
        with line.cursor() as cursor:
            line.waiting = (cursor.mogrify(sql, told),) if sql else ()
        line.repeated = line.waiting if is_repeated else ()

    def do_execute(self, cursor: Any, statement: str, parameters: Any, context: Any = None) -> None:
        asked = cursor.mogrify(statement, parameters)
        if context is not None and DEFERRED.items() <= context.execution_options.items():
            cursor.connection.waiting += (asked,)
        else:
            cursor.execute(cursor.connection.trip(asked))

    def do_executemany(self, cursor: Any, statement: str, parameters: Any, _: Any = None) -> None:
        if cursor.connection.waiting:
            cursor.execute(cursor.connection.trip())
        super().do_executemany(cursor, statement, parameters, _)  # type: ignore

    def do_savepoint(self, connection: Any, name: str) -> None:
        savepoint = SavepointClause(name)  # type: ignore[no-untyped-call]
        connection.execute(savepoint, execution_options=DEFERRED)

    def do_commit(self, dbapi_connection: Any) -> None:
        """Raises InternalError where the server undid the transaction, as after a failure."""
        line = _line(dbapi_connection)
        is_untouched = line.is_idle() and len(line.waiting) < 2
        if not is_untouched and line.send(line.trip(b"COMMIT")) != "COMMIT":
            raise InternalError("the transaction had failed, and was undone")
        line.waiting = line.repeated = ()

    def do_rollback(self, dbapi_connection: Any) -> None:
        line = _line(dbapi_connection)
        line.waiting = line.repeated = ()
        if not (line.closed or line.is_idle()):
            line.send(b"ROLLBACK")


def _line(connection: Any) -> Line:
    """The connection itself, whether or not the pool's stands around it."""
    line: Line = getattr(connection, "dbapi_connection", connection)
    return line


registry.register("postgresql.attune", __name__, "Dialect")
